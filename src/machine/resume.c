/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Resuming: for each phase that a history can break off in, what is to be done.
 */
#include "machine/resume.h"

#include <string.h>

#include "machine/inside.h"
#include "machine/replay.h"
#include "machine/transition.h"
#include "machine/verdict.h"
#include "util/alloc.h"
#include "util/clock.h"

typedef void step(struct execution *execution, const struct replay *past);

static void
started(struct execution *execution, const struct replay *past)
{
	(void)past;
	transition_go(execution, execution->engine->machine->start_at);
}

static void
entered(struct execution *execution, const struct replay *past)
{
	(void)past;
	agenda_ready(execution);
}

static void
inside(struct execution *execution, const struct replay *past)
{
	(void)past;
	verdict_restart(execution);
}

static void
succeeded(struct execution *execution, const struct replay *past)
{
	verdict_exit(execution, past->result);
}

/* What is left of the pause; a wall clock that was set back cannot make it
 * longer than the table has it. */
static int64_t
pause_left(const struct execution *execution, int retrier)
{
	const struct clock *clock = execution->engine->host.clock;
	int64_t left = execution->due_wall_ms - clock_wall_ms(clock);
	int64_t longest =
	    table_longest_delay(&execution_state(execution)->retry[retrier],
		execution->fired[retrier]);

	if (left < 0)
		return 0;
	return left < longest ? left : longest;
}

static void
failed(struct execution *execution, const struct replay *past)
{
	if (past->retrier >= 0) {
		verdict_await(execution, pause_left(execution, past->retrier));
		execution_shed(execution);
	} else if (strcmp(past->error->name, REPLAY_RESTARTED) == 0) {
		agenda_ready(execution);
	} else if (table_holds(execution_state(execution), past->error)) {
		transition_hold(execution);
	} else {
		verdict_catch(execution, past->error);
	}
}

static void
aborted(struct execution *execution, const struct replay *past)
{
	transition_abort(execution, past->error);
}

static void
exited(struct execution *execution, const struct replay *past)
{
	transition_go(execution, past->next);
}

static const struct {
	bool resides; /* it is in a state and has a place there */
	step *step;
} steps[] = {
	[PHASE_STARTED] = { false, started },
	[PHASE_ENTERED] = { true, entered },
	[PHASE_INSIDE] = { true, inside },
	[PHASE_SUCCEEDED] = { true, succeeded },
	[PHASE_FAILED] = { true, failed },
	[PHASE_ABORTED] = { true, aborted },
	[PHASE_EXITED] = { false, exited },
};

/* It is what it was at its last event. */
static void
recall(struct execution *execution, const struct replay *past)
{
	if (past->state >= 0)
		execution->state = past->state;
	execution->received_ms = past->received_ms;
	execution->failures = past->failures;
	execution->again = past->again;
	memcpy(execution->fired, past->fired, sizeof execution->fired);
	execution_set(&execution->origin, past->origin);
	execution_set(&execution->data, past->input);
	execution_set(&execution->intent, past->intent);
	if (!steps[past->phase].resides)
		return;
	execution->entered_id = past->entered_id;
	transition_reside(execution, past->scheduled);
}

void
resume_take_up(struct execution *execution, const struct standing *standing,
    const struct event *events, size_t count)
{
	const struct machine *machine = execution->engine->machine;
	struct replay past;
	struct error error;

	execution->last_id = count > 0 ? events[count - 1].id : 0;
	execution->durable_id = execution->last_id;
	if (replay_read(machine, events, count, &past, &error)) {
		recall(execution, &past);
		execution->due_wall_ms = standing->due_wall_ms;
		steps[past.phase].step(execution, &past);
		return;
	}
	execution->state = table_find(machine, standing->state);
	execution_set(&execution->stranger, standing->state);
	transition_fail(execution, &error);
}

void
resume_redriven(
    struct execution *execution, const struct replay *past, const char *by)
{
	recall(execution, past);
	transition_redriven(execution, by);
	steps[past->phase].step(execution, past);
}
