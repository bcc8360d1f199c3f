/* SPDX-License-Identifier: Apache-2.0 */
/* When it is alarming that the daemon cannot do its work, and when no more. */
#include "daemon/alarm.h"

#include <string.h>

#include "fake/fake_loop.h"
#include "unit/unit.h"
#include "util/buf.h"
#include "util/clock.h"
#include "util/health.h"
#include "util/log.h"
#include "util/message_id.h"

static struct loop *loop;
static struct health health;
static struct alarm alarmed;
static struct buf lines = BUF_INIT(1 << 16);
static int changes;

static void
record(void *self, enum log_level level, const char *text,
    const struct log_field *fields, size_t count)
{
	(void)self;
	if (count > 0 && strcmp(fields[0].name, "MESSAGE_ID") == 0)
		buf_printf(&lines, "%d|%s|%s\n", level, fields[0].value, text);
}

static void
on_health(void *arg)
{
	alarm_hear(arg);
}

static void
on_change(void *arg)
{
	ck_assert_ptr_eq(arg, &alarmed);
	changes++;
}

static void
setup(void)
{
	static const struct log_sink sink = { NULL, record };

	log_bind(&sink);
	loop = loop_new();
	memset(&health, 0, sizeof health);
	health.on_change = on_health;
	health.arg = &alarmed;
	changes = 0;
	alarm_init(&alarmed, loop, &health, MINUTES(10), on_change, &alarmed);
}

static void
teardown(void)
{
	alarm_done(&alarmed);
	loop_free(loop);
	buf_done(&lines);
	log_bind(NULL);
}

static void
ail(enum health_reason reason, const char *name)
{
	struct error error;

	error_set(&error, name, "no");
	health_set(&health, reason, &error);
}

static void
work(void)
{
	health_clear(&health, HEALTH_CREDENTIALS);
	health_clear(&health, HEALTH_QUEUE);
	health_clear(&health, HEALTH_STORE);
}

START_TEST(it_is_raised_once_when_it_is_so_for_too_long)
{
	work();
	ail(HEALTH_QUEUE, "Http.Timeout");
	fake_loop_pass(loop, MINUTES(10) - 1);
	ck_assert(!alarmed.raised);
	fake_loop_pass(loop, 1);
	ck_assert(alarmed.raised);
	fake_loop_pass(loop, MINUTES(60));
	ck_assert_str_eq(buf_text(&lines),
	    "3|" MESSAGE_ID_ALARM
	    "|keyguard has not been able to do its work since "
	    "2026-06-05T06:30:00.000Z: queue: Http.Timeout: no\n");
}
END_TEST

START_TEST(each_of_three_reasons_raises_it)
{
	static const enum health_reason reasons[] = { HEALTH_CREDENTIALS,
		HEALTH_QUEUE, HEALTH_STORE };

	work();
	ail(reasons[_i], "X.Y");
	fake_loop_pass(loop, MINUTES(10));
	ck_assert(alarmed.raised);
}
END_TEST

/* Nobody told, deletions held, messages that stay: told in their own ways. */
START_TEST(other_reasons_do_not_raise_it)
{
	work();
	ail(HEALTH_NOTIFY, "Daemon.NotNotified");
	ail(HEALTH_BREAKER, "Response.TooMany");
	ail(HEALTH_ACKNOWLEDGE, "SQS.AccessDenied");
	fake_loop_pass(loop, MINUTES(60));
	ck_assert(!alarmed.raised);
	ck_assert_int_eq(alarmed.state, ALARM_WELL);
}
END_TEST

START_TEST(reasons_that_take_turns_are_one_time)
{
	work();
	ail(HEALTH_QUEUE, "Http.NameNotResolved");
	fake_loop_pass(loop, MINUTES(5));
	ail(HEALTH_CREDENTIALS, "SQS.ExpiredToken");
	health_clear(&health, HEALTH_QUEUE);
	fake_loop_pass(loop, MINUTES(3));
	ail(HEALTH_STORE, "Store.Full");
	health_clear(&health, HEALTH_CREDENTIALS);
	fake_loop_pass(loop, MINUTES(2));
	ck_assert_ptr_nonnull(strstr(buf_text(&lines),
	    "since 2026-06-05T06:30:00.000Z: store: Store.Full: no\n"));
}
END_TEST

