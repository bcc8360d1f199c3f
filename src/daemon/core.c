/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The core: made from the bottom up, taken down in the opposite order.
 */
#include "daemon/core.h"

#include <stdlib.h>

#include "aws/client.h"
#include "aws/credentials.h"
#include "daemon/config.h"
#include "daemon/core_private.h"
#include "daemon/rounds.h"
#include "daemon/voice.h"
#include "intake/intake.h"
#include "loop/http.h"
#include "loop/loop.h"
#include "machine/engine.h"
#include "store/store.h"
#include "util/alloc.h"
#include "util/clock.h"
#include "util/log.h"
#include "workflow/breaker.h"
#include "workflow/exposed_key.h"
#include "workflow/redriver.h"

static void
on_health(void *arg)
{
	struct core *core = arg;

	voice_hear(core->voice);
	core->events.on_change(core->events.arg);
}

/* ---- the engine's time ---- */

static void
on_engine_timer(void *arg)
{
	struct core *core = arg;

	engine_wake(core->engine);
}

static void
wake_at(void *self, int64_t mono_ms)
{
	struct core *core = self;
	int64_t now = clock_mono_ms(loop_clock(core->loop));

	if (mono_ms < 0)
		loop_timer_clear(&core->engine_timer);
	else
		loop_timer_set(
		    &core->engine_timer, mono_ms > now ? mono_ms - now : 0);
}

/* ---- what has become durable ---- */

static void
on_event(void *arg, const char *name, const struct event *event,
    const struct standing *standing)
{
	struct core *core = arg;

	core_news(name, event, standing);
	core_totals_follow(core, event, standing);
	if (event->type != EVENT_TASK_STARTED)
		core->events.on_change(core->events.arg);
}

/* ---- making ---- */

static struct aws_settings
aws_settings(const struct config *config)
{
	struct aws_settings settings = {
		.region = config->region,
		.lookup_rate = config->lookup_rate,
	};

	for (int i = 0; i < AWS_SERVICES; i++) {
		const char *url = *config->endpoint[i] ? config->endpoint[i]
						       : config->endpoint_url;

		settings.endpoint[i] = *url != '\0' ? url : NULL;
	}
	return settings;
}

static const char *
environment(void *arg, const char *name)
{
	(void)arg;
	return getenv(name);
}

/* The way to AWS; what may fail by configuration. */
static bool
make_wire(struct core *core, struct error *error)
{
	const struct credentials_sources sources = { environment, NULL };
	struct aws_settings settings = aws_settings(core->config);

	core->http = http_new(core->loop,
	    *core->config->ca_bundle ? core->config->ca_bundle : NULL, error);
	if (core->http == NULL)
		return false;
	core->credentials = credentials_chain_new(core->loop, &sources);
	core->aws = aws_new(
	    core->loop, core->http, core->credentials, &settings, error);
	return core->aws != NULL;
}

static void
workflow_settings(struct core *core)
{
	core->workflow.settings = (struct workflow_settings){
		.topic_arn = core->config->topic_arn,
		.details = core->config->details,
		.max_events = (int)core->config->max_events,
		.hours = (int)core->config->hours,
		.response = {
		    .action = (enum response_action)core->config->action,
		    .protected_users = core->config->protected_users,
		    .protected_keys = core->config->protected_keys,
		},
	};
}

static struct breaker_settings
breaker_settings(const struct config *config)
{
	return (struct breaker_settings){
		.max_per_window = config->max_per_window,
		.window_ms = config->window_ms,
		.hold_timeout_ms = config->hold_timeout_ms,
	};
}

static void
make_breaker(struct core *core)
{
	const struct breaker_settings settings = breaker_settings(core->config);

	core->breaker =
	    breaker_new(core->loop, core->store, &core->health, &settings);
	core->workflow.breaker = core->breaker;
}

static void
make_engine(struct core *core)
{
	const struct engine_host host = {
		.clock = loop_clock(core->loop),
		.random = loop_random(core->loop),
		.wake_at = wake_at,
		.self = core,
	};
	struct journal_listener listener;

	core->workflow.loop = core->loop;
	core->workflow.aws = core->aws;
	core->workflow.store = core->store;
	workflow_settings(core);
	core->engine = engine_new(
	    &exposed_key, &core->workflow, &host, store_journal(core->store));
	listener = engine_listener(core->engine);
	store_listen(core->store, &listener);
	core->observer = (struct engine_observer){
		.on_event = on_event,
		.arg = core,
	};
	engine_observe(core->engine, &core->observer);
}

