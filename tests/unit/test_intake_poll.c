/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The poll: when it asks, and when it does not.
 */
#include "unit/intake_world.h"

#include <string.h>

#include "unit/unit.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/clock.h"

START_TEST(it_asks_the_queue_about_itself_then_polls)
{
	struct intake_status status;

	ck_assert_int_eq(world.described, 1);
	ck_assert_int_eq(open_call(RECEIVE)->max, 10);
	ck_assert_int_eq(open_call(RECEIVE)->seconds, 20);
	intake_status(world.intake, &status);
	ck_assert_int_eq(status.depth, 7);
}
END_TEST

START_TEST(one_poll_at_a_time_for_ever)
{
	for (int i = 0; i < 3; i++) {
		ck_assert_ptr_nonnull(open_call(RECEIVE));
		fake_loop_pass(world.loop, SECONDS(20));
		answer_receive("");
	}
	ck_assert_uint_eq(world.call_count, 1 + 4);
}
END_TEST

START_TEST(empty_answers_that_do_not_wait_are_slowed_down)
{
	answer_receive("");
	ck_assert_ptr_null(open_call(RECEIVE));
	fake_loop_pass(world.loop, SECONDS(1));
	ck_assert_ptr_nonnull(open_call(RECEIVE));
}
END_TEST

/* Otherwise a queue that hides nothing would be a hammer. */
START_TEST(so_are_answers_that_bring_nothing_new)
{
	world.admits[0] = "a";
	answer_receive("m1/r1");
	answer_receive("m1/r2 m2/broken");
	ck_assert_ptr_null(open_call(RECEIVE));
	fake_loop_pass(world.loop, SECONDS(1));
	answer_receive("m1/r3 m2/r4");
	ck_assert_ptr_nonnull(open_call(RECEIVE));
}
END_TEST

START_TEST(a_failing_queue_is_asked_again_with_growing_pauses)
{
	size_t before = world.call_count;

	for (int i = 0; i < 20; i++) {
		if (open_call(RECEIVE) != NULL)
			fail_receive("SQS.AccessDenied");
		fake_loop_pass(world.loop, MINUTES(1));
	}
	ck_assert(world.health.reason[HEALTH_QUEUE].bad);
	ck_assert_str_eq(
	    world.health.reason[HEALTH_QUEUE].error.name, "SQS.AccessDenied");
	ck_assert_uint_le(world.call_count - before, 25);
	ck_assert_uint_ge(world.call_count - before, 15);
	answer_receive("");
	ck_assert(!world.health.reason[HEALTH_QUEUE].bad);
}
END_TEST

/* How long it is until it is asked again; a minute and a bit at most. */
static int64_t
pause_after(const char *name)
{
	int64_t ms = 0;

	for (fail_receive(name); open_call(RECEIVE) == NULL; ms += 100)
		fake_loop_pass(world.loop, 100);
	return ms;
}

START_TEST(after_a_black_hole_work_goes_on_within_one_poll)
{
	int64_t ms = 0;

	for (int i = 0; i < 60; i++) {
		ms = pause_after("Http.Timeout");
		ck_assert_int_le(ms, SECONDS(15));
	}
	ck_assert_int_ge(ms, SECONDS(7));
}
END_TEST

START_TEST(a_refusal_is_not_asked_about_so_often)
{
	int64_t ms = 0;

	for (int i = 0; i < 20; i++)
		ms = pause_after("SQS.AccessDenied");
	ck_assert_int_ge(ms, SECONDS(30));
	ck_assert_int_le(ms, MINUTES(1));
	ck_assert_int_le(pause_after("Http.Timeout"), SECONDS(15));
}
END_TEST

START_TEST(whether_it_works_again_is_seen_at_once)
{
	pause_after("Http.Timeout");
	ck_assert_int_eq(open_call(RECEIVE)->seconds, 0);
	answer_receive("");
	ck_assert(!world.health.reason[HEALTH_QUEUE].bad);
	fake_loop_pass(world.loop, SECONDS(1));
	ck_assert_int_eq(open_call(RECEIVE)->seconds, 20);
}
END_TEST

START_TEST(what_may_have_been_mended_is_asked_at_once)
{
	for (int i = 0; i < 20; i++)
		pause_after("SQS.AccessDenied");
	fail_receive("SQS.AccessDenied");
	ck_assert_ptr_null(open_call(RECEIVE));
	intake_hurry(world.intake);
	fail_receive("SQS.AccessDenied");
	ck_assert_ptr_null(open_call(RECEIVE));
	fake_loop_pass(world.loop, SECONDS(1));
	ck_assert_ptr_nonnull(open_call(RECEIVE));
	intake_hurry(world.intake);
	answer_receive("m1/r1");
}
END_TEST

START_TEST(missing_credentials_are_told_apart_from_a_bad_queue)
{
	fail_receive("Aws.NoCredentials");
	ck_assert(world.health.reason[HEALTH_CREDENTIALS].bad);
	ck_assert(!world.health.reason[HEALTH_QUEUE].bad);
}
END_TEST

static void
ten_come_one_by_one(void)
{
	for (int i = 0; i < 10; i++) {
		FREE_LATER char *pair = xasprintf("m%d/r", i);

		ck_assert_int_eq(open_call(RECEIVE)->max, 1);
		answer_receive(pair);
	}
	ck_assert_int_eq(open_call(RECEIVE)->max, 10);
}

