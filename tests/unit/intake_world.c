/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The intake's neighbours, played: their functions are defined here, in place
 * of the real ones.
 */
#include "unit/intake_world.h"

#include <stdlib.h>
#include <string.h>

#include "aws/sqs.h"
#include "fake/fake_loop.h"
#include "intake/intake.h"
#include "loop/loop.h"
#include "machine/engine.h"
#include "store/store.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/clock.h"
#include "util/health.h"
#include "workflow/admission.h"

/* ---- the queue ---- */

#define QUEUE "https://sqs/1/queue"

struct world world;

const struct error throttled = { .name = "SQS.RequestThrottled",
	.class = CLASS_THROTTLED };
const struct error bad_handle = { .name = "SQS.ReceiptHandleIsInvalid" };

static struct aws_call *
call_new(enum kind kind, void *arg)
{
	struct aws_call *call = &world.calls[world.call_count++];

	ck_assert_uint_lt(
	    world.call_count, sizeof world.calls / sizeof world.calls[0]);
	*call = (struct aws_call){ .kind = kind, .arg = arg, .open = true };
	return call;
}

struct aws_call *
sqs_receive(struct aws *aws, const char *queue_url, int max, int wait_seconds,
    const struct aws_options *options, sqs_received *done, void *arg)
{
	struct aws_call *call = call_new(RECEIVE, arg);

	(void)aws, (void)options;
	ck_assert_str_eq(queue_url, QUEUE);
	call->max = max;
	call->seconds = wait_seconds;
	call->received = done;
	return call;
}

static struct aws_call *
batch_new(enum kind kind, const struct sqs_entry *entries, size_t count,
    sqs_batched *done, void *arg)
{
	struct aws_call *call = call_new(kind, arg);

	call->count = count;
	call->seconds = entries[0].visibility_seconds;
	for (size_t i = 0; i < count; i++)
		strcpy(call->receipt[i], entries[i].receipt_handle);
	call->batched = done;
	return call;
}

struct aws_call *
sqs_delete_batch(struct aws *aws, const char *queue_url,
    const struct sqs_entry *entries, size_t count,
    const struct aws_options *options, sqs_batched *done, void *arg)
{
	(void)aws, (void)queue_url, (void)options;
	return batch_new(DELETE, entries, count, done, arg);
}

struct aws_call *
sqs_visibility_batch(struct aws *aws, const char *queue_url,
    const struct sqs_entry *entries, size_t count,
    const struct aws_options *options, sqs_batched *done, void *arg)
{
	(void)aws, (void)queue_url, (void)options;
	return batch_new(EXTEND, entries, count, done, arg);
}

struct aws_call *
sqs_describe(struct aws *aws, const char *queue_url,
    const struct aws_options *options, sqs_described *done, void *arg)
{
	struct aws_call *call = call_new(DESCRIBE, arg);

	(void)aws, (void)options;
	strcpy(call->url, queue_url);
	call->described = done;
	return call;
}

void
aws_call_cancel(struct aws_call *call)
{
	ck_assert(call->open);
	call->open = false;
}

/* ---- the engine, the admission and the store ---- */

void
engine_observe(struct engine *engine, struct engine_observer *observer)
{
	(void)engine;
	world.observers[world.observers[0] != NULL] = observer;
}

void
engine_unobserve(struct engine *engine, struct engine_observer *observer)
{
	(void)engine, (void)observer;
}

size_t
engine_count_in(const struct engine *engine, int state)
{
	(void)engine;
	ck_assert_int_eq(state, 0);
	return world.containing;
}

void
admission_admit(struct engine *engine, struct random *random,
    const struct admission_message *message, struct admission *ret)
{
	(void)engine, (void)random;
	*ret = (struct admission){ .names = xcalloc(4, sizeof(char *)) };
	for (; world.admits[ret->count] != NULL; ret->count++)
		ret->names[ret->count] = xstrdup(world.admits[ret->count]);
	ret->refused = world.refuses.name[0] != '\0';
	ret->refusal = world.refuses;
	strcpy(world.origin, message->origin);
	world.admitted++;
}

void
admission_done(struct admission *admission)
{
	for (size_t i = 0; i < admission->count; i++)
		free(admission->names[i]);
	free(admission->names);
}

