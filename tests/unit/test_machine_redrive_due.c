/* SPDX-License-Identifier: Apache-2.0 */
/* When what has ended is due to go on by itself. */
#include "unit/machine_waits.h"
#include "unit/unit.h"

#define MINUTE 60000

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

START_TEST(redriving_is_due_later_and_later)
{
	static const int minutes[] = { 5, 10, 20, 40, 60, 60 };

	fail_in_notify(&rig);
	for (size_t i = 0; i < sizeof minutes / sizeof minutes[0]; i++) {
		ck_assert_int_eq(standing(&rig, "x")->due_wall_ms,
		    rig.wall_ms + minutes[i] * MINUTE);
		rig_pass(&rig, MINUTE);
		redrive(&rig, "x");
		rig_settle(&rig);
		/* What it counts is in the history. */
		if (i % 2 == 0)
			rig_restart(&rig);
		rig_fail_next(&rig, "SNS.NotFound", CLASS_NONE);
	}
}
END_TEST

/* An end by a catcher that says so is due again, too. */
static void
come_back(const char *name, int retries)
{
	engine_start(rig.engine,
	    &(struct engine_order){ .name = name,
		.input = "{}",
		.origin = "test",
		.retries = retries });
	rig_fail_next(&rig, "Come.Back", CLASS_NONE);
}

START_TEST(a_catcher_says_again)
{
	come_back("x", 0);
	ck_assert_int_eq(standing(&rig, "x")->due_wall_ms, 0);
	rig_succeed_next(&rig, "1");
	ck_assert_int_eq(standing(&rig, "x")->status, STATUS_SUCCEEDED);
	ck_assert_int_eq(
	    standing(&rig, "x")->due_wall_ms, rig.wall_ms + 5 * MINUTE);
	ck_assert_int_eq(standing(&rig, "x")->retries, 0);
}
END_TEST

START_TEST(one_of_a_row_is_due_later)
{
	come_back("x", 2);
	rig_restart(&rig);
	rig_succeed_next(&rig, "1");
	ck_assert_int_eq(
	    standing(&rig, "x")->due_wall_ms, rig.wall_ms + 20 * MINUTE);
	for (size_t i = 0; i < fake_find(&rig.journal, "x")->count; i++)
		ck_assert_int_eq(
		    fake_find(&rig.journal, "x")->events[i].standing.retries,
		    2);
}
END_TEST

START_TEST(one_that_failed_before_it_came_back)
{
	come_back("x", 0);
	rig_fail_next(&rig, "SNS.NotFound", CLASS_NONE);
	redrive(&rig, "x");
	rig_succeed_next(&rig, "1");
	ck_assert_int_eq(standing(&rig, "x")->status, STATUS_SUCCEEDED);
	ck_assert_int_eq(
	    standing(&rig, "x")->due_wall_ms, rig.wall_ms + 5 * MINUTE);
}
END_TEST

START_TEST(other_ends_are_not_due)
{
	rig_start(&rig, "x");
	rig_fail_next(&rig, "IAM.AccessDenied", CLASS_NONE);
	rig_succeed_next(&rig, "1");
	ck_assert_str_eq(standing(&rig, "x")->outcome, "uncontained");
	ck_assert_int_eq(standing(&rig, "x")->due_wall_ms, 0);
}
END_TEST

START_TEST(a_table_may_never_redrive)
{
	struct machine machine = rig_machine;

	machine.redrive = (struct retrier){ .interval_seconds = 0 };
	rig_done(&rig);
	rig_init_on(&rig, &machine);
	fail_in_notify(&rig);
	ck_assert_int_eq(standing(&rig, "x")->due_wall_ms, 0);
	/* The table is gone with this test. */
	rig_done(&rig);
	rig_init(&rig);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("machine/redrive_due");
	TCase *due = tcase_create("due");

	tcase_add_checked_fixture(due, set_up, tear_down);
	tcase_add_test(due, redriving_is_due_later_and_later);
	tcase_add_test(due, a_catcher_says_again);
	tcase_add_test(due, one_of_a_row_is_due_later);
	tcase_add_test(due, one_that_failed_before_it_came_back);
	tcase_add_test(due, other_ends_are_not_due);
	tcase_add_test(due, a_table_may_never_redrive);
	suite_add_tcase(suite, due);
	return suite;
}
