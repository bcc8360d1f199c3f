/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The arithmetic of clock skew: the cases of aws-protocols 1.9, sent at
 * 00:00:00, received at 00:00:02 unless said. (What a call makes of it is in
 * test_aws_call.c.)
 */
#include "aws/skew.h"
#include "loop/http.h"
#include "unit/unit.h"
#include "util/clock.h"

#define MIDNIGHT INT64_C(1440892800000)

static const struct {
	int64_t date_s; /* after midnight; -1: none, or an Age (9, 10) */
	int64_t elapsed_ms, before_ms, after_ms;
	bool measured, explains;
} cases[] = {
	{ 1, 2000, 0, 0, true, false },                     /* 1 */
	{ 301, 2000, 0, SECONDS(300), true, true },         /* 2, 3, 7 */
	{ 301, MINUTES(16), 0, 0, false, false },           /* 4 */
	{ 1, 2000, SECONDS(300), 0, true, false },          /* 5 */
	{ 121, 2000, 0, SECONDS(120), true, false },        /* 6 */
	{ -1, 2000, 0, 0, false, false },                   /* 8, 9 */
	{ -1, 2000, SECONDS(9), SECONDS(9), false, false }, /* 10 */
	/* either way, and strictly more than four minutes */
	{ 241, 2000, 0, MINUTES(4), true, false },
	{ 242, 2000, 0, SECONDS(241), true, true },
	{ -3599, 2000, 0, -MINUTES(60), true, true },
	{ 301 + 449, MINUTES(15), 0, SECONDS(300), true, true },
};

START_TEST(skew_is_measured)
{
	int64_t skew_ms = cases[_i].before_ms;
	struct http_answer answer = {
		.date_ms = cases[_i].date_s != -1
		    ? MIDNIGHT + SECONDS(cases[_i].date_s)
		    : 0,
		.sent_wall_ms = MIDNIGHT,
		.elapsed_ms = cases[_i].elapsed_ms,
	};

	ck_assert(skew_measure(&answer, &skew_ms) == cases[_i].measured);
	ck_assert_int_eq(skew_ms, cases[_i].after_ms);
	ck_assert(skew_explains(skew_ms) == cases[_i].explains);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("aws/skew");
	TCase *tests = tcase_create("skew");

	tcase_add_loop_test(
	    tests, skew_is_measured, 0, sizeof cases / sizeof *cases);
	suite_add_tcase(suite, tests);
	return suite;
}
