/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keyguardctl show: an execution for who is woken up by it. First how it
 * stands, then its states, then all that went wrong on the way.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "ctl/ask.h"
#include "ctl/ctl.h"
#include "ctl/path.h"
#include "ctl/print.h"
#include "ctl/sentence.h"
#include "ctl/story.h"
#include "ctl/table.h"
#include "ctl/verbs.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/doc.h"

/* ---- how it stands ---- */

static void
line_take(struct table *table, const char *label, char *text)
{
	table_row(table);
	table_cell(table, label);
	table_cell_take(table, text);
}

/* "SUCCEEDED, uncontained" */
static char *
standing(struct json_object *doc)
{
	const char *status = doc_string(doc, "status");
	const char *outcome = doc_string(doc, "outcome");

	return xasprintf("%s%s%s", status == NULL ? "?" : status,
	    outcome == NULL ? "" : ", ", outcome == NULL ? "" : outcome);
}

/* "AccessKeyId AKIAIOSFODNN7EXAMPLE, UserName test-user" of an object with
 * strings; anything else as it is. */
static char *
plain(const char *json)
{
	DOC_LATER struct json_object *doc = doc_parse(json, strlen(json), NULL);
	struct buf text = BUF_INIT(2 * strlen(json));

	if (!doc_is_object(doc))
		return xstrdup(json);
	json_object_object_foreach (doc, name, value)
		buf_printf(&text, "%s%s %s", text.len > 0 ? ", " : "", name,
		    json_object_get_string(value));
	return buf_take(&text);
}

static void
print_header(const struct ctl *ctl, struct json_object *doc, const char *intent)
{
	const char *start = doc_string(doc, "startDate");
	const char *stop = doc_string(doc, "stopDate");
	struct json_object *first = doc_element(doc_at(doc, "events"), 0);
	const char *origin =
	    doc_string(first, "executionStartedEventDetails.origin");
	struct table *table = table_new(ctl);
	FREE_LATER char *started = print_time(start);
	FREE_LATER char *stopped = print_time(stop);
	FREE_LATER char *took = print_duration(start, stop);
	int64_t redrives = doc_int(doc, "redriveCount", 0);

	table_column(table, "", 0);
	table_column(table, "", TABLE_WRAP);
	line_take(table, "Execution", xstrdup(doc_string(doc, "name")));
	line_take(table, "Status", standing(doc));
	if (doc_string(doc, "error") != NULL)
		line_take(table, "Error", story_failure(doc));
	if (intent != NULL)
		line_take(table, "Intent", plain(intent));
	line_take(table, "Started",
	    xasprintf("%s%s%s", started, origin == NULL ? "" : " by ",
		origin == NULL ? "" : origin));
	if (stop != NULL)
		line_take(
		    table, "Ended", xasprintf("%s, after %s", stopped, took));
	if (redrives > 0)
		line_take(table, "Redriven", print_count(redrives, "time"));
	table_end(table);
}

/* ---- its states ---- */

static void
print_states(const struct ctl *ctl, const struct path *path, const char *start)
{
	struct table *table = table_new(ctl);

	table_column(table, "STATE", 0);
	table_column(table, "ENTERED", 0);
	table_column(table, "TOOK", 0);
	table_column(table, "TRIES", TABLE_RIGHT);
	table_column(table, "RESULT", TABLE_WRAP);
	for (size_t i = 0; i < path->count; i++) {
		const struct visit *visit = &path->visit[i];

		table_row(table);
		table_cell(table, visit->state);
		table_cell_take(table, print_clock(visit->entered, start));
		table_cell_take(table,
		    visit->left == NULL
			? print_age(visit->entered)
			: print_duration(visit->entered, visit->left));
		table_cell_take(table, xasprintf("%d", visit->tries));
		table_cell_take(table, path_result(visit));
	}
	table_end(table);
}

/* ---- what went wrong ---- */

static void
print_troubles(
    const struct ctl *ctl, const struct path *path, const char *start)
{
	struct table *table = table_new(ctl);

	table_column(table, "FAILED", 0);
	table_column(table, "STATE", 0);
	table_column(table, "TRY", TABLE_RIGHT);
	table_column(table, "ERROR", TABLE_WRAP);
	for (size_t i = 0; i < path->trouble_count; i++) {
		const struct trouble *trouble = &path->trouble[i];

		table_row(table);
		table_cell_take(table,
		    print_clock(
			doc_string(trouble->event, "timestamp"), start));
		table_cell(table, trouble->state);
		table_cell_take(table, xasprintf("%d", trouble->try));
		table_cell_take(table, story_text(trouble->event));
	}
	table_end(table);
}

int
verb_show(const struct ctl *ctl, const struct words *words)
{
	struct json_object *parameters = doc_object();
	DOC_LATER struct json_object *doc = NULL;
	const char *start;
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
	start = doc_string(doc, "startDate");
	path = path_of(doc);
	print_header(ctl, doc, path.intent);
	putc('\n', ctl->out);
	print_states(ctl, &path, start);
	if (path.trouble_count > 0) {
		putc('\n', ctl->out);
		print_troubles(ctl, &path, start);
	}
	path_done(&path);
	return CTL_DONE;
}
