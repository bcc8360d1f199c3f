/* SPDX-License-Identifier: Apache-2.0 */
/* Events in lines, by a table of what each type has to say. */
#include "ctl/moments.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/path.h"
#include "ctl/print.h"
#include "ctl/story.h"
#include "ctl/wrap.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"

enum {
	GUTTER = 6, /* columns left of what there is to say */
	LEAST = 20, /* columns for that, however narrow it is */
	SIDE = 20,  /* moments told of a state's first ones, and of its last */
};

/* ---- lines ---- */

size_t
moments_room(const struct moments *moments, size_t used)
{
	size_t width = (size_t)moments->ctl->width;

	if (width == 0)
		return SIZE_MAX;
	return width > used + LEAST ? width - used : LEAST;
}

void
moments_say(const struct moments *moments, char sign, const char *text)
{
	FREE_LATER char *clean = print_clean(text);
	FREE_LATER char *lines = wrap(clean, moments_room(moments, GUTTER));
	char *rest = *lines == '\0' ? NULL : lines, *line;

	while ((line = strsep(&rest, "\n")) != NULL) {
		fprintf(moments->ctl->out, "    %c %s\n", sign, line);
		sign = '|';
	}
}

/* "08:27:58.052 let go on" of an event, on one clean line. */
static char *
when(const struct moments *moments, struct json_object *event, const char *text)
{
	FREE_LATER char *time =
	    print_clock(doc_string(event, "timestamp"), moments->day);
	FREE_LATER char *both = xasprintf("%s %s", time, text);

	return print_clean(both);
}

static void
say_when(const struct moments *moments, char sign, struct json_object *event,
    const char *text)
{
	FREE_LATER char *line = when(moments, event, text);

	moments_say(moments, sign, line);
}

/* ---- what happened in a state ---- */

static struct json_object *
event_at(const struct moments *moments, size_t i)
{
	return doc_element(moments->path->events, i);
}

static const char *
stamp_at(const struct moments *moments, size_t i)
{
	return doc_string(event_at(moments, i), "timestamp");
}

/* "request 7a62c49f, again after 855 ms", in one line or in two. */
static void
say_request(const struct moments *moments, const char *id, const char *pause)
{
	FREE_LATER char *request =
	    id == NULL ? xstrdup("") : xasprintf("request %s", id);
	FREE_LATER char *both = xasprintf(
	    "%s%s%s", request, id == NULL || *pause == '\0' ? "" : ", ", pause);

	if (strlen(both) > moments_room(moments, GUTTER)) {
		moments_say(moments, '|', request);
		moments_say(moments, '|', pause);
	} else {
		moments_say(moments, '|', both);
	}
}

/* How long it paused after an event until it was tried again. */
static char *
pause_after(const struct moments *moments, size_t i)
{
	FREE_LATER char *pause =
	    print_duration(stamp_at(moments, i), stamp_at(moments, i + 1));

	if (!story_is(event_at(moments, i + 1), "TaskScheduled"))
		return xstrdup("");
	if (strcmp(pause, "0 ms") == 0)
		return xstrdup("again at once");
	return xasprintf("again after %s", pause);
}

/* The cause is cut off where the line ends: there can be many of these. */
static void
tell_failure(const struct moments *moments, size_t i)
{
	struct json_object *event = event_at(moments, i);
	struct json_object *details = story_details(event);
	FREE_LATER char *what = story_error(details);
	FREE_LATER char *line = when(moments, event, what);
	FREE_LATER char *start = wrap_cut(line, moments_room(moments, GUTTER));
	FREE_LATER char *pause = pause_after(moments, i);

	moments_say(moments, 'x', start);
	say_request(moments, doc_string(details, "requestId"), pause);
}

static void
tell_redrive(const struct moments *moments, size_t i)
{
	const char *origin =
	    doc_string(story_details(event_at(moments, i)), "origin");
	FREE_LATER char *by = story_origin(origin == NULL ? "?" : origin);
	FREE_LATER char *pause =
	    print_duration(stamp_at(moments, i - 1), stamp_at(moments, i));
	FREE_LATER char *text = xasprintf("%s, after %s", by, pause);

	say_when(moments, '|', event_at(moments, i), text);
}

static void
tell_failed(const struct moments *moments, size_t i)
{
	say_when(moments, 'x', event_at(moments, i), "FAILED: nobody was told");
}

