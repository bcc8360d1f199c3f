/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One execution in memory, and how it writes its history.
 */
#include "machine/execution.h"

#include <assert.h>
#include <stdlib.h>

#include "machine/inside.h"
#include "machine/task.h"
#include "util/alloc.h"
#include "util/clock.h"

/* The pause between two tries to read the data of one. */
#define LOADING_BASE_MS 500
#define LOADING_CAP_MS  SECONDS(30)

struct execution *
execution_new(
    struct engine *engine, const char *name, const struct standing *standing)
{
	struct execution *execution = xzalloc(sizeof *execution);

	execution->engine = engine;
	execution->name = xstrdup(name);
	execution->status = STATUS_RUNNING;
	execution->state = engine->machine->start_at;
	execution->outcome = xstrdup(standing->outcome);
	execution->retries = standing->retries;
	for (int tag = 0; tag < TAGS; tag++)
		execution->tags[tag] = xstrdup(standing->tags[tag]);
	execution->loading = (struct backoff){ .base_ms = LOADING_BASE_MS,
		.cap_ms = LOADING_CAP_MS };
	return execution;
}

void
execution_free(struct execution *execution)
{
	free((void *)execution->name);
	free(execution->stranger);
	free(execution->origin);
	free(execution->outcome);
	for (int tag = 0; tag < TAGS; tag++)
		free(execution->tags[tag]);
	free(execution->data);
	free(execution->intent);
	free(execution);
}

const struct state *
execution_state(const struct execution *execution)
{
	if (execution->state < 0)
		return NULL;
	return &execution->engine->machine->states[execution->state];
}

const char *
execution_place(const struct execution *execution)
{
	const struct state *state = execution_state(execution);

	return state != NULL ? state->name : execution->stranger;
}

void
execution_set(char **member, const char *text)
{
	char *copy = xstrdup(text);

	free(*member);
	*member = copy;
}

static struct standing
standing_of(const struct execution *execution)
{
	struct standing standing = {
		.status = execution->status,
		.state = execution_place(execution),
		.outcome = execution->outcome,
		.due_wall_ms = execution->due_wall_ms,
		.retries = execution->retries,
	};

	for (int tag = 0; tag < TAGS; tag++)
		standing.tags[tag] = execution->tags[tag];
	return standing;
}

/* What an event is about decides what it names. */
static const enum {
	OF_EXECUTION,
	OF_STATE, /* the state */
	OF_TASK,  /* the state and the resource */
} scopes[EVENT_TYPES] = {
	[EVENT_STATE_ENTERED] = OF_STATE,
	[EVENT_STATE_EXITED] = OF_STATE,
	[EVENT_STATE_ABORTED] = OF_STATE,
	[EVENT_TASK_SCHEDULED] = OF_TASK,
	[EVENT_TASK_STARTED] = OF_TASK,
	[EVENT_TASK_SUBMITTED] = OF_TASK,
	[EVENT_TASK_SUCCEEDED] = OF_TASK,
	[EVENT_TASK_FAILED] = OF_TASK,
	[EVENT_TASK_TIMED_OUT] = OF_TASK,
};

/* Its state has been left with this event, or all of it has ended. */
static bool
frees_lane(const struct execution *execution, enum event_type type)
{
	return type == EVENT_STATE_EXITED ||
	    execution->status != STATUS_RUNNING;
}

void
execution_record(struct execution *execution, const struct event *what)
{
	struct engine *engine = execution->engine;
	struct standing standing = standing_of(execution);
	const struct state *state = execution_state(execution);
	struct event event = *what;

	event.id = ++execution->last_id;
	event.wall_ms = clock_wall_ms(engine->host.clock);
	if (scopes[event.type] != OF_EXECUTION)
		event.state = standing.state;
	if (scopes[event.type] == OF_TASK) {
		assert(state != NULL);
		event.resource = state->task->resource;
	}
	if (event.type == EVENT_EXECUTION_STARTED)
		execution->received_ms = event.wall_ms;
	if (execution->exit_id == 0 && frees_lane(execution, event.type))
		execution->exit_id = event.id;
	engine->pending++;
	engine->journal->append(
	    engine->journal->self, execution->name, &event, &standing);
}

void
execution_tell(const struct execution *execution, enum log_level level,
    const char *what, const struct error *error)
{
	static const struct error none;
	const struct error *why = error != NULL ? error : &none;
	const char *colon = error != NULL ? ": " : "";

	log_with(level,
	    LOG_FIELDS({ "KEYGUARD_EXECUTION", execution->name },
		{ "KEYGUARD_STATE", execution_place(execution) },
		{ "AWS_REQUEST_ID",
		    why->request_id[0] != '\0' ? why->request_id : NULL }),
	    "%s: %s%s%s%s%s", execution->name, what, colon, why->name, colon,
	    why->cause);
}

bool
execution_durable(const struct execution *execution)
{
	return execution->durable_id == execution->last_id;
}

void
execution_shed(struct execution *execution)
{
	const struct state *state = execution_state(execution);
	bool urgent;

	assert(state != NULL);
	urgent = state->lane && execution->waits != WAITS_HOLD;
	if (!execution_durable(execution) || urgent)
		return;
	execution_set(&execution->data, NULL);
	execution_set(&execution->intent, NULL);
}
