/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine from outside: the executions by name, and the wake-up in which
 * everything is done.
 */
#include "machine/engine.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "machine/inside.h"
#include "machine/lifecycle.h"
#include "machine/names.h"
#include "machine/run.h"
#include "machine/transition.h"
#include "util/alloc.h"
#include "util/clock.h"

/* So that a thousand resumed executions do not hold up the loop at once. */
#define STARTS_PER_WAKE 64

struct engine *
engine_new(const struct machine *machine, void *context,
    const struct engine_host *host, const struct journal *journal)
{
	struct engine *engine = xzalloc(sizeof *engine);

	engine->machine = machine;
	engine->context = context;
	engine->host = *host;
	engine->journal = journal;
	engine->count_in =
	    xcalloc((size_t)machine->count, sizeof *engine->count_in);
	agenda_init(&engine->agenda, &engine->host);
	return engine;
}

static void
abandon(void *arg)
{
	struct execution *execution = arg;

	run_end(execution);
	lanes_leave(&execution->engine->lanes, execution);
	execution_free(execution);
}

void
engine_free(struct engine *engine)
{
	if (engine == NULL)
		return;
	tdestroy(engine->executions, abandon);
	agenda_done(&engine->agenda);
	free(engine->count_in);
	free(engine);
}

struct execution *
engine_find(const struct engine *engine, const char *name)
{
	struct execution **found =
	    tfind(&name, &engine->executions, names_compare);

	return found != NULL ? *found : NULL;
}

struct execution *
engine_add(
    struct engine *engine, const char *name, const struct standing *standing)
{
	struct execution *execution = execution_new(engine, name, standing);

	xtsearch(execution, &engine->executions, names_compare);
	engine->count++;
	return execution;
}

enum engine_admitted
engine_start(struct engine *engine, const struct engine_order *order)
{
	struct standing standing = { .status = STATUS_RUNNING,
		.retries = order->retries };
	struct execution *execution;

	if (engine_find(engine, order->name) != NULL)
		return ENGINE_ATTACHED;
	memcpy(standing.tags, order->tags, sizeof standing.tags);
	execution = engine_add(engine, order->name, &standing);
	execution_set(&execution->origin, order->origin);
	execution_set(&execution->data, order->input);
	execution_record(execution,
	    &(struct event){
		.type = EVENT_EXECUTION_STARTED,
		.resource = order->origin,
		.data = order->input,
	    });
	transition_go(execution, engine->machine->start_at);
	return ENGINE_STARTED;
}

void
engine_wake(struct engine *engine)
{
	struct agenda *agenda = &engine->agenda;
	int64_t now = clock_mono_ms(engine->host.clock);
	struct execution *next;

	agenda_begin(agenda);
	while ((next = agenda_next_ended(agenda)) != NULL)
		lifecycle_news(next, NEWS_ENDED, NULL);
	while ((next = agenda_next_due(agenda, now)) != NULL)
		lifecycle_news(next, NEWS_DUE, NULL);
	for (int i = 0; i < STARTS_PER_WAKE; i++) {
		next = agenda_next_ready(agenda);
		if (next == NULL)
			break;
		transition_proceed(next);
	}
	agenda_end(agenda);
}

void
engine_resume(struct engine *engine,
    void (*done)(void *arg, const struct error *error), void *arg)
{
	engine->resumed = done;
	engine->resumed_arg = arg;
	engine->journal->recover(engine->journal->self);
}

bool
engine_running(const struct engine *engine, const char *name)
{
	return engine_find(engine, name) != NULL;
}

size_t
engine_count(const struct engine *engine)
{
	return engine->count;
}

size_t
engine_count_in(const struct engine *engine, int state)
{
	return engine->count_in[state];
}

size_t
engine_held(const struct engine *engine)
{
	return engine->held;
}

static void
drain(const void *node, VISIT visit, int depth)
{
	(void)depth;
	if (visit == preorder || visit == leaf)
		lifecycle_news(
		    *(struct execution *const *)node, NEWS_DRAIN, NULL);
}

void
engine_drain(struct engine *engine)
{
	engine->draining = true;
	agenda_hold(&engine->agenda, true);
	twalk(engine->executions, drain);
}

bool
engine_quiet(const struct engine *engine)
{
	return engine->runs == 0 && engine->pending == 0;
}