void
store_reject(struct store *store, const struct rejected *rejected,
    store_done *done, void *arg)
{
	(void)store;
	strcpy(world.kept_error, rejected->error);
	world.kept = done;
	world.kept_arg = arg;
}

/* ---- what a test does ---- */

struct aws_call *
open_call(enum kind kind)
{
	for (size_t i = world.call_count; i-- > 0;)
		if (world.calls[i].open && world.calls[i].kind == kind)
			return &world.calls[i];
	return NULL;
}

static struct aws_call *
take_call(enum kind kind)
{
	struct aws_call *call = open_call(kind);

	ck_assert_ptr_nonnull(call);
	call->open = false;
	return call;
}

static void
on_described(void *arg, const struct error *error)
{
	ck_assert_ptr_eq(arg, &world);
	ck_assert_ptr_null(error);
	world.described++;
}

void
answer_describe(int64_t depth, const char *arn)
{
	const struct sqs_attributes attributes = {
		.depth = depth, .visibility_seconds = 30, .dead_letter_arn = arn
	};
	struct aws_call *call = take_call(DESCRIBE);

	call->described(call->arg, &attributes, NULL);
	fake_loop_settle(world.loop);
}

void
fail_describe(const char *name)
{
	struct aws_call *call = take_call(DESCRIBE);
	struct error error = { 0 };

	strcpy(error.name, name);
	call->described(call->arg, NULL, &error);
	fake_loop_settle(world.loop);
}

void
fail_receive(const char *name)
{
	struct aws_call *call = take_call(RECEIVE);
	struct error error = { 0 };

	strcpy(error.name, name);
	if (strcmp(name, "Http.Timeout") == 0)
		error.class = CLASS_TRANSIENT;
	call->received(call->arg, NULL, 0, &error);
	fake_loop_settle(world.loop);
}

void
answer_receive(const char *pairs)
{
	struct sqs_message messages[SQS_BATCH];
	char *text = xstrdup(pairs), *rest = text, *pair;
	struct aws_call *call = take_call(RECEIVE);
	size_t count = 0;

	while ((pair = strsep(&rest, " ")) != NULL && *pair != '\0') {
		char *receipt = strchr(pair, '/');

		*receipt++ = '\0';
		messages[count++] = (struct sqs_message){ .id = pair,
			.receipt_handle = receipt,
			.body = "{}",
			.body_len = 2,
			.body_intact = strcmp(receipt, "broken") != 0 };
	}
	call->received(call->arg, messages, count, NULL);
	fake_loop_settle(world.loop);
	free(text);
}

struct aws_call *
answer_batch(enum kind kind, int bad, const struct error *error)
{
	const struct error *results[SQS_BATCH] = { NULL };
	struct aws_call *call = take_call(kind);

	if (bad >= 0)
		results[bad] = error;
	call->batched(call->arg, results, call->count, NULL);
	fake_loop_settle(world.loop);
	return call;
}

void
fail_batch(enum kind kind, const struct error *error)
{
	struct aws_call *call = take_call(kind);

	call->batched(call->arg, NULL, 0, error);
	fake_loop_settle(world.loop);
}

void
tell_event(const char *name, enum event_type type, enum status status)
{
	const struct event event = { .type = type };
	const struct standing standing = { .status = status };

	for (int i = 0; i < 2; i++)
		world.observers[i]->on_event(
		    world.observers[i]->arg, name, &event, &standing);
	fake_loop_settle(world.loop);
}

void
tell_exists(const char *name)
{
	for (int i = 0; i < 2; i++)
		world.observers[i]->on_exists(
		    world.observers[i]->arg, name, STATUS_SUCCEEDED);
	fake_loop_settle(world.loop);
}

void
tell_held(const char *name)
{
	for (int i = 0; i < 2; i++)
		world.observers[i]->on_held(
		    world.observers[i]->arg, name, &bad_handle);
	fake_loop_settle(world.loop);
}

void
world_setup(void)
{
	const struct intake_settings settings = { QUEUE, 256 };

	memset(&world, 0, sizeof world);
	world.loop = loop_new();
	world.intake =
	    intake_new(world.loop, NULL, NULL, NULL, &world.health, &settings);
	intake_start(world.intake, on_described, &world);
	answer_describe(7, "arn:aws:sqs:us-east-1:1:dead");
}

void
world_teardown(void)
{
	intake_free(world.intake);
	loop_free(world.loop);
}
