/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may call now: for each service so many calls in flight and so many a
 * second; who has to wait is served by rank, then in order. The long poll of
 * the queue has places of its own, so that it never holds up an
 * acknowledgement.
 */
#ifndef KG_AWS_LIMITER_H
#define KG_AWS_LIMITER_H

#include <stdbool.h>

#include "aws/client.h"

#define LIMITER_RANKS (AWS_RANK_REST + 1)

struct limiter;

/* One lane for each service, and one more. */
enum limiter_lane {
	LANE_POLL = AWS_SERVICES,
	LIMITER_LANES,
};

/* A place, or the wait for one: embedded in who wants it. */
struct limiter_place {
	/* Called once, when the place is had. */
	void (*granted)(void *arg);
	void *arg;
	unsigned lane; /* a service, or LANE_POLL */
	enum aws_rank rank;
	bool held; /* the limiter's own, as the rest */
	struct limiter_place *next, **link;
};

/* A limiter without rates but CloudTrail's, in calls per second. */
struct limiter *limiter_new(struct loop *loop, double lookup_rate);

/* Frees it; all places must have been left. NULL is fine. */
void limiter_free(struct limiter *limiter);

/* Queues for a place; may call `granted` before it returns. */
void limiter_enter(struct limiter *limiter, struct limiter_place *place);

/* Gives the place back, or stops waiting for it. Fine if neither. */
void limiter_leave(struct limiter *limiter, struct limiter_place *place);

/* AWS said that a lane sends too much. */
void limiter_throttled(struct limiter *limiter, unsigned lane);

/* A new published rate for CloudTrail. */
void limiter_set_lookup_rate(struct limiter *limiter, double per_second);

#endif
