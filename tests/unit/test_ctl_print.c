/* SPDX-License-Identifier: Apache-2.0 */
/* Text that is safe, times in the zone of who reads, long text in lines. */
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ctl/print.h"
#include "ctl/story.h"
#include "ctl/wrap.h"
#include "unit/unit.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/stamp.h"

static void
setup(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	setenv("TZ", "Europe/Berlin", 1);
	tzset();
}

/* Takes over what is compared. */
static void
expect(char *text, const char *expected)
{
	FREE_LATER char *mine = text;

	ck_assert_str_eq(mine, expected);
}

START_TEST(nothing_moves_the_cursor)
{
	expect(print_clean("plain Zo\xc3\xab \xe2\x82\xac \xf0\x9f\x94\x91"),
	    "plain Zo\xc3\xab \xe2\x82\xac \xf0\x9f\x94\x91");
	expect(print_clean("\033[2J\a\b\x7f"), "?[2J???");
	expect(print_clean("a\tb\nc\rd"), "a b c d");
	expect(print_clean("\xc2\x9b"
			   "31m\xc2\x80\xc2\x9f\xc2\xa0"),
	    "?31m?"
	    "?\xc2\xa0");
	expect(print_clean("\xe2\x80\xae"
			   "evil\xe2\x81\xa6\xe2\x80\x8b"),
	    "?evil??");
	expect(print_clean("\xef\xbb\xbf\xe2\x80\xa8\xf3\xa0\x81\x81"), "???");
	expect(print_clean("\xff\xc3(\xe2\x82"),
	    "?"
	    "?(?"
	    "?");
	expect(print_clean(""), "");
	expect(print_clean(NULL), "");
}
END_TEST

START_TEST(times_have_a_zone)
{
	expect(
	    print_time("2026-06-05T06:27:57.123Z"), "2026-06-05 08:27:57 CEST");
	expect(
	    print_time("2026-01-05T06:27:57.123Z"), "2026-01-05 07:27:57 CET");
	expect(print_time("yester\033day"), "yester?day");
	expect(print_time(NULL), "");
	expect(print_clock("2026-06-05T06:27:57.007Z", NULL), "08:27:57.007");
	expect(print_clock("2026-06-05T06:27:57Z", "2026-06-05T21:00:00Z"),
	    "08:27:57.000");
	expect(print_clock("2026-06-05T22:27:57Z", "2026-06-05T21:00:00Z"),
	    "2026-06-06 00:27:57 CEST");
	expect(print_clock("2026-06-05T06:27:57Z", "2025-06-05T06:00:00Z"),
	    "2026-06-05 08:27:57 CEST");
}
END_TEST

START_TEST(durations_have_their_units)
{
	static const struct {
		const char *to, *expected;
	} durations[] = {
		{ "2026-06-05T00:00:00.000Z", "0 ms" },
		{ "2026-06-05T00:00:00.999Z", "999 ms" },
		{ "2026-06-05T00:00:01.999Z", "1.9 s" },
		{ "2026-06-05T00:00:59.999Z", "59.9 s" },
		{ "2026-06-05T00:01:00.000Z", "1 min" },
		{ "2026-06-05T00:12:03.000Z", "12 min 3 s" },
		{ "2026-06-05T03:20:59.000Z", "3 h 20 min" },
		{ "2026-06-10T02:30:00.000Z", "5 d 2 h" },
		{ "2026-06-04T23:59:59.000Z", "0 ms" },
		{ "soon", "" },
		{ NULL, "" },
	};

	for (size_t i = 0; i < sizeof durations / sizeof *durations; i++)
		expect(
		    print_duration("2026-06-05T00:00:00.000Z", durations[i].to),
		    durations[i].expected);
	expect(print_duration(NULL, "2026-06-05T00:00:00.000Z"), "");
}
END_TEST

START_TEST(differences_have_a_direction)
{
	const char *noon = "2026-06-05T12:00:00.000Z";

	expect(print_later(noon, "2026-06-05T12:00:00.929Z"), "929 ms later");
	expect(print_later(noon, noon), "0 ms later");
	expect(print_later(noon, "2026-06-05T08:53:00Z"), "3 h 7 min before");
	expect(print_later(noon, "soon"), "");
	expect(print_later(NULL, noon), "");
}
END_TEST

