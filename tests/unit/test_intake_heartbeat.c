/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Heartbeats and acknowledgements: what is extended, repeated, given up.
 */
#include "unit/intake_world.h"

#include <string.h>

#include "unit/unit.h"
#include "util/clock.h"

START_TEST(visibility_is_extended_before_half_of_it_is_gone)
{
	world.admits[0] = "a";
	answer_receive("m1/r1");
	fake_loop_pass(world.loop, SECONDS(12) - 1);
	ck_assert_ptr_null(open_call(EXTEND));
	fake_loop_pass(world.loop, 1);
	ck_assert_str_eq(open_call(EXTEND)->receipt[0], "r1");
	ck_assert_int_eq(open_call(EXTEND)->seconds, 30);
	answer_batch(EXTEND, -1, NULL);
	fake_loop_pass(world.loop, SECONDS(12) - 1);
	ck_assert_ptr_null(open_call(EXTEND));
	fake_loop_pass(world.loop, 1);
	ck_assert_ptr_nonnull(open_call(EXTEND));
}
END_TEST

START_TEST(heartbeats_go_in_batches)
{
	world.admits[0] = "a";
	answer_receive("1/1 2/2 3/3 4/4 5/5 6/6 7/7 8/8 9/9 10/10");
	answer_receive("11/11 12/12");
	fake_loop_pass(world.loop, SECONDS(12));
	ck_assert_uint_eq(answer_batch(EXTEND, -1, NULL)->count, 2);
	ck_assert_uint_eq(answer_batch(EXTEND, -1, NULL)->count, 10);
}
END_TEST

START_TEST(a_failed_heartbeat_is_repeated_soon)
{
	world.admits[0] = "a";
	answer_receive("m1/r1");
	fake_loop_pass(world.loop, SECONDS(12));
	answer_batch(EXTEND, 0, &throttled);
	fake_loop_pass(world.loop, SECONDS(3));
	ck_assert_ptr_nonnull(open_call(EXTEND));
}
END_TEST

START_TEST(one_that_always_fails_is_repeated_less_and_less)
{
	size_t before = world.call_count;

	world.admits[0] = "a";
	answer_receive("m1/r1");
	for (int second = 0; second < 3600; second++) {
		if (open_call(EXTEND) != NULL)
			answer_batch(EXTEND, 0, &throttled);
		fake_loop_pass(world.loop, SECONDS(1));
	}
	ck_assert_uint_gt(world.call_count - before, 50);
	ck_assert_uint_lt(world.call_count - before, 80);
}
END_TEST

/* Otherwise every batch of messages would be tried every few seconds. */
START_TEST(while_heartbeats_are_refused_few_are_sent)
{
	size_t before, held;

	world.admits[0] = "a";
	answer_receive("1/1 2/2 3/3 4/4 5/5 6/6 7/7 8/8 9/9 10/10");
	answer_receive("11/11 12/12");
	before = world.call_count;
	for (int second = 0; second < 3600; second++) {
		while (open_call(EXTEND) != NULL)
			fail_batch(EXTEND, &bad_handle);
		fake_loop_pass(world.loop, SECONDS(1));
	}
	ck_assert_uint_gt(world.call_count - before, 60);
	ck_assert_uint_lt(world.call_count - before, 2 * 100);
	/* And then all at once. */
	fake_loop_pass(world.loop, MINUTES(1));
	held = answer_batch(EXTEND, -1, NULL)->count;
	ck_assert_uint_eq(held + answer_batch(EXTEND, -1, NULL)->count, 12);
	fake_loop_pass(world.loop, SECONDS(12));
	ck_assert_ptr_nonnull(open_call(EXTEND));
}
END_TEST

START_TEST(a_handle_that_is_no_good_is_not_extended_until_a_newer_one_comes)
{
	world.admits[0] = "a";
	answer_receive("m1/r1");
	fake_loop_pass(world.loop, SECONDS(12));
	answer_batch(EXTEND, 0, &bad_handle);
	fake_loop_pass(world.loop, MINUTES(5));
	ck_assert_ptr_null(open_call(EXTEND));
	answer_receive("m1/r2");
	fake_loop_pass(world.loop, SECONDS(12));
	ck_assert_str_eq(open_call(EXTEND)->receipt[0], "r2");
}
END_TEST

START_TEST(heartbeats_end_after_twelve_hours)
{
	int beats = 0;

	world.admits[0] = "a";
	answer_receive("m1/r1");
	for (int second = 0; second < 13 * 3600; second += 2) {
		fake_loop_pass(world.loop, SECONDS(2));
		if (open_call(EXTEND) != NULL) {
			answer_batch(EXTEND, -1, NULL);
			world.call_count = 3; /* not all would find room */
			beats++;
		}
	}
	ck_assert_int_ge(beats, 12 * 3600 / 12 - 30);
	ck_assert_int_lt(beats, 12 * 3600 / 12);
}
END_TEST

START_TEST(an_ended_message_is_not_extended)
{
	answer_receive("m1/r1");
	fake_loop_pass(world.loop, MINUTES(1));
	ck_assert_ptr_null(open_call(EXTEND));
}
END_TEST

