/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keyguardctl status: the daemon on one screen. Who only wants to know whether
 * it works, such as a monitor, looks at how this exits.
 */
#include <inttypes.h>
#include <string.h>

#include "ctl/ask.h"
#include "ctl/ctl.h"
#include "ctl/print.h"
#include "ctl/sentence.h"
#include "ctl/table.h"
#include "ctl/verbs.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/doc.h"

#define LINE_MAX_BYTES ((size_t)1 << 20)

/* "3 waiting" and so on, behind a comma, if the number is there. */
static void
add_number(struct buf *text, struct json_object *doc, const char *path,
    const char *meaning)
{
	int64_t number = doc_int(doc, path, -1);

	if (number >= 0)
		buf_printf(text, "%s%" PRId64 " %s", text->len > 0 ? ", " : "",
		    number, meaning);
}

static void
tell_alarm(struct table *table, const char *since)
{
	FREE_LATER char *time = print_time(since);
	FREE_LATER char *age = print_age(since);

	if (since != NULL)
		table_line_take(table, "Alarm",
		    xasprintf("cannot work since %s (%s)", time, age));
}

static void
tell_dead_letters(struct table *table, struct json_object *queue)
{
	int64_t count = doc_int(queue, "deadLetters", 0);
	const char *error = doc_string(queue, "deadLettersError");
	FREE_LATER char *many = print_count(count, "dead letter");

	if (count > 0)
		table_line_take(table, "Look at",
		    xasprintf("%s, which the queue has given up", many));
	if (error != NULL)
		table_line_take(table, "Look at",
		    xasprintf("the dead letters: not counted, %s", error));
}

/* What an administrator has to know first. */
static void
tell_state(struct table *table, struct json_object *doc)
{
	struct json_object *reasons = doc_at(doc, "reasons");
	size_t count = doc_count(reasons, "");

	table_line(table, "State", doc_string(doc, "state"));
	tell_alarm(table, doc_string(doc, "alarmDate"));
	for (size_t i = 0; i < count; i++)
		table_line(table, i == 0 ? "Because" : "",
		    doc_string(doc_element(reasons, i), ""));
	tell_dead_letters(table, doc_at(doc, "queue"));
}

static void
tell_daemon(struct table *table, struct json_object *doc)
{
	const char *version = doc_string(doc, "version");
	const char *start = doc_string(doc, "startDate");
	FREE_LATER char *since = print_time(start);
	FREE_LATER char *age = print_age(start);

	table_line_take(table, "Daemon",
	    xasprintf("keyguardd %s, pid %" PRId64 ", since %s (%s)",
		version == NULL ? "?" : version, doc_int(doc, "pid", 0), since,
		age));
}

/* It may be the store that ails. */
static void
tell_executions(struct table *table, struct json_object *doc)
{
	struct json_object *executions = doc_at(doc, "executions");
	struct buf text = BUF_INIT(LINE_MAX_BYTES);

	if (executions == NULL) {
		table_line(table, "Executions",
		    "not known: the store does not answer");
		return;
	}
	add_number(&text, executions, "running", "running");
	if (doc_int(executions, "held", 0) > 0)
		add_number(&text, executions, "held", "of them held");
	add_number(&text, executions, "succeeded", "succeeded");
	add_number(&text, executions, "failed",
	    doc_int(executions, "failed", 0) > 0
		? "failed (nobody could be told)"
		: "failed");
	add_number(&text, executions, "uncontained", "uncontained");
	table_line_take(table, "Executions", buf_take(&text));
	table_line_take(table, "Rejected",
	    print_count(doc_int(doc, "rejected", 0), "message"));
}

static void
tell_queue(struct table *table, struct json_object *doc)
{
	struct json_object *queue = doc_at(doc, "queue");
	const char *last = doc_string(queue, "lastReceive");
	struct buf text = BUF_INIT(LINE_MAX_BYTES);

	table_line(table, "Queue", doc_string(queue, "url"));
	add_number(&text, queue, "depth", "waiting");
	add_number(&text, queue, "deadLetters", "dead letters");
	add_number(&text, queue, "received", "received");
	add_number(&text, queue, "deleted", "deleted");
	add_number(&text, queue, "inFlight", "in flight");
	table_line_take(table, "", buf_take(&text));
	if (last != NULL) {
		FREE_LATER char *time = print_time(last);
		FREE_LATER char *age = print_age(last);

		table_line_take(table, "",
		    xasprintf("last received %s (%s ago)", time, age));
	}
	table_line(table, "", doc_string(queue, "error"));
}

static void
tell_credentials(struct table *table, struct json_object *doc)
{
	struct json_object *credentials = doc_at(doc, "credentials");
	const char *source = doc_string(credentials, "source");
	const char *expiration = doc_string(credentials, "expiration");

	table_line(table, "Credentials", source == NULL ? "none" : source);
	table_line(table, "", doc_string(credentials, "arn"));
	if (expiration != NULL) {
		FREE_LATER char *time = print_time(expiration);

		table_line_take(table, "", xasprintf("valid until %s", time));
	}
}

static void
print_status(const struct ctl *ctl, struct json_object *doc)
{
	struct table *table = table_new(ctl);

	table_column(table, "", 0);
	table_column(table, "", TABLE_WRAP);
	tell_state(table, doc);
	tell_daemon(table, doc);
	tell_executions(table, doc);
	tell_queue(table, doc);
	table_line(table, "Store", doc_string(doc, "store.path"));
	table_line(table, "", doc_string(doc, "store.error"));
	tell_credentials(table, doc);
	table_end(table);
}

static bool
works(struct json_object *doc)
{
	const char *state = doc_string(doc, "state");

	return state != NULL && strcmp(state, "running") == 0;
}

int
verb_status(const struct ctl *ctl, const struct words *words)
{
	DOC_LATER struct json_object *doc = NULL;
	int status = ask(ctl, "Status", NULL, &doc);

	(void)words;
	if (status != CTL_DONE)
		return status;
	if (ctl->json)
		print_json(ctl, doc);
	else
		print_status(ctl, doc);
	return works(doc) ? CTL_DONE : CTL_FAILED;
}
