/* SPDX-License-Identifier: Apache-2.0 */
/* Values of the newer types: which texts they take, and how they print. */
#include <stdint.h>
#include <stdlib.h>

#include "daemon/schema.h"
#include "daemon/schema_type.h"
#include "unit/unit.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/clock.h"

static const char *const colours[] = { "red", "dark-blue", NULL };
static const struct schema_row duration = {
	.type = &schema_duration,
	.min = SECONDS(1),
	.max = DAYS(90),
};
static const struct schema_row choice = {
	.type = &schema_choice,
	.choices = colours,
};
static const struct schema_row users = { .type = &schema_users };
static const struct schema_row keys = { .type = &schema_keys };

static bool
set(const struct schema_row *row, void *value, const char *text)
{
	return row->type->set(row, value, text);
}

static void
expect_printed(
    const struct schema_row *row, const void *value, const char *expected)
{
	struct buf CLEANUP(buf_done) out = BUF_INIT(4096);

	row->type->print(row, value, &out);
	ck_assert_str_eq(buf_text(&out), expected);
}

START_TEST(a_duration_has_a_range)
{
	int64_t value = 0;

	ck_assert(set(&duration, &value, "90min"));
	ck_assert_int_eq(value, MINUTES(90));
	expect_printed(&duration, &value, "90min");
	ck_assert(!set(&duration, &value, "0s"));
	ck_assert(!set(&duration, &value, "91d"));
	ck_assert(!set(&duration, &value, "90"));
	ck_assert_int_eq(value, MINUTES(90));
}
END_TEST

START_TEST(a_choice_is_one_of_its_words)
{
	int value = 0;

	ck_assert(set(&choice, &value, "dark-blue"));
	ck_assert_int_eq(value, 1);
	expect_printed(&choice, &value, "dark-blue");
	ck_assert(!set(&choice, &value, "dark"));
	ck_assert(!set(&choice, &value, ""));
	ck_assert(!set(&choice, &value, "RED"));
	ck_assert_int_eq(value, 1);
}
END_TEST

START_TEST(a_list_has_blanks_between_its_words)
{
	char *value = NULL;

	ck_assert(set(&users, &value, " ci-*  \t[ab]?.root[!-x]@a[c] "));
	expect_printed(&users, &value, "ci-* [ab]?.root[!-x]@a[c]");
	ck_assert(set(&users, &value, ""));
	ck_assert_str_eq(value, "");
	free(value);
}
END_TEST

static const struct {
	const struct schema_row *row;
	const char *text;
} no_lists[] = {
	{ &users, "alice, bob" },
	{ &users, "alice,bob" },
	{ &users, "ci-[ab" },
	{ &users, "ci-[" },
	{ &users, "[]" },
	{ &users, "ci-0]" },
	{ &users, "ci-[!]" },
	{ &users, "!alice" },
	{ &users, "alice \"bob\"" },
	{ &users, "/team/alice" },
	{ &users, "alice;bob" },
	{ &keys, "AKIAIOSFODNN7EXAMPLE, AKIAIOSFODNN8EXAMPLE" },
	{ &keys, "AKIAIOSFODNN7EXAMPLE AKIA*" },
	{ &keys, "AKIA" },
};

START_TEST(a_list_with_a_word_that_matches_nothing_is_refused)
{
	char *value = NULL;

	ck_assert(set(no_lists[_i].row, &value, ""));
	ck_assert(!set(no_lists[_i].row, &value, no_lists[_i].text));
	ck_assert_str_eq(value, "");
	free(value);
}
END_TEST

START_TEST(key_ids_are_a_list)
{
	char *value = NULL;

	ck_assert(
	    set(&keys, &value, "AKIAIOSFODNN7EXAMPLE AKIAIOSFODNN8EXAMPLE"));
	expect_printed(
	    &keys, &value, "AKIAIOSFODNN7EXAMPLE AKIAIOSFODNN8EXAMPLE");
	free(value);
}
END_TEST

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("daemon/schema_type");
	TCase *tests = tcase_create("types");

	tcase_add_test(tests, a_duration_has_a_range);
	tcase_add_test(tests, a_choice_is_one_of_its_words);
	tcase_add_test(tests, a_list_has_blanks_between_its_words);
	tcase_add_loop_test(tests,
	    a_list_with_a_word_that_matches_nothing_is_refused, 0,
	    COUNT(no_lists));
	tcase_add_test(tests, key_ids_are_a_list);
	suite_add_tcase(suite, tests);
	return suite;
}
