/* SPDX-License-Identifier: Apache-2.0 */
/* What runs on the bench: a task that waits to be told how it ends, and a table
 * of three of its kind. */
#include <assert.h>
#include <stdlib.h>

#include "machine/execution.h"
#include "machine/run.h"
#include "unit/machine_rig.h"
#include "util/alloc.h"

/* ---- the task ---- */

void *
rig_task_start(void *context, struct run *run)
{
	struct rig *rig = context;
	struct attempt *attempt = xzalloc(sizeof *attempt);

	attempt->rig = rig;
	attempt->run = run;
	attempt->state = run->execution->state;
	rig->attempts = xreallocarray(
	    rig->attempts, rig->attempt_count + 1, sizeof *rig->attempts);
	rig->attempts[rig->attempt_count++] = attempt;
	if (rig->script != NULL)
		rig->script(rig, attempt);
	return attempt;
}

void
rig_task_submitted(void *arg)
{
	struct attempt *attempt = arg;

	assert(!attempt->over);
	attempt->submitted++;
	if (attempt->rig->script != NULL)
		attempt->rig->script(attempt->rig, attempt);
}

void
rig_task_cancel(void *arg)
{
	struct attempt *attempt = arg;

	assert(!attempt->over);
	attempt->over = true;
	attempt->cancelled = true;
}

static const struct task delete_task = { "iam:delete", "arn:delete", "IAM",
	rig_task_start, rig_task_submitted, rig_task_cancel };
static const struct task lookup_task = { "trail:lookup", "arn:lookup", "Trail",
	rig_task_start, rig_task_submitted, rig_task_cancel };
static const struct task notify_task = { "sns:publish", "arn:publish", "SNS",
	rig_task_start, NULL, rig_task_cancel };

/* ---- the table ---- */

static const struct retrier delete_retry[] = {
	{ { "Class.Throttled" }, 1, 2.0, 10, 3, JITTER_NONE },
	{ { "States.Timeout" }, 2, 1.5, 0, 2, JITTER_NONE },
	{ .error_equals = { NULL } },
};
static const struct catcher delete_catch[] = {
	{ { "Come.Back" }, NOTIFY, "$.error-info", "uncontained", true },
	{ { "States.ALL" }, NOTIFY, "$.error-info", "uncontained", false },
	{ .error_equals = { NULL } },
};
static const struct retrier lookup_retry[] = {
	{ { "Try.Again" }, 5, 0, 0, 1, JITTER_NONE },
	{ .error_equals = { NULL } },
};
static const struct catcher lookup_catch[] = {
	{ { "Give.Up" }, NOTIFY, "$.summary-error", NULL, false },
	{ .error_equals = { NULL } },
};
static const struct retrier notify_retry[] = {
	{ { "Class.Throttled" }, 1, 0, 0, 1, JITTER_NONE },
	{ .error_equals = { NULL } },
};

static const struct state states[RIG_STATES] = {
	[DELETE] = {
		.name = "Delete",
		.task = &delete_task,
		.timeout_seconds = 15,
		.retry = delete_retry,
		.catch = delete_catch,
		.next = LOOKUP,
		.result_path = "$.deletion",
		.outcome = "contained",
		.held = "Hold.On",
		.lane = true,
	},
	[LOOKUP] = {
		.name = "Lookup",
		.task = &lookup_task,
		.timeout_seconds = 60,
		.retry = lookup_retry,
		.catch = lookup_catch,
		.next = NOTIFY,
		.result_path = "$.summary",
	},
	[NOTIFY] = {
		.name = "Notify",
		.task = &notify_task,
		.timeout_seconds = 15,
		.retry = notify_retry,
		.next = STATE_END,
		.result_path = "$.notification",
		.after_commit = true,
	},
};

const struct machine rig_machine = {
	.name = "rig",
	.comment = "A bench.",
	.states = states,
	.count = RIG_STATES,
	.start_at = DELETE,
	.aborted_outcome = "uncontained",
	.redrive = { .interval_seconds = 300, .max_delay_seconds = 3600 },
};
