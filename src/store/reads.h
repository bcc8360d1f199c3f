/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is read: each question in one snapshot, on a connection for reads.
 * Synchronous, no threads.
 */
#ifndef KG_STORE_READS_H
#define KG_STORE_READS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/read.h"

struct answer;
struct sqlite;

/* What is asked; each read uses what it needs. Borrowed. */
struct question {
	const char *name; /* of an execution */
	const char *key_id;
	struct store_query page;
	int64_t before; /* an id; 0: none */
	size_t limit;
	int64_t since_ms;
	int64_t start_ms, id, newest; /* of reads_next_running */
};

/* Adds rows to an empty answer. False, with an error, if SQLite fails or what
 * is stored has no meaning (`Store.Corrupt`). */
typedef bool reads_query(struct sqlite *db, const struct question *question,
    struct answer *answer, struct error *error);

/* A page of executions, newest first (page); `Store.BadToken`. */
reads_query reads_list;

/* An execution and its events (name); none of that name: nothing. */
reads_query reads_show;

/* The oldest running execution after that of (start_ms, id) whose id is at
 * most `newest`, and its events; after the last: nothing. */
reads_query reads_next_running;

/* The newest contained execution (key_id), or nothing. */
reads_query reads_contained;

/* Refused messages, newest first (before, limit). */
reads_query reads_rejected;

/* Ended executions of a status that are due, the first first (page.status,
 * limit). */
reads_query reads_due;

/* All notes, by key. */
reads_query reads_notes;

/* Executions whose first intent is of since_ms or later, newest first. */
reads_query reads_intents;

/* The totals. */
reads_query reads_count;

/* Answers a question by one of these, in one snapshot. */
bool reads_ask(struct sqlite *db, reads_query *query,
    const struct question *question, struct answer *answer,
    struct error *error);

#endif