START_TEST(an_answer_too_large_is_asked_for_one_by_one)
{
	fail_receive("Http.AnswerTooLarge");
	ten_come_one_by_one();
}
END_TEST

/* One message in it may be to blame. */
START_TEST(an_answer_that_cannot_be_read_as_well)
{
	fail_receive("Aws.MalformedAnswer");
	ck_assert_ptr_null(open_call(RECEIVE));
	fake_loop_pass(world.loop, SECONDS(1));
	ck_assert_int_eq(open_call(RECEIVE)->max, 1);
	fail_receive("Aws.MalformedAnswer");
	fake_loop_pass(world.loop, SECONDS(2));
	ten_come_one_by_one();
}
END_TEST

START_TEST(they_are_while_they_are_invisible)
{
	fail_receive("Http.AnswerTooLarge");
	fake_loop_pass(world.loop, SECONDS(20));
	answer_receive("");
	ck_assert_int_eq(open_call(RECEIVE)->max, 1);
}
END_TEST

START_TEST(the_brake_stops_receiving_until_there_is_room)
{
	world.containing = 256;
	answer_receive("m1/r1");
	ck_assert_ptr_null(open_call(RECEIVE));
	world.containing = 255;
	tell_event("x", EVENT_STATE_EXITED, STATUS_RUNNING);
	ck_assert_ptr_nonnull(open_call(RECEIVE));
}
END_TEST

START_TEST(a_queue_that_failed_is_looked_at_in_spite_of_the_brake)
{
	answer_receive("m0/r0");
	world.containing = 256;
	fail_receive("SQS.ExpiredToken");
	fake_loop_pass(world.loop, SECONDS(1));
	ck_assert_int_eq(open_call(RECEIVE)->max, 1);
	ck_assert_int_eq(open_call(RECEIVE)->seconds, 0);
	ck_assert(!health_good(&world.health));
	answer_receive("m1/r1");
	ck_assert(health_good(&world.health));
	fake_loop_pass(world.loop, MINUTES(1));
	ck_assert_ptr_null(open_call(RECEIVE));
}
END_TEST

/* It is held for a while since the store fails: whether the queue works is not
 * looked at meanwhile. */
START_TEST(nor_is_one_believed_in_that_was_not_seen)
{
	answer_receive("m0/r0");
	world.containing = 256;
	intake_hold(world.intake, true);
	health_doubt(&world.health, HEALTH_QUEUE);
	intake_hold(world.intake, false);
	ck_assert_int_eq(open_call(RECEIVE)->max, 1);
	answer_receive("m1/r1");
	ck_assert_ptr_null(open_call(RECEIVE));
}
END_TEST

START_TEST(a_held_intake_receives_nothing_but_beats_on)
{
	world.admits[0] = "a";
	answer_receive("m1/r1");
	intake_hold(world.intake, true);
	ck_assert_ptr_null(open_call(RECEIVE));
	fake_loop_pass(world.loop, SECONDS(13));
	ck_assert_ptr_nonnull(open_call(EXTEND));
	intake_hold(world.intake, false);
	ck_assert_ptr_nonnull(open_call(RECEIVE));
}
END_TEST

START_TEST(a_body_of_another_md5_is_left_alone)
{
	answer_receive("m1/broken");
	ck_assert_int_eq(world.admitted, 0);
	fake_loop_pass(world.loop, MINUTES(1));
	ck_assert_ptr_null(open_call(DELETE));
	ck_assert_ptr_null(open_call(EXTEND));
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("intake/poll");
	TCase *tests = tcase_create("poll");

	tcase_add_checked_fixture(tests, world_setup, world_teardown);
	tcase_add_test(tests, it_asks_the_queue_about_itself_then_polls);
	tcase_add_test(tests, one_poll_at_a_time_for_ever);
	tcase_add_test(tests, empty_answers_that_do_not_wait_are_slowed_down);
	tcase_add_test(tests, so_are_answers_that_bring_nothing_new);
	tcase_add_test(
	    tests, a_failing_queue_is_asked_again_with_growing_pauses);
	tcase_add_test(tests, after_a_black_hole_work_goes_on_within_one_poll);
	tcase_add_test(tests, a_refusal_is_not_asked_about_so_often);
	tcase_add_test(tests, whether_it_works_again_is_seen_at_once);
	tcase_add_test(tests, what_may_have_been_mended_is_asked_at_once);
	tcase_add_test(
	    tests, missing_credentials_are_told_apart_from_a_bad_queue);
	tcase_add_test(tests, an_answer_too_large_is_asked_for_one_by_one);
	tcase_add_test(tests, an_answer_that_cannot_be_read_as_well);
	tcase_add_test(tests, they_are_while_they_are_invisible);
	tcase_add_test(tests, the_brake_stops_receiving_until_there_is_room);
	tcase_add_test(
	    tests, a_queue_that_failed_is_looked_at_in_spite_of_the_brake);
	tcase_add_test(tests, nor_is_one_believed_in_that_was_not_seen);
	tcase_add_test(tests, a_held_intake_receives_nothing_but_beats_on);
	tcase_add_test(tests, a_body_of_another_md5_is_left_alone);
	suite_add_tcase(suite, tests);
	return suite;
}
