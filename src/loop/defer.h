/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The queue of deferred calls, for the loop and for its twin in simulations:
 * they differ in when it is run, not in how it is kept.
 */
#ifndef KG_LOOP_DEFER_H
#define KG_LOOP_DEFER_H

#include "loop/loop.h"

struct defer_queue {
	struct loop_defer *first, **end;
};

/* An empty queue. */
void defer_queue_init(struct defer_queue *queue);

/* The loop's queue; each kind of loop has its own of this function. */
struct defer_queue *loop_deferred(struct loop *loop);

#endif
