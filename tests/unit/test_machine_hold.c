/* SPDX-License-Identifier: Apache-2.0 */
/* Executions that are held by their task's error until somebody releases them.
 */
#include <string.h>

#include "machine/inside.h"
#include "unit/machine_waits.h"
#include "unit/unit.h"

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

/* One in a lane of its own. */
static void
hold(const char *name)
{
	rig_start_with(&rig, name, "{}", name);
	rig_fail_next(&rig, "Hold.On", CLASS_NONE);
	ck_assert_int_eq(execution(&rig, name)->waits, WAITS_HOLD);
}

static size_t
release(void)
{
	return engine_release(rig.engine, NULL, NULL, "resume:test");
}

#define HELD "started >Delete scheduled failed(Hold.On)"

/* Neither a retrier nor the catcher of all errors has a say. */
START_TEST(it_waits_for_as_long_as_it_takes)
{
	hold("x");
	rig_pass(&rig, 86400000);
	rig_assert_story(&rig, "x", HELD);
	ck_assert_int_eq(rig.wake_ms, -1);
	ck_assert(engine_running(rig.engine, "x"));
	ck_assert(engine_quiet(rig.engine));
	ck_assert_int_eq(
	    fake_last(&rig.journal, "x")->standing.status, STATUS_RUNNING);
	ck_assert_int_eq(fake_last(&rig.journal, "x")->standing.due_wall_ms, 0);
	ck_assert_ptr_null(execution(&rig, "x")->data);
}
END_TEST

START_TEST(the_held_are_counted_by_themselves)
{
	hold("x");
	hold("y");
	rig_start(&rig, "z");
	ck_assert_uint_eq(engine_held(rig.engine), 2);
	ck_assert_uint_eq(engine_count_in(rig.engine, DELETE), 1);
	ck_assert_uint_eq(engine_count(rig.engine), 3);
	ck_assert_uint_eq(release(), 2);
	ck_assert_uint_eq(engine_held(rig.engine), 0);
	ck_assert_uint_eq(engine_count_in(rig.engine, DELETE), 3);
}
END_TEST

/* They do not move before it does, however it goes on. */
START_TEST(nor_are_those_in_its_lane)
{
	hold("x");
	rig_start_with(&rig, "y", "{}", "x");
	rig_start_with(&rig, "z", "{}", "x");
	ck_assert_uint_eq(engine_held(rig.engine), 1);
	ck_assert_uint_eq(engine_count_in(rig.engine, DELETE), 0);
	release();
	ck_assert_uint_eq(engine_count_in(rig.engine, DELETE), 3);
	rig_fail_next(&rig, "Hold.On", CLASS_NONE);
	ck_assert_uint_eq(engine_count_in(rig.engine, DELETE), 0);
	engine_stop(rig.engine, "y", "stop:test");
	engine_stop(rig.engine, "x", "stop:test");
	rig_settle(&rig);
	ck_assert_uint_eq(engine_held(rig.engine), 0);
	ck_assert_uint_eq(engine_count_in(rig.engine, DELETE), 1);
	rig_succeed_next(&rig, "1");
	ck_assert_uint_eq(engine_count_in(rig.engine, DELETE), 0);
}
END_TEST

START_TEST(it_goes_on_when_released)
{
	const struct event *last;

	hold("x");
	ck_assert_uint_eq(release(), 1);
	ck_assert_uint_eq(release(), 0);
	last = &fake_last(&rig.journal, "x")->event;
	ck_assert_int_eq(last->type, EVENT_EXECUTION_REDRIVEN);
	ck_assert_str_eq(last->resource, "resume:test");
	rig_settle(&rig);
	rig_assert_story(&rig, "x", HELD " redriven scheduled");
	ck_assert_str_eq(run_input(rig_attempt(&rig)->run), "{}");
	rig_succeed_next(&rig, "1");
	rig_assert_story(
	    &rig, "x", HELD " redriven scheduled ok <Delete >Lookup scheduled");
}
END_TEST

START_TEST(it_may_be_held_again)
{
	hold("x");
	release();
	rig_fail_next(&rig, "Hold.On", CLASS_NONE);
	rig_assert_story(&rig, "x", HELD " redriven scheduled failed(Hold.On)");
	ck_assert_uint_eq(engine_held(rig.engine), 1);
	ck_assert_uint_eq(release(), 1);
}
END_TEST

START_TEST(its_counters_begin_anew)
{
	rig_start(&rig, "x");
	for (int i = 0; i < 3; i++) {
		rig_fail_next(&rig, "IAM.Throttling", CLASS_THROTTLED);
		rig_pass(&rig, 10000);
	}
	rig_fail_next(&rig, "Hold.On", CLASS_NONE);
	release();
	rig_fail_next(&rig, "IAM.Throttling", CLASS_THROTTLED);
	ck_assert_int_eq(execution(&rig, "x")->waits, WAITS_RETRY);
	ck_assert_int_eq(rig.wake_ms, rig.mono_ms + 1000);
}
END_TEST

START_TEST(its_intent_stays_valid)
{
	wait_for(&rig, WAITS_HOLD);
	rig_settle(&rig);
	ck_assert_ptr_null(execution(&rig, "x")->intent);
	release();
	rig_settle(&rig);
	ck_assert_str_eq(run_intent(rig_attempt(&rig)->run), "{\"a\":1}");
}
END_TEST

