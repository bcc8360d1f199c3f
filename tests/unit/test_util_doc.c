/* SPDX-License-Identifier: Apache-2.0 */
/* JSON: typed look-ups, building and printing; wrong types read as absent. */
#include <stdlib.h>
#include <string.h>

#include "unit/unit.h"
#include "util/doc.h"

static struct json_object *
parsed(const char *text)
{
	struct error error = { 0 };
	struct json_object *doc = doc_parse(text, strlen(text), &error);

	ck_assert_msg(doc != NULL, "%s: %s", text, error.cause);
	return doc;
}

/* One member of each type, to ask each function for. */
static const char each_type[] =
    "{\"string\":\"text\",\"int\":42,\"double\":1.5,\"true\":true,"
    "\"null\":null,\"array\":[1,2,3],\"object\":{\"inner\":\"deep\"}}";

START_TEST(paths_are_walked)
{
	DOC_LATER struct json_object *doc = parsed(each_type);

	ck_assert_str_eq(doc_string(doc, "object.inner"), "deep");
	ck_assert_ptr_eq(doc_at(doc, ""), doc);
	ck_assert_ptr_null(doc_at(doc, "null"));
	ck_assert_ptr_null(doc_at(doc, "absent"));
	ck_assert_ptr_null(doc_at(doc, "absent.inner"));
	ck_assert_ptr_null(doc_at(doc, "string.inner"));
	ck_assert_ptr_null(doc_at(doc, "array.inner"));
	ck_assert_ptr_null(doc_at(doc, "null.inner"));
	ck_assert_ptr_null(doc_at(doc, "object.absent"));
	ck_assert_ptr_null(doc_at(NULL, "string"));
}
END_TEST

START_TEST(strings_are_strings_only)
{
	DOC_LATER struct json_object *doc = parsed(each_type);

	ck_assert_str_eq(doc_string(doc, "string"), "text");
	ck_assert_ptr_null(doc_string(doc, "int"));
	ck_assert_ptr_null(doc_string(doc, "true"));
	ck_assert_ptr_null(doc_string(doc, "null"));
	ck_assert_ptr_null(doc_string(doc, "object"));
	ck_assert_ptr_null(doc_string(doc, "array"));
}
END_TEST

START_TEST(a_string_with_a_nul_is_none)
{
	DOC_LATER struct json_object *doc =
	    parsed("{\"user\":\"root\\u0000-not\",\"last\":\"x\\u0000\"}");
	FREE_LATER char *text = doc_text(doc);

	ck_assert_ptr_null(doc_string(doc, "user"));
	ck_assert_ptr_null(doc_string(doc, "last"));
	/* It is there all the same, and goes on as it came. */
	ck_assert_str_eq(
	    text, "{\"user\":\"root\\u0000-not\",\"last\":\"x\\u0000\"}");
}
END_TEST

START_TEST(numbers_are_numbers_only)
{
	DOC_LATER struct json_object *doc = parsed(each_type);

	ck_assert_int_eq(doc_int(doc, "int", -1), 42);
	ck_assert_double_eq(doc_double(doc, "int", -1), 42);
	ck_assert_double_eq(doc_double(doc, "double", -1), 1.5);
	ck_assert_int_eq(doc_int(doc, "double", -1), -1);
	ck_assert_int_eq(doc_int(doc, "string", -1), -1);
	ck_assert_int_eq(doc_int(doc, "true", -1), -1);
	ck_assert_int_eq(doc_int(doc, "null", -1), -1);
	ck_assert_int_eq(doc_int(doc, "absent", -1), -1);
	ck_assert_double_eq(doc_double(doc, "string", -1), -1);
	ck_assert_double_eq(doc_double(doc, "true", -1), -1);
}
END_TEST