static char *
ago(int64_t ms)
{
	const struct clock clock = clock_real();
	char stamp[STAMP_RFC3339];

	/* Half a second more, so that it does not matter how long we take. */
	stamp_rfc3339(clock_wall_ms(&clock) - ms - 500, stamp);
	return print_age(stamp);
}

START_TEST(ages_have_one_unit)
{
	expect(ago(0), "0 s");
	expect(ago(-SECONDS(90)), "0 s");
	expect(ago(SECONDS(50)), "50 s");
	expect(ago(MINUTES(59) + SECONDS(50)), "59 min");
	expect(ago(MINUTES(60) * 23), "23 h");
	expect(ago(MINUTES(60) * 24 * 400), "400 d");
	expect(print_age("soon"), "");
	expect(print_age(NULL), "");
}
END_TEST

START_TEST(counts_have_a_plural)
{
	expect(print_count(0, "message"), "0 messages");
	expect(print_count(1, "message"), "1 message");
	expect(print_count(2, "message"), "2 messages");
}
END_TEST

START_TEST(lines_break_between_words)
{
	expect(wrap("", 5), "");
	expect(wrap("a b", 5), "a b");
	expect(wrap("abc def", 7), "abc def");
	expect(wrap("abc def", 6), "abc\ndef");
	expect(wrap("abc def ghi", 7), "abc def\nghi");
	expect(wrap("abcdefgh ij", 3), "abc\ndef\ngh\nij");
	expect(wrap("a  b", 2), "a \nb");
	expect(wrap("abc", 1), "a\nb\nc");
}
END_TEST

START_TEST(lines_count_columns_not_bytes)
{
	/* Zoë Zoë; three characters of two columns each. */
	expect(wrap("Zo\xc3\xab Zo\xc3\xab", 7), "Zo\xc3\xab Zo\xc3\xab");
	expect(wrap("Zo\xc3\xab Zo\xc3\xab", 6), "Zo\xc3\xab\nZo\xc3\xab");
	expect(wrap("\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2", 4),
	    "\xe6\xbc\xa2\xe6\xbc\xa2\n\xe6\xbc\xa2");
	expect(
	    wrap("\xe6\xbc\xa2\xe6\xbc\xa2", 1), "\xe6\xbc\xa2\n\xe6\xbc\xa2");
}
END_TEST

START_TEST(one_line_is_cut_off)
{
	expect(wrap_cut("", 3), "");
	expect(wrap_cut("abcdef", 6), "abcdef");
	expect(wrap_cut("abcdefg", 6), "abc...");
	expect(wrap_cut("abcdefg", 3), "...");
	expect(wrap_cut("Zo\xc3\xab Zo\xc3\xab", 7), "Zo\xc3\xab Zo\xc3\xab");
	expect(wrap_cut("Zo\xc3\xab Zo\xc3\xab", 6), "Zo\xc3\xab...");
	expect(wrap_cut("\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2", 5),
	    "\xe6\xbc\xa2...");
	expect(wrap_cut("\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2", 4), "...");
}
END_TEST

START_TEST(origins_in_words)
{
	expect(story_origin("sqs:059f36b4"), "SQS message 059f36b4");
	expect(story_origin("inject:uid=0,user=root,pid=4711"),
	    "injected by root (uid 0, pid 4711)");
	expect(story_origin("stop:uid=1000,pid=815"),
	    "stopped by uid 1000, pid 815");
	expect(
	    story_origin("redrive:automatic"), "redriven by keyguard itself");
	expect(
	    story_origin("retry:automatic"), "tried anew by keyguard itself");
	expect(
	    story_origin("resume:hold_timeout"), "let go on by hold_timeout");
	expect(story_origin("retry:uid=0"), "tried anew by uid=0");
	expect(story_origin("dream:uid=0"), "dream:uid=0");
	expect(story_origin(""), "");
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		nothing_moves_the_cursor,
		times_have_a_zone,
		durations_have_their_units,
		differences_have_a_direction,
		ages_have_one_unit,
		counts_have_a_plural,
		lines_break_between_words,
		lines_count_columns_not_bytes,
		one_line_is_cut_off,
		origins_in_words,
	};
	Suite *suite = suite_create("ctl/print");
	TCase *tcase = tcase_create("print");

	tcase_add_checked_fixture(tcase, setup, NULL);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
