/* SPDX-License-Identifier: Apache-2.0 */
/* Ways to make an execution "x" wait for each of the things it can wait for. */
#include "unit/machine_waits.h"

#include <check.h>

#include "machine/inside.h"

struct execution *
execution(const struct rig *rig, const char *name)
{
	return engine_find(rig->engine, name);
}

/* Behind "w", which has the lane. */
static void
wait_for_lane(struct rig *rig)
{
	rig_start(rig, "w");
	rig_start(rig, "x");
	rig_wake(rig);
	ck_assert_int_eq(execution(rig, "x")->waits, WAITS_LANE);
}

/* For the commit of all that led to Notify. */
static void
wait_for_commit(struct rig *rig)
{
	rig_start(rig, "x");
	rig_wake(rig);
	run_submit(rig_attempt(rig)->run, "{}");
	rig_fail(rig_attempt(rig), "IAM.AccessDenied", CLASS_NONE);
	rig_wake(rig);
	ck_assert_int_eq(execution(rig, "x")->waits, WAITS_COMMIT);
}

static void
wait_for_task(struct rig *rig)
{
	rig_start(rig, "x");
	rig_wake(rig);
	ck_assert_int_eq(execution(rig, "x")->waits, WAITS_TASK);
}

static void
wait_for_retry(struct rig *rig)
{
	wait_for_task(rig);
	run_submit(rig_attempt(rig)->run, "{\"a\":1}");
	rig_fail(rig_attempt(rig), "IAM.Throttling", CLASS_THROTTLED);
	rig_wake(rig);
	ck_assert_int_eq(execution(rig, "x")->waits, WAITS_RETRY);
}

static void
wait_for_end(struct rig *rig)
{
	wait_for_task(rig);
	rig_succeed(rig_attempt(rig), "1");
	rig_wake(rig);
	rig_wake(rig);
	run_submit(rig_attempt(rig)->run, "{}");
	rig_fail(rig_attempt(rig), "Trail.AccessDenied", CLASS_NONE);
	rig_wake(rig);
	ck_assert_int_eq(execution(rig, "x")->waits, WAITS_END);
}

void
wait_in_lookup(struct rig *rig)
{
	rig_start(rig, "x");
	rig_succeed_next(rig, "1");
	rig_fail(rig_attempt(rig), "Try.Again", CLASS_NONE);
	rig_wake(rig);
	ck_assert_int_eq(execution(rig, "x")->waits, WAITS_RETRY);
}

static void
wait_for_load(struct rig *rig)
{
	wait_in_lookup(rig);
	rig_settle(rig);
	rig->mono_ms += 5000;
	rig_wake(rig);
	ck_assert_int_eq(execution(rig, "x")->waits, WAITS_LOAD);
}

static void
wait_for_release(struct rig *rig)
{
	wait_for_task(rig);
	run_submit(rig_attempt(rig)->run, "{\"a\":1}");
	rig_fail(rig_attempt(rig), "Hold.On", CLASS_NONE);
	rig_wake(rig);
}

static void (*const ways[WAITS])(struct rig *rig) = {
	[WAITS_LANE] = wait_for_lane,
	[WAITS_LOAD] = wait_for_load,
	[WAITS_COMMIT] = wait_for_commit,
	[WAITS_TASK] = wait_for_task,
	[WAITS_RETRY] = wait_for_retry,
	[WAITS_HOLD] = wait_for_release,
	[WAITS_END] = wait_for_end,
};

void
wait_for(struct rig *rig, enum waits what)
{
	ways[what](rig);
	ck_assert_int_eq(execution(rig, "x")->waits, what);
}

void
fail_in_notify(struct rig *rig)
{
	rig_start(rig, "x");
	rig_succeed_next(rig, "1");
	rig_succeed_next(rig, "2");
	rig_fail_next(rig, "SNS.NotFound", CLASS_NONE);
	ck_assert_int_eq(standing(rig, "x")->status, STATUS_FAILED);
}

void
redrive(struct rig *rig, const char *name)
{
	struct error error = { 0 };

	ck_assert_msg(rig_redrive(rig, name, &error), "%s", error.cause);
}

const struct standing *
standing(const struct rig *rig, const char *name)
{
	return &fake_last(&rig->journal, name)->standing;
}