static void
make_redriver(struct core *core)
{
	core->redriver = redriver_new(
	    core->loop, core->engine, core->store, core->config->retention_ms);
}

static void
make_intake(struct core *core)
{
	const struct intake_settings settings = {
		.queue_url = core->config->queue_url,
		.containing = (size_t)core->config->containing,
	};

	core->intake = intake_new(core->loop, core->aws, core->engine,
	    core->store, &core->health, &settings);
}

static void
make_voice(struct core *core, const char *host)
{
	const struct voice_settings settings = {
		.self = { host, core->config->queue_url,
		    core->config->store_path },
		.topic_arn = core->config->topic_arn,
		.alarm_after_ms = core->config->alarm_after_ms,
		.on_change = core->events.on_change,
		.arg = core->events.arg,
	};

	core->voice = voice_new(
	    core->loop, core->aws, core->store, &core->health, &settings);
	core->health.on_change = on_health;
	core->health.arg = core;
	rounds_init(&core->rounds, core->loop, core->intake, core->store);
}

struct core *
core_new(struct loop *loop, struct config *config, const char *host,
    const struct core_events *events, struct error *error)
{
	struct core *core = xzalloc(sizeof *core);

	core->loop = loop;
	core->config = config;
	core->events = *events;
	core->start_wall_ms = clock_wall_ms(loop_clock(loop));
	loop_timer_init(&core->engine_timer, loop, on_engine_timer, core);
	core_start_init(core);
	core_store_init(core);
	core_identity_init(core);
	if (!table_check(&exposed_key, error) || !make_wire(core, error)) {
		core_abandon(core);
		return NULL;
	}
	core_store_open(core);
	make_breaker(core);
	make_engine(core);
	make_redriver(core);
	make_intake(core);
	make_voice(core, host);
	return core;
}

bool
core_reload(struct core *core, struct error *error)
{
	const struct breaker_settings settings = breaker_settings(core->config);
	const char *bundle = core->config->ca_bundle;
	bool trusted;

	workflow_settings(core);
	breaker_set(core->breaker, &settings);
	aws_set_lookup_rate(core->aws, core->config->lookup_rate);
	intake_set_containing(core->intake, (size_t)core->config->containing);
	core->credentials->invalidate(core->credentials->self);
	core_identity_ask(core);
	trusted = http_reload_trust(core->http, *bundle ? bundle : NULL, error);
	voice_hurry(core->voice);
	intake_hurry(core->intake);
	return trusted;
}

void
core_drain(struct core *core)
{
	core->draining = true;
	rounds_stop(&core->rounds);
	intake_stop(core->intake);
	redriver_stop(core->redriver);
	engine_drain(core->engine);
}

bool
core_quiet(const struct core *core)
{
	return engine_quiet(core->engine) && intake_quiet(core->intake) &&
	    store_idle(core->store);
}

/* The opposite order of making; store last, since it may write for long. */
static struct store *
take_down(struct core *core)
{
	struct store *store = core->store;

	voice_free(core->voice);
	rounds_done(&core->rounds);
	intake_free(core->intake);
	redriver_free(core->redriver);
	core_totals_done(core);
	engine_free(core->engine);
	breaker_free(core->breaker);
	core_identity_done(core);
	aws_free(core->aws);
	if (core->credentials != NULL)
		core->credentials->free(core->credentials->self);
	http_free(core->http);
	loop_timer_done(&core->engine_timer);
	core_start_done(core);
	core_store_done(core);
	free(core);
	return store;
}

void
core_close(struct core *core)
{
	struct store *store = take_down(core);

	if (store != NULL)
		store_close(store);
}

void
core_abandon(struct core *core)
{
	struct store *store = take_down(core);

	if (store != NULL)
		store_abandon(store);
}

struct engine *
core_engine(struct core *core)
{
	return core->engine;
}

struct store *
core_store(struct core *core)
{
	return core->store;
}

struct breaker *
core_breaker(struct core *core)
{
	return core->breaker;
}
