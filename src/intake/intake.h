/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way in: polls the queue, has each message admitted, keeps it invisible
 * while its executions run, and deletes it when all of them have durably
 * ended. The message, its newest receipt handle and its heartbeat are known
 * here alone.
 */
#ifndef KG_INTAKE_INTAKE_H
#define KG_INTAKE_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/error.h"

struct aws;
struct census_asker;
struct engine;
struct health;
struct intake;
struct loop;
struct store;

struct intake_settings {
	const char *queue_url;
	size_t containing; /* [limits] containing */
};

/* An intake that is not yet polling. Borrows all for its life. */
struct intake *intake_new(struct loop *loop, struct aws *aws,
    struct engine *engine, struct store *store, struct health *health,
    const struct intake_settings *settings);

/* Begins: asks for the queue's attributes, then polls for ever. `described` is
 * called once with the first answer to GetQueueAttributes. */
void intake_start(struct intake *intake,
    void (*described)(void *arg, const struct error *error), void *arg);

/* Receives nothing more (drain); acknowledgements and heartbeats go on. */
void intake_stop(struct intake *intake);

/* Whether no acknowledgement is outstanding. */
bool intake_quiet(const struct intake *intake);

/* While the store cannot write: no receiving, heartbeats go on. */
void intake_hold(struct intake *intake, bool held);

/* What kept the queue from answering may have been mended: it is asked now,
 * whatever pause there was to be. */
void intake_hurry(struct intake *intake);

/* SIGHUP. */
void intake_set_containing(struct intake *intake, size_t containing);

/* Cancels what is under way and frees; messages become visible by
 * themselves. NULL is fine. */
void intake_free(struct intake *intake);

/* Asks the queues how much is in them: intake_status tells it once `told` is
 * called, unless they have not answered. */
void intake_ask(struct intake *intake, struct census_asker *asker);

struct intake_status {
	int64_t depth, dead_letters; /* -1: not known */
	/* Why the queue of dead letters cannot be counted, NULL when it can, or
	 * there is none. */
	const struct error *uncounted;
	int64_t received, deleted;    /* since the start */
	size_t in_flight;             /* messages held here */
	int64_t last_receive_wall_ms; /* 0: never */
	const struct error *error;    /* of the last poll, NULL when good */
};
void intake_status(const struct intake *intake, struct intake_status *ret);

#endif
