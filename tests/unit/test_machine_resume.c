/* SPDX-License-Identifier: Apache-2.0 */
/* Going on after a restart: from each phase, and where that cannot be. */
#include "machine/resume.h"

#include <string.h>

#include "machine/inside.h"
#include "unit/machine_rig.h"
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

/* ---- what is resumed ---- */

START_TEST(inside_a_task)
{
	rig_start(&rig, "x");
	rig_settle(&rig);
	run_left(rig_attempt(&rig)->run);
	run_submit(rig_attempt(&rig)->run, "{\"a\":1}");
	run_set_tag(rig_attempt(&rig)->run, TAG_USER, "u");
	rig_settle(&rig);
	run_submit(rig_attempt(&rig)->run, "{\"a\":2}");
	rig_settle(&rig);
	rig.wall_ms += 5000;
	rig_restart(&rig);
	rig_assert_story(&rig, "x",
	    "started >Delete scheduled out intent intent "
	    "failed(Daemon.Restarted) scheduled");
	ck_assert_uint_eq(rig.attempt_count, 1);
	ck_assert_str_eq(run_input(rig_attempt(&rig)->run), "{}");
	ck_assert_str_eq(run_intent(rig_attempt(&rig)->run), "{\"a\":2}");
	ck_assert_str_eq(run_origin(rig_attempt(&rig)->run), "test");
	ck_assert_str_eq(run_tag(rig_attempt(&rig)->run, TAG_USER), "u");
	ck_assert_int_eq(
	    run_received_ms(rig_attempt(&rig)->run), rig.wall_ms - 5000);
	ck_assert_uint_eq(engine_count_in(rig.engine, DELETE), 1);
}
END_TEST

static void
wait_for_retry(int64_t *ret_pause)
{
	rig_start(&rig, "x");
	rig_fail_next(&rig, "IAM.Throttling", CLASS_THROTTLED);
	rig_pass(&rig, 1000);
	rig_fail_next(&rig, "IAM.Throttling", CLASS_THROTTLED);
	*ret_pause = 2000;
}

START_TEST(a_retry_is_due_when_it_was)
{
	int64_t pause;

	wait_for_retry(&pause);
	rig.wall_ms += 500;
	rig.mono_ms = 77;
	rig_restart(&rig);
	ck_assert_int_eq(rig.wake_ms, 77 + pause - 500);
	rig_pass(&rig, pause - 501);
	ck_assert_uint_eq(rig.attempt_count, 0);
	rig_pass(&rig, 1);
	ck_assert_uint_eq(rig.attempt_count, 1);
	rig_fail_next(&rig, "IAM.Throttling", CLASS_THROTTLED);
	ck_assert_int_eq(rig.wake_ms, rig.mono_ms + 4000);
}
END_TEST

START_TEST(a_retry_that_is_overdue)
{
	int64_t pause;

	wait_for_retry(&pause);
	rig.wall_ms += 3600000;
	rig_restart(&rig);
	ck_assert_uint_eq(rig.attempt_count, 1);
}
END_TEST

START_TEST(a_wall_clock_that_was_set_back)
{
	int64_t pause;

	wait_for_retry(&pause);
	rig.wall_ms -= 3600000;
	rig_restart(&rig);
	ck_assert_int_eq(rig.wake_ms, rig.mono_ms + pause);
}
END_TEST

/* Its data is not kept while it waits, but for lane states. */
START_TEST(a_waiting_one_is_small)
{
	rig_start(&rig, "x");
	rig_succeed_next(&rig, "1");
	rig_fail_next(&rig, "Try.Again", CLASS_NONE);
	rig_restart(&rig);
	ck_assert_ptr_null(engine_find(rig.engine, "x")->data);
	rig_pass(&rig, 5000);
	ck_assert_str_eq(run_input(rig_attempt(&rig)->run), "{\"deletion\":1}");
}
END_TEST

/* An error that is not retried, recorded, and then the lights went out. */
START_TEST(between_failure_and_catch)
{
	rig_start(&rig, "x");
	rig_settle(&rig);
	rig_fail(rig_attempt(&rig), "IAM.AccessDenied", CLASS_NONE);
	rig_wake(&rig);
	fake_commit_some(&rig.journal, 1);
	rig_restart(&rig);
	rig_assert_story(&rig, "x",
	    "started >Delete scheduled failed(IAM.AccessDenied) <Delete "
	    ">Notify scheduled");
}
END_TEST

START_TEST(between_failure_and_end)
{
	rig_start(&rig, "x");
	rig_succeed_next(&rig, "1");
	rig_fail(rig_attempt(&rig), "Trail.AccessDenied", CLASS_NONE);
	rig_wake(&rig);
	fake_commit_some(&rig.journal, 1);
	rig_restart(&rig);
	ck_assert_int_eq(
	    fake_last(&rig.journal, "x")->standing.status, STATUS_FAILED);
	ck_assert_uint_eq(engine_count(rig.engine), 0);
}
END_TEST

/* The store gives back another result than the one that had its place. */
START_TEST(a_result_that_has_lost_its_place)
{
	struct fake_event *last;

	rig_start(&rig, "x");
	rig_settle(&rig);
	rig_succeed(rig_attempt(&rig), "1");
	rig_wake(&rig);
	fake_commit_some(&rig.journal, 1);
	fake_crash(&rig.journal);
	last = &fake_find(&rig.journal, "x")->events[3];
	ck_assert_int_eq(last->event.type, EVENT_TASK_SUCCEEDED);
	((char *)last->event.data)[0] = '{';
	rig_restart(&rig);
	rig_assert_story(&rig, "x",
	    "started >Delete scheduled ok "
	    "FAILED(States.ResultPathMatchFailure)");
}
END_TEST

