/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Restarts at every event of a history, and at random moments: whatever was
 * lost, the execution goes the same way to the same end.
 */
#include <string.h>

#include "machine/engine.h"
#include "unit/machine_waits.h"
#include "unit/unit.h"
#include "util/cleanup.h"

static struct rig rig;

static void
set_up(void)
{
	rig_init(&rig);
}

static void
tear_down(void)
{
	rig_done(&rig);
}

/* ---- a world in which tasks know from the history what is to come ---- */

/* How often a state's task has failed, but for restarts. */
static int
failures(const struct rig *on, const char *name, const char *state)
{
	const struct fake_history *history = fake_find(&on->journal, name);
	int count = 0;

	for (size_t i = 0; i < history->count; i++) {
		const struct fake_event *one = &history->events[i];

		count += one->event.type == EVENT_TASK_FAILED &&
		    strcmp(one->event.state, state) == 0 &&
		    strcmp(one->error.name, "Daemon.Restarted") != 0;
	}
	return count;
}

static void
play_delete(struct attempt *attempt, int failed)
{
	if (failed < 2)
		rig_fail(attempt, "IAM.Throttling", CLASS_THROTTLED);
	else if (failed == 2)
		rig_fail(attempt, "Hold.On", CLASS_NONE);
	else if (run_intent(attempt->run) == NULL)
		run_submit(attempt->run, "{\"UserName\":\"u\"}");
	else
		rig_succeed(attempt, "\"gone\"");
}

/* Throttled, refused, throttled again. */
static void
play_notify(struct attempt *attempt, int failed)
{
	if (failed == 1)
		rig_fail(attempt, "SNS.NotFound", CLASS_NONE);
	else if (failed < 3)
		rig_fail(attempt, "SNS.Throttled", CLASS_THROTTLED);
	else
		rig_succeed(attempt, "\"told\"");
}

/* Throttled twice, then held, then deleted under an intent; looked up once
 * more, then given up; notified once that was redriven. */
static void
play(struct rig *on, struct attempt *attempt)
{
	static const char *const names[] = { "Delete", "Lookup", "Notify" };
	int failed =
	    failures(on, run_name(attempt->run), names[attempt->state]);

	run_left(attempt->run);
	if (attempt->state == DELETE)
		play_delete(attempt, failed);
	else if (attempt->state == LOOKUP)
		rig_fail(
		    attempt, failed == 0 ? "Try.Again" : "Give.Up", CLASS_NONE);
	else
		play_notify(attempt, failed);
}

/* The operator: releases what is held, redrives what has failed. */
static void
operate(void)
{
	struct error error;

	engine_release(rig.engine, NULL, NULL, "resume:test");
	for (size_t i = 0; i < rig.journal.count; i++) {
		const struct fake_history *one = rig.journal.order[i];
		size_t last = one->durable - 1;

		if (one->events[last].standing.status == STATUS_FAILED &&
		    !engine_running(rig.engine, one->name))
			ck_assert(rig_redrive(&rig, one->name, &error));
	}
}

/* Long enough for three, one after the other. */
static void
play_on(void)
{
	for (int i = 0; i < 12; i++) {
		rig_pass(&rig, 60000);
		operate();
	}
	rig_settle(&rig);
}

#define PLAYED                                                                 \
	"started >Delete scheduled out failed(IAM.Throttling) "                \
	"scheduled out failed(IAM.Throttling) scheduled out failed(Hold.On) "  \
	"redriven scheduled out intent "                                       \
	"ok <Delete >Lookup scheduled out failed(Try.Again) "                  \
	"scheduled out failed(Give.Up) <Lookup >Notify scheduled out "         \
	"failed(SNS.Throttled) scheduled out failed(SNS.NotFound) "            \
	"FAILED(SNS.NotFound) redriven scheduled out failed(SNS.Throttled) "   \
	"scheduled out ok <Notify SUCCEEDED"
#define PLAYED_EVENTS 42

/* The history without what a restart repeats. */
static char *
way(const char *name)
{
	const struct fake_history *history = fake_find(&rig.journal, name);
	struct buf out = BUF_INIT(100000);

	for (size_t i = 0; i < history->count; i++) {
		const struct fake_event *one = &history->events[i];
		enum event_type type = one->event.type;

		if (type == EVENT_TASK_SCHEDULED ||
		    type == EVENT_TASK_STARTED ||
		    type == EVENT_TASK_SUBMITTED ||
		    strcmp(one->error.name, "Daemon.Restarted") == 0)
			continue;
		buf_printf(&out, "%s %s %s\n", event_type_name(type),
		    one->event.state != NULL ? one->event.state : "",
		    one->event.data != NULL ? one->event.data
					    : one->error.name);
	}
	return buf_take(&out);
}

