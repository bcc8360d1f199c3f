/* SPDX-License-Identifier: Apache-2.0 */
/* Text of others: counted, cut and cleaned by characters, not bytes. */
#include "workflow/text.h"

#include <string.h>

#include "unit/unit.h"
#include "util/cleanup.h"

#define UMLAUT "\xc3\xa4"         /* two bytes */
#define KANJI  "\xe6\xbc\xa2"     /* three */
#define KEY    "\xf0\x9f\x94\x91" /* four */

START_TEST(characters_are_counted)
{
	ck_assert_uint_eq(text_length(""), 0);
	ck_assert_uint_eq(text_length("alice"), 5);
	ck_assert_uint_eq(text_length(UMLAUT KANJI KEY), 3);
}
END_TEST

START_TEST(the_first_are_whole)
{
	ck_assert_uint_eq(text_first("alice", 0), 0);
	ck_assert_uint_eq(text_first("alice", 3), 3);
	ck_assert_uint_eq(text_first("alice", 9), 5);
	ck_assert_uint_eq(text_first("a" KEY KANJI, 2), 5);
}
END_TEST

START_TEST(what_fits_ends_at_a_character)
{
	ck_assert_uint_eq(text_fit("alice", 5), 5);
	ck_assert_uint_eq(text_fit("alice", 4), 4);
	ck_assert_uint_eq(text_fit("a" KEY, 5), 5);
	for (size_t max = 1; max < 5; max++)
		ck_assert_uint_eq(text_fit("a" KEY, max), 1);
	ck_assert_uint_eq(text_fit(KEY, 3), 0);
}
END_TEST

START_TEST(controls_are_seen)
{
	ck_assert(text_plain(""));
	ck_assert(text_plain("j\xc3\xb6rg@example.com" KANJI KEY));
	ck_assert(text_plain("\xc2\xa0"));     /* U+00A0 */
	ck_assert(text_plain("\xe2\x80\xa6")); /* U+2026 */
	ck_assert(!text_plain("a\nb"));
	ck_assert(!text_plain("a\x7f"));
	ck_assert(!text_plain("a\xc2\x85"));     /* U+0085, next line */
	ck_assert(!text_plain("a\xe2\x80\xa8")); /* U+2028 */
}
END_TEST

static const struct {
	const char *text, *clean;
	size_t max;
} cleaned[] = {
	{ "  alice\t ", "alice", 9 },
	{ "\r\nal\nice\a", "al ice", 9 },
	{ "a b  c", "a b  c", 9 },
	{ UMLAUT "\xc2\x85" KANJI "\xe2\x80\xa9" KEY, UMLAUT KANJI KEY, 9 },
	{ KEY KEY KEY, KEY KEY, 2 },
	{ "a bc", "a", 2 },
	{ "", NULL, 9 },
	{ " \t\n ", NULL, 9 },
	{ NULL, NULL, 9 },
};

START_TEST(text_is_cleaned)
{
	FREE_LATER char *clean = text_clean(cleaned[_i].text, cleaned[_i].max);

	ck_assert_pstr_eq(clean, cleaned[_i].clean);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("workflow/text");
	TCase *tcase = tcase_create("text");

	tcase_add_test(tcase, characters_are_counted);
	tcase_add_test(tcase, the_first_are_whole);
	tcase_add_test(tcase, what_fits_ends_at_a_character);
	tcase_add_test(tcase, controls_are_seen);
	tcase_add_loop_test(
	    tcase, text_is_cleaned, 0, sizeof cleaned / sizeof cleaned[0]);
	suite_add_tcase(suite, tcase);
	return suite;
}
