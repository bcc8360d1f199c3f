/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What nobody would notice for long unless it is looked at: events that went
 * to the queue of dead letters, and a store that can no longer be written
 * while there is nothing to write. Both are looked at every quarter of an hour.
 */
#ifndef KG_DAEMON_ROUNDS_H
#define KG_DAEMON_ROUNDS_H

#include "intake/census.h"
#include "loop/loop.h"

struct intake;
struct store;

struct rounds {
	struct intake *intake;
	struct store *store;
	struct census_asker asker;
	struct loop_timer timer;
	int64_t dead_letters; /* when last told of */
	bool uncounted;       /* told that they cannot be counted */
};

/* Borrows all. */
void rounds_init(struct rounds *rounds, struct loop *loop,
    struct intake *intake, struct store *store);

/* Makes the first, and then all others. */
void rounds_begin(struct rounds *rounds);

/* Makes no further. */
void rounds_stop(struct rounds *rounds);

void rounds_done(struct rounds *rounds);

#endif