/* Before its events are durable it has its data still. */
START_TEST(released_at_once)
{
	wait_for(&rig, WAITS_HOLD);
	release();
	rig_wake(&rig);
	ck_assert_uint_eq(rig.journal.load_count, 0);
	ck_assert_int_eq(execution(&rig, "x")->waits, WAITS_TASK);
}
END_TEST

START_TEST(it_keeps_its_lane)
{
	hold("L");
	rig_start(&rig, "b");
	rig_start_with(&rig, "c", "{}", "M");
	rig_settle(&rig);
	rig_assert_story(&rig, "b", "started >Delete");
	rig_assert_story(&rig, "c", "started >Delete scheduled");
	release();
	rig_succeed_next(&rig, "1");
	rig_assert_story(&rig, "b", "started >Delete scheduled");
}
END_TEST

/* ---- which ---- */

static bool
is_of_lane(void *arg, const char *const *tags)
{
	return strcmp(tags[TAG_LANE], arg) == 0;
}

START_TEST(some_are_released)
{
	static char lane[] = "y";

	hold("x");
	hold("y");
	rig_start_with(&rig, "z", "{}", NULL);
	ck_assert_uint_eq(
	    engine_release(rig.engine, is_of_lane, lane, "resume:test"), 1);
	rig_settle(&rig);
	rig_assert_story(&rig, "x", HELD);
	rig_assert_story(&rig, "y", HELD " redriven scheduled");
}
END_TEST

/* ---- restarts, drain, ends ---- */

START_TEST(it_is_held_after_a_restart)
{
	hold("x");
	rig_restart(&rig);
	rig_assert_story(&rig, "x", HELD);
	ck_assert_uint_eq(rig.attempt_count, 0);
	ck_assert_uint_eq(engine_held(rig.engine), 1);
	ck_assert_uint_eq(engine_count_in(rig.engine, DELETE), 0);
	ck_assert_ptr_null(execution(&rig, "x")->data);
	ck_assert_uint_eq(release(), 1);
	rig_settle(&rig);
	rig_assert_story(&rig, "x", HELD " redriven scheduled");
}
END_TEST

/* "a" is older, and has not been in the lane. */
START_TEST(it_has_its_lane_after_a_restart)
{
	hold("L");
	rig_start(&rig, "a");
	rig_settle(&rig);
	fake_swap(&rig.journal);
	if (_i == 1) {
		release();
		fake_commit(&rig.journal);
	}
	rig_restart(&rig);
	rig_assert_story(&rig, "a", "started >Delete");
	release();
	rig_succeed_next(&rig, "1");
	rig_assert_story(
	    &rig, "L", HELD " redriven scheduled ok <Delete >Lookup scheduled");
	rig_assert_story(&rig, "a", "started >Delete scheduled");
}
END_TEST

START_TEST(released_while_draining)
{
	hold("x");
	engine_drain(rig.engine);
	ck_assert(engine_quiet(rig.engine));
	ck_assert_uint_eq(release(), 1);
	rig_settle(&rig);
	rig_assert_story(&rig, "x", HELD " redriven");
	rig_restart(&rig);
	rig_assert_story(&rig, "x", HELD " redriven scheduled");
}
END_TEST

START_TEST(stopped_while_held)
{
	hold("L");
	rig_start(&rig, "b");
	ck_assert(rig_stop(&rig, "L"));
	rig_settle(&rig);
	rig_assert_story(
	    &rig, "L", HELD " aborted(Daemon.Stopped) ABORTED(Daemon.Stopped)");
	rig_assert_story(&rig, "b", "started >Delete scheduled");
	ck_assert_uint_eq(engine_held(rig.engine), 0);
	ck_assert_uint_eq(release(), 0);
}
END_TEST

/* Redriving is due by the failures: to be held is none. */
START_TEST(a_release_is_no_failure)
{
	hold("x");
	release();
	rig_succeed_next(&rig, "1");
	rig_fail_next(&rig, "Trail.AccessDenied", CLASS_NONE);
	ck_assert_int_eq(fake_last(&rig.journal, "x")->standing.due_wall_ms,
	    rig.wall_ms + 300000);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("machine/hold");
	TCase *held = tcase_create("held");
	TCase *ways = tcase_create("ways");

	tcase_add_checked_fixture(held, set_up, tear_down);
	tcase_add_test(held, it_waits_for_as_long_as_it_takes);
	tcase_add_test(held, the_held_are_counted_by_themselves);
	tcase_add_test(held, nor_are_those_in_its_lane);
	tcase_add_test(held, it_goes_on_when_released);
	tcase_add_test(held, it_may_be_held_again);
	tcase_add_test(held, its_counters_begin_anew);
	tcase_add_test(held, its_intent_stays_valid);
	tcase_add_test(held, released_at_once);
	tcase_add_test(held, it_keeps_its_lane);
	tcase_add_test(held, some_are_released);
	suite_add_tcase(suite, held);
	tcase_add_checked_fixture(ways, set_up, tear_down);
	tcase_add_test(ways, it_is_held_after_a_restart);
	tcase_add_loop_test(ways, it_has_its_lane_after_a_restart, 0, 2);
	tcase_add_test(ways, released_while_draining);
	tcase_add_test(ways, stopped_while_held);
	tcase_add_test(ways, a_release_is_no_failure);
	suite_add_tcase(suite, ways);
	return suite;
}
