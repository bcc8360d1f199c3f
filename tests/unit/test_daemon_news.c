/* SPDX-License-Identifier: Apache-2.0 */
/* Which ends of executions call for a human. */
#include <stdio.h>
#include <string.h>

#include "daemon/core_private.h"
#include "unit/unit.h"
#include "util/log.h"
#include "util/message_id.h"

static char said[64]; /* of each line the level and what id it has */

static void
record(void *self, enum log_level level, const char *text,
    const struct log_field *fields, size_t count)
{
	size_t len = strlen(said);
	const char *id = fields[0].value;

	(void)self;
	ck_assert_uint_ge(count, 2);
	ck_assert_str_eq(fields[0].name, "MESSAGE_ID");
	ck_assert_str_eq(fields[1].name, "KEYGUARD_EXECUTION");
	ck_assert_str_eq(fields[1].value, "A");
	ck_assert(strncmp(text, "A: ", 3) == 0);
	snprintf(said + len, sizeof said - len, "%d%s ", level,
	    strcmp(id, MESSAGE_ID_UNTOLD) == 0            ? "untold"
		: strcmp(id, MESSAGE_ID_UNCONTAINED) == 0 ? "uncontained"
		: strcmp(id, MESSAGE_ID_EXPIRED) == 0     ? "expired"
							  : id);
}

static const struct {
	struct standing standing;
	const char *says;
} cases[] = {
	{ { .status = STATUS_RUNNING }, "" },
	{ { .status = STATUS_RUNNING, .outcome = "uncontained" }, "" },
	{ { .status = STATUS_SUCCEEDED, .outcome = "contained" }, "" },
	{ { .status = STATUS_SUCCEEDED, .outcome = "uncontained" },
	    "4uncontained " },
	{ { .status = STATUS_ABORTED, .outcome = "uncontained" },
	    "4uncontained " },
	{ { .status = STATUS_FAILED, .outcome = "contained" }, "3untold " },
	{ { .status = STATUS_FAILED, .outcome = "uncontained" },
	    "3untold 4uncontained " },
	/* The first of a row, one in the middle, the last. */
	{ { .status = STATUS_SUCCEEDED,
	      .outcome = "uncontained",
	      .due_wall_ms = 1 },
	    "4uncontained " },
	{ { .status = STATUS_SUCCEEDED,
	      .outcome = "uncontained",
	      .due_wall_ms = 1,
	      .retries = 1 },
	    "" },
	{ { .status = STATUS_SUCCEEDED,
	      .outcome = "uncontained",
	      .retries = 2 },
	    "4uncontained " },
};

static void
setup(void)
{
	static const struct log_sink sink = { NULL, record };

	log_bind(&sink);
	said[0] = '\0';
}

START_TEST(an_end_has_its_lines)
{
	const struct event event = { .type = EVENT_EXECUTION_SUCCEEDED };

	core_news("A", &event, &cases[_i].standing);
	ck_assert_str_eq(said, cases[_i].says);
}
END_TEST

START_TEST(what_nobody_was_told_of_has_a_last_line)
{
	core_news_expired("A");
	ck_assert_str_eq(said, "4expired ");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("daemon/news");
	TCase *tests = tcase_create("news");

	tcase_add_checked_fixture(tests, setup, NULL);
	tcase_add_test(tests, what_nobody_was_told_of_has_a_last_line);
	tcase_add_loop_test(
	    tests, an_end_has_its_lines, 0, sizeof cases / sizeof cases[0]);
	suite_add_tcase(suite, tests);
	return suite;
}
