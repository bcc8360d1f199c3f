/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Acknowledgements.
 */
#include "intake/acknowledge.h"

#include "util/clock.h"
#include "util/health.h"
#include "util/log.h"

/* The first up to ten, or one that has to be tried by itself. */
static size_t
choose(struct acknowledge *acknowledge, struct hold **holds)
{
	struct hold *hold;
	size_t count = 0;

	while (count < SQS_BATCH &&
	    (hold = TAILQ_FIRST(&acknowledge->closed)) != NULL &&
	    (count == 0 || !hold->alone)) {
		TAILQ_REMOVE(&acknowledge->closed, hold, list);
		holds[count++] = hold;
		if (hold->alone)
			break;
	}
	return count;
}

static void
send_batches(void *arg)
{
	struct acknowledge *acknowledge = arg;
	struct hold *holds[SQS_BATCH];
	size_t count;

	while (acknowledge->batches.under_way < BATCHES_UNDER_WAY &&
	    !loop_timer_pending(&acknowledge->later) &&
	    (count = choose(acknowledge, holds)) > 0)
		batch_delete(&acknowledge->batches, holds, count);
}

/* What fails once may pass; what fails again is a reason until it is gone,
 * however well the queue answers otherwise. */
static void
note_failure(struct acknowledge *acknowledge, struct hold *hold,
    const struct error *error)
{
	struct error why;

	if (hold->failed) {
		error_set(&why, error->name,
		    "what is handled stays in the queue: %s", error->cause);
		health_set(acknowledge->health, HEALTH_ACKNOWLEDGE, &why);
	}
	acknowledge->failed_count += !hold->failed;
	hold->failed = true;
}

static void
note_end(struct acknowledge *acknowledge, const struct hold *hold)
{
	acknowledge->failed_count -= hold->failed;
	if (acknowledge->failed_count == 0)
		health_clear(acknowledge->health, HEALTH_ACKNOWLEDGE);
}

static void
again(struct hold_list *list, struct hold *hold, struct loop_timer *later,
    struct backoff *backoff)
{
	TAILQ_INSERT_TAIL(list, hold, list);
	if (!loop_timer_pending(later))
		loop_timer_set(
		    later, backoff_next(backoff, loop_random(later->loop)));
}

static void
on_failed_later(void *arg)
{
	struct acknowledge *acknowledge = arg;

	TAILQ_CONCAT(&acknowledge->closed, &acknowledge->failed, list);
	send_batches(acknowledge);
}

static void
let_go(struct acknowledge *acknowledge, struct hold *hold,
    const struct error *error)
{
	if (error != NULL)
		log_line(LEVEL_INFO,
		    "message %s: not deleted, it may come again: %s: %s",
		    hold->id, error->name, error->cause);
	else if (hold->alone)
		backoff_reset(&acknowledge->failed_backoff);
	note_end(acknowledge, hold);
	hold->closed = false; /* in no list any more */
	acknowledge->on_gone(acknowledge->arg, hold, error == NULL);
}

static void
on_result(void *arg, struct hold *hold, const struct error *error, bool whole)
{
	struct acknowledge *acknowledge = arg;

	if (whole) {
		note_failure(acknowledge, hold, error);
		again(&acknowledge->closed, hold, &acknowledge->later,
		    &acknowledge->backoff);
		return;
	}
	backoff_reset(&acknowledge->backoff);
	if (hold->sent_receipt != hold->receipts) {
		/* An old receipt handle can "succeed" without deleting. */
		TAILQ_INSERT_TAIL(&acknowledge->closed, hold, list);
	} else if (error != NULL && error->class != CLASS_NONE) {
		hold->alone = true;
		note_failure(acknowledge, hold, error);
		again(&acknowledge->failed, hold, &acknowledge->failed_later,
		    &acknowledge->failed_backoff);
	} else
		let_go(acknowledge, hold, error);
}

void
acknowledge_init(struct acknowledge *acknowledge, struct loop *loop,
    struct aws *aws, struct health *health, const char *queue_url,
    void (*on_gone)(void *arg, struct hold *hold, bool deleted), void *arg)
{
	static const struct backoff pauses = { .base_ms = SECONDS(1),
		.cap_ms = MINUTES(1) };

	*acknowledge = (struct acknowledge){
		.batches = { .aws = aws,
		    .queue_url = queue_url,
		    .on_result = on_result,
		    .on_room = send_batches,
		    .arg = acknowledge },
		.health = health,
		.backoff = pauses,
		.failed_backoff = pauses,
		.on_gone = on_gone,
		.arg = arg,
	};
	TAILQ_INIT(&acknowledge->closed);
	TAILQ_INIT(&acknowledge->failed);
	loop_defer_init(&acknowledge->soon, loop, send_batches, acknowledge);
	loop_timer_init(&acknowledge->later, loop, send_batches, acknowledge);
	loop_timer_init(
	    &acknowledge->failed_later, loop, on_failed_later, acknowledge);
}

void
acknowledge_close(struct acknowledge *acknowledge, struct hold *hold)
{
	hold->closed = true;
	TAILQ_INSERT_TAIL(&acknowledge->closed, hold, list);
	loop_defer_set(&acknowledge->soon);
}

bool
acknowledge_quiet(const struct acknowledge *acknowledge)
{
	return TAILQ_EMPTY(&acknowledge->closed) &&
	    TAILQ_EMPTY(&acknowledge->failed) &&
	    acknowledge->batches.under_way == 0;
}

void
acknowledge_done(struct acknowledge *acknowledge)
{
	batches_done(&acknowledge->batches);
	loop_defer_clear(&acknowledge->soon);
	loop_timer_done(&acknowledge->later);
	loop_timer_done(&acknowledge->failed_later);
}
