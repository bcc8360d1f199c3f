/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One attempt: what the task may ask and tell while it lasts, and its deadline,
 * which runs only while a call is out.
 */
#include "machine/run.h"

#include <assert.h>
#include <stdlib.h>

#include "machine/execution.h"
#include "machine/inside.h"
#include "machine/transition.h"
#include "util/alloc.h"
#include "util/clock.h"

void
run_begin(struct execution *execution)
{
	struct engine *engine = execution->engine;
	const struct state *state = execution_state(execution);
	struct run *run = xzalloc(sizeof *run);

	run->execution = execution;
	run->remaining_ms = SECONDS(state->timeout_seconds);
	execution->run = run;
	engine->runs++;
	run->attempt = state->task->start(engine->context, run);
}

void
run_end(struct execution *execution)
{
	struct run *run = execution->run;

	if (run == NULL)
		return;
	if (!run->ended)
		execution_state(execution)->task->cancel(run->attempt);
	execution->engine->runs--;
	execution->run = NULL;
	free(run->result);
	free(run->error);
	free(run);
}

const char *
run_name(const struct run *run)
{
	return run->execution->name;
}

const char *
run_input(const struct run *run)
{
	return run->execution->data;
}

const char *
run_intent(const struct run *run)
{
	return run->execution->intent;
}

const char *
run_origin(const struct run *run)
{
	return run->execution->origin;
}

int64_t
run_received_ms(const struct run *run)
{
	return run->execution->received_ms;
}

int64_t
run_again_ms(const struct run *run)
{
	return transition_pause(run->execution, STATUS_SUCCEEDED);
}

const char *
run_tag(const struct run *run, enum tag tag)
{
	return run->execution->tags[tag];
}

bool
run_lane_taken(const struct run *run)
{
	const struct execution *execution = run->execution;
	const char *lane = execution->tags[TAG_LANE];

	return lane != NULL && lanes_taken(&execution->engine->lanes, lane);
}

void
run_set_tag(struct run *run, enum tag tag, const char *value)
{
	execution_set(&run->execution->tags[tag], value);
}

/* Lets the deadline run or stand still, as the attempt now is. */
static void
keep_time(struct run *run)
{
	bool ticks =
	    run->left && !run->waits && run->intent_id == 0 && !run->ended;
	int64_t now = clock_mono_ms(run->execution->engine->host.clock);

	if (ticks == run->ticking)
		return;
	run->ticking = ticks;
	if (ticks) {
		run->since_ms = now;
		agenda_due(run->execution, now + run->remaining_ms);
	} else {
		run->remaining_ms -= now - run->since_ms;
		agenda_undue(run->execution);
	}
}

void
run_left(struct run *run)
{
	assert(!run->ended);
	if (!run->left)
		execution_record(run->execution,
		    &(struct event){ .type = EVENT_TASK_STARTED });
	run->left = true;
	run->waits = false;
	keep_time(run);
}

void
run_waits(struct run *run)
{
	assert(!run->ended);
	run->waits = true;
	keep_time(run);
}

void
run_submit(struct run *run, const char *intent)
{
	assert(!run->ended && run->intent_id == 0 &&
	    execution_state(run->execution)->task->submitted != NULL);
	execution_record(run->execution,
	    &(struct event){ .type = EVENT_TASK_SUBMITTED, .data = intent });
	run->intent_id = run->execution->last_id;
	keep_time(run);
}

void
run_submitted(struct execution *execution, int64_t event_id)
{
	struct run *run = execution->run;

	/* Of an earlier attempt, or too late for this one: kept as its intent
	 * all the same. */
	if (run->ended || run->intent_id != event_id)
		return;
	run->intent_id = 0;
	keep_time(run);
	execution_state(execution)->task->submitted(run->attempt);
}

static void
ended(struct run *run)
{
	assert(!run->ended);
	run->ended = true;
	keep_time(run);
	agenda_ended(run->execution);
}

void
run_succeed(struct run *run, const char *result)
{
	ended(run);
	run->result = xstrdup(result);
}

void
run_fail(struct run *run, const struct error *error)
{
	ended(run);
	run->error = xzalloc(sizeof *run->error);
	*run->error = *error;
}
