/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What comes back from the journal goes to the execution that it is about, and
 * then to the observers: nobody hears of anything before it is durable.
 */
#include "machine/inside.h"
#include "machine/lifecycle.h"
#include "machine/resume.h"
#include "util/log.h"

void
engine_observe(struct engine *engine, struct engine_observer *observer)
{
	observer->next = engine->observers;
	engine->observers = observer;
}

void
engine_unobserve(struct engine *engine, struct engine_observer *observer)
{
	struct engine_observer **link = &engine->observers;

	while (*link != observer)
		link = &(*link)->next;
	*link = observer->next;
	if (engine->telling == observer)
		engine->telling = observer->next;
}

/* Steps through the observers, also while they come and go. */
static struct engine_observer *
next_observer(struct engine *engine)
{
	struct engine_observer *next = engine->telling;

	if (next != NULL)
		engine->telling = next->next;
	return next;
}

static void
tell_held(struct engine *engine, const char *name, const struct error *error)
{
	struct engine_observer *observer;

	log_with(LEVEL_ERROR, LOG_FIELDS({ "KEYGUARD_EXECUTION", name }),
	    "%s: held: %s: %s", name, error->name, error->cause);
	engine->telling = engine->observers;
	while ((observer = next_observer(engine)) != NULL)
		if (observer->on_held != NULL)
			observer->on_held(observer->arg, name, error);
}

static void
on_durable(void *arg, const char *name, const struct event *event,
    const struct standing *standing)
{
	struct engine *engine = arg;
	struct execution *execution = engine_find(engine, name);
	struct engine_observer *observer;

	if (execution != NULL)
		lifecycle_durable(execution, event);
	engine->telling = engine->observers;
	while ((observer = next_observer(engine)) != NULL)
		if (observer->on_event != NULL)
			observer->on_event(
			    observer->arg, name, event, standing);
}

static void
drop(struct engine *engine, const char *name, enum news why)
{
	struct execution *execution = engine_find(engine, name);

	if (execution != NULL)
		lifecycle_news(execution, why, NULL);
}

static void
on_held(void *arg, const char *name, const struct error *error)
{
	drop(arg, name, NEWS_HELD);
	tell_held(arg, name, error);
}

static void
on_exists(void *arg, const char *name, enum status status)
{
	struct engine *engine = arg;
	struct engine_observer *observer;
	struct error error;

	drop(engine, name, NEWS_EXISTS);
	if (status == STATUS_RUNNING) {
		error_set(&error, "Daemon.NotResumed",
		    "the store has it as RUNNING, but it was not resumed");
		tell_held(engine, name, &error);
		return;
	}
	engine->telling = engine->observers;
	while ((observer = next_observer(engine)) != NULL)
		if (observer->on_exists != NULL)
			observer->on_exists(observer->arg, name, status);
}

static void
on_loaded(void *arg, const char *name, const struct event *events, size_t count,
    const struct error *error)
{
	struct execution *execution = engine_find(arg, name);
	struct report report = {
		.events = events,
		.count = count,
		.error = error,
	};

	if (execution != NULL)
		lifecycle_news(execution, NEWS_LOADED, &report);
}

/* One that runs already is there by an earlier recovery that broke off. */
static void
on_recovered(void *arg, const char *name, const struct standing *standing,
    const struct event *events, size_t count)
{
	struct engine *engine = arg;

	if (engine_find(engine, name) == NULL)
		resume_take_up(engine_add(engine, name, standing), standing,
		    events, count);
}

static void
on_recovered_all(void *arg, const struct error *error)
{
	struct engine *engine = arg;

	if (error == NULL)
		agenda_hold(&engine->agenda, engine->draining);
	engine->resumed(engine->resumed_arg, error);
}

struct journal_listener
engine_listener(struct engine *engine)
{
	return (struct journal_listener){
		.on_durable = on_durable,
		.on_exists = on_exists,
		.on_held = on_held,
		.on_loaded = on_loaded,
		.on_recovered = on_recovered,
		.on_recovered_all = on_recovered_all,
		.arg = engine,
	};
}
