/* SPDX-License-Identifier: Apache-2.0 */
/* The reasons of bad health: what is told, how often, and to whom. */
#include <stdio.h>

#include "unit/unit.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/health.h"
#include "util/log.h"

static void
record(void *self, enum log_level level, const char *text,
    const struct log_field *fields, size_t count)
{
	buf_printf(self, "%d|%s", level, text);
	for (size_t i = 0; i < count; i++)
		buf_printf(self, "|%s=%s", fields[i].name, fields[i].value);
	buf_puts(self, "\n");
}

static void
count_change(void *arg)
{
	(*(int *)arg)++;
}

START_TEST(a_reason_comes_and_goes)
{
	struct health health = { 0 };
	struct error error;

	ck_assert(health_good(&health));
	error_set(&error, "SQS.AccessDenied", "not authorized");
	health_set(&health, HEALTH_QUEUE, &error);
	ck_assert(!health_good(&health));
	ck_assert(health.reason[HEALTH_QUEUE].bad);
	ck_assert(!health.reason[HEALTH_STORE].bad);
	ck_assert_str_eq(
	    health.reason[HEALTH_QUEUE].error.cause, "not authorized");
	health_clear(&health, HEALTH_QUEUE);
	ck_assert(health_good(&health));
	ck_assert_str_eq(health.reason[HEALTH_QUEUE].error.name, "");
}
END_TEST

START_TEST(each_change_is_logged_once)
{
	CLEANUP(buf_done) struct buf lines = BUF_INIT(4000);
	struct log_sink sink = { &lines, record };
	struct health health = { 0 };
	struct error error;

	log_bind(&sink);
	error_set(&error, "SQS.AccessDenied", "no");
	snprintf(error.request_id, sizeof error.request_id, "r1");
	health_clear(&health, HEALTH_QUEUE);
	health_set(&health, HEALTH_QUEUE, &error);
	health_set(&health, HEALTH_QUEUE, &error);
	error_set(&error, "Http.Timeout", "late");
	health_set(&health, HEALTH_QUEUE, &error);
	health_clear(&health, HEALTH_QUEUE);
	health_clear(&health, HEALTH_QUEUE);
	ck_assert_str_eq(buf_text(&lines),
	    "4|queue: SQS.AccessDenied: no"
	    "|KEYGUARD_ERROR=SQS.AccessDenied|AWS_REQUEST_ID=r1\n"
	    "4|queue: Http.Timeout: late|KEYGUARD_ERROR=Http.Timeout\n"
	    "5|queue: works again, after Http.Timeout\n");
}
END_TEST

START_TEST(what_another_reason_replaces_does_not_work_again)
{
	CLEANUP(buf_done) struct buf lines = BUF_INIT(4000);
	struct log_sink sink = { &lines, record };
	struct health health = { 0 };
	struct error error;

	error_set(&error, "Http.Timeout", "late");
	health_set(&health, HEALTH_QUEUE, &error);
	error_set(&error, "Aws.NoCredentials", "none");
	health_set(&health, HEALTH_CREDENTIALS, &error);
	log_bind(&sink);
	health_drop(&health, HEALTH_QUEUE);
	ck_assert(!health.reason[HEALTH_QUEUE].bad);
	ck_assert(!health_good(&health));
	ck_assert_str_eq(buf_text(&lines), "");
	log_bind(NULL);
}
END_TEST

START_TEST(the_same_name_renews_the_cause)
{
	struct health health = { 0 };
	struct error error;

	error_set(&error, "Store.Full", "first");
	health_set(&health, HEALTH_STORE, &error);
	error_set(&error, "Store.Full", "second");
	health_set(&health, HEALTH_STORE, &error);
	ck_assert_str_eq(health.reason[HEALTH_STORE].error.cause, "second");
}
END_TEST

START_TEST(whoever_listens_is_told)
{
	int changes = 0;
	struct health health = { .on_change = count_change, .arg = &changes };
	struct error error;

	error_set(&error, "Aws.NoCredentials", "none");
	health_set(&health, HEALTH_CREDENTIALS, &error);
	ck_assert_int_eq(changes, 1);
	health_set(&health, HEALTH_CREDENTIALS, &error);
	ck_assert_int_eq(changes, 1);
	health_set(&health, HEALTH_NOTIFY, &error);
	ck_assert_int_eq(changes, 2);
	health_clear(&health, HEALTH_CREDENTIALS);
	ck_assert_int_eq(changes, 3);
	health_clear(&health, HEALTH_CREDENTIALS);
	ck_assert_int_eq(changes, 3);
}
END_TEST

START_TEST(what_was_never_looked_at_is_not_known_to_be_good)
{
	int changes = 0;
	struct health health = { .on_change = count_change, .arg = &changes };
	struct error error;

	ck_assert(!health.reason[HEALTH_QUEUE].known);
	health_clear(&health, HEALTH_QUEUE);
	ck_assert(health.reason[HEALTH_QUEUE].known);
	ck_assert_int_eq(changes, 1);
	health_clear(&health, HEALTH_QUEUE);
	ck_assert_int_eq(changes, 1);
	error_set(&error, "Store.Full", "full");
	health_set(&health, HEALTH_STORE, &error);
	ck_assert(health.reason[HEALTH_STORE].known);
	health_doubt(&health, HEALTH_STORE);
	ck_assert(health.reason[HEALTH_STORE].known);
	health_doubt(&health, HEALTH_QUEUE);
	ck_assert(!health.reason[HEALTH_QUEUE].known);
}
END_TEST

START_TEST(a_reason_is_told_in_one_line)
{
	struct health health = { 0 };
	FREE_LATER char *text = NULL;
	struct error error;

	error_set(&error, "SQS.AccessDenied", "not authorized");
	health_set(&health, HEALTH_QUEUE, &error);
	text = health_text(&health, HEALTH_QUEUE);
	ck_assert_str_eq(text, "queue: SQS.AccessDenied: not authorized");
}
END_TEST

START_TEST(reasons_have_names)
{
	ck_assert_str_eq(health_name(HEALTH_CREDENTIALS), "credentials");
	ck_assert_str_eq(health_name(HEALTH_QUEUE), "queue");
	ck_assert_str_eq(health_name(HEALTH_STORE), "store");
	ck_assert_str_eq(health_name(HEALTH_NOTIFY), "notify");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("util/health");
	TCase *tcase = tcase_create("health");

	tcase_add_test(tcase, a_reason_comes_and_goes);
	tcase_add_test(tcase, each_change_is_logged_once);
	tcase_add_test(tcase, what_another_reason_replaces_does_not_work_again);
	tcase_add_test(tcase, the_same_name_renews_the_cause);
	tcase_add_test(tcase, whoever_listens_is_told);
	tcase_add_test(tcase, what_was_never_looked_at_is_not_known_to_be_good);
	tcase_add_test(tcase, a_reason_is_told_in_one_line);
	tcase_add_test(tcase, reasons_have_names);
	suite_add_tcase(suite, tcase);
	return suite;
}
