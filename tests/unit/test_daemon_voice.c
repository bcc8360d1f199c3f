/* SPDX-License-Identifier: Apache-2.0 */
/* What security is told by the daemon itself, when, and how often. */
#include "daemon/voice.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/voice_text.h"
#include "fake/fake_loop.h"
#include "unit/unit.h"
#include "unit/voice_stage.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/stamp.h"

/* ---- the alarm, and its end ---- */

START_TEST(an_alarm_is_one_message_and_its_end_another)
{
	stage_work();
	stage_lose_queue();
	fake_loop_pass(stage.loop, MINUTES(10));
	stage_expect("alarm");
	stage_accept();
	fake_loop_pass(stage.loop, MINUTES(120));
	stage_work();
	fake_loop_pass(stage.loop, MINUTES(1));
	stage_expect("alarm-over");
	stage_accept();
	fake_loop_pass(stage.loop, MINUTES(120));
	ck_assert_int_eq(stage.calls, 2);
}
END_TEST

START_TEST(all_reasons_stand_in_it)
{
	stage_break(HEALTH_CREDENTIALS, "Aws.NoCredentials",
	    "looked at: environment,\n\tsystemd credential");
	stage_break(HEALTH_STORE, "Store.Full", "disk is full");
	fake_loop_pass(stage.loop, MINUTES(10));
	stage_expect("alarm-all");
}
END_TEST

START_TEST(the_subject_is_one_that_sns_takes)
{
	struct message message;
	char host[65];
	struct voice_self self = { host, "https://sqs/1/q", "/k.db" };

	memset(host, 'x', 64);
	host[64] = '\0';
	host[3] = '\n';
	voice_text_alarm(&self, &stage.health, FAKE_LOOP_EPOCH_MS, &message);
	ck_assert_uint_lt(strlen(message.subject), 100);
	ck_assert_ptr_null(strchr(message.subject, '\n'));
	message_done(&message);
	host[0] = '\0';
	voice_text_over(&self, 0, 0, NULL, &message);
	ck_assert_str_eq(message.subject,
	    "Security Alert: keyguard on an unnamed host Works Again");
	message_done(&message);
}
END_TEST

START_TEST(it_is_tried_until_it_is_out)
{
	stage_work();
	stage_lose_queue();
	fake_loop_pass(stage.loop, MINUTES(10));
	for (int i = 0; i < 50; i++) {
		stage_refuse("SNS.AuthorizationError");
		fake_loop_pass(stage.loop, MINUTES(1));
	}
	ck_assert_int_eq(stage.calls, 51);
	ck_assert_int_eq(stage_logged("SNS.AuthorizationError"), 1);
	stage_accept();
	fake_loop_pass(stage.loop, MINUTES(120));
	ck_assert_int_eq(stage.calls, 51);
}
END_TEST

START_TEST(what_could_not_be_told_is_told_when_it_is_over)
{
	stage_work();
	stage_lose_queue();
	fake_loop_pass(stage.loop, MINUTES(10));
	stage_refuse("SNS.InvalidClientTokenId");
	fake_loop_pass(stage.loop, MINUTES(120));
	stage_refuse("SNS.InvalidClientTokenId");
	stage_work();
	fake_loop_pass(stage.loop, MINUTES(2));
	stage_expect("alarm-untold");
	stage_accept();
	fake_loop_pass(stage.loop, MINUTES(120));
	ck_assert_int_eq(stage.calls, 3);
	ck_assert_ptr_null(stage.note);
}
END_TEST

START_TEST(what_comes_again_before_it_was_told_is_told_with_it)
{
	stage_lose_queue();
	fake_loop_pass(stage.loop, MINUTES(10));
	stage_refuse("Http.Timeout");
	stage_work();
	fake_loop_pass(stage.loop, MINUTES(2));
	stage_refuse("Http.Timeout"); /* that it is over */
	stage_lose_queue();
	fake_loop_pass(stage.loop, MINUTES(5));
	ck_assert(!stage.open); /* it is not */
	fake_loop_pass(stage.loop, MINUTES(5));
	ck_assert_ptr_nonnull(strstr(stage.message, "06:42:00.000Z:"));
	stage_accept();
	stage_work();
	fake_loop_pass(stage.loop, MINUTES(1));
	ck_assert_ptr_nonnull(strstr(stage.message,
	    "since 2026-06-05T06:52:00.000Z. It had not been able to since "
	    "2026-06-05T06:30:00.000Z."));
	stage_accept();
	ck_assert_ptr_null(stage.note);
}
END_TEST