START_TEST(the_play)
{
	rig.script = play;
	rig_start(&rig, "x");
	play_on();
	rig_assert_story(&rig, "x", PLAYED);
	ck_assert_uint_eq(fake_find(&rig.journal, "x")->count, PLAYED_EVENTS);
}
END_TEST

START_TEST(restarted_at_every_event)
{
	FREE_LATER char *whole = NULL;
	FREE_LATER char *resumed = NULL;
	const struct standing *standing;

	rig.script = play;
	rig_start(&rig, "x");
	play_on();
	whole = way("x");
	fake_keep(&rig.journal, "x", (size_t)_i);
	rig_restart(&rig);
	play_on();
	resumed = way("x");
	ck_assert_str_eq(resumed, whole);
	standing = &fake_last(&rig.journal, "x")->standing;
	ck_assert_int_eq(standing->status, STATUS_SUCCEEDED);
	ck_assert_str_eq(standing->outcome, "contained");
	ck_assert_str_eq(standing->tags[TAG_LANE], "L");
	ck_assert_int_eq(standing->due_wall_ms, 0);
	ck_assert(!engine_running(rig.engine, "x"));
	ck_assert(engine_quiet(rig.engine));
}
END_TEST

/* The daemon dies between the two halves of a stop: whoever it was that said
 * so, he is not forgotten. */
START_TEST(restarted_in_a_stop)
{
	FREE_LATER char *whole = NULL;
	size_t count;

	wait_for(&rig, (enum waits)_i);
	ck_assert(rig_stop(&rig, "x"));
	rig_settle(&rig);
	whole = fake_story(&rig.journal, "x");
	count = fake_find(&rig.journal, "x")->count;
	fake_keep(&rig.journal, "x", count - 1);
	rig_restart(&rig);
	rig_assert_story(&rig, "x", whole);
	ck_assert_str_eq(
	    fake_last(&rig.journal, "x")->error.cause, "stopped by stop:test");
	ck_assert_int_eq(
	    fake_last(&rig.journal, "x")->standing.status, STATUS_ABORTED);
	ck_assert_ptr_nonnull(fake_last(&rig.journal, "x")->standing.outcome);
	ck_assert(!engine_running(rig.engine, "x"));
}
END_TEST

/* At most one in Delete at a time, since all are in one lane. */
static void
assert_one_in_lane(void)
{
	int inside = 0;

	for (size_t i = 0; i < rig.attempt_count; i++)
		inside +=
		    rig.attempts[i]->state == DELETE && !rig.attempts[i]->over;
	ck_assert_int_le(inside, 1);
}

static void
step(struct random *random)
{
	switch (random_next(random) % 9) {
	case 0:
		rig_crash(&rig);
		rig_resume(&rig);
		fake_answer(&rig.journal);
		break;
	case 1:
	case 2:
		fake_commit_some(&rig.journal, random_next(random) % 4);
		break;
	case 3:
		rig.mono_ms += 700;
		rig.wall_ms += 700;
		break;
	case 4:
		fake_answer(&rig.journal);
		break;
	case 5:
		operate();
		break;
	default:
		rig_wake(&rig);
	}
	assert_one_in_lane();
}

/* Three of one lane, and crashes when they are least expected. The seed is the
 * number of the test. */
START_TEST(crashes_at_random)
{
	static const char *const names[] = { "x", "y", "z" };
	struct random random = random_seeded((uint64_t)_i);
	FREE_LATER char *whole = NULL;

	rig.script = play;
	for (int i = 0; i < 3; i++)
		rig_start(&rig, names[i]);
	fake_commit(&rig.journal);
	for (int i = 0; i < 300; i++)
		step(&random);
	rig_restart(&rig);
	play_on();
	whole = way("x");
	for (int i = 0; i < 3; i++) {
		FREE_LATER char *one = way(names[i]);

		ck_assert_msg(strcmp(one, whole) == 0, "seed %d: %s", _i, one);
		ck_assert_int_eq(
		    fake_last(&rig.journal, names[i])->standing.status,
		    STATUS_SUCCEEDED);
	}
	ck_assert_uint_eq(engine_count(rig.engine), 0);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("machine/restart");
	TCase *restarts = tcase_create("restarts");

	tcase_add_checked_fixture(restarts, set_up, tear_down);
	tcase_add_test(restarts, the_play);
	tcase_add_loop_test(
	    restarts, restarted_at_every_event, 1, PLAYED_EVENTS + 1);
	tcase_add_loop_test(restarts, restarted_in_a_stop, 0, WAITS_END);
	tcase_add_loop_test(restarts, crashes_at_random, 0, 100);
	suite_add_tcase(suite, restarts);
	return suite;
}
