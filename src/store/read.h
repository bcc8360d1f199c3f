/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What can be read from the store. Each read ends in one callback on the loop,
 * or in silence by store_read_cancel. What a callback is given lives as long
 * as the callback.
 */
#ifndef KG_STORE_READ_H
#define KG_STORE_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "machine/history.h"
#include "util/error.h"

struct store;
struct store_read; /* a read under way */

struct store_execution {
	const char *name;
	struct standing standing;
	int64_t start_wall_ms, stop_wall_ms; /* 0: not stopped */
	/* Of an uncontained one: the newest that contained its key, or NULL. */
	const char *contained_by;
};

struct store_query {
	bool by_status;
	enum status status;
	const char *outcome; /* NULL: any */
	const char *after;   /* token of the page before, or NULL */
	size_t limit;        /* rows; more than 1,000 are never given */
};

/* `next` is the token of the next page, NULL on the last. Newest first. An
 * unknown token is `Store.BadToken`. */
typedef void store_listed(void *arg, const struct store_execution *rows,
    size_t count, const char *next, const struct error *error);
struct store_read *store_list(struct store *store,
    const struct store_query *query, store_listed *done, void *arg);

/* One execution and its history; `execution` is NULL when there is none. */
typedef void store_shown(void *arg, const struct store_execution *execution,
    const struct event *events, size_t count, const struct error *error);
struct store_read *store_show(
    struct store *store, const char *name, store_shown *done, void *arg);

/* A refused message. */
struct rejected {
	int64_t id; /* given by the store */
	int64_t received_wall_ms;
	const char *message_id; /* of SQS; NULL when injected */
	const char *error;      /* "Finding.Malformed" */
	const char *cause;
	const char *body;
	size_t body_len;
};

/* Refused messages, newest first, at most `limit`, older than id `before`
 * (0: from the newest). */
typedef void store_rejected_listed(void *arg, const struct rejected *rows,
    size_t count, const struct error *error);
struct store_read *store_rejected(struct store *store, int64_t before,
    size_t limit, store_rejected_listed *done, void *arg);

/* The newest execution of the key whose outcome is "contained", whatever
 * account it was said to be of; `execution` is NULL when there is none. */
typedef void store_found(void *arg, const struct store_execution *execution,
    const struct error *error);
struct store_read *store_contained(
    struct store *store, const char *key_id, store_found *done, void *arg);

/* Ended executions of one status that are to go on by themselves (struct
 * standing: due_wall_ms), the first due first, at most `limit`. By status,
 * since a key that lives must not wait behind mails that cannot be sent. */
typedef void store_due_listed(void *arg, const struct store_execution *rows,
    size_t count, const struct error *error);
struct store_read *store_due(struct store *store, enum status status,
    size_t limit, store_due_listed *done, void *arg);

/* All notes (store_note), by key. */
struct store_noted {
	const char *key, *text;
};
typedef void store_notes_listed(void *arg, const struct store_noted *rows,
    size_t count, const struct error *error);
struct store_read *store_notes(
    struct store *store, store_notes_listed *done, void *arg);

/* Of each execution that recorded an intent (TaskSubmitted) at or after a time:
 * its account and when it did so first; newest first. */
struct store_intent {
	const char *account; /* or NULL */
	int64_t wall_ms;
};
typedef void store_intents_listed(void *arg, const struct store_intent *rows,
    size_t count, const struct error *error);
struct store_read *store_intents(struct store *store, int64_t since_wall_ms,
    store_intents_listed *done, void *arg);

/* Totals over all executions and refused messages. */
struct store_totals {
	int64_t running, succeeded, failed, aborted, uncontained, rejected;
};
typedef void store_counted(
    void *arg, const struct store_totals *totals, const struct error *error);
struct store_read *store_count(
    struct store *store, store_counted *done, void *arg);

/* Ends a read without a callback. */
void store_read_cancel(struct store_read *read);

#endif
