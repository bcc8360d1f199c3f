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

static void
enter(struct path *path, struct json_object *event)
{
	const char *name = detail(event, "name");

	path->visit[path->count++] = (struct visit){
		.state = name == NULL ? "?" : name,
		.entered = doc_string(event, "timestamp"),
	};
}

static void
note_trouble(struct path *path, struct visit *visit, struct json_object *event)
{
	visit->error = detail(event, "error");
	path->trouble[path->trouble_count++] = (struct trouble){
		.state = visit->state,
		.try = visit->tries,
		.event = event,
	};
}

/* What happened within the state that was entered last. */
static void
go_on(struct path *path, struct visit *visit, struct json_object *event)
{
	if (story_is(event, "TaskStateExited")) {
		visit->left = doc_string(event, "timestamp");
		return;
	}
	if (strncmp(doc_string(event, "type"), "Task", 4) == 0)
		visit->end = doc_string(event, "type");
	if (story_is(event, "TaskScheduled"))
		visit->tries++;
	if (story_is(event, "TaskSubmitted"))
		path->intent = detail(event, "output");
	if (story_is(event, "TaskFailed") || story_is(event, "TaskTimedOut"))
		note_trouble(path, visit, event);
}

struct path
path_of(struct json_object *execution)
{
	struct json_object *events = doc_at(execution, "events");
	const char *stop = doc_string(execution, "stopDate");
	size_t count = doc_count(events, "");
	struct path path = {
		.visit = xcalloc(count, sizeof *path.visit),
		.trouble = xcalloc(count, sizeof *path.trouble),
	};

	for (size_t i = 0; i < count; i++) {
		struct json_object *event = doc_element(events, i);

		if (doc_string(event, "type") == NULL)
			continue;
		if (story_is(event, "TaskStateEntered"))
			enter(&path, event);
		else if (path.count > 0)
			go_on(&path, &path.visit[path.count - 1], event);
	}
	/* It ended there. */
	if (path.count > 0 && path.visit[path.count - 1].left == NULL)
		path.visit[path.count - 1].left = stop;
	return path;
}

void
path_done(struct path *path)
{
	free(path->visit);
	free(path->trouble);
}

char *
path_result(const struct visit *visit)
{
	bool succeeded =
	    visit->end != NULL && strcmp(visit->end, "TaskSucceeded") == 0;
	bool failed = visit->end != NULL && visit->error != NULL &&
	    (strcmp(visit->end, "TaskFailed") == 0 ||
		strcmp(visit->end, "TaskTimedOut") == 0);

	if (succeeded)
		return xstrdup("done");
	if (failed && visit->left == NULL)
		return xasprintf("to be tried again after %s", visit->error);
	if (failed)
		return xstrdup(visit->error);
	return xstrdup(visit->left == NULL ? "under way" : "stopped");
}
