/* SPDX-License-Identifier: Apache-2.0 */
/* Lengths of time as people write them. */
#include "util/duration.h"

#include <stdlib.h>

#include "unit/unit.h"
#include "util/cleanup.h"

static const struct {
	const char *text;
	int64_t ms;
	const char *printed;
} durations[] = {
	{ "0d", 0, "0d" },
	{ "1s", 1000, "1s" },
	{ "90s", 90000, "90s" },
	{ "600s", 600000, "10min" },
	{ "10min", 600000, "10min" },
	{ "90min", 5400000, "90min" },
	{ "1h", 3600000, "1h" },
	{ "24h", 86400000, "1d" },
	{ "90d", 7776000000, "90d" },
};

START_TEST(prints_in_the_largest_unit)
{
	int64_t ms = -1;

	ck_assert(duration_parse(durations[_i].text, &ms));
	ck_assert_int_eq(ms, durations[_i].ms);
	FREE_LATER char *text = duration_text(ms);
	ck_assert_str_eq(text, durations[_i].printed);
}
END_TEST

static const char *const no_durations[] = { "", "10", "min", "10m", "10 min",
	"-1s", "+1s", "1.5h", " 1s", "1s ", "1e3s", "0x1s", "1h30min", "infs",
	"99999999999999999999999d", "3652426d", "10MIN" };

START_TEST(what_is_none_is_refused)
{
	int64_t ms = 7;

	ck_assert(!duration_parse(no_durations[_i], &ms));
	ck_assert_int_eq(ms, 7);
}
END_TEST

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("util/duration");
	TCase *tcase = tcase_create("duration");

	tcase_add_loop_test(
	    tcase, prints_in_the_largest_unit, 0, COUNT(durations));
	tcase_add_loop_test(
	    tcase, what_is_none_is_refused, 0, COUNT(no_durations));
	suite_add_tcase(suite, tcase);
	return suite;
}