START_TEST(a_failed_entry_is_deleted_by_itself)
{
	answer_receive("m1/r1 m2/r2 m3/r3");
	ck_assert_uint_eq(answer_batch(DELETE, 1, &throttled)->count, 3);
	fake_loop_pass(world.loop, SECONDS(2));
	ck_assert_uint_eq(open_call(DELETE)->count, 1);
	ck_assert_str_eq(answer_batch(DELETE, -1, NULL)->receipt[0], "r2");
	ck_assert(intake_quiet(world.intake));
}
END_TEST

/* Nor does it hold up the others. */
START_TEST(an_entry_that_always_fails_is_no_hammer)
{
	size_t before = world.call_count;

	answer_receive("m1/r1");
	for (int second = 0; second < 3600; second++) {
		if (open_call(DELETE) != NULL)
			answer_batch(DELETE, 0, &throttled);
		fake_loop_pass(world.loop, SECONDS(1));
	}
	ck_assert_uint_gt(world.call_count - before, 60);
	ck_assert_uint_lt(world.call_count - before, 100);
	answer_receive("m2/r2");
	ck_assert_str_eq(answer_batch(DELETE, -1, NULL)->receipt[0], "r2");
	fake_loop_pass(world.loop, MINUTES(1));
	ck_assert_str_eq(answer_batch(DELETE, -1, NULL)->receipt[0], "r1");
	ck_assert(intake_quiet(world.intake));
}
END_TEST

START_TEST(a_useless_handle_is_given_up)
{
	struct intake_status status;

	answer_receive("m1/r1");
	answer_batch(DELETE, 0, &bad_handle);
	ck_assert(intake_quiet(world.intake));
	intake_status(world.intake, &status);
	ck_assert_int_eq(status.deleted, 0);
	ck_assert_uint_eq(status.in_flight, 0);
}
END_TEST

START_TEST(a_failed_call_is_repeated_with_pauses_for_as_long_as_it_takes)
{
	size_t before = world.call_count;

	answer_receive("m1/r1");
	for (int minute = 0; minute < 60; minute++) {
		if (open_call(DELETE) != NULL)
			fail_batch(DELETE, &bad_handle);
		fake_loop_pass(world.loop, MINUTES(1));
	}
	ck_assert_uint_lt(world.call_count - before, 80);
	answer_batch(DELETE, -1, NULL);
	ck_assert(intake_quiet(world.intake));
}
END_TEST

/* However well it answers otherwise. */
START_TEST(what_cannot_be_deleted_is_a_reason_until_it_is_gone)
{
	const bool *bad = &world.health.reason[HEALTH_ACKNOWLEDGE].bad;

	answer_receive("m1/r1");
	for (int i = 0; i < 2; i++) {
		ck_assert(!*bad); /* once is not for long */
		if (_i == 0)
			fail_batch(DELETE, &throttled);
		else
			answer_batch(DELETE, 0, &throttled);
		fake_loop_pass(world.loop, MINUTES(1));
	}
	ck_assert(*bad);
	answer_receive("m2/r2 m3/r3");
	ck_assert(*bad);
	answer_batch(DELETE, -1, NULL);
	ck_assert(*bad);
	answer_batch(DELETE, -1, NULL);
	ck_assert(intake_quiet(world.intake));
	ck_assert(!*bad);
}
END_TEST

START_TEST(the_end_cancels_what_is_under_way)
{
	world.admits[0] = "a";
	answer_receive("m1/r1");
	fake_loop_pass(world.loop, SECONDS(12));
	memset(world.admits, 0, sizeof world.admits);
	answer_receive("m2/r2");
	ck_assert_ptr_nonnull(open_call(EXTEND));
	ck_assert_ptr_nonnull(open_call(DELETE));
	intake_stop(world.intake);
	ck_assert_ptr_null(open_call(RECEIVE));
	intake_free(world.intake);
	world.intake = NULL;
	ck_assert_ptr_null(open_call(EXTEND));
	ck_assert_ptr_null(open_call(DELETE));
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("intake/heartbeat");
	TCase *tests = tcase_create("heartbeat");

	tcase_add_checked_fixture(tests, world_setup, world_teardown);
	tcase_add_test(tests, visibility_is_extended_before_half_of_it_is_gone);
	tcase_add_test(tests, heartbeats_go_in_batches);
	tcase_add_test(tests, a_failed_heartbeat_is_repeated_soon);
	tcase_add_test(tests, one_that_always_fails_is_repeated_less_and_less);
	tcase_add_test(tests, while_heartbeats_are_refused_few_are_sent);
	tcase_add_test(tests,
	    a_handle_that_is_no_good_is_not_extended_until_a_newer_one_comes);
	tcase_add_test(tests, heartbeats_end_after_twelve_hours);
	tcase_add_test(tests, an_ended_message_is_not_extended);
	tcase_add_test(tests, a_failed_entry_is_deleted_by_itself);
	tcase_add_test(tests, an_entry_that_always_fails_is_no_hammer);
	tcase_add_test(tests, a_useless_handle_is_given_up);
	tcase_add_test(tests,
	    a_failed_call_is_repeated_with_pauses_for_as_long_as_it_takes);
	tcase_add_loop_test(
	    tests, what_cannot_be_deleted_is_a_reason_until_it_is_gone, 0, 2);
	tcase_add_test(tests, the_end_cancels_what_is_under_way);
	suite_add_tcase(suite, tests);
	return suite;
}
