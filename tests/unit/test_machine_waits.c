/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an execution waits for before its task starts: the lane, its data, the
 * commit of what came before.
 */
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

/* ---- the lane ---- */

START_TEST(lanes_are_first_come_first_served)
{
	rig_start(&rig, "a");
	rig_start(&rig, "b");
	rig_start(&rig, "c");
	rig_settle(&rig);
	ck_assert_uint_eq(rig.attempt_count, 1);
	rig_assert_story(&rig, "b", "started >Delete");
	rig_succeed_next(&rig, "1");
	rig_assert_story(&rig, "b", "started >Delete scheduled");
	rig_assert_story(&rig, "c", "started >Delete");
	ck_assert_uint_eq(rig.attempt_count, 3);
	ck_assert_int_eq(rig.attempts[1]->state, LOOKUP);
	ck_assert_str_eq(run_name(rig.attempts[2]->run), "b");
}
END_TEST

START_TEST(a_lane_is_freed_when_the_exit_is_durable)
{
	rig_start(&rig, "a");
	rig_start(&rig, "b");
	rig_settle(&rig);
	rig_succeed(rig_attempt(&rig), "1");
	rig_wake(&rig);
	rig_assert_story(&rig, "a",
	    "started >Delete scheduled ok <Delete >Lookup scheduled");
	fake_commit_some(&rig.journal, 1);
	ck_assert(!lanes_clear(execution(&rig, "b")));
	fake_commit_some(&rig.journal, 1);
	ck_assert(lanes_clear(execution(&rig, "b")));
	rig_assert_story(&rig, "b", "started >Delete");
	rig_wake(&rig);
	rig_assert_story(&rig, "b", "started >Delete scheduled");
}
END_TEST

START_TEST(who_waits_for_a_retry_keeps_the_lane)
{
	rig_start(&rig, "a");
	rig_start(&rig, "b");
	rig_fail_next(&rig, "IAM.Throttling", CLASS_THROTTLED);
	rig_pass(&rig, 1000);
	ck_assert_uint_eq(rig.attempt_count, 2);
	ck_assert_str_eq(run_name(rig_attempt(&rig)->run), "a");
}
END_TEST

START_TEST(a_failed_execution_frees_its_lane)
{
	rig_start_with(&rig, "a", "[]", "L");
	rig_start(&rig, "b");
	rig_fail_next(&rig, "IAM.AccessDenied", CLASS_NONE);
	rig_assert_story(&rig, "a",
	    "started >Delete scheduled failed(IAM.AccessDenied) "
	    "FAILED(States.ResultPathMatchFailure)");
	ck_assert_str_eq(run_name(rig_attempt(&rig)->run), "b");
}
END_TEST

/* From one lane state into the next nobody gets in between. */
START_TEST(a_lane_is_kept_from_state_to_state)
{
	struct state states[RIG_STATES];
	struct machine machine = rig_machine;

	for (int i = 0; i < RIG_STATES; i++)
		states[i] = rig_machine.states[i];
	states[LOOKUP].lane = true;
	machine.states = states;
	rig_done(&rig);
	rig_init_on(&rig, &machine);
	rig_start(&rig, "a");
	rig_start(&rig, "b");
	rig_succeed_next(&rig, "1");
	ck_assert_int_eq(rig_attempt(&rig)->state, LOOKUP);
	rig_assert_story(&rig, "b", "started >Delete");
	rig_succeed_next(&rig, "1");
	rig_assert_story(&rig, "b", "started >Delete scheduled");
	/* The table is gone with this test. */
	rig_done(&rig);
	rig_init(&rig);
}
END_TEST

START_TEST(other_lanes_and_none_do_not_wait)
{
	rig_start(&rig, "a");
	rig_start_with(&rig, "b", "{}", "M");
	rig_start_with(&rig, "c", "{}", NULL);
	rig_start_with(&rig, "d", "{}", NULL);
	rig_settle(&rig);
	ck_assert_uint_eq(rig.attempt_count, 4);
}
END_TEST

/* ---- the load ---- */

START_TEST(what_is_durable_is_not_kept_in_memory)
{
	wait_in_lookup(&rig);
	ck_assert_str_eq(execution(&rig, "x")->data, "{\"deletion\":1}");
	fake_commit(&rig.journal);
	ck_assert_ptr_null(execution(&rig, "x")->data);
	rig.mono_ms += 5000;
	rig_wake(&rig);
	rig_assert_story(&rig, "x",
	    "started >Delete scheduled ok <Delete >Lookup scheduled "
	    "failed(Try.Again) scheduled");
	ck_assert_uint_eq(rig.attempt_count, 2);
	ck_assert_uint_eq(rig.journal.load_count, 1);
	rig_settle(&rig);
	ck_assert_uint_eq(rig.attempt_count, 3);
	ck_assert_str_eq(run_input(rig_attempt(&rig)->run), "{\"deletion\":1}");
}
END_TEST

START_TEST(an_intent_is_loaded_too)
{
	rig_start(&rig, "x");
	rig_succeed_next(&rig, "1");
	run_submit(rig_attempt(&rig)->run, "{\"a\":1}");
	rig_fail_next(&rig, "Try.Again", CLASS_NONE);
	ck_assert_ptr_null(execution(&rig, "x")->intent);
	rig_pass(&rig, 5000);
	ck_assert_str_eq(run_intent(rig_attempt(&rig)->run), "{\"a\":1}");
}
END_TEST

