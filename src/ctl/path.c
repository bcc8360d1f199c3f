/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a history from its first event to its last. */
#include "ctl/path.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/story.h"
#include "util/alloc.h"
#include "util/doc.h"

static const char *
detail(struct json_object *event, const char *member)
{
	return doc_string(story_details(event), member);
}

/* The document that an event has as text; NULL if there is none. */
static struct json_object *
output(struct json_object *event)
{
	const char *text = detail(event, "output");

	return text == NULL ? NULL : doc_parse(text, strlen(text), NULL);
}

static struct visit *
enter(struct path *path, size_t i, struct json_object *event)
{
	struct visit *visit = &path->visit[path->count++];
	const char *name = detail(event, "name");

	visit->state = name == NULL ? "?" : name;
	visit->entered = doc_string(event, "timestamp");
	visit->first = i;
	return visit;
}

/* What a result is of is known by its members. */
static void
note_result(struct path *path, struct json_object *event)
{
	struct json_object *result = output(event);

	if (path->deletion == NULL && doc_string(result, "DeletedDate") != NULL)
		path->deletion = result;
	else if (path->told == NULL && doc_string(result, "ToldBy") != NULL)
		path->told = result;
	else
		doc_free(result);
}

static void
note_intent(struct path *path, struct json_object *event)
{
	doc_free(path->intent);
	path->intent = output(event);
}

/* What happened since the state was entered. */
static void
go_on(struct path *path, struct visit *visit, struct json_object *event)
{
	if (story_is(event, "TaskScheduled"))
		visit->tries++;
	else if (story_is(event, "TaskSubmitted"))
		note_intent(path, event);
	else if (story_is(event, "TaskStateExited"))
		visit->left = doc_string(event, "timestamp");
	else if (story_is(event, "TaskSucceeded")) {
		visit->succeeded = true;
		note_result(path, event);
	} else if (story_is(event, "TaskFailed") ||
	    story_is(event, "TaskTimedOut"))
		visit->failure = event;
}

struct path
path_of(struct json_object *execution)
{
	struct json_object *events = doc_at(execution, "events");
	size_t count = doc_count(events, "");
	struct path path = {
		.events = events,
		.visit = xcalloc(count, sizeof *path.visit),
	};
	struct visit *visit = NULL;

	for (size_t i = 0; i < count; i++) {
		struct json_object *event = doc_element(events, i);

		if (story_is(event, "TaskStateEntered"))
			visit = enter(&path, i, event);
		else if (visit != NULL)
			go_on(&path, visit, event);
		if (visit != NULL)
			visit->end = i + 1;
	}
	/* Where it failed or was stopped, it ended with the execution. */
	if (visit != NULL && visit->left == NULL)
		visit->left = doc_string(execution, "stopDate");
	return path;
}

void
path_done(struct path *path)
{
	free(path->visit);
	doc_free(path->intent);
	doc_free(path->deletion);
	doc_free(path->told);
}

struct json_object *
path_last(const struct path *path)
{
	size_t count = doc_count(path->events, "");

	return count == 0 ? NULL : doc_element(path->events, count - 1);
}

static bool
failed_by(struct json_object *event, const char *name)
{
	const char *error = doc_string(event, "taskFailedEventDetails.error");

	return error != NULL && strcmp(error, name) == 0;
}

bool
path_held(const struct path *path)
{
	return failed_by(path_last(path), "Response.Held");
}

bool
path_tells_of_hold(const struct path *path)
{
	return path->count > 0 &&
	    failed_by(path->visit[0].failure, "Response.TooMany");
}

bool
path_forbidden(const struct path *path)
{
	struct json_object *failure =
	    path->count > 0 ? path->visit[0].failure : NULL;

	return failed_by(failure, "Response.NotifyOnly") ||
	    failed_by(failure, "Response.ProtectedUser") ||
	    failed_by(failure, "Response.ProtectedKey");
}
