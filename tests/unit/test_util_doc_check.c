/* SPDX-License-Identifier: Apache-2.0 */
/* Which texts are one whole JSON document, and what is said of the others. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "unit/unit.h"
#include "util/alloc.h"
#include "util/doc.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

/* A text with its length, since some have a NUL within. */
#define TEXT(text_) (text_), sizeof(text_) - 1

/* Parses a copy that ends where the text does, for AddressSanitizer to see. */
static struct json_object *
parse(const char *text, size_t len, struct error *error)
{
	FREE_LATER char *copy = malloc(len == 0 ? 1 : len);

	memcpy(copy, text, len);
	return doc_parse(copy, len, error);
}

static const struct {
	const char *text;
	size_t len;
} documents[] = {
	{ TEXT("{}") },
	{ TEXT(" \t\r\n[ ] \t\r\n") },
	{ TEXT("12") },
	{ TEXT("-0") },
	{ TEXT("\"text\"") },
	{ TEXT("true") },
	{ TEXT("false ") },
	{ TEXT("[null,true,false]") },
	{ TEXT("[0,-1,1.5,-0.5e+10,1E5,2e-3]") },
	{ TEXT("[9223372036854775807,-9223372036854775808]") },
	{ TEXT("[18446744073709551615]") },
	{ TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"") },
	{ TEXT("\"\\\\u0000\"") },
	{ TEXT("[\"\\u0000\"]") },
	{ TEXT("{\"\\\\u0000\" : 1}") },
	{ TEXT("\"\x7f\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"") },
	{ TEXT("{\"a\":{\"b\":[{}]}}") },
};

START_TEST(documents_are_taken)
{
	struct error error = { 0 };
	DOC_LATER struct json_object *doc =
	    parse(documents[_i].text, documents[_i].len, &error);

	ck_assert_msg(doc != NULL, "%s: %s", documents[_i].text, error.cause);
}
END_TEST

static const struct {
	const char *text;
	size_t len;
	const char *cause;
} refused[] = {
	/* not whole */
	{ TEXT(""), "byte 0: " },
	{ TEXT("  "), "byte 2: " },
	{ TEXT("{"), "byte 1: " },
	{ TEXT("[1,2"), "byte 4: " },
	{ TEXT("{\"a\":"), "byte 5: " },
	{ TEXT("{\"a\""), "byte 4: " },
	{ TEXT("\"abc"), "byte 4: the end within a string" },
	{ TEXT("\"abc\\"), "byte 5: the end within a string" },
	{ TEXT("\"abc\\\""), "byte 6: the end within a string" },
	{ TEXT("tru"), "byte 3: " },
	{ TEXT("\"\\u12\""), "byte 5: " },
	/* more than one */
	{ TEXT("{} {}"), "byte 3: " },
	{ TEXT("[1] x"), "byte 4: not JSON" },
	{ TEXT("1 2"), "byte 2: " },
	{ TEXT("{}]"), "byte 2: " },
	{ TEXT("null"), "null is no document" },
	/* NUL */
	{ TEXT("[1]\0"), "byte 3: not JSON" },
	{ TEXT("\0"), "byte 0: not JSON" },
	{ TEXT("\"a\0b\""), "byte 2: a control character" },
	{ TEXT("{\"user\\u0000x\":1}"), "a NUL in a member's name" },
	{ TEXT("{\"user\\u0000\" \n : 1}"), "a NUL in a member's name" },
	/* no UTF-8 */
	{ TEXT("\"\xff\""), "byte 1: not UTF-8" },
	{ TEXT("\"a\xc3\""), "byte 2: not UTF-8" },
	{ TEXT("\"\xc0\x80\""), "byte 1: not UTF-8" },
	{ TEXT("\"\xed\xa0\x80\""), "byte 1: not UTF-8" },
	{ TEXT("\"\xf4\x90\x80\x80\""), "byte 1: not UTF-8" },
	{ TEXT("\"\\\xff\""), "byte 2: not UTF-8" },
	{ TEXT("{\"\xff\":1}"), "byte 2: not UTF-8" },
	{ TEXT("\xef\xbb\xbf{}"), "byte 0: not JSON" },
	/* numbers */
	{ TEXT("18446744073709551616"), "more than 64 bits" },
	{ TEXT("[-9223372036854775809]"), "more than 64 bits" },
	{ TEXT("123456789012345678901234567890"), "more than 64 bits" },
	{ TEXT("[1.]"), "byte 3: a digit is missing" },
	{ TEXT("[1e]"), "byte 3: a digit is missing" },
	{ TEXT("[1e+]"), "byte 4: a digit is missing" },
	{ TEXT("[-]"), "byte 2: a digit is missing" },
	{ TEXT("[01]"), "a number begins with 0" },
	{ TEXT("[-01]"), "a number begins with 0" },
	{ TEXT("[00]"), "a number begins with 0" },
	{ TEXT("[+1]"), "byte 1: not JSON" },
	{ TEXT("[.5]"), "byte 1: not JSON" },
	{ TEXT("[1.5.5]"), "byte 4: not JSON" },
	{ TEXT("[1-2]"), "byte " },
	{ TEXT("[0x10]"), "not JSON" },
	{ TEXT("[NaN]"), "byte 1: not JSON" },
	{ TEXT("[nan]"), "byte 2: " },
	{ TEXT("[Infinity]"), "byte 1: not JSON" },
	{ TEXT("[-Infinity]"), "a digit is missing" },
	/* the rest of the grammar */
	{ TEXT("{'a':1}"), "byte 1: not JSON" },
	{ TEXT("{a:1}"), "byte " },
	{ TEXT("[1,]"), "byte 3: " },
	{ TEXT("{\"a\":1,}"), "byte 7: " },
	{ TEXT("[1 2]"), "byte 3: " },
	{ TEXT("[/**/1]"), "byte 1: not JSON" },
	{ TEXT("True"), "byte 0: not JSON" },
	{ TEXT("[\"\\x\"]"), "byte 3: " },
	{ TEXT("\"a\nb\""), "byte 2: a control character" },
	{ TEXT("\"\t\""), "byte 1: a control character" },
	{ TEXT("[1]\v"), "byte 3: not JSON" },
};

START_TEST(anything_else_is_refused)
{
	struct error error = { 0 };
	DOC_LATER struct json_object *doc =
	    parse(refused[_i].text, refused[_i].len, &error);

	ck_assert_msg(doc == NULL, "%s", refused[_i].text);
	ck_assert_str_eq(error.name, "Doc.Malformed");
	ck_assert_msg(strstr(error.cause, refused[_i].cause) != NULL, "%s: %s",
	    refused[_i].text, error.cause);
}
END_TEST

/* `depth` times `open`, then as often `close`. */
static char *
nested(size_t depth, const char *open, const char *close)
{
	size_t wide = strlen(open);
	char *text = xzalloc(depth * (wide + 1) + 1), *at = text;

	for (size_t i = 0; i < depth; i++, at += wide)
		memcpy(at, open, wide);
	memset(at, *close, depth);
	return text;
}

START_TEST(depth_is_capped)
{
	struct error error = { 0 };
	FREE_LATER char *most = nested(DOC_DEPTH, "[", "]");
	FREE_LATER char *more = nested(DOC_DEPTH + 1, "[", "]");
	FREE_LATER char *lots = nested(1000000, "[", "]");
	DOC_LATER struct json_object *doc = parse(most, strlen(most), &error);

	ck_assert_ptr_nonnull(doc);
	ck_assert_ptr_null(parse(more, strlen(more), &error));
	ck_assert_str_eq(error.name, "Doc.TooDeep");
	ck_assert_ptr_nonnull(strstr(error.cause, "byte 32"));
	ck_assert_ptr_null(parse(lots, strlen(lots), &error));
	ck_assert_str_eq(error.name, "Doc.TooDeep");
}
END_TEST

START_TEST(depth_of_objects_is_capped)
{
	struct error error = { 0 };
	FREE_LATER char *text = nested(1000, "{\"a\":", "}");

	ck_assert_ptr_null(parse(text, strlen(text), &error));
	ck_assert_str_eq(error.name, "Doc.TooDeep");
}
END_TEST

START_TEST(size_is_capped)
{
	struct error error = { 0 };

	/* json-c counts in int: more must not even be looked at. */
	ck_assert_ptr_null(doc_parse("[]", (size_t)INT_MAX + 1, &error));
	ck_assert_str_eq(error.name, "Doc.Malformed");
	ck_assert_ptr_nonnull(strstr(error.cause, "2147483648 bytes"));
}
END_TEST

START_TEST(nobody_may_care_why)
{
	ck_assert_ptr_null(doc_parse("[", 1, NULL));
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("util/doc_check");
	TCase *tcase = tcase_create("doc_check");

	tcase_add_loop_test(tcase, documents_are_taken, 0, COUNT(documents));
	tcase_add_loop_test(tcase, anything_else_is_refused, 0, COUNT(refused));
	tcase_add_test(tcase, depth_is_capped);
	tcase_add_test(tcase, depth_of_objects_is_capped);
	tcase_add_test(tcase, size_is_capped);
	tcase_add_test(tcase, nobody_may_care_why);
	suite_add_tcase(suite, tcase);
	return suite;
}
