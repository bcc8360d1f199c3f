/* SPDX-License-Identifier: Apache-2.0 */
/* From JSON to a table; whether it is sound is for table_check to say. */
#include "conformance/table_doc.h"

#include <stdlib.h>

#include "machine/task.h"
#include "unit/machine_rig.h"
#include "util/alloc.h"
#include "util/doc.h"

static void
read_names(const char *names[TABLE_NAMES], struct json_object *list)
{
	for (size_t i = 0; i < TABLE_NAMES && i < doc_count(list, ""); i++)
		names[i] = doc_string(doc_element(list, i), "");
}

static struct retrier *
read_retry(struct json_object *list)
{
	size_t count = doc_count(list, "");
	struct retrier *retry = xcalloc(count + 1, sizeof *retry);

	for (size_t i = 0; i < count; i++) {
		struct json_object *one = doc_element(list, i);

		read_names(retry[i].error_equals, doc_at(one, "errors"));
		retry[i].interval_seconds = (int)doc_int(one, "interval", 0);
		retry[i].backoff_rate = doc_double(one, "rate", 0);
		retry[i].max_delay_seconds = (int)doc_int(one, "max_delay", 0);
		retry[i].max_attempts = (int)doc_int(one, "max_attempts", 0);
		retry[i].jitter =
		    doc_bool(one, "jitter", false) ? JITTER_FULL : JITTER_NONE;
	}
	return retry;
}

static struct catcher *
read_catch(struct json_object *list)
{
	size_t count = doc_count(list, "");
	struct catcher *catch = xcalloc(count + 1, sizeof *catch);

	for (size_t i = 0; i < count; i++) {
		struct json_object *one = doc_element(list, i);

		read_names(catch[i].error_equals, doc_at(one, "errors"));
		catch[i].next = (int)doc_int(one, "next", STATE_END);
		catch[i].result_path = doc_string(one, "path");
		catch[i].again = doc_bool(one, "again", false);
	}
	return catch;
}

static void
read_state(struct state *state, struct json_object *doc)
{
	*state = (struct state){
		.name = doc_string(doc, "name"),
		.timeout_seconds = (int)doc_int(doc, "timeout", 0),
		.retry = read_retry(doc_at(doc, "retry")),
		.catch = read_catch(doc_at(doc, "catch")),
		.next = (int)doc_int(doc, "next", STATE_END),
		.result_path = doc_string(doc, "path"),
		.held = doc_string(doc, "held"),
		.lane = doc_bool(doc, "lane", false),
		.after_commit = doc_bool(doc, "after_commit", false),
	};
}

/* Gives each state a task of the rig in place of `like`. */
static void
put_task(struct table_doc *table, int i, const struct task *like)
{
	table->tasks[i] = *like;
	table->tasks[i].start = rig_task_start;
	table->tasks[i].submitted = rig_task_submitted;
	table->tasks[i].cancel = rig_task_cancel;
	table->states[i].task = &table->tasks[i];
}

static void
make_room(struct table_doc *table, int count)
{
	table->states = xcalloc((size_t)count, sizeof *table->states);
	table->tasks = xcalloc((size_t)count, sizeof *table->tasks);
	table->machine.states = table->states;
	table->machine.count = count;
}

void
table_doc_read(struct table_doc *table, struct json_object *doc)
{
	struct json_object *states = doc_at(doc, "states");
	int count = (int)doc_count(states, "");

	*table = (struct table_doc){
		.machine = {
			.name = "Random",
			.start_at = (int)doc_int(doc, "start", 0),
			.redrive = { .interval_seconds = 300 },
		},
	};
	make_room(table, count);
	for (int i = 0; i < count; i++) {
		struct json_object *one = doc_element(states, (size_t)i);

		read_state(&table->states[i], one);
		put_task(table, i,
		    &(struct task){
			.resource = "task:call",
			.asl_resource = "arn:aws:states:::aws-sdk:task:call",
			.service = doc_string(one, "service"),
		    });
	}
}

void
table_doc_copy(struct table_doc *table, const struct machine *machine)
{
	*table = (struct table_doc){ .machine = *machine, .copied = true };
	make_room(table, machine->count);
	for (int i = 0; i < machine->count; i++) {
		table->states[i] = machine->states[i];
		put_task(table, i, machine->states[i].task);
	}
}

void
table_doc_done(struct table_doc *table)
{
	for (int i = 0; i < table->machine.count && !table->copied; i++) {
		free((void *)table->states[i].retry);
		free((void *)table->states[i].catch);
	}
	free(table->states);
	free(table->tasks);
}
