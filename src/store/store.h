/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store: executions, their histories and refused messages, in one SQLite
 * file. Asynchronous: one writer thread commits in groups, one reader thread
 * answers on a connection of its own, and everything comes back on the loop,
 * never within the call that asked. Implements machine/journal.h.
 */
#ifndef KG_STORE_STORE_H
#define KG_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "machine/journal.h"
#include "util/error.h"

struct loop;
struct store;
struct store_read; /* a read under way */

struct store_events {
	/* The store was opened (error NULL), or cannot be: `Store.*`. A store
	 * that cannot be opened for a passing reason is tried again. */
	void (*on_open)(void *arg, const struct error *error);
	/* Writing has begun to fail, or works again (error NULL). Failed
	 * batches stay queued and are tried again. */
	void (*on_trouble)(void *arg, const struct error *error);
	void *arg;
};

/* Opens the store at `path` on threads of its own, making file and schema
 * when there are none (the folder must exist). */
struct store *store_new(
    struct loop *loop, const char *path, const struct store_events *events);

/* Who hears of appends, loads and recovery. Once, before the first append. */
void store_listen(struct store *store, const struct journal_listener *listener);

/* The store as the engine's journal; valid for the store's life. */
const struct journal *store_journal(struct store *store);

/* Writes what is queued (as far as the disk lets), ends both threads, frees.
 * Blocks: only after the loop has ended. */
void store_close(struct store *store);

/* Drops what is not committed, ends, frees: a crash, for tests. */
void store_abandon(struct store *store);

/* Whether nothing is queued or being written. */
bool store_idle(const struct store *store);

/* ---- refused messages ---- */

struct rejected {
	int64_t id; /* given by the store */
	int64_t received_wall_ms;
	const char *message_id; /* of SQS; NULL when injected */
	const char *error;      /* "Finding.Malformed" */
	const char *cause;
	const char *body;
	size_t body_len;
};

typedef void store_done(void *arg, const struct error *error);

/*
 * Keeps a refused message (copied); `done` once durable. Bounds: 10,000 rows
 * and 64 MiB, oldest out, of `Finding.OtherEvent` the last 100.
 */
void store_reject(struct store *store, const struct rejected *rejected,
    store_done *done, void *arg);

/* ---- reads: one callback, or store_read_cancel ---- */

struct store_execution {
	const char *name;
	struct standing standing;
	int64_t start_wall_ms, stop_wall_ms; /* 0: not stopped */
};

struct store_query {
	bool by_status;
	enum status status;
	const char *outcome; /* NULL: any */
	const char *after;   /* token of the page before, or NULL */
	size_t limit;
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

/* Refused messages, newest first, at most `limit`, older than id `before`
 * (0: from the newest). */
typedef void store_rejected_listed(void *arg, const struct rejected *rows,
    size_t count, const struct error *error);
struct store_read *store_rejected(struct store *store, int64_t before,
    size_t limit, store_rejected_listed *done, void *arg);

/* The newest execution of the account and key whose outcome is "contained";
 * `execution` is NULL when there is none. */
typedef void store_found(void *arg, const struct store_execution *execution,
    const struct error *error);
struct store_read *store_contained(struct store *store, const char *account,
    const char *key_id, store_found *done, void *arg);

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
