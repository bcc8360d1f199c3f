/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verdicts. Retriers and catchers are asked here, in this order.
 */
#include "machine/verdict.h"

#include "machine/inside.h"
#include "machine/replay.h"
#include "machine/run.h"
#include "machine/transition.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/log.h"

/* What its state puts out when it has succeeded with that event. */
static char *
output_of(const struct execution *execution, const struct event *success,
    struct error *error)
{
	return history_output(execution->data, success,
	    execution_state(execution)->result_path, error);
}

void
verdict_exit(struct execution *execution, const char *result)
{
	struct event success = { .type = EVENT_TASK_SUCCEEDED, .data = result };
	struct error error;
	char *output = output_of(execution, &success, &error);

	if (output == NULL)
		transition_fail(execution, &error);
	else
		transition_leave(execution, output, NULL);
}

void
verdict_catch(struct execution *execution, const struct error *error)
{
	const struct state *state = execution_state(execution);
	struct event failure = { .type = EVENT_TASK_FAILED, .error = error };
	int found = table_catcher(state, error);
	const struct catcher *catcher = found < 0 ? NULL : &state->catch[found];
	struct error misfit;
	char *output = NULL;

	if (catcher != NULL)
		output = history_output(
		    execution->data, &failure, catcher->result_path, &misfit);
	if (output != NULL)
		transition_leave(execution, output, catcher);
	else
		transition_fail(execution, catcher != NULL ? &misfit : error);
}

void
verdict_await(struct execution *execution, int64_t ms)
{
	const struct clock *clock = execution->engine->host.clock;

	execution->waits = WAITS_RETRY;
	agenda_due(execution, clock_mono_ms(clock) + ms);
}

static void
tell_failure(const struct execution *execution, const struct error *error,
    const struct retrier *retrier, int64_t delay)
{
	FREE_LATER char *what = retrier != NULL
	    ? xasprintf("%s failed, again in %.1f s",
		  execution_place(execution), (double)delay / 1000)
	    : xasprintf("%s failed", execution_place(execution));

	execution_tell(execution, retrier != NULL ? LEVEL_INFO : LEVEL_WARNING,
	    what, error);
}

/* An attempt has failed: it is retried, or the catchers decide. */
static void
fail(
    struct execution *execution, enum event_type how, const struct error *error)
{
	const struct engine_host *host = &execution->engine->host;
	const struct state *state = execution_state(execution);
	int fires = table_fire(state, error, execution->fired);
	const struct retrier *retrier = fires < 0 ? NULL : &state->retry[fires];
	int64_t delay = 0;

	if (retrier != NULL) {
		delay =
		    table_delay(retrier, execution->fired[fires], host->random);
		execution->due_wall_ms = clock_wall_ms(host->clock) + delay;
	}
	execution->scheduled = false;
	execution_record(
	    execution, &(struct event){ .type = how, .error = error });
	tell_failure(execution, error, retrier, delay);
	if (retrier != NULL)
		verdict_await(execution, delay);
	else
		verdict_catch(execution, error);
}

/* An attempt was told to wait: no retrier counts that. */
static void
hold(struct execution *execution, const struct error *error)
{
	execution->scheduled = false;
	execution_record(execution,
	    &(struct event){ .type = EVENT_TASK_FAILED, .error = error });
	execution_tell(execution, LEVEL_INFO, "held", error);
	transition_hold(execution);
}

/* A result that has no place in the input is a failure like any other. */
static void
succeed(struct execution *execution, const char *result)
{
	struct event success = { .type = EVENT_TASK_SUCCEEDED, .data = result };
	struct error error;
	char *output = output_of(execution, &success, &error);

	if (output == NULL) {
		fail(execution, EVENT_TASK_FAILED, &error);
		return;
	}
	execution_record(execution, &success);
	transition_leave(execution, output, NULL);
}

void
verdict_judge(struct execution *execution)
{
	FREE_LATER char *result = STEAL(execution->run->result);
	FREE_LATER struct error *error = STEAL(execution->run->error);

	run_end(execution);
	if (error != NULL && table_holds(execution_state(execution), error))
		hold(execution, error);
	else if (error != NULL)
		fail(execution, EVENT_TASK_FAILED, error);
	else
		succeed(execution, result);
}

void
verdict_expire(struct execution *execution)
{
	struct error error;

	error_set(&error, "States.Timeout", "not done within %d s",
	    execution_state(execution)->timeout_seconds);
	run_end(execution);
	fail(execution, EVENT_TASK_TIMED_OUT, &error);
}

void
verdict_restart(struct execution *execution)
{
	struct error error;

	error_set(&error, REPLAY_RESTARTED,
	    "the daemon was restarted while the task was under way");
	execution_record(execution,
	    &(struct event){ .type = EVENT_TASK_FAILED, .error = &error });
	agenda_ready(execution);
}
