/* SPDX-License-Identifier: Apache-2.0 */
/* Points in time: both ways, at the edges of the calendar. */
#include <stdint.h>

#include "unit/unit.h"
#include "util/stamp.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

/* What is written, and reads back as the same millisecond. */
static const struct {
	int64_t wall_ms;
	const char *text;
} moments[] = {
	{ 0, "1970-01-01T00:00:00.000Z" },
	{ 1, "1970-01-01T00:00:00.001Z" },
	{ -1, "1969-12-31T23:59:59.999Z" },
	{ -86400000, "1969-12-31T00:00:00.000Z" },
	{ 951782400000, "2000-02-29T00:00:00.000Z" },
	{ 1709210096789, "2024-02-29T12:34:56.789Z" },
	{ 1709251199999, "2024-02-29T23:59:59.999Z" },
	{ 1709251200000, "2024-03-01T00:00:00.000Z" },
	{ INT64_C(2147483648000), "2038-01-19T03:14:08.000Z" },
	{ INT64_C(4107542400000), "2100-03-01T00:00:00.000Z" },
	{ INT64_C(253402300799999), "9999-12-31T23:59:59.999Z" },
	{ INT64_C(-62167219200000), "0000-01-01T00:00:00.000Z" },
};

START_TEST(both_ways)
{
	char text[STAMP_RFC3339];
	int64_t wall_ms = 42;

	stamp_rfc3339(moments[_i].wall_ms, text);
	ck_assert_str_eq(text, moments[_i].text);
	ck_assert(stamp_parse(text, &wall_ms));
	ck_assert_int_eq(wall_ms, moments[_i].wall_ms);
}
END_TEST

START_TEST(what_no_text_can_say_is_clamped)
{
	char text[STAMP_RFC3339], amz[STAMP_AMZ];

	stamp_rfc3339(INT64_MAX, text);
	ck_assert_str_eq(text, "9999-12-31T23:59:59.999Z");
	stamp_rfc3339(INT64_MIN, text);
	ck_assert_str_eq(text, "0000-01-01T00:00:00.000Z");
	stamp_amz(INT64_MAX, amz);
	ck_assert_str_eq(amz, "99991231T235959Z");
}
END_TEST

START_TEST(amz_has_no_marks)
{
	char text[STAMP_AMZ];

	stamp_amz(1440938160999, text);
	ck_assert_str_eq(text, "20150830T123600Z");
}
END_TEST

static const struct {
	const char *text;
	int64_t wall_ms;
} readable[] = {
	{ "2026-06-05T06:27:57Z", 1780640877000 },
	{ "2026-06-05T06:27:57.5Z", 1780640877500 },
	{ "2026-06-05T06:27:57.123999999Z", 1780640877123 },
	{ "2026-06-05T08:27:57+02:00", 1780640877000 },
	{ "2026-06-04T22:57:57-07:30", 1780640877000 },
	{ "2026-06-05T06:27:57-00:00", 1780640877000 },
	{ "2026-06-05T06:27:57.25+00:00", 1780640877250 },
	{ "2023-12-31T23:30:00-01:00", 1704069000000 },
};

START_TEST(forms_that_are_read)
{
	int64_t wall_ms = 42;

	ck_assert(stamp_parse(readable[_i].text, &wall_ms));
	ck_assert_int_eq(wall_ms, readable[_i].wall_ms);
}
END_TEST

static const char *const unreadable[] = {
	"",
	"2026",
	"2026-06-05",
	"2026-06-05T06:27:57",  /* no offset */
	"2026-06-05 06:27:57Z", /* no T */
	"2026-06-05t06:27:57z",
	"2026-06-05T06:27Z",
	"2026-6-5T06:27:57Z",
	"+026-06-05T06:27:57Z",
	" 2026-06-05T06:27:57Z",
	"2026-06-05T06:27:57Z ",
	"2026-06-05T06:27:57.Z",
	"2026-06-05T06:27:57,5Z",
	"2026-06-05T06:27:57+0200",
	"2026-06-05T06:27:57+02",
	"2026-06-05T06:27:57+24:00",
	"2026-06-05T06:27:57+02:60",
	"2026-06-05T06:27:57Z+02:00",
	"2026-00-05T06:27:57Z",
	"2026-13-05T06:27:57Z",
	"2026-06-00T06:27:57Z",
	"2026-06-31T06:27:57Z",
	"2026-02-29T06:27:57Z", /* no leap year */
	"1900-02-29T06:27:57Z", /* nor this one */
	"2024-02-30T06:27:57Z",
	"2026-06-05T24:00:00Z",
	"2026-06-05T06:60:57Z",
	"2026-06-05T06:27:60Z", /* POSIX time has no leap seconds */
	"10000-01-01T00:00:00Z",
	"Fri, 05 Jun 2026 06:27:57 GMT",
};

START_TEST(anything_else_is_refused)
{
	int64_t wall_ms = 42;

	ck_assert(!stamp_parse(unreadable[_i], &wall_ms));
	ck_assert_int_eq(wall_ms, 42);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("util/stamp");
	TCase *tcase = tcase_create("stamp");

	tcase_add_loop_test(tcase, both_ways, 0, COUNT(moments));
	tcase_add_test(tcase, what_no_text_can_say_is_clamped);
	tcase_add_test(tcase, amz_has_no_marks);
	tcase_add_loop_test(tcase, forms_that_are_read, 0, COUNT(readable));
	tcase_add_loop_test(
	    tcase, anything_else_is_refused, 0, COUNT(unreadable));
	suite_add_tcase(suite, tcase);
	return suite;
}
