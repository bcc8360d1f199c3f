/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Heartbeats. The list is ordered by due time; nearly all entries are added at
 * its end, since nearly all wait equally long.
 */
#include "intake/heartbeat.h"

#include "util/clock.h"
#include "util/log.h"

#define DEFAULT_SECONDS  30 /* SQS's own default */
#define SHORTEST_SECONDS 4  /* below it heartbeats would be a hammer */
#define LONGEST_REST_MS  MINUTES(1)
#define LONGEST_MS       MINUTES(12 * 60 - 5) /* SQS: 12 h since the receipt */

static int64_t
now(const struct heartbeat *heartbeat)
{
	return clock_mono_ms(loop_clock(heartbeat->timer.loop));
}

/* How long what is hidden for so long waits for an extension: with a little
 * more than half of it left, so that a slow call is still in time. */
static int64_t
interval_ms(int hidden_seconds)
{
	return SECONDS(hidden_seconds) * 2 / 5;
}

static void
arm(struct heartbeat *heartbeat)
{
	const struct hold *first = TAILQ_FIRST(&heartbeat->due);
	int64_t at_ms = heartbeat->rest_until_mono_ms;

	if (first == NULL) {
		loop_timer_clear(&heartbeat->timer);
		return;
	}
	if (first->extend_mono_ms > at_ms)
		at_ms = first->extend_mono_ms;
	loop_timer_set(&heartbeat->timer, at_ms - now(heartbeat));
}

/* A call failed as a whole: for now the next ones would, too. */
static void
rest(struct heartbeat *heartbeat)
{
	struct random *random = loop_random(heartbeat->timer.loop);

	if (heartbeat->rest_until_mono_ms <= now(heartbeat))
		heartbeat->rest_until_mono_ms =
		    now(heartbeat) + backoff_next(&heartbeat->backoff, random);
}

static void
insert(struct heartbeat *heartbeat, struct hold *hold, int64_t wait_ms)
{
	struct hold *before = TAILQ_LAST(&heartbeat->due, hold_list);

	hold->extend_mono_ms = now(heartbeat) + wait_ms;
	hold->beating = true;
	while (before != NULL && before->extend_mono_ms > hold->extend_mono_ms)
		before = TAILQ_PREV(before, hold_list, list);
	if (before != NULL)
		TAILQ_INSERT_AFTER(&heartbeat->due, before, hold, list);
	else
		TAILQ_INSERT_HEAD(&heartbeat->due, hold, list);
}

static void
take_out(struct heartbeat *heartbeat, struct hold *hold)
{
	if (hold->beating)
		TAILQ_REMOVE(&heartbeat->due, hold, list);
	hold->beating = false;
}

/* Whether it falls due so soon that it may go with this batch. */
static bool
goes_along(const struct heartbeat *heartbeat, const struct hold *hold)
{
	return hold != NULL &&
	    hold->extend_mono_ms <=
	    now(heartbeat) + interval_ms(heartbeat->extended_seconds) / 4;
}

/* Extends what is due, as far as calls may be under way. */
static void
beat(void *arg)
{
	struct heartbeat *heartbeat = arg;

	while (heartbeat->batches.under_way < BATCHES_UNDER_WAY &&
	    heartbeat->rest_until_mono_ms <= now(heartbeat)) {
		struct hold *holds[SQS_BATCH], *first;
		size_t count = 0;

		first = TAILQ_FIRST(&heartbeat->due);
		if (first == NULL || first->extend_mono_ms > now(heartbeat))
			break;
		while (count < SQS_BATCH &&
		    goes_along(heartbeat, TAILQ_FIRST(&heartbeat->due))) {
			holds[count] = TAILQ_FIRST(&heartbeat->due);
			take_out(heartbeat, holds[count++]);
		}
		batch_extend(&heartbeat->batches, holds, count,
		    heartbeat->extended_seconds);
	}
	if (heartbeat->batches.under_way < BATCHES_UNDER_WAY)
		arm(heartbeat);
}

/* How long what was not extended waits: soon, but less and less so. */
static int64_t
after_miss_ms(const struct heartbeat *heartbeat, struct hold *hold)
{
	int64_t wait_ms = interval_ms(heartbeat->extended_seconds) / 4;

	for (unsigned i = 0; i < hold->misses && wait_ms < LONGEST_REST_MS; i++)
		wait_ms *= 2;
	hold->misses++;
	return wait_ms < LONGEST_REST_MS ? wait_ms : LONGEST_REST_MS;
}

static void
on_result(void *arg, struct hold *hold, const struct error *error, bool whole)
{
	struct heartbeat *heartbeat = arg;
	int64_t held_ms = now(heartbeat) - hold->received_mono_ms;
	int64_t wait_ms = interval_ms(heartbeat->extended_seconds);

	if (whole)
		rest(heartbeat);
	else
		backoff_reset(&heartbeat->backoff);
	if (hold->sent_receipt != hold->receipts && error != NULL)
		error = NULL; /* of an older receipt: the newer one counts */
	if (error == NULL)
		hold->misses = 0;
	if (error == NULL && held_ms < LONGEST_MS) {
		insert(heartbeat, hold, wait_ms);
	} else if (whole) {
		insert(heartbeat, hold, 0);
	} else if (error != NULL && error->class != CLASS_NONE) {
		insert(heartbeat, hold, after_miss_ms(heartbeat, hold));
	} else {
		/* It will be delivered again, and attach. */
		log_line(LEVEL_INFO,
		    "message %s: its visibility can not be extended "
		    "further%s%s",
		    hold->id, error != NULL ? ": " : "",
		    error != NULL ? error->cause : "");
	}
}

void
heartbeat_init(struct heartbeat *heartbeat, struct loop *loop, struct aws *aws,
    const char *queue_url)
{
	*heartbeat = (struct heartbeat){
		.batches = { .aws = aws,
		    .queue_url = queue_url,
		    .on_result = on_result,
		    .on_room = beat,
		    .arg = heartbeat },
		.backoff = { .base_ms = SECONDS(1), .cap_ms = LONGEST_REST_MS },
		.received_seconds = DEFAULT_SECONDS,
		.extended_seconds = DEFAULT_SECONDS,
	};
	TAILQ_INIT(&heartbeat->due);
	loop_timer_init(&heartbeat->timer, loop, beat, heartbeat);
}

void
heartbeat_set_visibility(struct heartbeat *heartbeat, int seconds)
{
	heartbeat->received_seconds = seconds;
	heartbeat->extended_seconds =
	    seconds > SHORTEST_SECONDS ? seconds : SHORTEST_SECONDS;
}

void
heartbeat_add(struct heartbeat *heartbeat, struct hold *hold)
{
	take_out(heartbeat, hold);
	if (hold->batch == NULL)
		insert(
		    heartbeat, hold, interval_ms(heartbeat->received_seconds));
	arm(heartbeat);
}

void
heartbeat_remove(struct heartbeat *heartbeat, struct hold *hold)
{
	take_out(heartbeat, hold);
	batch_forget(hold);
	arm(heartbeat);
}

void
heartbeat_done(struct heartbeat *heartbeat)
{
	batches_done(&heartbeat->batches);
	loop_timer_done(&heartbeat->timer);
}
