/* SPDX-License-Identifier: Apache-2.0 */
/* Errors as values: what is filled, cut, kept and returned. */
#include <string.h>

#include "unit/unit.h"
#include "util/error.h"

START_TEST(set_fills_and_says_false)
{
	struct error error;

	memset(&error, 'x', sizeof error);
	ck_assert(!error_set(&error, "IAM.NoSuchEntity", "no user %s", "bob"));
	ck_assert_str_eq(error.name, "IAM.NoSuchEntity");
	ck_assert_str_eq(error.cause, "no user bob");
	ck_assert_str_eq(error.request_id, "");
	ck_assert_int_eq(error.class, CLASS_NONE);
}
END_TEST

START_TEST(set_class_fills_the_class)
{
	struct error error;

	ck_assert(!error_set_class(
	    &error, CLASS_THROTTLED, "SNS.Throttled", "slow down"));
	ck_assert_str_eq(error.name, "SNS.Throttled");
	ck_assert_int_eq(error.class, CLASS_THROTTLED);
}
END_TEST

START_TEST(nobody_may_care)
{
	ck_assert(!error_set(NULL, "Http.Reset", "%d", 1));
	ck_assert(!error_set_class(NULL, CLASS_TRANSIENT, "Http.Reset", "x"));
}
END_TEST

START_TEST(a_cause_may_tell_of_the_error_it_replaces)
{
	struct error error;

	error_set(&error, "Http.Reset", "connection reset");
	error_set(&error, error.name, "cannot sign: %s", error.cause);
	ck_assert_str_eq(error.name, "Http.Reset");
	ck_assert_str_eq(error.cause, "cannot sign: connection reset");
}
END_TEST

START_TEST(a_long_cause_is_cut_at_a_character)
{
	char text[2048];
	struct error error;

	/* Two bytes each, from an odd offset: a blind cut would halve one. */
	for (size_t i = 0; i + 2 < sizeof text; i += 2)
		memcpy(text + i, "\xc3\xa9", 3);
	error_set(&error, "A.B", "%s", text);
	ck_assert_uint_eq(strlen(error.cause), 1020 + 3);
	ck_assert_str_eq(error.cause + 1018, "\xc3\xa9...");
	error_set(&error, "A.B", "x%s", text);
	ck_assert_uint_eq(strlen(error.cause), 1019 + 3);
	ck_assert_str_eq(error.cause + 1017, "\xc3\xa9...");
}
END_TEST

START_TEST(the_longest_cause_is_whole)
{
	char text[1024];
	struct error error;

	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	error_set(&error, "A.B", "%s", text);
	ck_assert_str_eq(error.cause, text);
}
END_TEST

START_TEST(what_is_not_utf8_is_repaired)
{
	struct error error;

	error_set(&error, "A.\xff", "bad \xc3( byte");
	ck_assert_str_eq(error.name, "A.?");
	ck_assert_str_eq(error.cause, "bad ?( byte");
}
END_TEST

START_TEST(classes_have_names)
{
	for (int i = CLASS_NONE; i <= CLASS_TRANSIENT; i++) {
		enum error_class class = (enum error_class)i;

		ck_assert_int_eq(
		    error_class_parse(error_class_name(class)), class);
	}
	ck_assert_str_eq(error_class_name(CLASS_NONE), "");
	ck_assert_str_eq(error_class_name(CLASS_THROTTLED), "Class.Throttled");
	ck_assert_str_eq(error_class_name(CLASS_TRANSIENT), "Class.Transient");
	ck_assert_int_eq(error_class_parse("Class.Other"), CLASS_NONE);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("util/error");
	TCase *tcase = tcase_create("error");

	tcase_add_test(tcase, set_fills_and_says_false);
	tcase_add_test(tcase, set_class_fills_the_class);
	tcase_add_test(tcase, nobody_may_care);
	tcase_add_test(tcase, a_cause_may_tell_of_the_error_it_replaces);
	tcase_add_test(tcase, a_long_cause_is_cut_at_a_character);
	tcase_add_test(tcase, the_longest_cause_is_whole);
	tcase_add_test(tcase, what_is_not_utf8_is_repaired);
	tcase_add_test(tcase, classes_have_names);
	suite_add_tcase(suite, tcase);
	return suite;
}
