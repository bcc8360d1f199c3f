/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What makes the next transaction. Rows wait in a backlog in the order they
 * came; a batch is the part of it that is written together. No threads, no
 * clock: the same backlog gives the same batch.
 *
 * Intents (TaskSubmitted) go first, with all that waits before them of the
 * same execution; then the rest as it came. Rows of one execution never
 * overtake each other. Chosen rows stay in the backlog until committed, so that
 * a failed batch is simply chosen anew, half as long: in the end the one bad
 * row stands alone.
 */
#ifndef KG_STORE_BATCH_H
#define KG_STORE_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

#include "store/record.h"

#define BATCH_ROWS  64
#define BATCH_BYTES ((size_t)1024 * 1024) /* unless one row is larger */

TAILQ_HEAD(records, record);

struct backlog {
	struct records all, intents;
	void *lines;     /* of executions by name: a tree of tsearch(3) */
	size_t pressing; /* rows that are worth a transaction */
	size_t limit;    /* of rows in the next batch */
};

struct batch {
	struct record *records[BATCH_ROWS];
	size_t count;
};

/* An empty backlog. */
void batch_init(struct backlog *backlog);

/* Frees all that waits. */
void batch_done(struct backlog *backlog);

/* Queues a row, which it takes over. */
void batch_add(struct backlog *backlog, struct record *record);

/* Whether nothing waits. */
bool batch_empty(const struct backlog *backlog);

/* Whether something waits that is worth a transaction: TaskStarted alone is
 * not, it goes along with the next. */
bool batch_due(const struct backlog *backlog);

/* Chooses what is written next. */
void batch_choose(struct backlog *backlog, struct batch *batch);

/* The batch could not be written: its rows wait as before, and the next batch
 * is half as long. */
void batch_failed(struct backlog *backlog, struct batch *batch);

/* The batch is written: its rows leave the backlog and belong to the caller;
 * the next batch may be twice as long. */
void batch_committed(struct backlog *backlog, const struct batch *batch);

/* Frees all that waits of an execution. */
void batch_drop(struct backlog *backlog, const char *name);

#endif
