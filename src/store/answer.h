/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a read brings back: rows as the structures of store/read.h, with copies
 * of all strings, so that it can be handed from the reader's thread to the
 * loop.
 */
#ifndef KG_STORE_ANSWER_H
#define KG_STORE_ANSWER_H

#include <stddef.h>
#include <stdint.h>

#include "store/keep.h"
#include "store/read.h"
#include "store/sqlite.h"

struct answer {
	struct store_execution *executions;
	size_t execution_count;
	int64_t last_id; /* of the last execution */
	struct event *events;
	size_t event_count;
	const char *input; /* of the state that the events lead to */
	struct rejected *rejected;
	size_t rejected_count;
	struct store_noted *notes;
	size_t note_count;
	struct store_intent *intents;
	size_t intent_count;
	struct store_totals totals;
	const char *next; /* token of the next page, or NULL */
	struct keep keep;
};

/* The columns that the row functions below expect, in their order. */
#define ANSWER_EXECUTION                                                       \
	"id, name, start_ms, stop_ms, status, state, outcome, due_ms,"         \
	" retries, account, key_id, user, lane,"                               \
	" (SELECT name FROM executions AS other"                               \
	"  WHERE executions.outcome = 'uncontained'"                           \
	"  AND other.key_id = executions.key_id"                               \
	"  AND other.outcome = 'contained'"                                    \
	"  ORDER BY other.start_ms DESC, other.id DESC LIMIT 1)"
#define ANSWER_EVENT                                                           \
	"id, wall_ms, type, state, resource, data,"                            \
	" error, cause, request_id, class, path"
#define ANSWER_REJECTED "id, received_ms, message_id, error, cause, body"
#define ANSWER_NOTE     "key, text"
#define ANSWER_INTENT   "account, intent_ms"
#define ANSWER_TOTAL    "name, n"

/* Each adds one row to the answer that `arg` is; events of one execution, in
 * their order. False and `Store.Corrupt` if the row has no meaning. */
sqlite_row answer_execution;
sqlite_row answer_event;
sqlite_row answer_rejected;
sqlite_row answer_note;
sqlite_row answer_intent;
sqlite_row answer_total;

/* Frees all that was added; the answer is empty again. */
void answer_done(struct answer *answer);

#endif