START_TEST(who_contains_keeps_the_data)
{
	rig_start(&rig, "x");
	run_submit((rig_settle(&rig), rig_attempt(&rig)->run), "{\"a\":1}");
	rig_fail_next(&rig, "IAM.Throttling", CLASS_THROTTLED);
	ck_assert_str_eq(execution(&rig, "x")->data, "{}");
	ck_assert_str_eq(execution(&rig, "x")->intent, "{\"a\":1}");
	rig.mono_ms += 1000;
	rig_wake(&rig);
	ck_assert_uint_eq(rig.journal.load_count, 0);
	ck_assert_uint_eq(rig.attempt_count, 2);
}
END_TEST

/* Asked again with growing pauses, for as long as it takes. */
START_TEST(a_store_in_trouble_is_asked_again)
{
	struct error error;
	int64_t pause, bound = 500;

	wait_for(&rig, WAITS_LOAD);
	error_set(&error, "Store.Busy", "for the test");
	rig.journal.trouble = &error;
	for (int i = 0; i < 10; i++) {
		ck_assert(fake_answer(&rig.journal));
		pause = rig.wake_ms - rig.mono_ms;
		ck_assert_int_ge(pause, bound / 2);
		ck_assert_int_le(pause, bound);
		bound = 2 * bound < 30000 ? 2 * bound : 30000;
		rig.mono_ms = rig.wake_ms;
		rig_wake(&rig);
		ck_assert_uint_eq(rig.journal.load_count, 1);
	}
	rig.journal.trouble = NULL;
	rig_settle(&rig);
	ck_assert_uint_eq(rig.attempt_count, 3);
	ck_assert_uint_eq(execution(&rig, "x")->loading.failures, 0);
}
END_TEST

START_TEST(a_history_that_cannot_be_ends_the_execution)
{
	wait_for(&rig, WAITS_LOAD);
	fake_find(&rig.journal, "x")->events[2].event.type =
	    EVENT_TASK_SUCCEEDED;
	fake_answer(&rig.journal);
	ck_assert_int_eq(
	    fake_last(&rig.journal, "x")->event.type, EVENT_EXECUTION_FAILED);
	ck_assert_str_eq(
	    fake_last(&rig.journal, "x")->error.name, "Daemon.BadHistory");
	ck_assert_str_eq(
	    fake_last(&rig.journal, "x")->standing.state, "Lookup");
	rig_settle(&rig);
	ck_assert(!engine_running(rig.engine, "x"));
	ck_assert_uint_eq(engine_count_in(rig.engine, LOOKUP), 0);
}
END_TEST

/* An answer that nobody waits for (any more) changes nothing. */
START_TEST(an_answer_nobody_waits_for)
{
	struct journal_listener to = engine_listener(rig.engine);

	wait_for(&rig, (enum waits)_i);
	if (_i == WAITS_LOAD)
		return;
	to.on_loaded(to.arg, "x", NULL, 0, NULL);
	to.on_loaded(to.arg, "nobody", NULL, 0, NULL);
	ck_assert_int_eq((int)execution(&rig, "x")->waits, _i);
	ck_assert_ptr_nonnull(execution(&rig, "x")->data);
}
END_TEST

/* ---- the commit ---- */

START_TEST(notify_starts_when_all_before_it_is_durable)
{
	size_t queued;

	wait_for(&rig, WAITS_COMMIT);
	queued = rig.journal.queued;
	fake_commit_some(&rig.journal, queued - 1);
	ck_assert(!rig_wake(&rig));
	fake_commit(&rig.journal);
	ck_assert(rig_wake(&rig));
	ck_assert_int_eq(rig_attempt(&rig)->state, NOTIFY);
	ck_assert_uint_eq(rig.attempt_count, 2);
}
END_TEST

START_TEST(delete_does_not_wait_for_the_disk)
{
	wait_for(&rig, WAITS_TASK);
	ck_assert_uint_eq(rig.journal.queued, 3);
	ck_assert_uint_eq(rig.attempt_count, 1);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("machine/waits");
	TCase *lane = tcase_create("lane");
	TCase *load = tcase_create("load");
	TCase *commit = tcase_create("commit");

	tcase_add_checked_fixture(lane, set_up, tear_down);
	tcase_add_test(lane, lanes_are_first_come_first_served);
	tcase_add_test(lane, a_lane_is_freed_when_the_exit_is_durable);
	tcase_add_test(lane, who_waits_for_a_retry_keeps_the_lane);
	tcase_add_test(lane, a_failed_execution_frees_its_lane);
	tcase_add_test(lane, a_lane_is_kept_from_state_to_state);
	tcase_add_test(lane, other_lanes_and_none_do_not_wait);
	suite_add_tcase(suite, lane);
	tcase_add_checked_fixture(load, set_up, tear_down);
	tcase_add_test(load, what_is_durable_is_not_kept_in_memory);
	tcase_add_test(load, an_intent_is_loaded_too);
	tcase_add_test(load, who_contains_keeps_the_data);
	tcase_add_test(load, a_store_in_trouble_is_asked_again);
	tcase_add_test(load, a_history_that_cannot_be_ends_the_execution);
	tcase_add_loop_test(load, an_answer_nobody_waits_for, 0, WAITS);
	suite_add_tcase(suite, load);
	tcase_add_checked_fixture(commit, set_up, tear_down);
	tcase_add_test(commit, notify_starts_when_all_before_it_is_durable);
	tcase_add_test(commit, delete_does_not_wait_for_the_disk);
	suite_add_tcase(suite, commit);
	return suite;
}
