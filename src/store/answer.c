/* SPDX-License-Identifier: Apache-2.0 */
/* What a read brings back: columns to structures. */
#include "store/answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/cleanup.h"

/* Makes room for one more: doubled at each power of two. */
static void *
grow(void *array, size_t count, size_t size)
{
	if ((count & (count - 1)) != 0)
		return array;
	return xreallocarray(array, count == 0 ? 1 : 2 * count, size);
}

static const char *
text(struct answer *answer, sqlite3_stmt *row, int column)
{
	const void *bytes = sqlite3_column_text(row, column);

	return keep_text(&answer->keep, bytes);
}

/* For what may not be NULL. */
static const char *
plain(sqlite3_stmt *row, int column)
{
	const void *bytes = sqlite3_column_text(row, column);

	return bytes == NULL ? "" : bytes;
}

bool
answer_execution(void *arg, sqlite3_stmt *row, struct error *error)
{
	struct answer *answer = arg;
	struct store_execution it = { 0 };

	it.name = text(answer, row, 1);
	it.start_wall_ms = sqlite3_column_int64(row, 2);
	it.stop_wall_ms = sqlite3_column_int64(row, 3);
	if (!status_parse(plain(row, 4), &it.standing.status))
		return error_set(error, "Store.Corrupt",
		    "%s has the unknown status \"%s\"", it.name, plain(row, 4));
	it.standing.state = text(answer, row, 5);
	it.standing.outcome = text(answer, row, 6);
	it.standing.due_wall_ms = sqlite3_column_int64(row, 7);
	it.standing.retries = sqlite3_column_int(row, 8);
	it.standing.tags[TAG_ACCOUNT] = text(answer, row, 9);
	it.standing.tags[TAG_KEY] = text(answer, row, 10);
	it.standing.tags[TAG_USER] = text(answer, row, 11);
	it.standing.tags[TAG_LANE] = text(answer, row, 12);
	it.contained_by = text(answer, row, 13);
	answer->last_id = sqlite3_column_int64(row, 0);
	answer->executions =
	    grow(answer->executions, answer->execution_count, sizeof it);
	answer->executions[answer->execution_count++] = it;
	return true;
}

static const struct error *
event_error(struct answer *answer, sqlite3_stmt *row)
{
	struct error it;

	if (sqlite3_column_type(row, 6) == SQLITE_NULL)
		return NULL;
	error_set_class(&it, error_class_parse(plain(row, 9)), plain(row, 6),
	    "%s", plain(row, 7));
	snprintf(it.request_id, sizeof it.request_id, "%s", plain(row, 8));
	return keep_bytes(&answer->keep, &it, sizeof it);
}

/* The data of a StateExited with a path was not kept: it is made of the input
 * of the state, and of what ended it, the event before. The file is not
 * trusted. */
static char *
derived(const struct answer *answer, const char *path)
{
	const struct event *end;
	struct error why;

	if (answer->input == NULL ||
	    (strcmp(path, "$") != 0 && strncmp(path, "$.", 2) != 0))
		return NULL;
	end = &answer->events[answer->event_count - 1];
	if (end->data == NULL && end->error == NULL)
		return NULL;
	return history_output(answer->input, end, path, &why);
}

static bool
derive(struct answer *answer, struct event *exit, struct error *error)
{
	FREE_LATER char *data = NULL;

	if (exit->path == NULL || exit->data != NULL)
		return true;
	data = derived(answer, exit->path);
	if (data == NULL)
		return error_set(error, "Store.Corrupt",
		    "the output at %s cannot be made of the events before it",
		    exit->path);
	exit->data = keep_text(&answer->keep, data);
	return true;
}

bool
answer_event(void *arg, sqlite3_stmt *row, struct error *error)
{
	struct answer *answer = arg;
	struct event it = { 0 };

	it.id = sqlite3_column_int64(row, 0);
	it.wall_ms = sqlite3_column_int64(row, 1);
	if (!event_type_parse(plain(row, 2), &it.type))
		return error_set(error, "Store.Corrupt",
		    "an event has the unknown type \"%s\"", plain(row, 2));
	it.state = text(answer, row, 3);
	it.resource = text(answer, row, 4);
	it.data = text(answer, row, 5);
	it.error = event_error(answer, row);
	it.path = text(answer, row, 10);
	if (!derive(answer, &it, error))
		return false;
	if (it.type == EVENT_EXECUTION_STARTED || it.type == EVENT_STATE_EXITED)
		answer->input = it.data;
	answer->events = grow(answer->events, answer->event_count, sizeof it);
	answer->events[answer->event_count++] = it;
	return true;
}

bool
answer_rejected(void *arg, sqlite3_stmt *row, struct error *error)
{
	struct answer *answer = arg;
	struct rejected it = { 0 };
	const void *body = sqlite3_column_blob(row, 5);

	(void)error;
	it.id = sqlite3_column_int64(row, 0);
	it.received_wall_ms = sqlite3_column_int64(row, 1);
	it.message_id = text(answer, row, 2);
	it.error = text(answer, row, 3);
	it.cause = text(answer, row, 4);
	it.body_len = (size_t)sqlite3_column_bytes(row, 5);
	it.body =
	    keep_bytes(&answer->keep, body == NULL ? "" : body, it.body_len);
	answer->rejected =
	    grow(answer->rejected, answer->rejected_count, sizeof it);
	answer->rejected[answer->rejected_count++] = it;
	return true;
}

bool
answer_note(void *arg, sqlite3_stmt *row, struct error *error)
{
	struct answer *answer = arg;
	struct store_noted it = { text(answer, row, 0), text(answer, row, 1) };

	(void)error;
	answer->notes = grow(answer->notes, answer->note_count, sizeof it);
	answer->notes[answer->note_count++] = it;
	return true;
}

bool
answer_intent(void *arg, sqlite3_stmt *row, struct error *error)
{
	struct answer *answer = arg;
	struct store_intent it = { text(answer, row, 0),
		sqlite3_column_int64(row, 1) };

	(void)error;
	answer->intents =
	    grow(answer->intents, answer->intent_count, sizeof it);
	answer->intents[answer->intent_count++] = it;
	return true;
}

bool
answer_total(void *arg, sqlite3_stmt *row, struct error *error)
{
	struct answer *answer = arg;
	struct store_totals *totals = &answer->totals;
	const struct {
		const char *name;
		int64_t *n;
	} known[] = {
		{ "RUNNING", &totals->running },
		{ "SUCCEEDED", &totals->succeeded },
		{ "FAILED", &totals->failed },
		{ "ABORTED", &totals->aborted },
		{ "uncontained", &totals->uncontained },
		{ "rejected", &totals->rejected },
	};

	(void)error;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strcmp(known[i].name, plain(row, 0)) == 0)
			*known[i].n = sqlite3_column_int64(row, 1);
	return true;
}

void
answer_done(struct answer *answer)
{
	free(answer->executions);
	free(answer->events);
	free(answer->rejected);
	free(answer->notes);
	free(answer->intents);
	keep_done(&answer->keep);
	*answer = (struct answer){ 0 };
}
