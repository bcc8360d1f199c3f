/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A copy of the whole store as it is at one moment, taken while it works: one
 * file of SQLite, handed out piece by piece to whoever asks for the next. A
 * thread and a temporary file next to the store make it; neither reads nor
 * writes of others wait for it.
 */
#ifndef KG_STORE_BACKUP_H
#define KG_STORE_BACKUP_H

#include <stddef.h>
#include <stdint.h>

#include "util/error.h"

struct store;
struct store_backup;

struct store_backup_events {
	/* The copy is made, of so many bytes; or cannot be. */
	void (*on_made)(void *arg, int64_t bytes, const struct error *error);
	/* The next piece (borrowed for the call); `len` 0: that was all. */
	void (*on_piece)(void *arg, const void *bytes, size_t len,
	    const struct error *error);
	void *arg;
};

/* Begins to make a copy; on_made follows. */
struct store_backup *store_backup_new(
    struct store *store, const struct store_backup_events *events);

/* Asks for the next piece, of up to 256 KiB; on_piece follows. One at a time,
 * after on_made. */
void store_backup_next(struct store_backup *backup);

/* Removes the temporary file and frees, at any time; nothing is called any
 * more. NULL is fine. */
void store_backup_free(struct store_backup *backup);

#endif
