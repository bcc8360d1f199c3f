/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The delivery: when a message is deleted, and under which receipt handle.
 */
#include "unit/intake_world.h"

#include <string.h>

#include "unit/unit.h"
#include "util/clock.h"
#include "util/log.h"

static void
count_line(void *self, enum log_level level, const char *text,
    const struct log_field *fields, size_t count)
{
	(void)level, (void)fields, (void)count;
	*(int *)self += strstr(text, "delivered again") != NULL;
}

START_TEST(a_message_is_deleted_after_all_its_executions_have_ended)
{
	world.admits[0] = "a", world.admits[1] = "b";
	answer_receive("m1/r1");
	ck_assert_str_eq(world.origin, "sqs:m1");
	tell_event("a", EVENT_EXECUTION_SUCCEEDED, STATUS_SUCCEEDED);
	ck_assert_ptr_null(open_call(DELETE));
	tell_event("b", EVENT_EXECUTION_SUCCEEDED, STATUS_FAILED);
	ck_assert_str_eq(open_call(DELETE)->receipt[0], "r1");
}
END_TEST

START_TEST(a_running_execution_closes_nothing)
{
	world.admits[0] = "a";
	answer_receive("m1/r1");
	tell_event("a", EVENT_EXECUTION_SUCCEEDED, STATUS_RUNNING);
	tell_event("other", EVENT_EXECUTION_SUCCEEDED, STATUS_SUCCEEDED);
	ck_assert_ptr_null(open_call(DELETE));
}
END_TEST

START_TEST(two_messages_may_wait_for_one_execution)
{
	world.admits[0] = "a";
	answer_receive("m1/r1 m2/r2");
	tell_event("a", EVENT_EXECUTION_SUCCEEDED, STATUS_SUCCEEDED);
	ck_assert_uint_eq(open_call(DELETE)->count, 2);
}
END_TEST

START_TEST(an_execution_named_twice_counts_once)
{
	world.admits[0] = world.admits[1] = "a";
	answer_receive("m1/r1");
	tell_event("a", EVENT_EXECUTION_SUCCEEDED, STATUS_SUCCEEDED);
	ck_assert_ptr_nonnull(open_call(DELETE));
}
END_TEST

START_TEST(what_had_ended_before_is_deleted_at_once)
{
	world.admits[0] = "a";
	answer_receive("m1/r1");
	tell_exists("a");
	ck_assert_str_eq(open_call(DELETE)->receipt[0], "r1");
}
END_TEST

/* Others start executions, too, and are told the same. */
START_TEST(what_nobody_delivered_is_not_delivered_again)
{
	int lines = 0;
	const struct log_sink sink = { &lines, count_line };

	log_bind(&sink);
	tell_exists("a");
	ck_assert_int_eq(lines, 0);
	world.admits[0] = "a";
	answer_receive("m1/r1");
	tell_exists("a");
	ck_assert_int_eq(lines, 1);
	log_bind(NULL);
}
END_TEST

START_TEST(a_redelivery_brings_the_newest_receipt_and_no_execution)
{
	world.admits[0] = "a";
	answer_receive("m1/r1");
	answer_receive("m1/r2");
	ck_assert_int_eq(world.admitted, 1);
	tell_event("a", EVENT_EXECUTION_SUCCEEDED, STATUS_SUCCEEDED);
	ck_assert_str_eq(open_call(DELETE)->receipt[0], "r2");
}
END_TEST

START_TEST(a_receipt_that_comes_during_the_deletion_is_used_again)
{
	answer_receive("m1/r1");
	answer_receive("m1/r2");
	ck_assert_str_eq(answer_batch(DELETE, -1, NULL)->receipt[0], "r1");
	ck_assert_str_eq(answer_batch(DELETE, -1, NULL)->receipt[0], "r2");
	ck_assert_ptr_null(open_call(DELETE));
}
END_TEST

START_TEST(a_message_without_executions_is_deleted)
{
	struct intake_status status;

	answer_receive("m1/r1");
	intake_status(world.intake, &status);
	ck_assert_uint_eq(status.in_flight, 1);
	ck_assert(!intake_quiet(world.intake));
	answer_batch(DELETE, -1, NULL);
	intake_status(world.intake, &status);
	ck_assert_uint_eq(status.in_flight, 0);
	ck_assert_int_eq(status.deleted, 1);
	ck_assert(intake_quiet(world.intake));
}
END_TEST

START_TEST(a_refused_message_is_deleted_once_it_is_kept)
{
	error_set(&world.refuses, "Finding.Malformed", "no JSON");
	answer_receive("m1/r1");
	ck_assert_str_eq(world.kept_error, "Finding.Malformed");
	ck_assert_ptr_null(open_call(DELETE));
	world.kept(world.kept_arg, NULL);
	fake_loop_settle(world.loop);
	ck_assert_ptr_nonnull(open_call(DELETE));
}
END_TEST

START_TEST(what_the_store_cannot_keep_is_not_deleted)
{
	struct intake_status status;

	error_set(&world.refuses, "Finding.Malformed", "no JSON");
	answer_receive("m1/r1");
	world.kept(world.kept_arg, &bad_handle);
	fake_loop_settle(world.loop);
	ck_assert_ptr_null(open_call(DELETE));
	memset(&world.refuses, 0, sizeof world.refuses);
	world.admits[0] = "a";
	answer_receive("m2/r2");
	tell_held("a");
	fake_loop_pass(world.loop, MINUTES(1));
	ck_assert_ptr_null(open_call(DELETE));
	ck_assert_ptr_null(open_call(EXTEND));
	intake_status(world.intake, &status);
	ck_assert_uint_eq(status.in_flight, 0);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("intake/delivery");
	TCase *tests = tcase_create("delivery");

	tcase_add_checked_fixture(tests, world_setup, world_teardown);
	tcase_add_test(
	    tests, a_message_is_deleted_after_all_its_executions_have_ended);
	tcase_add_test(tests, a_running_execution_closes_nothing);
	tcase_add_test(tests, two_messages_may_wait_for_one_execution);
	tcase_add_test(tests, an_execution_named_twice_counts_once);
	tcase_add_test(tests, what_had_ended_before_is_deleted_at_once);
	tcase_add_test(tests, what_nobody_delivered_is_not_delivered_again);
	tcase_add_test(
	    tests, a_redelivery_brings_the_newest_receipt_and_no_execution);
	tcase_add_test(
	    tests, a_receipt_that_comes_during_the_deletion_is_used_again);
	tcase_add_test(tests, a_message_without_executions_is_deleted);
	tcase_add_test(tests, a_refused_message_is_deleted_once_it_is_kept);
	tcase_add_test(tests, what_the_store_cannot_keep_is_not_deleted);
	suite_add_tcase(suite, tests);
	return suite;
}
