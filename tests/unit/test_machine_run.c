/* SPDX-License-Identifier: Apache-2.0 */
/* One attempt: when its deadline runs, and what becomes of its intent. */
#include "machine/run.h"

#include <signal.h>

#include "unit/machine_rig.h"
#include "unit/unit.h"

static struct rig rig;

/* With a first attempt of Delete under way. */
static void
set_up(void)
{
	rig_init(&rig);
	rig_start(&rig, "x");
	rig_settle(&rig);
}

static void
tear_down(void)
{
	rig_done(&rig);
}

static struct run *
run_of(void)
{
	return rig_attempt(&rig)->run;
}

/* The attempt is cut off after exactly `ms` more, not one earlier. */
static void
assert_deadline_in(int64_t ms)
{
	const struct attempt *attempt = rig_attempt(&rig);

	rig_pass(&rig, ms - 1);
	ck_assert(!attempt->over);
	rig_pass(&rig, 1);
	ck_assert(attempt->cancelled);
}

START_TEST(no_deadline_before_a_call_is_out)
{
	rig_pass(&rig, 1000000);
	ck_assert(!rig_attempt(&rig)->over);
	ck_assert_int_eq(rig.wake_ms, -1);
	rig_assert_story(&rig, "x", "started >Delete scheduled");
}
END_TEST

START_TEST(it_runs_from_the_first_call)
{
	rig_pass(&rig, 7000);
	run_left(run_of());
	rig_pass(&rig, 7000);
	run_left(run_of());
	assert_deadline_in(8000);
	rig_assert_story(&rig, "x", "started >Delete scheduled out timeout");
}
END_TEST

START_TEST(it_stands_still_while_a_call_waits)
{
	run_waits(run_of());
	rig_pass(&rig, 50000);
	run_left(run_of());
	rig_pass(&rig, 5000);
	run_waits(run_of());
	rig_pass(&rig, 50000);
	run_waits(run_of());
	rig_pass(&rig, 50000);
	run_left(run_of());
	rig_pass(&rig, 4000);
	run_waits(run_of());
	run_left(run_of());
	assert_deadline_in(6000);
}
END_TEST

START_TEST(it_stands_still_while_an_intent_becomes_durable)
{
	run_left(run_of());
	rig_pass(&rig, 10000);
	run_submit(run_of(), "{}");
	rig.mono_ms += 60000;
	ck_assert(!rig_wake(&rig));
	fake_commit(&rig.journal);
	ck_assert_int_eq(rig_attempt(&rig)->submitted, 1);
	assert_deadline_in(5000);
}
END_TEST

/* Two reasons to stand still: both must be gone. */
START_TEST(it_stands_still_for_both)
{
	run_left(run_of());
	rig_pass(&rig, 10000);
	run_submit(run_of(), "{}");
	run_waits(run_of());
	fake_commit(&rig.journal);
	rig_pass(&rig, 60000);
	ck_assert(!rig_attempt(&rig)->over);
	run_left(run_of());
	assert_deadline_in(5000);
}
END_TEST

START_TEST(an_intent_before_any_call)
{
	run_submit(run_of(), "{}");
	rig_pass(&rig, 60000);
	ck_assert_int_eq(rig_attempt(&rig)->submitted, 1);
	rig_assert_story(&rig, "x", "started >Delete scheduled intent");
	run_left(run_of());
	assert_deadline_in(15000);
}
END_TEST

START_TEST(a_timeout_is_retried_by_its_name)
{
	const struct fake_event *last;

	for (int i = 0; i < 2; i++) {
		run_left(run_of());
		assert_deadline_in(15000);
		last = fake_last(&rig.journal, "x");
		ck_assert_str_eq(last->error.name, "States.Timeout");
		ck_assert_str_eq(last->error.cause, "not done within 15 s");
		rig_pass(&rig, i == 0 ? 2000 : 3000);
	}
	run_left(run_of());
	assert_deadline_in(15000);
	rig_assert_story(&rig, "x",
	    "started >Delete scheduled out timeout scheduled out timeout "
	    "scheduled out timeout <Delete >Notify scheduled");
}
END_TEST

START_TEST(an_end_in_time_counts)
{
	run_left(run_of());
	rig.mono_ms += 15000;
	rig_succeed(rig_attempt(&rig), "1");
	rig_settle(&rig);
	rig_assert_story(&rig, "x",
	    "started >Delete scheduled out ok <Delete >Lookup scheduled");
}
END_TEST

START_TEST(an_intent_is_seen_once_durable)
{
	run_submit(run_of(), "{\"a\":1}");
	ck_assert_ptr_null(run_intent(run_of()));
	fake_commit(&rig.journal);
	ck_assert_str_eq(run_intent(run_of()), "{\"a\":1}");
	run_submit(run_of(), "{\"a\":2}");
	ck_assert_str_eq(run_intent(run_of()), "{\"a\":1}");
	fake_commit(&rig.journal);
	ck_assert_str_eq(run_intent(run_of()), "{\"a\":2}");
	ck_assert_int_eq(rig_attempt(&rig)->submitted, 2);
	rig_assert_story(&rig, "x", "started >Delete scheduled intent intent");
}
END_TEST