/* The credentials that the queue refused sign for the topic as well. */
START_TEST(what_may_have_been_mended_is_tried_at_once)
{
	stage_work();
	voice_hurry(stage.voice);
	ck_assert_int_eq(stage.calls, 0);
	stage_lose_queue();
	fake_loop_pass(stage.loop, MINUTES(10));
	stage_refuse("SNS.InvalidClientTokenId");
	voice_hurry(stage.voice);
	ck_assert_int_eq(stage.calls, 2);
	stage_work();
	stage_accept();
	fake_loop_pass(stage.loop, MINUTES(1));
	ck_assert_ptr_nonnull(strstr(stage.message, "Works Again"));
	voice_hurry(stage.voice);
	stage_accept();
}
END_TEST

START_TEST(what_was_under_way_may_get_there_after_all)
{
	stage_work();
	stage_lose_queue();
	fake_loop_pass(stage.loop, MINUTES(10));
	stage_work();
	fake_loop_pass(stage.loop, MINUTES(2));
	stage_accept();
	ck_assert_ptr_nonnull(strstr(stage.message, "Works Again"));
	stage_accept();
	ck_assert_ptr_null(stage.note);
}
END_TEST

START_TEST(a_relapse_before_the_end_is_no_news)
{
	stage_work();
	stage_lose_queue();
	fake_loop_pass(stage.loop, MINUTES(10));
	stage_accept();
	stage_work();
	fake_loop_pass(stage.loop, SECONDS(30));
	stage_lose_queue();
	fake_loop_pass(stage.loop, MINUTES(120));
	ck_assert_int_eq(stage.calls, 1);
}
END_TEST

START_TEST(untold_it_is_tried_again_after_a_relapse)
{
	stage_work();
	stage_lose_queue();
	fake_loop_pass(stage.loop, MINUTES(10));
	stage_refuse("Http.Timeout");
	stage_work();
	fake_loop_pass(stage.loop, SECONDS(30));
	ck_assert(!stage.open);
	stage_lose_queue();
	stage_expect("alarm");
}
END_TEST

START_TEST(the_end_is_tried_until_it_is_out)
{
	stage_work();
	stage_lose_queue();
	fake_loop_pass(stage.loop, MINUTES(10));
	stage_accept();
	stage_work();
	for (int i = 0; i < 50; i++) {
		fake_loop_pass(stage.loop, MINUTES(1));
		stage_refuse("SNS.Throttled");
	}
	fake_loop_pass(stage.loop, MINUTES(1));
	stage_accept();
	ck_assert_ptr_null(stage.note);
}
END_TEST

START_TEST(a_fifo_topic_takes_the_two_for_two)
{
	FREE_LATER char *first = NULL;

	stage_lose_queue();
	fake_loop_pass(stage.loop, MINUTES(10));
	first = xstrdup(stage.dedup);
	stage_accept();
	stage_work();
	fake_loop_pass(stage.loop, MINUTES(1));
	ck_assert_str_ne(stage.dedup, first);
}
END_TEST

/* ---- STATUS= ---- */

START_TEST(the_line_is_there_while_it_is_so)
{
	stage_work();
	ck_assert_ptr_null(voice_line(stage.voice));
	ck_assert_int_eq(voice_alarm_since(stage.voice), 0);
	stage_lose_queue();
	ck_assert_ptr_null(voice_line(stage.voice));
	stage.changes = 0;
	fake_loop_pass(stage.loop, MINUTES(10));
	ck_assert_int_eq(stage.changes, 1);
	FREE_LATER char *line = voice_line(stage.voice);
	char since[STAMP_RFC3339];

	ck_assert_str_eq(line,
	    "alarm: has not been able to work since 2026-06-05T06:30:00.000Z");
	stamp_rfc3339(voice_alarm_since(stage.voice), since);
	ck_assert_str_eq(since, "2026-06-05T06:30:00.000Z");
	stage_work();
	ck_assert_ptr_null(voice_line(stage.voice));
	ck_assert_int_eq(voice_alarm_since(stage.voice), 0);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("daemon/voice");
	TCase *tests = tcase_create("voice");

	tcase_add_checked_fixture(tests, stage_setup, stage_teardown);
	tcase_add_test(tests, an_alarm_is_one_message_and_its_end_another);
	tcase_add_test(tests, all_reasons_stand_in_it);
	tcase_add_test(tests, the_subject_is_one_that_sns_takes);
	tcase_add_test(tests, it_is_tried_until_it_is_out);
	tcase_add_test(tests, what_could_not_be_told_is_told_when_it_is_over);
	tcase_add_test(
	    tests, what_comes_again_before_it_was_told_is_told_with_it);
	tcase_add_test(tests, what_may_have_been_mended_is_tried_at_once);
	tcase_add_test(tests, what_was_under_way_may_get_there_after_all);
	tcase_add_test(tests, a_relapse_before_the_end_is_no_news);
	tcase_add_test(tests, untold_it_is_tried_again_after_a_relapse);
	tcase_add_test(tests, the_end_is_tried_until_it_is_out);
	tcase_add_test(tests, a_fifo_topic_takes_the_two_for_two);
	tcase_add_test(tests, the_line_is_there_while_it_is_so);
	suite_add_tcase(suite, tests);
	return suite;
}