START_TEST(all_reasons_stand_in_one_line)
{
	work();
	ail(HEALTH_CREDENTIALS, "Aws.NoCredentials");
	ail(HEALTH_STORE, "Store.Full");
	fake_loop_pass(loop, MINUTES(10));
	ck_assert_ptr_nonnull(strstr(buf_text(&lines),
	    ": credentials: Aws.NoCredentials: no; store: Store.Full: no\n"));
}
END_TEST

/* In the moment in which it works it receives what has waited. */
START_TEST(a_break_however_short_begins_it_anew)
{
	work();
	for (int i = 0; i < 10; i++) {
		ail(HEALTH_QUEUE, "Http.Timeout");
		fake_loop_pass(loop, MINUTES(9));
		work();
	}
	ck_assert(!alarmed.raised);
	ck_assert_str_eq(buf_text(&lines), "");
}
END_TEST

START_TEST(it_is_over_when_all_has_been_well_for_a_minute)
{
	work();
	ail(HEALTH_QUEUE, "Http.Timeout");
	fake_loop_pass(loop, MINUTES(12));
	work();
	ck_assert_int_eq(
	    alarmed.until_wall_ms, FAKE_LOOP_EPOCH_MS + MINUTES(12));
	fake_loop_pass(loop, SECONDS(59));
	ck_assert(alarmed.raised);
	fake_loop_pass(loop, SECONDS(1));
	ck_assert(!alarmed.raised);
	ck_assert_ptr_nonnull(strstr(buf_text(&lines),
	    "5|" MESSAGE_ID_ALARM_OVER "|keyguard does its work again; it had "
	    "not been able to since 2026-06-05T06:30:00.000Z\n"));
}
END_TEST

START_TEST(it_is_not_over_if_that_does_not_last)
{
	work();
	ail(HEALTH_QUEUE, "Http.Timeout");
	fake_loop_pass(loop, MINUTES(10));
	for (int i = 0; i < 10; i++) {
		work();
		fake_loop_pass(loop, SECONDS(50));
		ail(HEALTH_QUEUE, "Http.Timeout");
		fake_loop_pass(loop, MINUTES(15));
	}
	ck_assert(alarmed.raised);
	ck_assert_int_eq(alarmed.since_wall_ms, FAKE_LOOP_EPOCH_MS);
	ck_assert_ptr_null(strchr(strchr(buf_text(&lines), '\n') + 1, '\n'));
}
END_TEST

START_TEST(it_can_be_raised_again)
{
	work();
	for (int i = 0; i < 3; i++) {
		ail(HEALTH_QUEUE, "Http.Timeout");
		fake_loop_pass(loop, MINUTES(10));
		ck_assert(alarmed.raised);
		work();
		fake_loop_pass(loop, MINUTES(1));
		ck_assert(!alarmed.raised);
	}
}
END_TEST

/* A disk that never answers is no error that anybody would report. */
START_TEST(what_is_not_seen_to_work_is_alarming_too)
{
	health_clear(&health, HEALTH_CREDENTIALS);
	health_clear(&health, HEALTH_QUEUE);
	fake_loop_pass(loop, MINUTES(10));
	ck_assert_ptr_nonnull(
	    strstr(buf_text(&lines), ": store: not seen to work yet\n"));
}
END_TEST

/* While nothing is received, a store that is well for a moment is no break. */
START_TEST(what_is_in_doubt_is_no_break)
{
	work();
	for (int i = 0; i < 2; i++) {
		health_doubt(&health, HEALTH_QUEUE);
		ail(HEALTH_STORE, "Store.Full");
		fake_loop_pass(loop, MINUTES(4));
		health_clear(&health, HEALTH_STORE);
		fake_loop_pass(loop, MINUTES(1));
	}
	ck_assert_ptr_nonnull(
	    strstr(buf_text(&lines), ": queue: not seen to work yet\n"));
	work();
	ck_assert_int_eq(alarmed.state, ALARM_WELL);
}
END_TEST

/* A start takes its time, however impatient somebody is. */
START_TEST(ten_seconds_are_left_to_see_that_it_works)
{
	alarm_done(&alarmed);
	alarm_init(&alarmed, loop, &health, SECONDS(1), on_change, &alarmed);
	fake_loop_pass(loop, SECONDS(10) - 1);
	ck_assert(!alarmed.raised);
	if (_i == 0) {
		work();
		fake_loop_pass(loop, MINUTES(60));
		ck_assert(!alarmed.raised);
	} else {
		ail(HEALTH_QUEUE, "Http.Timeout");
		fake_loop_settle(loop);
		ck_assert(alarmed.raised);
		ck_assert_int_eq(alarmed.since_wall_ms, FAKE_LOOP_EPOCH_MS);
	}
}
END_TEST