START_TEST(the_next_attempt_has_the_intent)
{
	run_submit(run_of(), "{\"a\":1}");
	fake_commit(&rig.journal);
	rig_fail_next(&rig, "IAM.Throttling", CLASS_THROTTLED);
	rig_pass(&rig, 1000);
	ck_assert_uint_eq(rig.attempt_count, 2);
	ck_assert_str_eq(run_intent(run_of()), "{\"a\":1}");
	/* Another state's visit does not. */
	rig_succeed_next(&rig, "1");
	ck_assert_int_eq(rig_attempt(&rig)->state, LOOKUP);
	ck_assert_ptr_null(run_intent(run_of()));
}
END_TEST

/* The attempt is over before its intent is durable: nobody is told, but the
 * next attempt goes on under it. */
START_TEST(an_intent_that_comes_too_late)
{
	const struct attempt *first = rig_attempt(&rig);

	run_submit(run_of(), "{\"a\":1}");
	rig_fail(rig_attempt(&rig), "IAM.Throttling", CLASS_THROTTLED);
	fake_commit(&rig.journal);
	ck_assert_int_eq(first->submitted, 0);
	rig_pass(&rig, 1000);
	ck_assert_uint_eq(rig.attempt_count, 2);
	ck_assert_str_eq(run_intent(run_of()), "{\"a\":1}");
}
END_TEST

/* The same with the next attempt begun already: it is not its own. */
START_TEST(an_intent_of_the_attempt_before)
{
	run_submit(run_of(), "{\"a\":1}");
	rig_fail(rig_attempt(&rig), "IAM.Throttling", CLASS_THROTTLED);
	rig_wake(&rig);
	rig.mono_ms += 1000;
	rig_wake(&rig);
	ck_assert_uint_eq(rig.attempt_count, 2);
	ck_assert_ptr_null(run_intent(run_of()));
	fake_commit(&rig.journal);
	ck_assert_str_eq(run_intent(run_of()), "{\"a\":1}");
	ck_assert_int_eq(rig_attempt(&rig)->submitted, 0);
}
END_TEST

/* Nor is one of the state before. */
START_TEST(an_intent_of_the_state_before)
{
	run_submit(run_of(), "{\"a\":1}");
	rig_succeed(rig_attempt(&rig), "1");
	rig_wake(&rig);
	rig_wake(&rig);
	ck_assert_int_eq(rig_attempt(&rig)->state, LOOKUP);
	fake_commit(&rig.journal);
	ck_assert_ptr_null(run_intent(run_of()));
	ck_assert_int_eq(rig_attempt(&rig)->submitted, 0);
}
END_TEST

/* ---- what a task must not do ---- */

START_TEST(to_end_twice)
{
	run_succeed(run_of(), "1");
	run_succeed(run_of(), "1");
}
END_TEST

START_TEST(to_call_after_the_end)
{
	run_succeed(run_of(), "1");
	run_left(run_of());
}
END_TEST

START_TEST(to_wait_after_the_end)
{
	run_succeed(run_of(), "1");
	run_waits(run_of());
}
END_TEST

START_TEST(to_submit_after_the_end)
{
	run_succeed(run_of(), "1");
	run_submit(run_of(), "{}");
}
END_TEST

START_TEST(to_submit_twice_at_once)
{
	run_submit(run_of(), "{}");
	run_submit(run_of(), "{}");
}
END_TEST

START_TEST(to_submit_without_an_ear_for_it)
{
	rig_fail_next(&rig, "IAM.AccessDenied", CLASS_NONE);
	ck_assert_int_eq(rig_attempt(&rig)->state, NOTIFY);
	run_submit(run_of(), "{}");
}
END_TEST

static void
add_misuse(TCase *tcase)
{
	tcase_add_test_raise_signal(tcase, to_end_twice, SIGABRT);
	tcase_add_test_raise_signal(tcase, to_call_after_the_end, SIGABRT);
	tcase_add_test_raise_signal(tcase, to_wait_after_the_end, SIGABRT);
	tcase_add_test_raise_signal(tcase, to_submit_after_the_end, SIGABRT);
	tcase_add_test_raise_signal(tcase, to_submit_twice_at_once, SIGABRT);
	tcase_add_test_raise_signal(
	    tcase, to_submit_without_an_ear_for_it, SIGABRT);
}

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("machine/run");
	TCase *deadline = tcase_create("deadline");
	TCase *intent = tcase_create("intent");
	TCase *misuse = tcase_create("misuse");

	tcase_add_checked_fixture(deadline, set_up, tear_down);
	tcase_add_test(deadline, no_deadline_before_a_call_is_out);
	tcase_add_test(deadline, it_runs_from_the_first_call);
	tcase_add_test(deadline, it_stands_still_while_a_call_waits);
	tcase_add_test(
	    deadline, it_stands_still_while_an_intent_becomes_durable);
	tcase_add_test(deadline, it_stands_still_for_both);
	tcase_add_test(deadline, an_intent_before_any_call);
	tcase_add_test(deadline, a_timeout_is_retried_by_its_name);
	tcase_add_test(deadline, an_end_in_time_counts);
	suite_add_tcase(suite, deadline);
	tcase_add_checked_fixture(intent, set_up, tear_down);
	tcase_add_test(intent, an_intent_is_seen_once_durable);
	tcase_add_test(intent, the_next_attempt_has_the_intent);
	tcase_add_test(intent, an_intent_that_comes_too_late);
	tcase_add_test(intent, an_intent_of_the_attempt_before);
	tcase_add_test(intent, an_intent_of_the_state_before);
	suite_add_tcase(suite, intent);
	tcase_add_checked_fixture(misuse, set_up, tear_down);
	add_misuse(misuse);
	suite_add_tcase(suite, misuse);
	return suite;
}
