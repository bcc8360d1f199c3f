/* SPDX-License-Identifier: Apache-2.0 */
/* The real clocks, and a clock of one's own behind the same interface. */
#include <time.h>

#include "unit/unit.h"
#include "util/clock.h"

START_TEST(the_real_wall_clock_is_the_machines)
{
	struct clock clock = clock_real();
	int64_t before = (int64_t)time(NULL) * 1000;
	int64_t now = clock_wall_ms(&clock);

	ck_assert_int_ge(now, before);
	ck_assert_int_lt(now, before + MINUTES(1));
}
END_TEST

START_TEST(the_real_monotonic_clock_does_not_go_back)
{
	struct clock clock = clock_real();
	int64_t last = clock_mono_ms(&clock), first = last;

	/* Until it has moved: that it does is half of the promise. */
	while (last < first + 2) {
		int64_t now = clock_mono_ms(&clock);

		ck_assert_int_ge(now, last);
		last = now;
	}
}
END_TEST

static int64_t
stored(void *self)
{
	return *(int64_t *)self;
}

static int64_t
stored_doubled(void *self)
{
	return 2 * stored(self);
}

START_TEST(a_clock_can_be_swapped)
{
	int64_t now = SECONDS(5);
	struct clock clock = { &now, stored, stored_doubled };

	ck_assert_int_eq(clock_wall_ms(&clock), 5000);
	ck_assert_int_eq(clock_mono_ms(&clock), 10000);
}
END_TEST

START_TEST(units_do_not_overflow)
{
	ck_assert_int_eq(SECONDS(3000000), INT64_C(3000000000));
	ck_assert_int_eq(MINUTES(90 * 24 * 60), INT64_C(7776000000));
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("util/clock");
	TCase *tcase = tcase_create("clock");

	tcase_add_test(tcase, the_real_wall_clock_is_the_machines);
	tcase_add_test(tcase, the_real_monotonic_clock_does_not_go_back);
	tcase_add_test(tcase, a_clock_can_be_swapped);
	tcase_add_test(tcase, units_do_not_overflow);
	suite_add_tcase(suite, tcase);
	return suite;
}
