/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeps held messages invisible to others: each is extended before half of its
 * visibility timeout is gone, in batches, up to the 12 hours that SQS allows.
 * The timeout is the queue's own, but it is never extended by less than some
 * seconds.
 */
#ifndef KG_INTAKE_HEARTBEAT_H
#define KG_INTAKE_HEARTBEAT_H

#include "intake/batch.h"
#include "intake/hold.h"
#include "loop/loop.h"
#include "util/backoff.h"

struct heartbeat {
	struct batches batches;
	struct loop_timer timer;
	struct hold_list due;       /* the next first */
	struct backoff backoff;     /* while calls fail as a whole, */
	int64_t rest_until_mono_ms; /* and none is made until then */
	int received_seconds; /* for so long is hidden what is received, */
	int extended_seconds; /* and what is extended */
};

/* Starts with no holds, and SQS's default timeout. */
void heartbeat_init(struct heartbeat *heartbeat, struct loop *loop,
    struct aws *aws, const char *queue_url);

/* The queue's VisibilityTimeout, once it is known. */
void heartbeat_set_visibility(struct heartbeat *heartbeat, int seconds);

/* Begins anew for a message that was just received. */
void heartbeat_add(struct heartbeat *heartbeat, struct hold *hold);

/* Lets it be. Fine if it was not beating. */
void heartbeat_remove(struct heartbeat *heartbeat, struct hold *hold);

/* Cancels what is under way. */
void heartbeat_done(struct heartbeat *heartbeat);

#endif
