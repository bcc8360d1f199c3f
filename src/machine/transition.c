/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The transitions. enter() is the only function that changes in which state an
 * execution is, and whether it runs or has ended.
 */
#include "machine/transition.h"

#include <stdlib.h>
#include <string.h>

#include "machine/inside.h"
#include "machine/run.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/log.h"

/* How it is recorded and logged that an execution has become ... */
static const struct {
	enum event_type event;
	enum log_level level;
} arrivals[] = {
	[STATUS_RUNNING] = { EVENT_STATE_ENTERED, LEVEL_INFO },
	[STATUS_SUCCEEDED] = { EVENT_EXECUTION_SUCCEEDED, LEVEL_NOTICE },
	[STATUS_FAILED] = { EVENT_EXECUTION_FAILED, LEVEL_ERROR },
	[STATUS_ABORTED] = { EVENT_EXECUTION_ABORTED, LEVEL_NOTICE },
};

/* Where it is counted: those in the lane of one that is held do not move
 * either. */
static size_t *
tally(struct execution *execution)
{
	struct engine *engine = execution->engine;

	if (execution->waits == WAITS_HOLD)
		return &engine->held;
	return lanes_first(execution)->waits == WAITS_HOLD
	    ? &engine->behind
	    : &engine->count_in[execution->state];
}

/* By what it waits for, others in its lane are counted, too. */
static void
wait_for(struct execution *execution, enum waits what)
{
	struct execution *it;

	for (it = lanes_first(execution); it != NULL; it = lanes_next(it))
		*tally(it) -= it->entered_id != 0;
	execution->waits = what;
	for (it = lanes_first(execution); it != NULL; it = lanes_next(it))
		*tally(it) += it->entered_id != 0;
}

void
transition_reside(struct execution *execution, bool first)
{
	struct engine *engine = execution->engine;
	const char *lane = execution->tags[TAG_LANE];

	execution->waits = WAITS_LANE;
	if (execution_state(execution)->lane && lane != NULL) {
		/* Who comes from one lane state into the next stays where he
		 * is. */
		execution->exit_id = 0;
		if (execution->lane == NULL)
			lanes_join(&engine->lanes, lane, execution, first);
	}
	++*tally(execution);
}

void
transition_depart(struct execution *execution)
{
	if (execution->waits == WAITS_HOLD)
		wait_for(execution, WAITS_END);
	if (execution->entered_id != 0)
		--*tally(execution);
	execution->entered_id = 0;
}

/* Writes TaskScheduled, if that is to be and it has its lane. */
static bool
schedule(struct execution *execution)
{
	if (execution->scheduled)
		return true;
	if (execution->engine->agenda.held || !lanes_clear(execution))
		return false;
	execution->scheduled = true;
	execution->due_wall_ms = 0;
	execution_record(
	    execution, &(struct event){ .type = EVENT_TASK_SCHEDULED });
	return true;
}

static void
arrive(struct execution *execution)
{
	execution->entered_id = execution->last_id;
	execution->scheduled = false;
	memset(execution->fired, 0, sizeof execution->fired);
	execution_set(&execution->intent, NULL);
	transition_reside(execution, false);
	schedule(execution);
	agenda_ready(execution);
}

int64_t
transition_pause(const struct execution *execution, enum status status)
{
	const struct retrier *redrive = &execution->engine->machine->redrive;
	int times = 0;

	if (status == STATUS_FAILED)
		times = execution->failures;
	else if (status == STATUS_SUCCEEDED && execution->again)
		times = execution->retries + 1;
	if (times == 0 || redrive->interval_seconds == 0)
		return 0;
	return table_longest_delay(redrive, times);
}

/* When it goes on by itself, being what it is now; 0: it does not. */
static int64_t
due_after_end(const struct execution *execution)
{
	int64_t pause = transition_pause(execution, execution->status);

	if (pause == 0)
		return 0;
	return clock_wall_ms(execution->engine->host.clock) + pause;
}

