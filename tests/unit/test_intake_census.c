/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The census: who is asked, when, and what is told of it.
 */
#include "intake/census.h"

#include "unit/intake_world.h"
#include "unit/unit.h"

#define ARN "arn:aws:sqs:us-east-1:1:dead"

static int told;

static void
on_told(void *arg)
{
	ck_assert_ptr_eq(arg, &told);
	told++;
}

static struct census_asker asker;

static void
ask(void)
{
	told = 0;
	asker = (struct census_asker){ .told = on_told, .arg = &told };
	intake_ask(world.intake, &asker);
}

static void
check(int64_t depth, int64_t dead_letters)
{
	struct intake_status status;

	intake_status(world.intake, &status);
	ck_assert_int_eq(status.depth, depth);
	ck_assert_int_eq(status.dead_letters, dead_letters);
}

START_TEST(dead_letters_do_not_hold_up_the_start)
{
	ck_assert_ptr_null(open_call(DESCRIBE));
	ck_assert_ptr_nonnull(open_call(RECEIVE));
	check(7, -1);
}
END_TEST

START_TEST(both_queues_are_asked)
{
	ask();
	ck_assert_str_eq(open_call(DESCRIBE)->url, "https://sqs/1/queue");
	answer_describe(3, ARN);
	ck_assert_int_eq(told, 0);
	ck_assert_str_eq(open_call(DESCRIBE)->url, "https://sqs/1/dead");
	answer_describe(2, NULL);
	ck_assert_int_eq(told, 1);
	check(3, 2);
}
END_TEST

START_TEST(no_answer_is_no_number)
{
	struct intake_status status;

	ask();
	check(-1, -1);
	answer_describe(3, ARN);
	fail_describe("SQS.AccessDenied");
	ck_assert_int_eq(told, 1);
	check(3, -1);
	intake_status(world.intake, &status);
	ck_assert_str_eq(status.uncounted->name, "SQS.AccessDenied");
	ask();
	fail_describe("Http.Timeout");
	ck_assert_int_eq(told, 1);
	check(-1, -1);
	intake_status(world.intake, &status);
	ck_assert_ptr_null(status.uncounted);
}
END_TEST

START_TEST(not_every_queue_has_dead_letters)
{
	ask();
	answer_describe(3, NULL);
	ck_assert_int_eq(told, 1);
	ck_assert_ptr_null(open_call(DESCRIBE));
}
END_TEST

START_TEST(two_may_ask_at_once_and_one_lose_interest)
{
	struct census_asker other = { .told = on_told, .arg = &told };

	ask();
	intake_ask(world.intake, &other);
	census_unask(&asker);
	census_unask(&asker);
	answer_describe(3, NULL);
	ck_assert_int_eq(told, 1);
	ck_assert_ptr_null(open_call(DESCRIBE));
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("intake/census");
	TCase *tests = tcase_create("census");

	tcase_add_checked_fixture(tests, world_setup, world_teardown);
	tcase_add_test(tests, dead_letters_do_not_hold_up_the_start);
	tcase_add_test(tests, both_queues_are_asked);
	tcase_add_test(tests, no_answer_is_no_number);
	tcase_add_test(tests, not_every_queue_has_dead_letters);
	tcase_add_test(tests, two_may_ask_at_once_and_one_lose_interest);
	suite_add_tcase(suite, tests);
	return suite;
}
