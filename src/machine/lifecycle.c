/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The matrix: a row for each thing an execution can wait for, a column for all
 * that can happen. Every cell is written, "nothing" and "cannot be" included.
 */
#include "machine/lifecycle.h"

#include <assert.h>
#include <search.h>

#include "machine/inside.h"
#include "machine/names.h"
#include "machine/replay.h"
#include "machine/run.h"
#include "machine/transition.h"
#include "machine/verdict.h"
#include "util/clock.h"

typedef void cell(struct execution *execution, const struct report *report);

static void
never(struct execution *execution, const struct report *report)
{
	(void)execution;
	(void)report;
	assert(!"this cannot happen to what waits for that");
}

static void
none(struct execution *execution, const struct report *report)
{
	(void)execution;
	(void)report;
}

/* It can go on: engine_wake will see how far. */
static void
ready(struct execution *execution, const struct report *report)
{
	(void)report;
	agenda_ready(execution);
}

static void
judge(struct execution *execution, const struct report *report)
{
	(void)report;
	verdict_judge(execution);
}

static void
expire(struct execution *execution, const struct report *report)
{
	(void)report;
	verdict_expire(execution);
}

/* A store in trouble: nothing is lost, it is asked again later. */
static void
load_later(struct execution *execution)
{
	const struct engine_host *host = &execution->engine->host;
	int64_t pause = backoff_next(&execution->loading, host->random);

	agenda_due(execution, clock_mono_ms(host->clock) + pause);
}

static void
loaded(struct execution *execution, const struct report *report)
{
	const struct machine *machine = execution->engine->machine;
	struct replay past;
	struct error error;

	if (report->error != NULL) {
		load_later(execution);
		return;
	}
	backoff_reset(&execution->loading);
	if (!replay_read(
		machine, report->events, report->count, &past, &error)) {
		transition_fail(execution, &error);
		return;
	}
	execution_set(&execution->data, past.input);
	execution_set(&execution->intent, past.intent);
	agenda_ready(execution);
}

static void
commit(struct execution *execution, const struct report *report)
{
	(void)report;
	if (execution_durable(execution))
		agenda_ready(execution);
}

static void
submit(struct execution *execution, const struct report *report)
{
	run_submitted(execution, report->event_id);
}

static void
shed(struct execution *execution, const struct report *report)
{
	(void)report;
	execution_shed(execution);
}

static void
pass_lane(struct execution *execution)
{
	struct engine *engine = execution->engine;
	struct execution *next = lanes_leave(&engine->lanes, execution);

	if (next != NULL)
		lifecycle_news(next, NEWS_LANE, NULL);
}

/* It is gone from memory; whatever of it is to stay is in the store. */
static void
drop(struct execution *execution, const struct report *report)
{
	struct engine *engine = execution->engine;

	(void)report;
	run_end(execution);
	transition_depart(execution);
	pass_lane(execution);
	agenda_forget(execution);
	engine->pending -= (size_t)(execution->last_id - execution->durable_id);
	engine->count--;
	tdelete(execution, &engine->executions, names_compare);
	execution_free(execution);
}

/* Its end is the last of its events. */
static void
over(struct execution *execution, const struct report *report)
{
	if (execution_durable(execution))
		drop(execution, report);
}

static void
stop(struct execution *execution, const struct report *report)
{
	agenda_forget(execution);
	run_end(execution);
	transition_stop(execution, report->error);
}

/* What its task has come to already is not thrown away. */
static void
stop_task(struct execution *execution, const struct report *report)
{
	if (!execution->run->ended) {
		stop(execution, report);
		return;
	}
	agenda_forget(execution);
	verdict_judge(execution);
	lifecycle_news(execution, NEWS_STOP, report);
}

static void
release(struct execution *execution, const struct report *report)
{
	transition_release(execution, report->by);
}

static void
rest(struct execution *execution, const struct report *report)
{
	(void)report;
	agenda_undue(execution);
}

/* clang-format off */
static cell *const cells[WAITS][NEWS] = {
	/* LANE   ENDED   DUE     LOADED  SUBMITTED DURABLE EXISTS  HELD
	   DRAIN  STOP       RELEASE */
[WAITS_LANE] =
	{ ready,  never,  never,  none,   none,     none,   drop,   drop,
	  none,   stop,      never },
[WAITS_LOAD] =
	{ none,   never,  ready,  loaded, none,     none,   drop,   drop,
	  rest,   stop,      never },
[WAITS_COMMIT] =
	{ none,   never,  never,  none,   commit,   commit, drop,   drop,
	  none,   stop,      never },
[WAITS_TASK] =
	{ none,   judge,  expire, none,   submit,   none,   drop,   drop,
	  none,   stop_task, never },
[WAITS_RETRY] =
	{ none,   never,  ready,  none,   shed,     shed,   drop,   drop,
	  rest,   stop,      never },
[WAITS_HOLD] =
	{ none,   never,  never,  none,   shed,     shed,   drop,   drop,
	  none,   stop,      release },
[WAITS_END] =
	{ none,   never,  never,  none,   over,     over,   drop,   drop,
	  none,   none,      never },
};
/* clang-format on */

void
lifecycle_news(
    struct execution *execution, enum news news, const struct report *report)
{
	cells[execution->waits][news](execution, report);
}

void
lifecycle_durable(struct execution *execution, const struct event *event)
{
	bool intent = event->type == EVENT_TASK_SUBMITTED;

	execution->durable_id = event->id;
	execution->engine->pending--;
	if (intent && event->id > execution->entered_id)
		execution_set(&execution->intent, event->data);
	if (execution->exit_id != 0 && event->id >= execution->exit_id) {
		execution->exit_id = 0;
		pass_lane(execution);
	}
	lifecycle_news(execution, intent ? NEWS_SUBMITTED : NEWS_DURABLE,
	    &(struct report){ .event_id = event->id });
}