START_TEST(big_numbers_are_exact_or_absent)
{
	DOC_LATER struct json_object *doc =
	    parsed("{\"max\":9223372036854775807,\"min\":-9223372036854775808,"
		   "\"unsigned\":18446744073709551615,\"whole\":1e3,"
		   "\"huge\":1e300,\"infinite\":1e999,\"neg\":-1e999}");

	ck_assert_int_eq(doc_int(doc, "max", 0), INT64_MAX);
	ck_assert_int_eq(doc_int(doc, "min", 0), INT64_MIN);
	ck_assert_int_eq(doc_int(doc, "unsigned", -1), -1);
	ck_assert_int_eq(doc_int(doc, "whole", -1), 1000);
	ck_assert_int_eq(doc_int(doc, "huge", -1), -1);
	ck_assert_int_eq(doc_int(doc, "infinite", -1), -1);
	ck_assert_int_eq(doc_int(doc, "neg", -1), -1);
	ck_assert_double_eq(doc_double(doc, "huge", 0), 1e300);
}
END_TEST

START_TEST(booleans_are_booleans_only)
{
	DOC_LATER struct json_object *doc = parsed(each_type);

	ck_assert(doc_bool(doc, "true", false));
	ck_assert(!doc_bool(doc, "int", false));
	ck_assert(doc_bool(doc, "string", true));
	ck_assert(doc_bool(doc, "absent", true));
}
END_TEST

START_TEST(arrays_are_arrays_only)
{
	DOC_LATER struct json_object *doc = parsed(each_type);
	struct json_object *array = doc_at(doc, "array");

	ck_assert_uint_eq(doc_count(doc, "array"), 3);
	ck_assert_int_eq(doc_int(doc_element(array, 2), "", -1), 3);
	ck_assert_ptr_null(doc_element(array, 3));
	ck_assert_ptr_null(doc_element(doc, 0));
	ck_assert_ptr_null(doc_element(NULL, 0));
	ck_assert_uint_eq(doc_count(doc, "object"), 0);
	ck_assert_uint_eq(doc_count(doc, "string"), 0);
	ck_assert_uint_eq(doc_count(doc, "absent"), 0);
}
END_TEST

START_TEST(objects_and_arrays_are_told_apart)
{
	DOC_LATER struct json_object *doc =
	    parsed("{\"object\":{},\"array\":[],\"text\":\"{}\"}");

	ck_assert(doc_is_object(doc_at(doc, "object")));
	ck_assert(!doc_is_object(doc_at(doc, "array")));
	ck_assert(!doc_is_object(doc_at(doc, "text")));
	ck_assert(!doc_is_object(NULL));
	ck_assert(doc_is_array(doc_at(doc, "array")));
	ck_assert(!doc_is_array(doc_at(doc, "object")));
	ck_assert(!doc_is_array(NULL));
}
END_TEST

START_TEST(what_does_not_apply_is_left_out)
{
	DOC_LATER struct json_object *doc = doc_object();

	doc_put_string(doc, "string", NULL);
	doc_put(doc, "value", NULL);
	doc_put_time(doc, "time", 0);
	FREE_LATER char *text = doc_text(doc);

	ck_assert_str_eq(text, "{}");
}
END_TEST

START_TEST(what_is_put_is_printed)
{
	DOC_LATER struct json_object *doc = doc_object();
	struct json_object *array = doc_array();

	doc_put_string(doc, "arn", "arn:aws:iam::123456789012:user/bob");
	doc_put_int(doc, "int", INT64_MIN);
	doc_put_bool(doc, "bool", false);
	doc_put_null(doc, "null");
	doc_put_time(doc, "time", 1709210096789);
	doc_push(array, doc_new_string("one"));
	doc_push(array, doc_object());
	doc_put(doc, "array", array);
	FREE_LATER char *text = doc_text(doc);

	ck_assert_str_eq(text,
	    "{\"arn\":\"arn:aws:iam::123456789012:user/bob\","
	    "\"int\":-9223372036854775808,\"bool\":false,\"null\":null,"
	    "\"time\":\"2024-02-29T12:34:56.789Z\",\"array\":[\"one\",{}]}");
}
END_TEST

