/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lanes of places. Whenever a place, a rate or a caller comes free, pump()
 * grants what can be granted and sets the timer for the rest.
 */
#include "aws/limiter.h"

#include <assert.h>
#include <stdlib.h>

#include "aws/rate.h"
#include "loop/loop.h"
#include "util/alloc.h"
#include "util/clock.h"

struct queue {
	struct limiter_place *first, **end;
};

struct lane {
	struct limiter *limiter;
	unsigned cap, in_flight;
	struct queue waiting[LIMITER_RANKS];
	struct rate rate;
	struct loop_timer timer; /* until the rate lets the next one go */
};

struct limiter {
	struct loop *loop;
	struct lane lanes[LIMITER_LANES];
};

static const unsigned caps[LIMITER_LANES] = {
	[AWS_IAM] = 28,
	[AWS_SNS] = 16,
	[AWS_SQS] = 10,
	[LANE_POLL] = 2, /* of the 12 that SQS has */
	[AWS_CLOUDTRAIL] = 4,
	[AWS_STS] = 4,
};

/* AWS publishes no numbers: 64 calls a second are past what IAM, the tightest,
 * has been seen to take. Others call in this account, too: where they are the
 * cause of the throttling, floor and step keep us from yielding it all. */
static const struct rate unknown_rate = {
	.ceiling = 64, .floor = 4, .step = 4
};

static struct rate
published_rate(double per_second)
{
	return (struct rate){
		.ceiling = per_second,
		.published = true,
		.floor = per_second / 8,
		.step = per_second / 16,
	};
}

static struct limiter_place *
next_waiting(struct lane *lane)
{
	for (unsigned rank = 0; rank < LIMITER_RANKS; rank++)
		if (lane->waiting[rank].first != NULL)
			return lane->waiting[rank].first;
	return NULL;
}

static void
enqueue(struct lane *lane, struct limiter_place *place)
{
	struct queue *queue = &lane->waiting[place->rank];

	place->next = NULL;
	place->link = queue->end;
	*queue->end = place;
	queue->end = &place->next;
}

static void
dequeue(struct lane *lane, struct limiter_place *place)
{
	*place->link = place->next;
	if (place->next != NULL)
		place->next->link = place->link;
	else
		lane->waiting[place->rank].end = place->link;
	place->link = NULL;
}

static void
pump(void *arg)
{
	struct lane *lane = arg;
	const struct clock *clock = loop_clock(lane->limiter->loop);
	struct limiter_place *place;

	while (lane->in_flight < lane->cap &&
	    (place = next_waiting(lane)) != NULL) {
		int64_t now_ms = clock_mono_ms(clock);
		int64_t wait_ms = rate_wait_ms(&lane->rate, now_ms);

		if (wait_ms > 0) {
			loop_timer_set(&lane->timer, wait_ms);
			return;
		}
		dequeue(lane, place);
		lane->in_flight++;
		place->held = true;
		rate_take(&lane->rate, now_ms);
		place->granted(place->arg);
	}
	loop_timer_clear(&lane->timer);
}

struct limiter *
limiter_new(struct loop *loop, double lookup_rate)
{
	struct limiter *limiter = xzalloc(sizeof *limiter);

	limiter->loop = loop;
	for (unsigned i = 0; i < LIMITER_LANES; i++) {
		struct lane *lane = &limiter->lanes[i];

		lane->limiter = limiter;
		lane->cap = caps[i];
		lane->rate = unknown_rate;
		for (unsigned rank = 0; rank < LIMITER_RANKS; rank++)
			lane->waiting[rank].end = &lane->waiting[rank].first;
		loop_timer_init(&lane->timer, loop, pump, lane);
	}
	limiter->lanes[AWS_CLOUDTRAIL].rate = published_rate(lookup_rate);
	return limiter;
}

void
limiter_free(struct limiter *limiter)
{
	if (limiter == NULL)
		return;
	for (unsigned i = 0; i < LIMITER_LANES; i++) {
		assert(limiter->lanes[i].in_flight == 0);
		assert(next_waiting(&limiter->lanes[i]) == NULL);
		loop_timer_done(&limiter->lanes[i].timer);
	}
	free(limiter);
}

void
limiter_enter(struct limiter *limiter, struct limiter_place *place)
{
	struct lane *lane = &limiter->lanes[place->lane];

	enqueue(lane, place);
	pump(lane);
}

void
limiter_leave(struct limiter *limiter, struct limiter_place *place)
{
	struct lane *lane = &limiter->lanes[place->lane];

	if (place->link != NULL)
		dequeue(lane, place);
	if (place->held)
		lane->in_flight--;
	place->held = false;
	pump(lane);
}

void
limiter_throttled(struct limiter *limiter, unsigned lane)
{
	const struct clock *clock = loop_clock(limiter->loop);

	rate_throttled(&limiter->lanes[lane].rate, clock_mono_ms(clock));
}

void
limiter_set_lookup_rate(struct limiter *limiter, double per_second)
{
	limiter->lanes[AWS_CLOUDTRAIL].rate = published_rate(per_second);
	pump(&limiter->lanes[AWS_CLOUDTRAIL]);
}
