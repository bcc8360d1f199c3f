/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is written: a batch of rows in one transaction, on a connection for
 * writes. Synchronous, no threads.
 */
#ifndef KG_STORE_WRITES_H
#define KG_STORE_WRITES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/error.h"

struct record;
struct sqlite;

#define WRITES_DATA_MAX ((size_t)4 * 1024 * 1024) /* bytes of data or body */

/*
 * Writes the records in one transaction and sets the `fate` of each: WRITTEN;
 * EXISTS; HELD by `Store.TooLarge`, `Store.OutOfOrder` or `Store.Gone` (its
 * execution was too old and has been deleted); DROPPED. All that are WRITTEN
 * are on the disk when it returns true. On false none is, with one exception:
 * after a commit that failed nobody knows, and the records are `in_doubt`;
 * written again, what is there already counts as WRITTEN.
 */
bool writes_apply(struct sqlite *db, struct record *const *records,
    size_t count, struct error *error);

/* Whether the store can be written at all: commits a change that means
 * nothing (and is one: SQLite writes no page that stays the same). */
bool writes_probe(struct sqlite *db, struct error *error);

/* The id of the newest execution; 0 when there is none. */
bool writes_newest(struct sqlite *db, int64_t *ret_id, struct error *error);

#endif
