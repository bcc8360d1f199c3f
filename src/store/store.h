/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store: executions, their histories and refused messages, in one SQLite
 * file. Asynchronous: one writer thread commits in groups, one reader thread
 * answers on a connection of its own, and everything comes back on the loop,
 * never within the call that asked. Implements machine/journal.h. Data or a
 * body of more than 4 MiB is held by `Store.TooLarge`.
 */
#ifndef KG_STORE_STORE_H
#define KG_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "machine/journal.h"
#include "store/read.h"
#include "util/error.h"

struct loop;
struct store;

struct store_events {
	/* The store was opened (error NULL), or cannot be: `Store.*`. A store
	 * that cannot be opened for a passing reason is tried again. */
	void (*on_open)(void *arg, const struct error *error);
	/* Writing has begun to fail (again if by another name), or does not
	 * come to an end (`Store.Stuck`), or works again (error NULL). Failed
	 * batches stay queued and are tried again. */
	void (*on_trouble)(void *arg, const struct error *error);
	/* Something could not be read, or could be (error NULL); told of each
	 * read, before its answer. NULL: not interested. */
	void (*on_read)(void *arg, const struct error *error);
	/* A FAILED execution has grown too old and is deleted: nobody was
	 * told of it. NULL: not interested. */
	void (*on_expired)(void *arg, const char *name);
	/* A round of deleting has ended, so that totals are smaller; or is
	 * broken off by an error until the next one. NULL: not interested. */
	void (*on_pruned)(void *arg, const struct error *error);
	void *arg;
};

/* Opens the store at `path` on threads of its own, making file and schema
 * when there are none (the folder must exist). */
struct store *store_new(
    struct loop *loop, const char *path, const struct store_events *events);

/* Who hears of appends, loads and recovery. Once, before the first append. */
void store_listen(struct store *store, const struct journal_listener *listener);

/* How long and how many ended executions are kept; 0: for ever, all. What was
 * begun too long ago or is too many is deleted bit by bit while nothing waits
 * to be written, every few minutes. FAILED ones go by age alone and are not
 * counted, what is due (store_due) goes by age alone, running ones never go.
 * The file stays as large as it is; what becomes free in it is used again. */
void store_retain(struct store *store, int64_t age_ms, int64_t count);

/* The store as the engine's journal; valid for the store's life. */
const struct journal *store_journal(struct store *store);

/* Writes what is queued (as far as the disk lets), ends both threads, frees.
 * Blocks: only after the loop has ended. */
void store_close(struct store *store);

/* Drops what is not committed, ends, frees: a crash, for tests. */
void store_abandon(struct store *store);

/* Whether nothing is queued or being written. */
bool store_idle(const struct store *store);

typedef void store_done(void *arg, const struct error *error);

/*
 * Keeps a refused message (copied); `done` once durable. Bounds: 10,000 rows
 * and 64 MiB, oldest out, of `Finding.OtherEvent` the last 100.
 */
void store_reject(struct store *store, const struct rejected *rejected,
    store_done *done, void *arg);

/* Remembers a text by a key, or forgets it (NULL); both copied. `done` (NULL:
 * no one) once durable. For what is to survive a restart but is no execution.
 */
void store_note(struct store *store, const char *key, const char *text,
    store_done *done, void *arg);

/* An ended execution is no longer to go on by itself: its standing's
 * due_wall_ms becomes 0. Nothing happens if it is running or not there. `done`
 * (NULL: no one) once durable. */
void store_settle(
    struct store *store, const char *name, store_done *done, void *arg);

#endif
