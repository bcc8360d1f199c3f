/* SPDX-License-Identifier: Apache-2.0 */
/* Growing pauses: their bounds, their cap, and forgetting. */
#include <stdbool.h>
#include <stdint.h>

#include "unit/unit.h"
#include "util/backoff.h"
#include "util/random.h"

START_TEST(bounds_double_up_to_the_cap)
{
	static const int64_t bounds[] = { 100, 200, 400, 800, 1000, 1000 };
	struct random random = random_seeded(3);

	for (int run = 0; run < 200; run++) {
		struct backoff backoff = { .base_ms = 100, .cap_ms = 1000 };

		for (size_t i = 0; i < 6; i++) {
			int64_t pause = backoff_next(&backoff, &random);

			ck_assert_int_ge(pause, bounds[i] / 2);
			ck_assert_int_le(pause, bounds[i]);
			ck_assert_uint_eq(backoff.failures, i + 1);
		}
	}
}
END_TEST

START_TEST(both_ends_of_a_pause_come_up)
{
	struct random random = random_seeded(3);
	bool seen[5] = { false };

	for (int i = 0; i < 1000; i++) {
		struct backoff backoff = { .base_ms = 4, .cap_ms = 4 };

		seen[backoff_next(&backoff, &random)] = true;
	}
	ck_assert(!seen[0] && !seen[1]);
	ck_assert(seen[2] && seen[3] && seen[4]);
}
END_TEST

START_TEST(endless_failures_stay_at_the_cap)
{
	struct random random = random_seeded(3);
	struct backoff backoff = {
		.base_ms = 1, .cap_ms = INT64_C(1) << 40, .failures = UINT32_MAX
	};

	ck_assert_int_ge(backoff_next(&backoff, &random), INT64_C(1) << 39);
	ck_assert_int_ge(backoff_next(&backoff, &random), INT64_C(1) << 39);
}
END_TEST

START_TEST(a_base_above_the_cap_is_capped)
{
	struct random random = random_seeded(3);
	struct backoff backoff = { .base_ms = 5000, .cap_ms = 100 };

	ck_assert_int_le(backoff_next(&backoff, &random), 100);
}
END_TEST

START_TEST(success_forgets)
{
	struct random random = random_seeded(3);
	struct backoff backoff = { .base_ms = 100, .cap_ms = 100000 };

	for (int i = 0; i < 10; i++)
		backoff_next(&backoff, &random);
	backoff_reset(&backoff);
	ck_assert_uint_eq(backoff.failures, 0);
	ck_assert_int_le(backoff_next(&backoff, &random), 100);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("util/backoff");
	TCase *tcase = tcase_create("backoff");

	tcase_add_test(tcase, bounds_double_up_to_the_cap);
	tcase_add_test(tcase, both_ends_of_a_pause_come_up);
	tcase_add_test(tcase, endless_failures_stay_at_the_cap);
	tcase_add_test(tcase, a_base_above_the_cap_is_capped);
	tcase_add_test(tcase, success_forgets);
	suite_add_tcase(suite, tcase);
	return suite;
}
