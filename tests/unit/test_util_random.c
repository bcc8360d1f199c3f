/* SPDX-License-Identifier: Apache-2.0 */
/* Randomness: the published sequence, its bounds, and that it repeats. */
#include <string.h>

#include "unit/unit.h"
#include "util/random.h"

START_TEST(xoshiro_is_the_published_one)
{
	/* Made by the authors' own C code from the state 1, 2, 3, 4. */
	static const uint64_t published[] = { 11520, 0, 1509978240,
		1215971899390074240, 1216172134540287360, 607988272756665600 };
	struct random random = { { 1, 2, 3, 4 } };

	for (size_t i = 0; i < sizeof published / sizeof published[0]; i++)
		ck_assert_uint_eq(random_next(&random), published[i]);
}
END_TEST

START_TEST(seeding_is_splitmix64)
{
	struct random random = random_seeded(1234567);

	ck_assert_uint_eq(random.state[0], UINT64_C(6457827717110365317));
	ck_assert_uint_eq(random.state[1], UINT64_C(3203168211198807973));
	ck_assert_uint_eq(random.state[2], UINT64_C(9817491932198370423));
	ck_assert_uint_eq(random.state[3], UINT64_C(4593380528125082431));
}
END_TEST

START_TEST(a_seed_repeats_itself)
{
	struct random one = random_seeded(0), two = random_seeded(0);
	struct random other = random_seeded(1);

	for (int i = 0; i < 100; i++)
		ck_assert_uint_eq(random_next(&one), random_next(&two));
	ck_assert_uint_ne(random_next(&one), random_next(&other));
}
END_TEST

START_TEST(the_kernels_does_not)
{
	struct random one = random_real(), two = random_real();

	ck_assert_uint_ne(random_next(&one), random_next(&two));
	ck_assert_uint_ne(random_next(&one), random_next(&one));
}
END_TEST

START_TEST(units_fill_their_interval)
{
	struct random random = random_seeded(7);
	double low = 1, high = 0, sum = 0;

	for (int i = 0; i < 10000; i++) {
		double unit = random_unit(&random);

		low = unit < low ? unit : low;
		high = unit > high ? unit : high;
		sum += unit;
	}
	ck_assert_double_ge(low, 0);
	ck_assert_double_lt(low, 0.01);
	ck_assert_double_gt(high, 0.99);
	ck_assert_double_lt(high, 1);
	ck_assert_double_eq_tol(sum / 10000, 0.5, 0.02);
}
END_TEST

START_TEST(hex_has_the_digits_asked_for)
{
	struct random random = random_seeded(7);
	char out[42];

	memset(out, 'x', sizeof out);
	random_hex(&random, out, 40);
	ck_assert_uint_eq(strspn(out, "0123456789abcdef"), 40);
	ck_assert_int_eq(out[40], '\0');
	ck_assert_int_eq(out[41], 'x');
	/* A second number was drawn for the second 16 digits. */
	ck_assert_mem_ne(out, out + 16, 16);
	random_hex(&random, out, 0);
	ck_assert_str_eq(out, "");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("util/random");
	TCase *tcase = tcase_create("random");

	tcase_add_test(tcase, xoshiro_is_the_published_one);
	tcase_add_test(tcase, seeding_is_splitmix64);
	tcase_add_test(tcase, a_seed_repeats_itself);
	tcase_add_test(tcase, the_kernels_does_not);
	tcase_add_test(tcase, units_fill_their_interval);
	tcase_add_test(tcase, hex_has_the_digits_asked_for);
	suite_add_tcase(suite, tcase);
	return suite;
}
