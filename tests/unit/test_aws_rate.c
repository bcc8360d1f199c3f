/* SPDX-License-Identifier: Apache-2.0 */
/* A rate that is found out, on a clock that the test turns. */
#include "aws/rate.h"
#include "unit/unit.h"

static const struct rate unknown = { .ceiling = 64, .floor = 4, .step = 4 };
static const struct rate published = {
	.ceiling = 2,
	.published = true,
	.floor = 0.25,
	.step = 0.125,
};

START_TEST(an_unknown_rate_is_no_limit)
{
	struct rate rate = unknown;

	for (int i = 0; i < 1000; i++) {
		ck_assert_int_eq(rate_wait_ms(&rate, 5000), 0);
		rate_take(&rate, 5000);
	}
	ck_assert(rate_now(&rate, 5000) == 0);
}
END_TEST

START_TEST(a_published_rate_spaces_calls)
{
	struct rate rate = published;

	ck_assert_int_eq(rate_wait_ms(&rate, 5000), 0);
	rate_take(&rate, 5000);
	ck_assert_int_eq(rate_wait_ms(&rate, 5000), 500);
	ck_assert_int_eq(rate_wait_ms(&rate, 5499), 1);
	ck_assert_int_eq(rate_wait_ms(&rate, 5500), 0);
	/* What was not used is not saved up. */
	rate_take(&rate, 9000);
	ck_assert_int_eq(rate_wait_ms(&rate, 9001), 499);
}
END_TEST

START_TEST(throttling_cuts_what_was_sent)
{
	struct rate rate = unknown;

	for (int i = 0; i < 20; i++)
		rate_take(&rate, 5000);
	rate_throttled(&rate, 5100);
	ck_assert(rate_now(&rate, 5100) == 14);
	ck_assert_int_eq(rate_wait_ms(&rate, 5100), 71);
	/* The other calls of the same second say the same. */
	rate_throttled(&rate, 5900);
	ck_assert(rate_now(&rate, 5100) == 14);
	/* In the next second it is news. */
	for (int now = 6100; now < 7100; now += 100)
		rate_take(&rate, now);
	rate_throttled(&rate, 7100);
	ck_assert(rate_now(&rate, 7100) == 7);
}
END_TEST

START_TEST(the_rate_grows_until_it_is_none)
{
	struct rate rate = unknown;

	for (int i = 0; i < 20; i++)
		rate_take(&rate, 5000);
	rate_throttled(&rate, 5000);
	ck_assert(rate_now(&rate, 6000) == 18);
	ck_assert(rate_now(&rate, 17000) == 62);
	ck_assert(rate_now(&rate, 18000) == 0);
	ck_assert_int_eq(rate_wait_ms(&rate, 18000), 0);
}
END_TEST

START_TEST(a_published_rate_grows_back_to_itself)
{
	struct rate rate = published;

	rate_take(&rate, 5000);
	rate_take(&rate, 5500);
	rate_throttled(&rate, 5500);
	ck_assert(rate_now(&rate, 5500) == 1.4);
	ck_assert(rate_now(&rate, 9500) == 1.9);
	ck_assert(rate_now(&rate, 99500) == 2);
}
END_TEST

START_TEST(it_stops_at_the_floor)
{
	struct rate rate = unknown;

	rate_throttled(&rate, 5000);
	ck_assert(rate_now(&rate, 5000) == 4);
	rate_throttled(&rate, 6000);
	ck_assert(rate_now(&rate, 6000) == 4);
}
END_TEST

/* Every third call is refused, however few they are: others use it up. */
START_TEST(others_do_not_starve_us)
{
	struct rate rate = unknown;
	int sent = 0;

	for (int now = 5000; now < 65000; now++) {
		if (rate_wait_ms(&rate, now) > 0)
			continue;
		rate_take(&rate, now);
		if (++sent % 3 == 0)
			rate_throttled(&rate, now);
	}
	ck_assert_int_gt(sent, 450);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("aws/rate");
	TCase *tests = tcase_create("rate");

	tcase_add_test(tests, an_unknown_rate_is_no_limit);
	tcase_add_test(tests, a_published_rate_spaces_calls);
	tcase_add_test(tests, throttling_cuts_what_was_sent);
	tcase_add_test(tests, the_rate_grows_until_it_is_none);
	tcase_add_test(tests, a_published_rate_grows_back_to_itself);
	tcase_add_test(tests, it_stops_at_the_floor);
	tcase_add_test(tests, others_do_not_starve_us);
	suite_add_tcase(suite, tests);
	return suite;
}
