/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keyguardctl show: an execution for who is woken up by it. First whether a
 * human must act, and on which key; then when it all was; then the way that it
 * took through the machine.
 */
#include <string.h>

#include "ctl/advice.h"
#include "ctl/ask.h"
#include "ctl/ctl.h"
#include "ctl/path.h"
#include "ctl/picture.h"
#include "ctl/print.h"
#include "ctl/sentence.h"
#include "ctl/story.h"
#include "ctl/table.h"
#include "ctl/verbs.h"
#include "ctl/wrap.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"

static bool
is(struct json_object *doc, const char *member, const char *value)
{
	const char *text = doc_string(doc, member);

	return text != NULL && strcmp(text, value) == 0;
}

/* A time, and how long that was after another. */
static void
tell_time(struct table *table, const char *label, const char *stamp,
    const char *after, const char *remark)
{
	FREE_LATER char *time = print_time(stamp);
	FREE_LATER char *later = print_later(after, stamp);
	FREE_LATER char *text = xasprintf(
	    "%s%s%s%s", time, *later == '\0' ? "" : ", ", later, remark);

	if (stamp != NULL)
		table_line(table, label, text);
}

/* ---- must I act? ---- */

static void
tell_headline(
    const struct ctl *ctl, struct json_object *doc, const struct path *path)
{
	FREE_LATER char *name = print_clean(doc_string(doc, "name"));
	FREE_LATER char *headline = advice_headline(doc, path);
	FREE_LATER char *lines = wrap(
	    headline, ctl->width > 0 ? (size_t)ctl->width : strlen(headline));

	fprintf(ctl->out, "%s\n%s\n\n", lines, name);
}

/* The first state that did not do its work says why the key is not dead. */
static void
tell_why_alive(struct table *table, const struct path *path)
{
	for (size_t i = 0; i < path->count; i++) {
		const struct visit *visit = &path->visit[i];

		if (visit->succeeded || visit->failure == NULL)
			continue;
		table_line_take(table, "Not deleted",
		    story_error(story_details(visit->failure)));
		return;
	}
}

/* Why nobody was told, or not yet. */
static void
tell_why_untold(
    struct table *table, struct json_object *doc, const struct path *path)
{
	if (is(doc, "status", "FAILED"))
		table_line_take(table, "Not told", story_error(doc));
	if (is(doc, "status", "RUNNING") && doc_at(doc, "outcome") != NULL &&
	    path->count > 0)
		table_line_take(table, "Not told",
		    story_error(
			story_details(path->visit[path->count - 1].failure)));
}

static void
tell_standing(
    struct table *table, struct json_object *doc, const struct path *path)
{
	const char *code = doc_string(doc, "status");
	const char *outcome = doc_string(doc, "outcome");
	FREE_LATER char *status = xasprintf("%s%s%s", code == NULL ? "?" : code,
	    outcome == NULL ? "" : ", ", outcome == NULL ? "" : outcome);

	table_line(table, "Status", status);
	table_line(table, "Key", doc_string(doc, "accessKeyId"));
	table_line(table, "User", doc_string(doc, "userName"));
	table_line(table, "Account", doc_string(doc, "account"));
	if (!is(doc, "outcome", "contained"))
		tell_why_alive(table, path);
	tell_why_untold(table, doc, path);
	table_line(table, "To do", advice_to_do(doc, path));
	tell_time(
	    table, "Next try", doc_string(doc, "dueDate"), NULL, ", by itself");
}

/* ---- when was it? ---- */

static void
tell_containment(
    struct table *table, struct json_object *deletion, const char *received)
{
	const char *by = doc_string(deletion, "DeletedBy");
	FREE_LATER char *remark = by != NULL
	    ? xasprintf(", by execution %s", by)
	    : xstrdup(doc_bool(deletion, "AlreadyGone", false)
		      ? ", found gone already"
		      : "");

	tell_time(table, "Contained", doc_string(deletion, "DeletedDate"),
	    received, remark);
}

/* Another execution did it, which has the time. */
static void
tell_other(struct table *table, const char *what, const char *name)
{
	if (name != NULL)
		table_line_take(
		    table, what, xasprintf("by execution %s", name));
}

static void
tell_end(struct table *table, const char *ended, const char *received)
{
	FREE_LATER char *took = print_duration(received, ended);
	FREE_LATER char *remark = xasprintf(", after %s in all", took);

	tell_time(table, "Ended", ended, NULL, remark);
}

static void
tell_last_use(struct table *table, struct json_object *intent)
{
	const char *service = doc_string(intent, "ServiceName");
	const char *region = doc_string(intent, "Region");
	FREE_LATER char *remark = xasprintf("%s%s%s%s",
	    service == NULL ? "" : ", ", service == NULL ? "" : service,
	    region == NULL ? "" : " in ", region == NULL ? "" : region);

	tell_time(table, "Last used", doc_string(intent, "LastUsedDate"), NULL,
	    remark);
}

static void
tell_times(
    struct table *table, struct json_object *doc, const struct path *path)
{
	const char *text = doc_string(doc, "input");
	const char *received = doc_string(doc, "startDate");
	DOC_LATER struct json_object *input =
	    text == NULL ? NULL : doc_parse(text, strlen(text), NULL);
	const char *origin = doc_string(doc_element(path->events, 0),
	    "executionStartedEventDetails.origin");

	table_line_take(
	    table, "Origin", story_origin(origin == NULL ? "" : origin));
	table_line(table, "Retry of", doc_string(input, "keyguard.Retry.Of"));
	tell_last_use(table, path->intent);
	tell_time(table, "Event", doc_string(input, "time"), NULL, "");
	tell_time(table, "Received", received, doc_string(input, "time"), "");
	tell_containment(table, path->deletion, received);
	tell_other(table, "Contained", doc_string(doc, "containedBy"));
	tell_other(table, "Told", doc_string(path->told, "ToldBy"));
	tell_end(table, doc_string(doc, "stopDate"), received);
}

static void
tell(const struct ctl *ctl, struct json_object *doc, const struct path *path)
{
	struct table *table = table_new(ctl);

	tell_headline(ctl, doc, path);
	table_column(table, "", 0);
	table_column(table, "", TABLE_WRAP);
	tell_standing(table, doc, path);
	tell_times(table, doc, path);
	table_end(table);
	putc('\n', ctl->out);
}

/* ---- which way did it take? ---- */

static int
draw(const struct ctl *ctl, struct json_object *doc, const struct path *path)
{
	struct json_object *parameters = doc_object();
	DOC_LATER struct json_object *reply = NULL, *machine = NULL;
	const char *drawing;
	int status;

	doc_put_string(parameters, "format", "asl");
	status = ask(ctl, "Machine", parameters, &reply);
	drawing = doc_string(reply, "drawing");
	if (drawing != NULL)
		machine = doc_parse(drawing, strlen(drawing), NULL);
	picture_draw(ctl, doc, path, machine);
	return status;
}

int
verb_show(const struct ctl *ctl, const struct words *words)
{
	struct json_object *parameters = doc_object();
	DOC_LATER struct json_object *doc = NULL;
	struct path path;
	int status;

	doc_put_string(parameters, "name", words_get(words, "NAME"));
	status = ask(ctl, "Describe", parameters, &doc);
	if (status != CTL_DONE)
		return status;
	if (ctl->json) {
		print_json(ctl, doc);
		return CTL_DONE;
	}
	path = path_of(doc);
	tell(ctl, doc, &path);
	status = draw(ctl, doc, &path);
	path_done(&path);
	return status;
}
