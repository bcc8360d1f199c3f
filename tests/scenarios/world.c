/* SPDX-License-Identifier: Apache-2.0 */
/* The daemon of a scenario. */
#include "scenarios/world.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core.h"
#include "daemon/schema.h"
#include "fake/fake_cloud.h"
#include "fake/fake_loop.h"
#include "sandbox/model.h"
#include "scenarios/sent.h"
#include "store/store.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/doc.h"
#include "util/log.h"
#include "workflow/admission.h"

#define CONNECT_MS SECONDS(5) /* after that there is no connection */

bool
world_fail(struct world *world, const char *format, ...)
{
	char text[sizeof world->problem.cause];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (world->problem.name[0] == '\0')
		error_set(&world->problem, "Scenario.Failed", "%s", text);
	return false;
}

static void
say_nothing(void *self, enum log_level level, const char *text,
    const struct log_field *fields, size_t count)
{
	(void)self, (void)level, (void)text, (void)fields, (void)count;
}

void
world_keep_quiet(void)
{
	static const struct log_sink nobody = { NULL, say_nothing };

	log_bind(&nobody);
}

/* ---- the wire ---- */

static void
reset(struct http_request *request)
{
	struct error error;

	error_set_class(&error, CLASS_TRANSIENT, "Http.Reset", "for the test");
	fake_http_fail(request, &error);
}

static void
count(struct world *world, const struct http_request *request)
{
	FREE_LATER char *action = sent_action(request);
	FREE_LATER char *name =
	    xasprintf("%s/%s", sent_service(request), action);

	doc_put_int(world->sent, name, doc_int(world->sent, name, 0) + 1);
}

static void
on_sent(void *arg, struct http_request *request)
{
	struct world *world = arg;
	const char *service = sent_service(request);

	count(world, request);
	request->seen = true;
	if (world->network == NETWORK_RESETS)
		reset(request);
	else if (world->network == NETWORK_AWAY)
		loop_timer_set(&request->timeout, CONNECT_MS);
	else if (world->cloud != NULL)
		fake_cloud_serve(world->cloud, request, NULL);
	else if (strcmp(service, "SQS") == 0)
		queue_serve(&world->queue, request);
	else if (strcmp(service, "STS") != 0)
		request->seen = false;
	else if (!world->anonymous)
		sent_answer_ok(request, WORLD_ACCOUNT);
}

/* Nobody will answer it any more. */
static void
forget(struct world *world, const struct http_request *request)
{
	queue_forget(&world->queue, request);
	if (world->cloud != NULL)
		fake_cloud_forget(world->cloud, request);
	if (world->current == request)
		world->current = NULL;
}

void
world_set_network(struct world *world, enum network network)
{
	struct http_request *request;

	world->network = network;
	TAILQ_FOREACH (request, &world->wire.requests, next) {
		forget(world, request);
		request->seen = true;
		if (network == NETWORK_RESETS)
			reset(request);
	}
}

static void
on_gone(void *arg, const struct http_request *request)
{
	struct world *world = arg;
	FREE_LATER char *action = sent_action(request);

	forget(world, request);
	if (!request->seen)
		world_fail(world, "%s %s: was not expected",
		    sent_service(request), action);
}

/* ---- the core ---- */

static void
on_ready(void *arg)
{
	(void)arg;
}

static void
on_hopeless(void *arg, const struct error *error)
{
	struct world *world = arg;

	world->gave_up = true;
	if (!world->may_give_up)
		world_fail(world, "the daemon gives up: %s: %s", error->name,
		    error->cause);
}

static void
on_change(void *arg)
{
	(void)arg;
}

static void
on_event(void *arg, const char *name, const struct event *event,
    const struct standing *standing)
{
	struct world *world = arg;

	(void)standing;
	if (event->type == world->awaited)
		world->awaited = EVENT_TYPES;
	if (event->type != EVENT_EXECUTION_STARTED)
		return;
	world->names =
	    xreallocarray(world->names, world->count + 1, sizeof *world->names);
	world->names[world->count++] = xstrdup(name);
}

static void
on_exists(void *arg, const char *name, enum status status)
{
	(void)arg, (void)name, (void)status;
}

static void
on_held(void *arg, const char *name, const struct error *error)
{
	struct world *world = arg;

	if (!world->may_give_up)
		world_fail(world, "%s is held: %s: %s", name, error->name,
		    error->cause);
}