START_TEST(the_time_of_an_earlier_life_counts)
{
	alarm_recall(&alarmed, FAKE_LOOP_EPOCH_MS - MINUTES(8), false);
	fake_loop_pass(loop, MINUTES(1));
	ck_assert(!alarmed.raised);
	ail(HEALTH_QUEUE, "Http.Timeout");
	fake_loop_pass(loop, MINUTES(1));
	ck_assert_ptr_nonnull(strstr(buf_text(&lines),
	    "since 2026-06-05T06:22:00.000Z: queue: Http.Timeout: no\n"));
}
END_TEST

START_TEST(it_does_not_count_if_it_works_in_this_one)
{
	alarm_recall(&alarmed, FAKE_LOOP_EPOCH_MS - MINUTES(100), false);
	fake_loop_pass(loop, MINUTES(1));
	work();
	ail(HEALTH_QUEUE, "Http.Timeout");
	fake_loop_pass(loop, MINUTES(9));
	ck_assert(!alarmed.raised);
}
END_TEST

START_TEST(a_clock_that_was_set_back_hastens_nothing)
{
	alarm_recall(&alarmed, FAKE_LOOP_EPOCH_MS + MINUTES(100), false);
	ail(HEALTH_QUEUE, "Http.Timeout");
	fake_loop_pass(loop, MINUTES(10) - 1);
	ck_assert(!alarmed.raised);
	fake_loop_pass(loop, 1);
	ck_assert(alarmed.raised);
}
END_TEST

START_TEST(an_alarm_of_an_earlier_life_ends_when_it_is_seen_to_work)
{
	alarm_recall(&alarmed, FAKE_LOOP_EPOCH_MS - MINUTES(100), true);
	fake_loop_pass(loop, MINUTES(60));
	ck_assert(alarmed.raised);
	ck_assert_str_eq(buf_text(&lines), "");
	work();
	fake_loop_pass(loop, MINUTES(1));
	ck_assert(!alarmed.raised);
}
END_TEST

START_TEST(in_a_hurry_it_is_raised_only_when_it_is_due)
{
	alarm_recall(&alarmed, FAKE_LOOP_EPOCH_MS - MINUTES(9), false);
	ail(HEALTH_QUEUE, "SQS.QueueDoesNotExist");
	alarm_hurry(&alarmed);
	ck_assert(!alarmed.raised);
	fake_loop_shift_wall(loop, MINUTES(1));
	changes = 0;
	alarm_hurry(&alarmed);
	ck_assert(alarmed.raised);
	ck_assert_int_eq(changes, 1);
	alarm_hurry(&alarmed);
	fake_loop_pass(loop, MINUTES(10));
	ck_assert_int_eq(changes, 1);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("daemon/alarm");
	TCase *tests = tcase_create("alarm");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, it_is_raised_once_when_it_is_so_for_too_long);
	tcase_add_loop_test(tests, each_of_three_reasons_raises_it, 0, 3);
	tcase_add_test(tests, other_reasons_do_not_raise_it);
	tcase_add_test(tests, reasons_that_take_turns_are_one_time);
	tcase_add_test(tests, all_reasons_stand_in_one_line);
	tcase_add_test(tests, a_break_however_short_begins_it_anew);
	tcase_add_test(tests, it_is_over_when_all_has_been_well_for_a_minute);
	tcase_add_test(tests, it_is_not_over_if_that_does_not_last);
	tcase_add_test(tests, it_can_be_raised_again);
	tcase_add_test(tests, what_is_not_seen_to_work_is_alarming_too);
	tcase_add_test(tests, what_is_in_doubt_is_no_break);
	tcase_add_loop_test(
	    tests, ten_seconds_are_left_to_see_that_it_works, 0, 2);
	tcase_add_test(tests, the_time_of_an_earlier_life_counts);
	tcase_add_test(tests, it_does_not_count_if_it_works_in_this_one);
	tcase_add_test(tests, a_clock_that_was_set_back_hastens_nothing);
	tcase_add_test(
	    tests, an_alarm_of_an_earlier_life_ends_when_it_is_seen_to_work);
	tcase_add_test(tests, in_a_hurry_it_is_raised_only_when_it_is_due);
	suite_add_tcase(suite, tests);
	return suite;
}
