/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine as a filter: a table and its scripts come in, a line of JSON each,
 * and the histories go out, likewise. What they are compared with is not for
 * this program to know.
 *
 *	in:  {"table":{...} or "real":true, "scripts":[...], "restarts":true}
 *	out: {"asl":"...", "runs":[{"events":[...], "restarts":20}]}
 *	     or {"error":"Daemon.BadTable: ..."}
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/failure.h"
#include "conformance/play.h"
#include "conformance/table_doc.h"
#include "machine/draw.h"
#include "machine/task.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/doc.h"
#include "workflow/exposed_key.h"

#define ASL_MAX ((size_t)1 << 20)

static void
expand(const char *class_name, const struct task *task,
    void (*each)(void *arg, const char *name), void *arg)
{
	failure_expand(class_name, task->service, each, arg);
}

static struct json_object *
event_doc(const struct fake_event *one, int64_t begin_ms)
{
	struct json_object *doc = doc_object();

	doc_put_string(doc, "type", event_type_name(one->event.type));
	doc_put_int(doc, "at", one->event.wall_ms - begin_ms);
	doc_put_string(doc, "state", one->event.state);
	doc_put_string(doc, "data", one->event.data);
	if (one->error.name[0] == '\0')
		return doc;
	doc_put_string(doc, "error", one->error.name);
	doc_put_string(doc, "cause", one->error.cause);
	return doc;
}

static struct json_object *
events_doc(const struct fake_history *history)
{
	struct json_object *events = doc_array();
	int64_t begin_ms = history->events[0].event.wall_ms;

	for (size_t i = 0; i < history->count; i++)
		doc_push(events, event_doc(&history->events[i], begin_ms));
	return events;
}

static void
put_restarts(struct json_object *doc, struct play *play)
{
	FREE_LATER char *whole = play_way(play);
	FREE_LATER char *way = NULL;
	size_t after = 0;

	doc_put_int(doc, "restarts", (int64_t)play_history(play)->count - 1);
	if (play_restarts(play, &after, &way))
		return;
	doc_put_int(doc, "after", (int64_t)after);
	doc_put_string(doc, "whole", whole);
	doc_put_string(doc, "way", way);
}

static struct json_object *
run_doc(
    const struct machine *machine, struct json_object *script, bool restarts)
{
	struct json_object *doc = doc_object();
	struct play *play = play_new(machine, script);

	play_on(play);
	doc_put(doc, "events", events_doc(play_history(play)));
	if (restarts)
		put_restarts(doc, play);
	play_free(play);
	return doc;
}

static void
put_runs(struct json_object *answer, const struct machine *machine,
    struct json_object *request)
{
	CLEANUP(buf_done) struct buf asl = BUF_INIT(ASL_MAX);
	struct json_object *scripts = doc_at(request, "scripts");
	struct json_object *runs = doc_array();
	bool restarts = doc_bool(request, "restarts", false);

	draw_asl(machine, expand, &asl);
	doc_put_string(answer, "asl", buf_text(&asl));
	for (size_t i = 0; i < doc_count(scripts, ""); i++)
		doc_push(
		    runs, run_doc(machine, doc_element(scripts, i), restarts));
	doc_put(answer, "runs", runs);
}

static struct json_object *
answer_to(struct json_object *request)
{
	CLEANUP(table_doc_done) struct table_doc table;
	struct json_object *answer = doc_object();
	struct error error;

	if (doc_bool(request, "real", false))
		table_doc_copy(&table, &exposed_key);
	else
		table_doc_read(&table, doc_at(request, "table"));
	if (table_check(&table.machine, &error))
		put_runs(answer, &table.machine, request);
	else
		doc_put_string(answer, "error", error.cause);
	return answer;
}

int
main(void)
{
	FREE_LATER char *line = NULL;
	size_t room = 0;
	ssize_t len;

	while ((len = getline(&line, &room, stdin)) > 0) {
		struct error error = { 0 };
		DOC_LATER struct json_object *request =
		    doc_parse(line, (size_t)len, &error);
		DOC_LATER struct json_object *answer = NULL;
		FREE_LATER char *text = NULL;

		if (request == NULL) {
			fprintf(stderr, "%s: %s\n", error.name, error.cause);
			return EXIT_FAILURE;
		}
		answer = answer_to(request);
		text = doc_text(answer);
		puts(text);
		fflush(stdout);
	}
	return EXIT_SUCCESS;
}