void
world_create(struct world *world)
{
	const struct core_events events = {
		.on_ready = on_ready,
		.on_hopeless = on_hopeless,
		.on_change = on_change,
		.arg = world,
	};
	struct error error;

	world->core = core_new(
	    world->loop, &world->config, "keyguard-1", &events, &error);
	if (world->core == NULL) {
		world_fail(world, "%s: %s", error.name, error.cause);
		return;
	}
	world->observer = (struct engine_observer){
		.on_event = on_event,
		.on_exists = on_exists,
		.on_held = on_held,
		.arg = world,
	};
	engine_observe(core_engine(world->core), &world->observer);
}

void
world_start(struct world *world)
{
	world_create(world);
	world_settle(world);
}

/* The defaults, and what has none. */
static void
configure(struct world *world)
{
	const char *const values[][3] = {
		{ "aws", "region", "us-east-1" },
		{ "queue", "url",
		    "https://sqs.us-east-1.amazonaws.com/" WORLD_ACCOUNT
		    "/keyguard" },
		{ "notify", "topic_arn",
		    "arn:aws:sns:us-east-1:" WORLD_ACCOUNT
		    ":SecurityNotificationTopic" },
		{ "store", "path", "/nowhere/db" },
	};

	for (const struct schema_row *row = schema; row->section != NULL; row++)
		schema_set(row, &world->config,
		    row->otherwise == NULL ? "" : row->otherwise);
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
		if (!schema_set(schema_find(values[i][0], values[i][1]),
			&world->config, values[i][2]))
			abort();
}

void
world_init(struct world *world)
{
	*world = (struct world){ .disk = fake_disk_new(1) };
	setenv("AWS_ACCESS_KEY_ID", WORLD_OWN_KEY, 1);
	setenv("AWS_SECRET_ACCESS_KEY", "je7MtGbClwBF/2Zp9Utk/h3yCo8nvb", 1);
	unsetenv("AWS_SESSION_TOKEN");
	configure(world);
	world->loop = loop_new();
	world->wire.on_sent = on_sent;
	world->wire.on_gone = on_gone;
	world->wire.arg = world;
	fake_wire_bind(&world->wire);
	world->sent = doc_object();
	queue_init(&world->queue, world->loop);
}

/* Calls that nobody will look at any more are no problem. */
static void
forgive(struct world *world)
{
	struct http_request *request;

	TAILQ_FOREACH (request, &world->wire.requests, next)
		request->seen = true;
}

void
world_done(struct world *world)
{
	forgive(world);
	if (world->core != NULL)
		core_close(world->core);
	queue_done(&world->queue);
	fake_cloud_free(world->cloud);
	model_free(world->model);
	doc_free(world->sent);
	loop_free(world->loop);
	fake_disk_free(world->disk);
	config_done(&world->config);
	for (size_t i = 0; i < world->count; i++)
		free(world->names[i]);
	free(world->names);
}

void
world_settle(struct world *world)
{
	do
		fake_loop_settle(world->loop);
	while (queue_deliver(&world->queue));
}

void
world_fill_disk(struct world *world, bool full)
{
	fake_disk_mend(world->disk);
	if (!full)
		return;
	fake_disk_fail(world->disk, DISK_WRITE, 1, 0, DISK_FULL_COW);
	fake_disk_fail(world->disk, DISK_SHARE, 1, 0, DISK_FULL);
}

void
world_restart(struct world *world)
{
	fake_disk_crash(world->disk, world->loss);
	core_abandon(world->core);
	world_start(world);
}

void
world_restart_after(struct world *world, enum event_type type)
{
	const struct clock *clock = loop_clock(world->loop);
	int64_t now = clock_mono_ms(clock);

	queue_deliver(&world->queue);
	world->awaited = type;
	while (world->awaited == type && clock_mono_ms(clock) == now)
		fake_loop_step(world->loop);
	if (world->awaited == type)
		world_fail(world, "there is no such event now");
	forgive(world);
	world_restart(world);
}

bool
world_inject(struct world *world, const char *body, struct error *error)
{
	const struct admission_message message = {
		.body = body,
		.body_len = strlen(body),
		.origin = "inject:uid=0,pid=4711",
		.injected = true,
	};
	struct admission admission;
	bool refused;

	admission_admit(core_engine(world->core), loop_random(world->loop),
	    &message, &admission);
	refused = admission.refused;
	*error = admission.refusal;
	admission_done(&admission);
	return !refused;
}
