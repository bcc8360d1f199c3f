/* SPDX-License-Identifier: Apache-2.0 */
/* Lanes: first come, first served, each lane for itself. */
#include "machine/lanes.h"

#include <stddef.h>

#include "machine/execution.h"
#include "unit/unit.h"

START_TEST(they_take_turns)
{
	struct lanes lanes = { 0 };
	struct execution a = { 0 }, b = { 0 }, c = { 0 };

	lanes_join(&lanes, "L", &a, false);
	lanes_join(&lanes, "L", &b, false);
	lanes_join(&lanes, "L", &c, false);
	ck_assert(lanes_clear(&a));
	ck_assert(!lanes_clear(&b));
	ck_assert_ptr_eq(lanes_leave(&lanes, &a), &b);
	ck_assert(lanes_clear(&b));
	ck_assert(!lanes_clear(&c));
	ck_assert_ptr_eq(lanes_leave(&lanes, &b), &c);
	ck_assert_ptr_null(lanes_leave(&lanes, &c));
	ck_assert_ptr_null(lanes.by_name);
}
END_TEST

START_TEST(who_gives_up_waiting_clears_nobodys_lane)
{
	struct lanes lanes = { 0 };
	struct execution a = { 0 }, b = { 0 }, c = { 0 };

	lanes_join(&lanes, "L", &a, false);
	lanes_join(&lanes, "L", &b, false);
	lanes_join(&lanes, "L", &c, false);
	ck_assert_ptr_null(lanes_leave(&lanes, &b));
	ck_assert_ptr_eq(lanes_leave(&lanes, &a), &c);
	lanes_leave(&lanes, &c);
	ck_assert_ptr_null(lanes_leave(&lanes, &c));
}
END_TEST

START_TEST(who_had_it_before_goes_first)
{
	struct lanes lanes = { 0 };
	struct execution a = { 0 }, b = { 0 };

	lanes_join(&lanes, "L", &a, false);
	lanes_join(&lanes, "L", &b, true);
	ck_assert(lanes_clear(&b));
	ck_assert(!lanes_clear(&a));
	lanes_leave(&lanes, &a);
	lanes_leave(&lanes, &b);
}
END_TEST

START_TEST(lanes_do_not_touch)
{
	struct lanes lanes = { 0 };
	struct execution a = { 0 }, b = { 0 }, outside = { 0 };

	lanes_join(&lanes, "L", &a, false);
	lanes_join(&lanes, "M", &b, false);
	ck_assert(lanes_clear(&a));
	ck_assert(lanes_clear(&b));
	ck_assert(lanes_clear(&outside));
	ck_assert_ptr_null(lanes_leave(&lanes, &a));
	ck_assert_ptr_null(lanes_leave(&lanes, &b));
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("machine/lanes");
	TCase *turns = tcase_create("turns");

	tcase_add_test(turns, they_take_turns);
	tcase_add_test(turns, who_gives_up_waiting_clears_nobodys_lane);
	tcase_add_test(turns, who_had_it_before_goes_first);
	tcase_add_test(turns, lanes_do_not_touch);
	suite_add_tcase(suite, turns);
	return suite;
}
