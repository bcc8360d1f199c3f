/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The intake: census, poll and delivery bound together.
 */
#include "intake/intake.h"

#include <stdlib.h>

#include "aws/sqs.h"
#include "intake/census.h"
#include "intake/delivery.h"
#include "intake/poll.h"
#include "loop/loop.h"
#include "machine/engine.h"
#include "util/alloc.h"
#include "util/clock.h"
#include "util/health.h"
#include "workflow/exposed_key.h"

struct intake {
	struct engine *engine;
	struct engine_observer observer;
	struct delivery *delivery;
	struct poll poll;
	struct census census;
	size_t containing;
	void (*described)(void *arg, const struct error *error); /* once */
	void *described_arg;
};

/* The brake: on receiving, never on what was received. */
static bool
room(void *arg)
{
	const struct intake *intake = arg;

	return engine_count_in(intake->engine, DELETE_KEY) < intake->containing;
}

static void
on_answer(void *arg, const struct sqs_attributes *attributes,
    const struct error *error)
{
	struct intake *intake = arg;
	void (*described)(void *, const struct error *) = intake->described;

	if (error == NULL)
		delivery_set_visibility(
		    intake->delivery, attributes->visibility_seconds);
	intake->described = NULL;
	if (described != NULL) {
		poll_start(&intake->poll);
		described(intake->described_arg, error);
	}
}

/* Each received batch tells that the queue answers: ask what was not known. */
static bool
take(void *arg, const struct sqs_message *message)
{
	struct intake *intake = arg;

	if (intake->census.depth < 0)
		census_take(&intake->census);
	return delivery_take(intake->delivery, message);
}

/* An execution may have left DeleteAccessKeyPair, or be held there. */
static void
on_event(void *arg, const char *name, const struct event *event,
    const struct standing *standing)
{
	struct intake *intake = arg;

	(void)name, (void)standing;
	if (event->type != EVENT_TASK_STARTED)
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

	intake->engine = engine;
	intake->containing = settings->containing;
	intake->delivery =
	    delivery_new(loop, aws, engine, store, health, settings->queue_url);
	census_init(
	    &intake->census, aws, settings->queue_url, on_answer, intake);
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
	census_take(&intake->census);
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
intake_hurry(struct intake *intake)
{
	poll_hurry(&intake->poll);
}

void
intake_set_containing(struct intake *intake, size_t containing)
{
	intake->containing = containing;
	poll_kick(&intake->poll);
}

void
intake_ask(struct intake *intake, struct census_asker *asker)
{
	census_ask(&intake->census, asker);
}

void
intake_status(const struct intake *intake, struct intake_status *ret)
{
	*ret = (struct intake_status){
		.depth = intake->census.depth,
		.dead_letters = intake->census.dead_letters,
		.uncounted = intake->census.uncounted.name[0] != '\0'
		    ? &intake->census.uncounted
		    : NULL,
		.received = intake->poll.received,
		.deleted = delivery_deleted(intake->delivery),
		.in_flight = delivery_held(intake->delivery),
		.last_receive_wall_ms = intake->poll.last_receive_wall_ms,
		.error = intake->poll.error.name[0] != '\0'
		    ? &intake->poll.error
		    : NULL,
	};
}

void
intake_free(struct intake *intake)
{
	if (intake == NULL)
		return;
	engine_unobserve(intake->engine, &intake->observer);
	census_done(&intake->census);
	poll_done(&intake->poll);
	delivery_free(intake->delivery);
	free(intake);
}