/* Who did it stands in the cause, behind other words. */
static void
tell_aborted(const struct moments *moments, size_t i)
{
	struct json_object *details = story_details(event_at(moments, i));
	const char *cause = doc_string(details, "cause");
	const char *by = cause == NULL ? NULL : strstr(cause, "stop:");
	FREE_LATER char *what =
	    by == NULL ? story_error(details) : story_origin(by);

	say_when(moments, 'x', event_at(moments, i), what);
}

static void
say_left_out(const struct moments *moments, size_t count)
{
	FREE_LATER char *text =
	    xasprintf("... and %zu more, which --json has", count);

	moments_say(moments, '|', text);
}

static void
tell_unknown(const struct moments *moments, size_t i)
{
	struct json_object *event = event_at(moments, i);
	const char *type = doc_string(event, "type");

	say_when(moments, '|', event, type == NULL ? "?" : type);
}

typedef void telling(const struct moments *moments, size_t i);

/* By type: NULL if the drawing says it already. What is not in here came with
 * a later keyguardd. */
static const struct {
	const char *type;
	telling *tell;
} tellings[] = {
	{ "ExecutionStarted", NULL },
	{ "TaskStateEntered", NULL },
	{ "TaskScheduled", NULL },
	{ "TaskStarted", NULL },
	{ "TaskSubmitted", NULL },
	{ "TaskSucceeded", NULL },
	{ "TaskStateExited", NULL },
	{ "TaskStateAborted", NULL },
	{ "ExecutionSucceeded", NULL },
	{ "TaskFailed", tell_failure },
	{ "TaskTimedOut", tell_failure },
	{ "ExecutionFailed", tell_failed },
	{ "ExecutionAborted", tell_aborted },
	{ "ExecutionRedriven", tell_redrive },
};

/* What FAILED is stopped by a redrive to its end: one of the two is told. */
static bool
is_half_of_stop(const struct moments *moments, size_t i)
{
	const char *origin =
	    doc_string(story_details(event_at(moments, i)), "origin");

	return story_is(event_at(moments, i), "ExecutionRedriven") &&
	    origin != NULL && strncmp(origin, "stop:", 5) == 0;
}

static telling *
telling_of(const struct moments *moments, size_t i)
{
	if (is_half_of_stop(moments, i))
		return NULL;
	for (size_t row = 0; row < sizeof tellings / sizeof *tellings; row++)
		if (story_is(event_at(moments, i), tellings[row].type))
			return tellings[row].tell;
	return tell_unknown;
}

/* There can be thousands: those at the beginning and at the end say it all. */
void
moments_tell(const struct moments *moments, size_t first, size_t end)
{
	size_t count = 0, told = 0;

	for (size_t i = first; i < end; i++)
		count += telling_of(moments, i) != NULL;
	for (size_t i = first; i < end; i++) {
		telling *tell = telling_of(moments, i);

		if (tell == NULL)
			continue;
		if (told < SIDE || told + SIDE >= count)
			tell(moments, i);
		else if (told == SIDE)
			say_left_out(moments, count - 2 * (size_t)SIDE);
		told++;
	}
}

/* ---- and what goes on ---- */

/* "iam:deleteAccessKey" */
static char *
call_of(struct json_object *event)
{
	struct json_object *details = story_details(event);
	const char *type = doc_string(details, "resourceType");
	const char *resource = doc_string(details, "resource");

	return xasprintf("%s:%s", type == NULL ? "?" : type,
	    resource == NULL ? "?" : resource);
}

static char *
tried_again(const struct moments *moments, const char *due)
{
	FREE_LATER char *time = print_clock(due, moments->day);

	if (path_held(moments->path))
		return xstrdup(
		    "held until hold_timeout, or: keyguardctl resume");
	return due == NULL ? xstrdup("about to be tried again")
			   : xasprintf("next try at %s", time);
}

void
moments_go_on(const struct moments *moments, const char *due)
{
	struct json_object *last = path_last(moments->path);
	FREE_LATER char *call = call_of(last);
	FREE_LATER char *text = NULL;

	if (story_is(last, "TaskFailed") || story_is(last, "TaskTimedOut"))
		text = tried_again(moments, due);
	else if (story_is(last, "TaskScheduled"))
		text = xasprintf("about to call %s", call);
	else if (story_is(last, "TaskStarted") ||
	    story_is(last, "TaskSubmitted"))
		text = xasprintf("calling %s", call);
	else if (story_is(last, "TaskStateEntered") ||
	    story_is(last, "ExecutionRedriven"))
		text = xstrdup("waits for its turn");
	else
		text = xstrdup("under way");
	moments_say(moments, '>', text);
}
