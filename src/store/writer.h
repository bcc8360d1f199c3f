/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The writing side of the store, on the loop: the backlog, one batch of it at a
 * time on a worker's thread, what became of each row told to whom it concerns,
 * what is done when the disk fails, and when there is nothing to do.
 */
#ifndef KG_STORE_WRITER_H
#define KG_STORE_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "store/store.h"

struct loop;
struct record;
struct writer;

/* Begins to open the file; `events`, all of them given, hears of it, of trouble
 * and of what is deleted (copied). */
struct writer *writer_new(
    struct loop *loop, const char *path, const struct store_events *events);

/* Who hears what became of events (copied). */
void writer_listen(
    struct writer *writer, const struct journal_listener *listener);

/* Queues a row, which it takes over. */
void writer_add(struct writer *writer, struct record *record);

/* As store_retain. */
void writer_retain(struct writer *writer, int64_t age_ms, int64_t count);

/* Whether nothing is queued or being written. */
bool writer_idle(const struct writer *writer);

/* The id of the newest execution when the store was opened. */
int64_t writer_newest(const struct writer *writer);

/* Writes what is queued as far as it goes, ends the thread, frees; nobody
 * hears of it. Blocks for as long as the disk does. */
void writer_close(struct writer *writer);

/* The same without writing. */
void writer_abandon(struct writer *writer);

#endif
