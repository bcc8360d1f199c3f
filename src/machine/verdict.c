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
#include "util/doc.h"
#include "util/log.h"

static char *
place(
    const struct execution *execution, const char *result, struct error *error)
{
	return table_result(execution->data,
	    execution_state(execution)->result_path, result, error);
}

/* Leaves by the way of success. */
static void
exit_with(struct execution *execution, char *output)
{
	const struct state *state = execution_state(execution);

	transition_leave(execution, output, state->outcome, state->next);
}

void
verdict_exit(struct execution *execution, const char *result)
{
	struct error error;
	char *output = place(execution, result, &error);

	if (output == NULL)
		transition_fail(execution, &error);
	else
		exit_with(execution, output);
}

/* {"Error":"IAM.ServiceFailure","Cause":"..."} */
static char *
error_text(const struct error *error)
{
	DOC_LATER struct json_object *doc = doc_object();

	doc_put_string(doc, "Error", error->name);
	doc_put_string(doc, "Cause", error->cause);
	return doc_text(doc);
}

void
verdict_catch(struct execution *execution, const struct error *error)
{
	const struct state *state = execution_state(execution);
	int found = table_catcher(state, error);
	FREE_LATER char *text = error_text(error);
	char *output = NULL;

	if (found >= 0)
		output = table_result(execution->data,
		    state->catch[found].result_path, text, NULL);
	if (output == NULL)
		transition_fail(execution, error);
	else
		transition_leave(execution, output, state->catch[found].outcome,
		    state->catch[found].next);
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
	execution_record(execution, how, NULL, error);
	tell_failure(execution, error, retrier, delay);
	if (retrier != NULL)
		verdict_await(execution, delay);
	else
		verdict_catch(execution, error);
}

/* A result that has no place in the input is a failure like any other. */
static void
succeed(struct execution *execution, const char *result)
{
	struct error error;
	char *output = place(execution, result, &error);

	if (output == NULL) {
		fail(execution, EVENT_TASK_FAILED, &error);
		return;
	}
	execution_record(execution, EVENT_TASK_SUCCEEDED, result, NULL);
	exit_with(execution, output);
}

void
verdict_judge(struct execution *execution)
{
	FREE_LATER char *result = STEAL(execution->run->result);
	FREE_LATER struct error *error = STEAL(execution->run->error);

	run_end(execution);
	if (error != NULL)
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
	execution_record(execution, EVENT_TASK_FAILED, NULL, &error);
	agenda_ready(execution);
}
