/* SPDX-License-Identifier: Apache-2.0 */
/* When credentials are to be replaced: the windows of aws-protocols 5.8. */
#include "aws/cred_cache.h"
#include "unit/unit.h"
#include "util/clock.h"

#define HOUR MINUTES(60)

static const struct {
	int64_t life_ms, left_ms;
	enum cred_age age;
} ages[] = {
	{ HOUR, HOUR, CRED_FRESH },
	{ HOUR, MINUTES(15), CRED_FRESH },
	{ HOUR, MINUTES(15) - 1, CRED_AGING },
	{ HOUR, MINUTES(10), CRED_AGING },
	{ HOUR, MINUTES(10) - 1, CRED_OLD },
	{ HOUR, 1, CRED_OLD },
	{ HOUR, 0, CRED_EXPIRED },
	{ HOUR, -1, CRED_EXPIRED },
	/* a long session has the same windows, a short one smaller ones */
	{ 12 * HOUR, MINUTES(15), CRED_FRESH },
	{ 12 * HOUR, MINUTES(15) - 1, CRED_AGING },
	{ MINUTES(15), MINUTES(14), CRED_FRESH },
	{ MINUTES(15), MINUTES(3), CRED_AGING },
	{ MINUTES(15), MINUTES(2), CRED_OLD },
};

START_TEST(credentials_age)
{
	struct credentials credentials = { .expires_wall_ms = 100 * HOUR };

	ck_assert_int_eq(cred_age(&credentials, 100 * HOUR - ages[_i].life_ms,
			     100 * HOUR - ages[_i].left_ms),
	    ages[_i].age);
}
END_TEST

START_TEST(long_term_credentials_do_not_age)
{
	struct credentials credentials = { 0 };

	ck_assert_int_eq(cred_age(&credentials, 0, 1000 * HOUR), CRED_FRESH);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("aws/cred_age");
	TCase *tests = tcase_create("cred_age");

	tcase_add_loop_test(
	    tests, credentials_age, 0, sizeof ages / sizeof *ages);
	tcase_add_test(tests, long_term_credentials_do_not_age);
	suite_add_tcase(suite, tests);
	return suite;
}
