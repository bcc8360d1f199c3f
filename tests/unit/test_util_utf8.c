/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8: the edges of RFC 3629, repair, and cutting between characters. */
#include <stdlib.h>
#include <string.h>

#include "unit/unit.h"
#include "util/utf8.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

static const struct {
	const char *text;
	size_t len; /* of the first character, 0: none */
} first_characters[] = {
	{ "A", 1 },
	{ "\x7f", 1 },
	{ "\x80", 0 },                 /* a later byte alone */
	{ "\xc1\xbf", 0 },             /* overlong */
	{ "\xc2\x80", 2 },             /* U+0080 */
	{ "\xdf\xbf", 2 },             /* U+07FF */
	{ "\xc3", 0 },                 /* cut */
	{ "\xc3\x28", 0 },             /* no later byte */
	{ "\xe0\x9f\xbf", 0 },         /* overlong */
	{ "\xe0\xa0\x80", 3 },         /* U+0800 */
	{ "\xed\x9f\xbf", 3 },         /* U+D7FF */
	{ "\xed\xa0\x80", 0 },         /* a surrogate */
	{ "\xee\x80\x80", 3 },         /* U+E000 */
	{ "\xef\xbf\xbf", 3 },         /* U+FFFF */
	{ "\xe2\x82", 0 },             /* cut */
	{ "\xe2\x82\x41", 0 },         /* no later byte */
	{ "\xf0\x8f\xbf\xbf", 0 },     /* overlong */
	{ "\xf0\x90\x80\x80", 4 },     /* U+10000 */
	{ "\xf4\x8f\xbf\xbf", 4 },     /* U+10FFFF */
	{ "\xf4\x90\x80\x80", 0 },     /* past it */
	{ "\xf5\x80\x80\x80", 0 },     /* past it */
	{ "\xf0\x9f\x98", 0 },         /* cut */
	{ "\xf0\x9f\x98\xc0", 0 },     /* no later byte */
	{ "\xf8\x88\x80\x80\x80", 0 }, /* five bytes: never */
	{ "\xff", 0 },
};

START_TEST(characters)
{
	const char *text = first_characters[_i].text;

	ck_assert_uint_eq(
	    utf8_char(text, strlen(text)), first_characters[_i].len);
	ck_assert_int_eq(utf8_valid(text), first_characters[_i].len != 0);
}
END_TEST

START_TEST(nothing_is_no_character)
{
	ck_assert_uint_eq(utf8_char("abc", 0), 0);
	ck_assert_uint_eq(utf8_char("", 1), 1);
	ck_assert(utf8_valid(""));
}
END_TEST

START_TEST(repair_touches_bad_bytes_only)
{
	char text[] = "a\xc3\xa9\xff\xc3(\xed\xa0\x80 \xe2\x82";

	utf8_repair(text);
	ck_assert_str_eq(text,
	    "a\xc3\xa9?"
	    "?(??"
	    "? ??");
}
END_TEST

static const char *__attribute__((format(printf, 3, 4)))
made(char *out, size_t room, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	utf8_vformat(out, room, format, args);
	va_end(args);
	return out;
}

START_TEST(what_fits_is_whole)
{
	char out[9];

	ck_assert_str_eq(made(out, sizeof out, "%s", "12345678"), "12345678");
	ck_assert_str_eq(made(out, sizeof out, "%s", "a\xff"), "a?");
}
END_TEST

START_TEST(what_does_not_fit_is_cut_at_a_character)
{
	char out[9];

	ck_assert_str_eq(made(out, sizeof out, "%s", "123456789"), "12345...");
	/* The euro sign would end at byte 6, where the dots begin. */
	ck_assert_str_eq(
	    made(out, sizeof out, "123%s6789", "\xe2\x82\xac"), "123...");
	ck_assert_str_eq(made(out, sizeof out, "12%s6789", "\xe2\x82\xac"),
	    "12\xe2\x82\xac...");
	/* vsnprintf cuts this one in the middle by itself. */
	ck_assert_str_eq(
	    made(out, sizeof out, "1234567%s", "\xe2\x82\xac"), "12345...");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("util/utf8");
	TCase *tcase = tcase_create("utf8");

	tcase_add_loop_test(tcase, characters, 0, COUNT(first_characters));
	tcase_add_test(tcase, nothing_is_no_character);
	tcase_add_test(tcase, repair_touches_bad_bytes_only);
	tcase_add_test(tcase, what_fits_is_whole);
	tcase_add_test(tcase, what_does_not_fit_is_cut_at_a_character);
	suite_add_tcase(suite, tcase);
	return suite;
}
