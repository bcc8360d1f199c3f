/* SPDX-License-Identifier: Apache-2.0 */
/* Moments, counted over a window that slides. */
#include "workflow/window.h"

#include "unit/unit.h"

static struct window window;

static void
teardown(void)
{
	window_done(&window);
}

START_TEST(counts_from_a_moment_on)
{
	for (int64_t ms = 1; ms <= 200; ms++)
		window_add(&window, ms);
	ck_assert_uint_eq(window_count(&window, 0), 200);
	ck_assert_uint_eq(window_count(&window, 1), 200);
	ck_assert_uint_eq(window_count(&window, 2), 199);
	ck_assert_uint_eq(window_count(&window, 151), 50);
	ck_assert_uint_eq(window_count(&window, 200), 1);
	ck_assert_uint_eq(window_count(&window, 201), 0);
}
END_TEST

START_TEST(counts_all_of_one_moment)
{
	for (int i = 0; i < 5; i++)
		window_add(&window, 7);
	ck_assert_uint_eq(window_count(&window, 7), 5);
	ck_assert_uint_eq(window_count(&window, 8), 0);
}
END_TEST

START_TEST(a_clock_set_back_stands_still)
{
	window_add(&window, 100);
	window_add(&window, 50);
	ck_assert_uint_eq(window_count(&window, 100), 2);
}
END_TEST

START_TEST(the_oldest_are_dropped)
{
	for (int64_t ms = 1; ms <= 5; ms++)
		window_add(&window, ms);
	window_drop(&window, 0);
	window_drop(&window, 2);
	ck_assert_uint_eq(window_count(&window, 0), 3);
	ck_assert_uint_eq(window_count(&window, 4), 2);
	window_drop(&window, 3);
	ck_assert_uint_eq(window_count(&window, 0), 0);
	window_add(&window, 1);
	ck_assert_uint_eq(window_count(&window, 0), 1);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("workflow/window");
	TCase *tcase = tcase_create("window");

	tcase_add_checked_fixture(tcase, NULL, teardown);
	tcase_add_test(tcase, counts_from_a_moment_on);
	tcase_add_test(tcase, counts_all_of_one_moment);
	tcase_add_test(tcase, a_clock_set_back_stands_still);
	tcase_add_test(tcase, the_oldest_are_dropped);
	suite_add_tcase(suite, tcase);
	return suite;
}
