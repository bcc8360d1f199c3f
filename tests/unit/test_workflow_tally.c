/* SPDX-License-Identifier: Apache-2.0 */
/* Counting: how often, in which order, and the most common first. */
#include "workflow/tally.h"

#include <stdio.h>

#include "unit/unit.h"

START_TEST(counts_what_came_before)
{
	struct tally tally = { 0 };

	ck_assert_int_eq(tally_add(&tally, "a"), 1);
	ck_assert_int_eq(tally_add(&tally, "b"), 1);
	ck_assert_int_eq(tally_add(&tally, "a"), 2);
	ck_assert_int_eq(tally_add(&tally, "A"), 1);
	tally_done(&tally);
	ck_assert_int_eq(tally_add(&tally, "a"), 1);
	tally_done(&tally);
}
END_TEST

static size_t
add_and_order(struct tally *tally, const char *letters,
    const struct tally_row **rows, size_t max)
{
	for (; *letters != '\0'; letters++)
		tally_add(tally, (char[]){ *letters, '\0' });
	return tally_top(tally, rows, max);
}

static const struct {
	const char *letters, *top;
	size_t max;
} ordered[] = {
	{ "", "", 3 },
	{ "a", "a", 3 },
	{ "abc", "abc", 3 }, /* ties: in the order they came */
	{ "cbacbacba", "cba", 3 },
	{ "abbccc", "cba", 3 },
	{ "abbcccdddd", "dcb", 3 },
	{ "abcdd", "dab", 3 }, /* c came last of the equals */
	{ "zyxwvzz", "z", 1 },
};

START_TEST(the_most_common_come_first)
{
	const struct tally_row *rows[3];
	struct tally tally = { 0 };
	char top[4] = "";
	size_t count =
	    add_and_order(&tally, ordered[_i].letters, rows, ordered[_i].max);

	for (size_t i = 0; i < count; i++)
		top[i] = rows[i]->text[0];
	ck_assert_str_eq(top, ordered[_i].top);
	tally_done(&tally);
}
END_TEST

START_TEST(many_are_told_apart)
{
	struct tally tally = { 0 };
	char text[16];

	for (int round = 1; round <= 2; round++)
		for (int i = 0; i < 10000; i++) {
			snprintf(text, sizeof text, "%d", i);
			ck_assert_int_eq(tally_add(&tally, text), round);
		}
	tally_done(&tally);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("workflow/tally");
	TCase *tcase = tcase_create("tally");

	tcase_add_test(tcase, counts_what_came_before);
	tcase_add_loop_test(tcase, the_most_common_come_first, 0,
	    sizeof ordered / sizeof ordered[0]);
	tcase_add_test(tcase, many_are_told_apart);
	suite_add_tcase(suite, tcase);
	return suite;
}
