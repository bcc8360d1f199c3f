/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reading side of the store, on the loop: reads are answered one after
 * the other on a worker's thread and a connection of their own, so that they
 * hold up no write.
 */
#ifndef KG_STORE_READER_H
#define KG_STORE_READER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/queue.h>

#include "loop/worker.h"
#include "store/answer.h"
#include "store/keep.h"
#include "store/reads.h"

struct loop;
struct reader;

/* One read under way. */
struct store_read {
	/* On the loop, once; the read is freed when it returns. */
	void (*deliver)(struct store_read *read);
	union {
		store_listed *listed;
		store_shown *shown;
		store_rejected_listed *rejected;
		store_found *found;
		store_due_listed *due;
		store_notes_listed *notes;
		store_intents_listed *intents;
		store_counted *counted;
	} to; /* for deliver, as is arg */
	void *arg;

	reads_query *query;
	struct question question; /* its strings are in keep */
	struct keep keep;
	struct answer answer; /* empty unless ok */
	bool ok;
	struct error error;

	TAILQ_ENTRY(store_read) next; /* of all under way */
	struct reader *reader;
	struct job job;
	atomic_bool cancelled;
};

/* A reader of the file, which need not be there yet: reads wait. `on_read`
 * hears of each, before its answer is delivered: an error, or NULL. */
struct reader *reader_new(struct loop *loop, const char *path,
    void (*on_read)(void *arg, const struct error *error), void *arg);

/* From now on reads are answered. May be called again. */
void reader_begin(struct reader *reader);

/* Ends the thread after the read under way and frees; nobody hears of reads
 * that are left. */
void reader_free(struct reader *reader);

/* Begins a read (the question is copied). The caller may set `to` and `arg`
 * before it returns to the loop. */
struct store_read *reader_ask(struct reader *reader, reads_query *query,
    const struct question *question, void (*deliver)(struct store_read *read));

/* What went wrong with a read that is delivered, or NULL. */
const struct error *reader_error(const struct store_read *read);

#endif
