/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the store tells, and what of it is the matter with us. That it cannot be
 * written matters more than that it cannot be read: then nothing is received.
 * What cannot be read is asked for again by whoever needs it, but that may take
 * its time, so the totals are.
 */
#include "daemon/config.h"
#include "daemon/core_private.h"
#include "intake/intake.h"
#include "util/clock.h"
#include "util/log.h"

#define READ_AGAIN_MS SECONDS(10)

/* Keeps an error, or that there is none, and tells the worst of both. */
static void
note(struct core *core, struct error *kept, const struct error *error)
{
	const struct error *worst = &core->unwritten;

	*kept = error != NULL ? *error : (struct error){ 0 };
	if (worst->name[0] == '\0')
		worst = &core->unread;
	if (worst->name[0] != '\0')
		health_set(&core->health, HEALTH_STORE, worst);
	else
		health_clear(&core->health, HEALTH_STORE);
}

static void
on_open(void *arg, const struct error *error)
{
	struct core *core = arg;

	note(core, &core->unwritten, error);
	if (error == NULL)
		core_resume(core);
}

static void
on_trouble(void *arg, const struct error *error)
{
	struct core *core = arg;

	intake_hold(core->intake, error != NULL);
	if (error != NULL)
		health_doubt(&core->health, HEALTH_QUEUE);
	note(core, &core->unwritten, error);
}

static void
on_read(void *arg, const struct error *error)
{
	struct core *core = arg;

	note(core, &core->unread, error);
	if (error != NULL)
		loop_timer_set(&core->read_timer, READ_AGAIN_MS);
	else
		loop_timer_clear(&core->read_timer);
}

static void
on_read_timer(void *arg)
{
	core_totals_load(arg);
}

/* Nobody can be told of it any more. */
static void
on_expired(void *arg, const char *name)
{
	struct core *core = arg;

	core->told = true;
	core_news_expired(name);
}

static void
on_pruned(void *arg, const struct error *error)
{
	if (error != NULL)
		log_line(LEVEL_WARNING, "old executions stay: %s: %s",
		    error->name, error->cause);
	core_totals_load(arg);
}

void
core_store_init(struct core *core)
{
	loop_timer_init(&core->read_timer, core->loop, on_read_timer, core);
}

void
core_store_open(struct core *core)
{
	const struct config *config = core->config;
	const struct store_events events = {
		.on_open = on_open,
		.on_trouble = on_trouble,
		.on_read = on_read,
		.on_expired = on_expired,
		.on_pruned = on_pruned,
		.arg = core,
	};

	core->store = store_new(core->loop, config->store_path, &events);
	store_retain(core->store, config->retention_ms, config->max_executions);
}

void
core_store_done(struct core *core)
{
	loop_timer_done(&core->read_timer);
}