/* Not the one that came first: "a" had come to Delete, "b" was inside. */
START_TEST(the_one_that_had_the_lane_goes_first)
{
	rig_start(&rig, "b");
	rig_start(&rig, "a");
	rig_settle(&rig);
	fake_swap(&rig.journal);
	rig_restart(&rig);
	rig_assert_story(&rig, "a", "started >Delete");
	ck_assert_uint_eq(rig.attempt_count, 1);
	ck_assert_str_eq(run_name(rig_attempt(&rig)->run), "b");
	rig_succeed_next(&rig, "1");
	rig_assert_story(&rig, "a", "started >Delete scheduled");
}
END_TEST

/* ---- what cannot be resumed ---- */

static void
assert_failed(const char *error, const char *state)
{
	const struct fake_event *last = fake_last(&rig.journal, "x");

	ck_assert_int_eq(last->event.type, EVENT_EXECUTION_FAILED);
	ck_assert_str_eq(last->error.name, error);
	ck_assert_int_eq(last->standing.status, STATUS_FAILED);
	ck_assert_str_eq(last->standing.state, state);
	ck_assert_uint_eq(rig.attempt_count, 0);
	ck_assert_uint_eq(engine_count(rig.engine), 0);
	ck_assert_uint_eq(engine_count_in(rig.engine, DELETE), 0);
}

START_TEST(a_state_that_the_table_does_not_know)
{
	struct fake_history *history;

	rig_start(&rig, "x");
	rig_settle(&rig);
	history = fake_find(&rig.journal, "x");
	for (size_t i = 1; i < history->count; i++) {
		strcpy((char *)history->events[i].event.state, "Elder");
		strcpy((char *)history->events[i].standing.state, "Elder");
	}
	rig_restart(&rig);
	assert_failed("Daemon.UnknownState", "Elder");
}
END_TEST

START_TEST(a_history_that_cannot_be)
{
	int64_t pause;

	wait_for_retry(&pause);
	fake_find(&rig.journal, "x")->events[1].event.id = 9;
	rig_restart(&rig);
	assert_failed("Daemon.BadHistory", "Delete");
}
END_TEST

START_TEST(a_history_without_events)
{
	struct journal_listener to = engine_listener(rig.engine);
	const struct standing standing = { .status = STATUS_RUNNING,
		.state = "Delete" };

	rig_resume(&rig);
	to.on_recovered(to.arg, "x", &standing, NULL, 0);
	rig_settle(&rig);
	assert_failed("Daemon.BadHistory", "Delete");
}
END_TEST

/* ---- the recovery itself ---- */

START_TEST(nothing_starts_before_all_is_read)
{
	struct journal_listener to;
	struct error error;

	rig_start(&rig, "x");
	rig_settle(&rig);
	rig_crash(&rig);
	rig_start(&rig, "other");
	ck_assert(!rig_wake(&rig));
	rig_resume(&rig);
	ck_assert(!rig_wake(&rig));
	error_set(&error, "Store.Busy", "for the test");
	rig.journal.trouble = &error;
	rig_settle(&rig);
	ck_assert(!rig.resumed);
	ck_assert_str_eq(rig.resume_error.name, "Store.Busy");
	ck_assert_uint_eq(rig.attempt_count, 0);
	/* Again; what had been read before it broke off is left alone. */
	rig.journal.trouble = NULL;
	rig_resume(&rig);
	to = engine_listener(rig.engine);
	to.on_recovered(to.arg, "other", NULL, NULL, 0);
	rig_settle(&rig);
	ck_assert(rig.resumed);
	ck_assert_uint_eq(engine_count(rig.engine), 2);
	ck_assert_uint_eq(rig.attempt_count, 1);
	ck_assert_str_eq(run_name(rig_attempt(&rig)->run), "x");
}
END_TEST

START_TEST(drained_while_being_resumed)
{
	rig_start(&rig, "x");
	rig_settle(&rig);
	rig_crash(&rig);
	rig_resume(&rig);
	engine_drain(rig.engine);
	rig_settle(&rig);
	ck_assert(rig.resumed);
	ck_assert_uint_eq(rig.attempt_count, 0);
	ck_assert_int_eq(rig.wake_ms, -1);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("machine/resume");
	TCase *where = tcase_create("where");
	TCase *recovery = tcase_create("recovery");

	tcase_add_checked_fixture(where, set_up, tear_down);
	tcase_add_test(where, inside_a_task);
	tcase_add_test(where, a_retry_is_due_when_it_was);
	tcase_add_test(where, a_retry_that_is_overdue);
	tcase_add_test(where, a_wall_clock_that_was_set_back);
	tcase_add_test(where, a_waiting_one_is_small);
	tcase_add_test(where, between_failure_and_catch);
	tcase_add_test(where, between_failure_and_end);
	tcase_add_test(where, a_result_that_has_lost_its_place);
	tcase_add_test(where, the_one_that_had_the_lane_goes_first);
	tcase_add_test(where, a_state_that_the_table_does_not_know);
	tcase_add_test(where, a_history_that_cannot_be);
	tcase_add_test(where, a_history_without_events);
	suite_add_tcase(suite, where);
	tcase_add_checked_fixture(recovery, set_up, tear_down);
	tcase_add_test(recovery, nothing_starts_before_all_is_read);
	tcase_add_test(recovery, drained_while_being_resumed);
	suite_add_tcase(suite, recovery);
	return suite;
}
