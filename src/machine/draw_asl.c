/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table as Amazon States Language (https://states-language.net/spec.html).
 * Classes are ours alone, so the codes behind them are listed; what ASL has no
 * field for stands in the comments.
 */
#include "machine/draw.h"

#include <string.h>

#include "machine/draw_words.h"
#include "machine/task.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/doc.h"

#define COMMENT_MAX 4096

static bool
has(struct json_object *names, const char *name)
{
	for (size_t i = 0; i < doc_count(names, ""); i++)
		if (strcmp(doc_string(doc_element(names, i), ""), name) == 0)
			return true;
	return false;
}

static void
add_name(void *names, const char *name)
{
	if (!has(names, name))
		doc_push(names, doc_new_string(name));
}

/* NULL if that leaves nothing to match: a class without codes for the task. */
static struct json_object *
error_equals(
    const char *const *listed, const struct task *task, draw_expand *expand)
{
	struct json_object *names = doc_array();

	for (int i = 0; i < TABLE_NAMES && listed[i] != NULL; i++)
		if (strncmp(listed[i], "Class.", strlen("Class.")) == 0)
			expand(listed[i], task, add_name, names);
		else
			add_name(names, listed[i]);
	if (doc_count(names, "") > 0)
		return names;
	doc_free(names);
	return NULL;
}

/* What is 0 is not given. */
static void
put_given(struct json_object *object, const char *name, int value)
{
	if (value != 0)
		doc_put_int(object, name, value);
}

/* A rate is a float also when it is whole, say the validators. */
static void
put_rate(struct json_object *object, double rate)
{
	FREE_LATER char *text =
	    xasprintf("%.15g%s", rate, rate == (double)(int)rate ? ".0" : "");

	if (rate != 0)
		doc_put(
		    object, "BackoffRate", doc_parse(text, strlen(text), NULL));
}

static struct json_object *
retrier_doc(const struct retrier *retrier, struct json_object *names)
{
	struct json_object *doc = doc_object();

	doc_put(doc, "ErrorEquals", names);
	put_given(doc, "IntervalSeconds", retrier->interval_seconds);
	put_rate(doc, retrier->backoff_rate);
	put_given(doc, "MaxDelaySeconds", retrier->max_delay_seconds);
	doc_put_int(doc, "MaxAttempts", retrier->max_attempts);
	doc_put_string(doc, "JitterStrategy",
	    retrier->jitter == JITTER_FULL ? "FULL" : "NONE");
	return doc;
}

static struct json_object *
catcher_doc(
    const struct catcher *catcher, const char *next, struct json_object *names)
{
	struct json_object *doc = doc_object();

	doc_put(doc, "ErrorEquals", names);
	doc_put_string(doc, "ResultPath", catcher->result_path);
	doc_put_string(doc, "Next", next);
	return doc;
}

/* Held: as if it were asked every minute whether it may go on, as often as ASL
 * lets it. */
static void
push_held(struct json_object *rows, const char *held)
{
	static const struct retrier every_minute = {
		.interval_seconds = 60,
		.backoff_rate = 1.0,
		.max_attempts = 99999998,
	};
	struct json_object *names = doc_array();

	doc_push(names, doc_new_string(held));
	doc_push(rows, retrier_doc(&every_minute, names));
}

static struct json_object *
retry_doc(const struct state *state, draw_expand *expand)
{
	const struct retrier *retrier = state->retry;
	struct json_object *rows = doc_array();

	if (state->held != NULL)
		push_held(rows, state->held);
	for (; retrier != NULL && retrier->error_equals[0] != NULL; retrier++) {
		struct json_object *names =
		    error_equals(retrier->error_equals, state->task, expand);

		if (names != NULL)
			doc_push(rows, retrier_doc(retrier, names));
	}
	return rows;
}

static struct json_object *
catch_doc(const struct machine *machine, const struct state *state,
    draw_expand *expand)
{
	const struct catcher *catcher = state->catch;
	struct json_object *rows = doc_array();

	for (; catcher != NULL && catcher->error_equals[0] != NULL; catcher++) {
		const char *next = machine->states[catcher->next].name;
		struct json_object *names =
		    error_equals(catcher->error_equals, state->task, expand);

		if (names != NULL)
			doc_push(rows, catcher_doc(catcher, next, names));
	}
	return rows;
}

static void
put_rows(struct json_object *doc, const char *name, struct json_object *rows)
{
	if (doc_count(rows, "") > 0)
		doc_put(doc, name, rows);
	else
		doc_free(rows);
}

/* What ASL has no word for stands in the comments. */
static void
put_comment(struct json_object *doc, const struct state *state)
{
	const struct catcher *catch = state->catch;
	FREE_LATER char *task = draw_words_task(state);
	FREE_LATER char *held = draw_words_held(state);
	FREE_LATER char *success = draw_words_success(state);
	CLEANUP(buf_done) struct buf comment = BUF_INIT(COMMENT_MAX);

	buf_printf(&comment, "%s; %s%s%s", task, held != NULL ? held : "",
	    held != NULL ? "; " : "", success);
	for (int i = 0; catch != NULL && catch[i].error_equals[0] != NULL; i++)
		if (catch[i].again)
			buf_printf(&comment, "; catch %d says again", i + 1);
	doc_put_string(doc, "Comment", buf_text(&comment));
}

static void
put_machine_comment(struct json_object *doc, const struct machine *machine)
{
	const char *comment = machine->comment;
	FREE_LATER char *redrive = draw_words_redrive(machine);
	FREE_LATER char *both = NULL;

	if (comment != NULL && redrive != NULL)
		both = xasprintf("%s; %s", comment, redrive);
	doc_put_string(doc, "Comment",
	    both != NULL          ? both
		: comment != NULL ? comment
				  : redrive);
}

static struct json_object *
state_doc(const struct machine *machine, const struct state *state,
    draw_expand *expand)
{
	struct json_object *doc = doc_object();

	doc_put_string(doc, "Type", "Task");
	put_comment(doc, state);
	doc_put_string(doc, "Resource", state->task->asl_resource);
	doc_put_int(doc, "TimeoutSeconds", state->timeout_seconds);
	doc_put_string(doc, "ResultPath", state->result_path);
	put_rows(doc, "Retry", retry_doc(state, expand));
	put_rows(doc, "Catch", catch_doc(machine, state, expand));
	if (state->next == STATE_END)
		doc_put_bool(doc, "End", true);
	else
		doc_put_string(doc, "Next", machine->states[state->next].name);
	return doc;
}

void
draw_asl(const struct machine *machine, draw_expand *expand, struct buf *out)
{
	DOC_LATER struct json_object *doc = doc_object();
	struct json_object *states = doc_object();
	FREE_LATER char *text = NULL;

	put_machine_comment(doc, machine);
	doc_put_string(doc, "StartAt", machine->states[machine->start_at].name);
	for (int i = 0; i < machine->count; i++)
		doc_put(states, machine->states[i].name,
		    state_doc(machine, &machine->states[i], expand));
	doc_put(doc, "States", states);
	text = doc_pretty(doc);
	buf_printf(out, "%s\n", text);
}
