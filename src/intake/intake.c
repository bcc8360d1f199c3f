/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The intake: the poll and the delivery bound together, and what the queue
 * says of itself.
 */
#include "intake/intake.h"

#include <stdlib.h>

#include "aws/sqs.h"
#include "intake/delivery.h"
#include "intake/poll.h"
#include "loop/loop.h"
#include "machine/engine.h"
#include "util/alloc.h"
#include "util/clock.h"
#include "util/health.h"
#include "workflow/exposed_key.h"

#define STALE_MS SECONDS(5) /* of what the queue said of itself */

struct intake {
	struct loop *loop;
	struct aws *aws;
	struct engine *engine;
	struct engine_observer observer;
	struct delivery *delivery;
	struct poll poll;
	const char *queue_url;
	size_t containing;

	/* GetQueueAttributes */
	struct aws_call *describing;
	void (*described)(void *arg, const struct error *error);
	void *described_arg;
	int64_t described_mono_ms;
	bool known;
	int64_t depth, in_flight_there;
};

static const struct aws_options politely = { .rank = AWS_RANK_REST };

/* The brake: on receiving, never on what was received. */
static bool
room(void *arg)
{
	const struct intake *intake = arg;

	return engine_count_in(intake->engine, DELETE_KEY) < intake->containing;
}

static void
on_described(void *arg, const struct sqs_attributes *attributes,
    const struct error *error)
{
	struct intake *intake = arg;
	void (*described)(void *, const struct error *) = intake->described;

	intake->describing = NULL;
	intake->described = NULL;
	if (error == NULL) {
		intake->known = true;
		intake->depth = attributes->depth;
		intake->in_flight_there = attributes->in_flight;
		delivery_set_visibility(
		    intake->delivery, attributes->visibility_seconds);
	}
	if (described != NULL) {
		poll_start(&intake->poll);
		described(intake->described_arg, error);
	}
}

static void
describe(struct intake *intake)
{
	if (intake->describing != NULL)
		return;
	intake->described_mono_ms = clock_mono_ms(loop_clock(intake->loop));
	intake->describing = sqs_describe(
	    intake->aws, intake->queue_url, &politely, on_described, intake);
}

/* Each received batch tells that the queue answers: ask what was not known. */
static void
take(void *arg, const struct sqs_message *message)
{
	struct intake *intake = arg;

	if (!intake->known)
		describe(intake);
	delivery_take(intake->delivery, message);
}

/* An execution may have left DeleteAccessKeyPair. */
static void
on_event(void *arg, const char *name, const struct event *event,
    const struct standing *standing)
{
	struct intake *intake = arg;

	(void)name, (void)standing;
	if (event->type == EVENT_STATE_EXITED)
		poll_kick(&intake->poll);
}

static void
on_exists(void *arg, const char *name, enum status status)
{
	struct intake *intake = arg;

	(void)name, (void)status;
	poll_kick(&intake->poll);
}

static void
on_held(void *arg, const char *name, const struct error *error)
{
	struct intake *intake = arg;

	(void)name, (void)error;
	poll_kick(&intake->poll);
}

struct intake *
intake_new(struct loop *loop, struct aws *aws, struct engine *engine,
    struct store *store, struct health *health,
    const struct intake_settings *settings)
{
	struct intake *intake = xzalloc(sizeof *intake);
	const struct poll_sink sink = { room, take, intake };

	intake->loop = loop;
	intake->aws = aws;
	intake->engine = engine;
	intake->queue_url = settings->queue_url;
	intake->containing = settings->containing;
	intake->delivery =
	    delivery_new(loop, aws, engine, store, settings->queue_url);
	poll_init(&intake->poll, loop, aws, health, settings->queue_url, &sink);
	intake->observer = (struct engine_observer){
		.on_event = on_event,
		.on_exists = on_exists,
		.on_held = on_held,
		.arg = intake,
	};
	engine_observe(engine, &intake->observer);
	return intake;
}

void
intake_start(struct intake *intake,
    void (*described)(void *arg, const struct error *error), void *arg)
{
	intake->described = described;
	intake->described_arg = arg;
	describe(intake);
}

void
intake_stop(struct intake *intake)
{
	poll_stop(&intake->poll);
}

bool
intake_quiet(const struct intake *intake)
{
	return delivery_quiet(intake->delivery);
}

void
intake_hold(struct intake *intake, bool held)
{
	poll_hold(&intake->poll, held);
}

void
intake_set_containing(struct intake *intake, size_t containing)
{
	intake->containing = containing;
	poll_kick(&intake->poll);
}

void
intake_status(struct intake *intake, struct intake_status *ret)
{
	int64_t now = clock_mono_ms(loop_clock(intake->loop));

	*ret = (struct intake_status){
		.depth = intake->known ? intake->depth : -1,
		.in_flight_there = intake->known ? intake->in_flight_there : -1,
		.received = intake->poll.received,
		.deleted = delivery_deleted(intake->delivery),
		.in_flight = delivery_held(intake->delivery),
		.last_receive_wall_ms = intake->poll.last_receive_wall_ms,
		.error = intake->poll.error.name[0] != '\0'
		    ? &intake->poll.error
		    : NULL,
	};
	if (now - intake->described_mono_ms > STALE_MS)
		describe(intake); /* for whoever asks next */
}

void
intake_free(struct intake *intake)
{
	if (intake == NULL)
		return;
	engine_unobserve(intake->engine, &intake->observer);
	if (intake->describing != NULL)
		aws_call_cancel(intake->describing);
	poll_done(&intake->poll);
	delivery_free(intake->delivery);
	free(intake);
}