START_TEST(a_time_is_read_as_it_was_put)
{
	DOC_LATER struct json_object *doc =
	    parsed("{\"not\":\"yesterday\",\"number\":7}");

	doc_put_time(doc, "time", 1709210096789);
	ck_assert_int_eq(doc_time(doc, "time"), 1709210096789);
	ck_assert_int_eq(doc_time(doc, "not"), 0);
	ck_assert_int_eq(doc_time(doc, "number"), 0);
	ck_assert_int_eq(doc_time(doc, "nothing"), 0);
	ck_assert_int_eq(doc_time(NULL, "time"), 0);
}
END_TEST

START_TEST(pretty_is_for_people)
{
	DOC_LATER struct json_object *doc = parsed("{\"a\":[\"x/y\"]}");
	FREE_LATER char *text = doc_pretty(doc);

	ck_assert_str_eq(text, "{\n  \"a\": [\n    \"x/y\"\n  ]\n}");
}
END_TEST

START_TEST(numbers_keep_their_form)
{
	static const char text[] = "[0,-1,1.50,1E5,1e-7,-0.0,1e999,0.10,"
				   "18446744073709551615,123456789.123456789]";
	DOC_LATER struct json_object *doc = parsed(text);
	FREE_LATER char *printed = doc_text(doc);

	ck_assert_str_eq(printed, text);
}
END_TEST

START_TEST(text_from_outside_is_printed_as_utf8)
{
	DOC_LATER struct json_object *doc =
	    parsed("[\"\\ud83d\\ude00\",\"\\ud800\",\"\\udc00x\","
		   "\"\\ud800\\u0041\",\"\\\"\\\\\\/\\n\\u0001\"]");
	FREE_LATER char *text = doc_text(doc);

	/* Half a surrogate pair becomes U+FFFD. */
	ck_assert_str_eq(text,
	    "[\"\xf0\x9f\x98\x80\",\"\xef\xbf\xbd\",\"\xef\xbf\xbdx\","
	    "\"\xef\xbf\xbd"
	    "A\",\"\\\"\\\\/\\n\\u0001\"]");
}
END_TEST

START_TEST(our_own_text_is_made_utf8)
{
	DOC_LATER struct json_object *doc = doc_object();

	doc_put_string(doc, "path", "/etc/\xff");
	ck_assert_str_eq(doc_string(doc, "path"), "/etc/?");
}
END_TEST

START_TEST(the_last_of_two_members_counts)
{
	DOC_LATER struct json_object *doc = parsed("{\"a\":1,\"a\":2}");

	ck_assert_int_eq(doc_int(doc, "a", -1), 2);
}
END_TEST

START_TEST(nothing_is_freed)
{
	struct json_object *none = NULL;

	doc_free(NULL);
	doc_free_at(&none);
	ck_assert_ptr_null(none);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("util/doc");
	TCase *tcase = tcase_create("doc");

	tcase_add_test(tcase, paths_are_walked);
	tcase_add_test(tcase, strings_are_strings_only);
	tcase_add_test(tcase, a_string_with_a_nul_is_none);
	tcase_add_test(tcase, numbers_are_numbers_only);
	tcase_add_test(tcase, big_numbers_are_exact_or_absent);
	tcase_add_test(tcase, booleans_are_booleans_only);
	tcase_add_test(tcase, arrays_are_arrays_only);
	tcase_add_test(tcase, objects_and_arrays_are_told_apart);
	tcase_add_test(tcase, what_does_not_apply_is_left_out);
	tcase_add_test(tcase, what_is_put_is_printed);
	tcase_add_test(tcase, a_time_is_read_as_it_was_put);
	tcase_add_test(tcase, pretty_is_for_people);
	tcase_add_test(tcase, numbers_keep_their_form);
	tcase_add_test(tcase, text_from_outside_is_printed_as_utf8);
	tcase_add_test(tcase, our_own_text_is_made_utf8);
	tcase_add_test(tcase, the_last_of_two_members_counts);
	tcase_add_test(tcase, nothing_is_freed);
	suite_add_tcase(suite, tcase);
	return suite;
}
