/* SPDX-License-Identifier: Apache-2.0 */
/* The log: what a sink is given, and what standard error shows without one. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "unit/unit.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/log.h"

static void
record(void *self, enum log_level level, const char *text,
    const struct log_field *fields, size_t count)
{
	struct buf *lines = self;

	buf_printf(lines, "%d|%s", level, text);
	for (size_t i = 0; i < count; i++)
		buf_printf(lines, "|%s=%s", fields[i].name, fields[i].value);
	buf_puts(lines, "\n");
}

START_TEST(a_sink_gets_the_line_and_its_fields)
{
	CLEANUP(buf_done) struct buf lines = BUF_INIT(1000);
	struct log_sink sink = { &lines, record };

	log_bind(&sink);
	log_line(LEVEL_ERROR, "%d things", 3);
	log_with(LEVEL_NOTICE,
	    LOG_FIELDS({ "KEYGUARD_EXECUTION", "e1" }, { "NONE", NULL },
		{ "KEYGUARD_STATE", "s1" }),
	    "entered");
	ck_assert_str_eq(buf_text(&lines),
	    "3|3 things\n"
	    "5|entered|KEYGUARD_EXECUTION=e1|KEYGUARD_STATE=s1\n");
}
END_TEST

START_TEST(the_threshold_holds_back_details)
{
	CLEANUP(buf_done) struct buf lines = BUF_INIT(1000);
	struct log_sink sink = { &lines, record };

	log_bind(&sink);
	log_line(LEVEL_INFO, "shown");
	log_line(LEVEL_DEBUG, "hidden");
	log_threshold(LEVEL_WARNING);
	log_line(LEVEL_NOTICE, "hidden");
	log_line(LEVEL_WARNING, "shown");
	log_threshold(LEVEL_DEBUG);
	log_line(LEVEL_DEBUG, "shown");
	ck_assert_str_eq(buf_text(&lines), "6|shown\n4|shown\n7|shown\n");
}
END_TEST

START_TEST(one_line_stays_one_line)
{
	CLEANUP(buf_done) struct buf lines = BUF_INIT(1000);
	struct log_sink sink = { &lines, record };

	log_bind(&sink);
	log_line(LEVEL_INFO, "%s", "one\n<3> forged\r\x1b[2J\x7f\xff");
	ck_assert_str_eq(buf_text(&lines), "6|one <3> forged  [2J ?\n");
}
END_TEST

START_TEST(a_line_is_bounded)
{
	CLEANUP(buf_done) struct buf lines = BUF_INIT(10000);
	struct log_sink sink = { &lines, record };
	char text[8000];

	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	log_bind(&sink);
	log_line(LEVEL_INFO, "%s", text);
	ck_assert_uint_le(lines.len, 2100);
	ck_assert_ptr_nonnull(strstr(buf_text(&lines), "xxx...\n"));
}
END_TEST

START_TEST(without_a_sink_it_is_standard_error)
{
	struct log_sink sink = { NULL, record };
	char shown[200] = "";
	FILE *file = tmpfile();

	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(dup2(fileno(file), STDERR_FILENO), 0);
	log_bind(&sink);
	log_bind(NULL);
	log_line(LEVEL_WARNING, "plain");
	log_with(LEVEL_INFO, LOG_FIELDS({ "A", "b\nc" }, { "D", NULL }),
	    "with %s", "fields");
	rewind(file);
	ck_assert_uint_gt(fread(shown, 1, sizeof shown - 1, file), 0);
	fclose(file);
	ck_assert_str_eq(shown, "<4> plain\n<6> with fields A=b c\n");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("util/log");
	TCase *tcase = tcase_create("log");

	tcase_add_test(tcase, a_sink_gets_the_line_and_its_fields);
	tcase_add_test(tcase, the_threshold_holds_back_details);
	tcase_add_test(tcase, one_line_stays_one_line);
	tcase_add_test(tcase, a_line_is_bounded);
	tcase_add_test(tcase, without_a_sink_it_is_standard_error);
	suite_add_tcase(suite, tcase);
	return suite;
}