static void
enter(struct execution *execution, enum status status, int state,
    const struct error *error)
{
	FREE_LATER char *what = NULL;

	transition_depart(execution);
	execution->status = status;
	execution->state = state;
	execution->failures += status == STATUS_FAILED;
	execution->due_wall_ms = due_after_end(execution);
	execution_record(execution,
	    &(struct event){ .type = arrivals[status].event, .error = error });
	what = xasprintf("%s in %s%s%s", status_name(status),
	    execution_place(execution), execution->outcome != NULL ? ", " : "",
	    execution->outcome != NULL ? execution->outcome : "");
	execution_tell(execution, arrivals[status].level, what, error);
	if (status == STATUS_RUNNING)
		arrive(execution);
	else
		execution->waits = WAITS_END;
}

void
transition_go(struct execution *execution, int next)
{
	if (next == STATE_END)
		enter(execution, STATUS_SUCCEEDED, execution->state, NULL);
	else
		enter(execution, STATUS_RUNNING, next, NULL);
}

void
transition_fail(struct execution *execution, const struct error *error)
{
	enter(execution, STATUS_FAILED, execution->state, error);
}

void
transition_abort(struct execution *execution, const struct error *error)
{
	const struct machine *machine = execution->engine->machine;

	if (execution->outcome == NULL)
		execution_set(&execution->outcome, machine->aborted_outcome);
	enter(execution, STATUS_ABORTED, execution->state, error);
}

void
transition_stop(struct execution *execution, const struct error *error)
{
	execution_record(execution,
	    &(struct event){ .type = EVENT_STATE_ABORTED, .error = error });
	transition_abort(execution, error);
}

void
transition_redriven(struct execution *execution, const char *by)
{
	FREE_LATER char *what =
	    xasprintf("redriven in %s by %s", execution_place(execution), by);

	memset(execution->fired, 0, sizeof execution->fired);
	execution_record(execution,
	    &(struct event){
		.type = EVENT_EXECUTION_REDRIVEN,
		.resource = by,
	    });
	execution_tell(execution, LEVEL_NOTICE, what, NULL);
}

void
transition_hold(struct execution *execution)
{
	wait_for(execution, WAITS_HOLD);
	execution_shed(execution);
}

void
transition_release(struct execution *execution, const char *by)
{
	wait_for(execution, WAITS_LANE);
	transition_redriven(execution, by);
	agenda_ready(execution);
}

/* What success has in common with a catcher. */
static struct catcher
success(const struct state *state)
{
	return (struct catcher){
		.next = state->next,
		.result_path = state->result_path,
		.outcome = state->outcome,
	};
}

void
transition_leave(
    struct execution *execution, char *output, const struct catcher *catcher)
{
	struct catcher way =
	    catcher != NULL ? *catcher : success(execution_state(execution));

	free(execution->data);
	execution->data = output;
	if (way.outcome != NULL)
		execution_set(&execution->outcome, way.outcome);
	execution->again = execution->again || way.again;
	execution_record(execution,
	    &(struct event){
		.type = EVENT_STATE_EXITED,
		.data = output,
		.path = way.result_path,
	    });
	transition_go(execution, way.next);
}

static bool
has_to_commit(const struct execution *execution)
{
	return execution_state(execution)->after_commit &&
	    !execution_durable(execution);
}

void
transition_proceed(struct execution *execution)
{
	const struct journal *journal = execution->engine->journal;

	if (!schedule(execution)) {
		execution->waits = WAITS_LANE;
	} else if (execution->data == NULL) {
		execution->waits = WAITS_LOAD;
		journal->load(journal->self, execution->name);
	} else if (has_to_commit(execution)) {
		execution->waits = WAITS_COMMIT;
	} else {
		execution->waits = WAITS_TASK;
		run_begin(execution);
	}
}
