/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages and the executions they wait for.
 */
#include "intake/delivery.h"

#include <assert.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "intake/acknowledge.h"
#include "intake/heartbeat.h"
#include "intake/waiting.h"
#include "loop/loop.h"
#include "machine/engine.h"
#include "store/store.h"
#include "util/alloc.h"
#include "util/clock.h"
#include "util/log.h"
#include "workflow/admission.h"

struct delivery {
	struct loop *loop;
	struct engine *engine;
	struct store *store;
	struct engine_observer observer;
	struct heartbeat heartbeat;
	struct acknowledge acknowledge;
	struct waiting waiting;
	void *held; /* of tsearch(3): holds by MessageId */
	size_t count;
	int64_t deleted;
};

static int
compare(const void *a, const void *b)
{
	const struct hold *one = a, *other = b;

	return strcmp(one->id, other->id);
}

static void
hold_free(void *arg)
{
	struct hold *hold = arg;

	free(hold->id);
	free(hold->receipt);
	free(hold);
}

/* Lets go of a message that nothing waits for any more. */
static void
drop(struct delivery *delivery, struct hold *hold)
{
	assert(!hold->closed);
	heartbeat_remove(&delivery->heartbeat, hold);
	tdelete(hold, &delivery->held, compare);
	delivery->count--;
	hold_free(hold);
}

/* One of the things it waited for is durable: the last one closes it. */
static void
settle(void *arg, struct hold *hold)
{
	struct delivery *delivery = arg;

	if (--hold->pending > 0)
		return;
	heartbeat_remove(&delivery->heartbeat, hold);
	if (hold->given_up)
		drop(delivery, hold);
	else
		acknowledge_close(&delivery->acknowledge, hold);
}

/* The store can not keep something of it: it must not be deleted. It becomes
 * visible again, and is tried again or ends in the dead-letter queue. */
static void
give_up(void *arg, struct hold *hold)
{
	hold->given_up = true;
	settle(arg, hold);
}

static void
on_gone(void *arg, struct hold *hold, bool deleted)
{
	struct delivery *delivery = arg;

	delivery->deleted += deleted;
	drop(delivery, hold);
}

static void
on_event(void *arg, const char *name, const struct event *event,
    const struct standing *standing)
{
	struct delivery *delivery = arg;

	(void)event;
	if (standing->status != STATUS_RUNNING)
		waiting_end(&delivery->waiting, name, settle, delivery);
}

/* If nobody waits, it was no message that would have started it anew. */
static void
on_exists(void *arg, const char *name, enum status status)
{
	struct delivery *delivery = arg;

	if (waiting_end(&delivery->waiting, name, settle, delivery))
		log_with(LEVEL_INFO, LOG_FIELDS({ "KEYGUARD_EXECUTION", name }),
		    "%s: delivered again after it had ended %s", name,
		    status_name(status));
}

static void
on_held(void *arg, const char *name, const struct error *error)
{
	struct delivery *delivery = arg;

	(void)error;
	waiting_end(&delivery->waiting, name, give_up, delivery);
}

struct delivery *
delivery_new(struct loop *loop, struct aws *aws, struct engine *engine,
    struct store *store, struct health *health, const char *queue_url)
{
	struct delivery *delivery = xzalloc(sizeof *delivery);

	delivery->loop = loop;
	delivery->engine = engine;
	delivery->store = store;
	delivery->observer = (struct engine_observer){
		.on_event = on_event,
		.on_exists = on_exists,
		.on_held = on_held,
		.arg = delivery,
	};
	heartbeat_init(&delivery->heartbeat, loop, aws, queue_url);
	acknowledge_init(&delivery->acknowledge, loop, aws, health, queue_url,
	    on_gone, delivery);
	engine_observe(engine, &delivery->observer);
	return delivery;
}

/* The hold is there still: it was pending by this. */
static void
on_refusal_kept(void *arg, const struct error *error)
{
	struct hold *hold = arg;

	(error == NULL ? settle : give_up)(hold->delivery, hold);
}

static void
keep_refusal(struct delivery *delivery, struct hold *hold,
    const struct sqs_message *message, const struct error *error)
{
	const struct rejected rejected = {
		.received_wall_ms = clock_wall_ms(loop_clock(delivery->loop)),
		.message_id = message->id,
		.error = error->name,
		.cause = error->cause,
		.body = message->body,
		.body_len = message->body_len,
	};

	log_with(LEVEL_NOTICE, LOG_FIELDS({ "SQS_MESSAGE_ID", message->id }),
	    "message %s refused: %s: %s", message->id, error->name,
	    error->cause);
	hold->pending++;
	store_reject(delivery->store, &rejected, on_refusal_kept, hold);
}

/* Has it admitted. It is pending by itself meanwhile, so that nothing that
 * ends at once can close it too early. */
static void
admit(struct delivery *delivery, struct hold *hold,
    const struct sqs_message *message)
{
	char *origin = xasprintf("sqs:%s", message->id);
	const struct admission_message admitted = {
		.body = message->body,
		.body_len = message->body_len,
		.origin = origin,
	};
	struct admission admission;

	hold->pending = 1;
	admission_admit(delivery->engine, loop_random(delivery->loop),
	    &admitted, &admission);
	for (size_t i = 0; i < admission.count; i++)
		hold->pending +=
		    waiting_add(&delivery->waiting, admission.names[i], hold);
	if (admission.refused)
		keep_refusal(delivery, hold, message, &admission.refusal);
	admission_done(&admission);
	free(origin);
	settle(delivery, hold);
}

/* The newest receipt handle counts, and its time begins anew. */
static void
renew(struct delivery *delivery, struct hold *hold, const char *receipt)
{
	free(hold->receipt);
	hold->receipt = xstrdup(receipt);
	hold->receipts++;
	hold->received_mono_ms = clock_mono_ms(loop_clock(delivery->loop));
	if (!hold->closed)
		heartbeat_add(&delivery->heartbeat, hold);
}

bool
delivery_take(struct delivery *delivery, const struct sqs_message *message)
{
	struct hold key = { .id = (char *)(uintptr_t)message->id }, *hold;
	struct hold **found = tfind(&key, &delivery->held, compare);

	if (found != NULL) {
		renew(delivery, *found, message->receipt_handle);
		return false;
	}
	hold = xzalloc(sizeof *hold);
	hold->delivery = delivery;
	hold->id = xstrdup(message->id);
	xtsearch(hold, &delivery->held, compare);
	delivery->count++;
	renew(delivery, hold, message->receipt_handle);
	admit(delivery, hold, message);
	return true;
}

void
delivery_set_visibility(struct delivery *delivery, int seconds)
{
	heartbeat_set_visibility(&delivery->heartbeat, seconds);
}

size_t
delivery_held(const struct delivery *delivery)
{
	return delivery->count;
}

int64_t
delivery_deleted(const struct delivery *delivery)
{
	return delivery->deleted;
}

bool
delivery_quiet(const struct delivery *delivery)
{
	return acknowledge_quiet(&delivery->acknowledge);
}

void
delivery_free(struct delivery *delivery)
{
	if (delivery == NULL)
		return;
	engine_unobserve(delivery->engine, &delivery->observer);
	heartbeat_done(&delivery->heartbeat);
	acknowledge_done(&delivery->acknowledge);
	waiting_done(&delivery->waiting);
	tdestroy(delivery->held, hold_free);
	free(delivery);
}
