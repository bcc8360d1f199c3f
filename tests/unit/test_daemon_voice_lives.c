/* SPDX-License-Identifier: Apache-2.0 */
/* What of it survives a restart, and what is said before the end. */
#include "daemon/voice.h"

#include <stdlib.h>
#include <string.h>

#include "fake/fake_loop.h"
#include "unit/unit.h"
#include "unit/voice_stage.h"
#include "util/alloc.h"
#include "util/clock.h"

/* ---- restarts ---- */

START_TEST(a_daemon_that_works_leaves_no_note)
{
	stage_work();
	ck_assert_int_eq(stage.notes, 0);
	stage_lose_queue();
	ck_assert_str_eq(
	    stage.note, "{\"Since\":\"2026-06-05T06:30:00.000Z\"}");
	stage_break(HEALTH_STORE, "Store.Full", "full");
	ck_assert_int_eq(stage.notes, 1);
	stage_work();
	ck_assert_ptr_null(stage.note);
}
END_TEST

START_TEST(what_was_told_is_not_told_again_after_a_restart)
{
	stage_work();
	stage_lose_queue();
	fake_loop_pass(stage.loop, MINUTES(10));
	stage_accept();
	for (int i = 0; i < 3; i++) {
		stage_restart();
		stage_lose_queue();
		fake_loop_pass(stage.loop, MINUTES(60));
	}
	ck_assert_int_eq(stage.calls, 1);
	ck_assert_int_eq(stage_logged("has not been able"), 1);

	stage_restart();
	fake_loop_pass(stage.loop, MINUTES(5)); /* not seen to work yet */
	ck_assert_int_eq(stage.calls, 1);
	stage_work();
	fake_loop_pass(stage.loop, MINUTES(1));
	ck_assert_int_eq(stage.calls, 2);
	ck_assert_ptr_nonnull(strstr(stage.message, "Works Again"));
	ck_assert_ptr_nonnull(strstr(stage.message, "06:30:00.000Z"));
}
END_TEST

/* It ends in the first life after that, or in the second. */
START_TEST(what_was_not_told_is_told_after_a_restart)
{
	stage_work();
	stage_lose_queue();
	fake_loop_pass(stage.loop, MINUTES(10));
	stage_refuse("SNS.InvalidClientTokenId");
	fake_loop_pass(stage.loop, MINUTES(120));
	stage_restart();
	if (_i > 0) {
		stage_lose_queue();
		fake_loop_pass(stage.loop, SECONDS(10));
		stage_expect("alarm");
		stage_refuse("SNS.InvalidClientTokenId");
		stage_restart();
	}
	fake_loop_pass(stage.loop, SECONDS(9)); /* not seen to work yet */
	ck_assert(!stage.open);
	stage_work();
	fake_loop_pass(stage.loop, MINUTES(2));
	ck_assert_ptr_nonnull(strstr(stage.message,
	    "no message told you so while it lasted. This was why, when the "
	    "alarm was raised:\n\n    queue: SQS.QueueDoesNotExist: "));
	ck_assert_ptr_nonnull(strstr(stage.message, "06:30:00.000Z"));
	stage_accept();
	ck_assert_ptr_null(stage.note);
	ck_assert_int_eq(stage_logged("has not been able"), 1);
}
END_TEST

START_TEST(an_end_that_was_not_told_is_told_as_it_was)
{
	stage_work();
	stage_lose_queue();
	fake_loop_pass(stage.loop, MINUTES(10));
	stage_refuse("Http.Timeout");
	fake_loop_pass(stage.loop, MINUTES(120));
	stage_refuse("Http.Timeout");
	stage_work();
	fake_loop_pass(stage.loop, MINUTES(2));
	stage_refuse("Http.Timeout");
	stage_restart();
	fake_loop_pass(stage.loop, MINUTES(5));
	ck_assert(!stage.open); /* not seen to work yet */
	stage_work();
	stage_expect("alarm-untold");
	stage_accept();
	ck_assert_ptr_null(stage.note);
	ck_assert_int_eq(stage_logged("does its work again"), 1);
}
END_TEST

/* It could not be read for so long that there was an alarm of its own. */
START_TEST(a_note_is_not_written_before_it_was_read)
{
	stage_work();
	stage_lose_queue();
	fake_loop_pass(stage.loop, MINUTES(10));
	stage_accept();
	stage_start();
	stage_break(HEALTH_STORE, "Store.Full", "full");
	fake_loop_pass(stage.loop, MINUTES(11));
	stage_refuse("Http.Timeout");
	ck_assert_ptr_nonnull(strstr(stage.note, "\"Told\":true"));
	stage_read();
	stage_restart();
	stage_work();
	fake_loop_pass(stage.loop, MINUTES(2));
	ck_assert_ptr_nonnull(strstr(stage.message, "Works Again"));
	stage_accept();
	ck_assert_ptr_null(stage.note);
}
END_TEST

START_TEST(short_lives_add_up)
{
	for (int i = 0; i < 3; i++) {
		stage_lose_queue();
		fake_loop_pass(stage.loop, MINUTES(3));
		stage_restart();
	}
	ck_assert_int_eq(stage.calls, 0);
	stage_lose_queue();
	fake_loop_pass(stage.loop, MINUTES(1));
	ck_assert_int_eq(stage.calls, 1);
}
END_TEST

START_TEST(a_note_that_makes_no_sense_is_none)
{
	static const char *const notes[] = { "", "{}", "[1]",
		"{\"Since\":\"yesterday\",\"Told\":true}",
		"{\"Since\":12,\"Told\":true}" };

	free(stage.note);
	stage.note = xstrdup(notes[_i]);
	stage_restart();
	stage_work();
	fake_loop_pass(stage.loop, MINUTES(10));
	ck_assert_int_eq(stage.calls, 0);
	ck_assert_int_eq(stage.loads, 2);
}
END_TEST

START_TEST(a_store_that_cannot_be_read_is_told_to_the_caller)
{
	stage_load_fails();
	ck_assert_int_eq(stage.loads, 1);
}
END_TEST

/* ---- the last words ---- */

START_TEST(who_gives_up_in_time_says_nothing)
{
	stage_lose_queue();
	fake_loop_pass(stage.loop, MINUTES(9));
	stage_last_words();
	ck_assert_int_eq(stage.ends, 0);
	fake_loop_settle(stage.loop);
	ck_assert_int_eq(stage.ends, 1);
	ck_assert_int_eq(stage.calls, 0);
}
END_TEST

START_TEST(who_gives_up_for_the_tenth_minute_says_so_first)
{
	stage_lose_queue();
	fake_loop_pass(stage.loop, MINUTES(9));
	stage_restart();
	fake_loop_shift_wall(stage.loop, MINUTES(2));
	stage_lose_queue();
	stage_last_words();
	fake_loop_pass(stage.loop, SECONDS(1));
	ck_assert_int_eq(stage.ends, 0);
	stage_expect("alarm");
	stage_accept();
	fake_loop_settle(stage.loop);
	ck_assert_int_eq(stage.ends, 1);
	ck_assert_ptr_nonnull(strstr(stage.note, "true"));

	stage_restart();
	stage_lose_queue();
	stage_last_words();
	fake_loop_settle(stage.loop);
	ck_assert_int_eq(stage.ends, 2);
	ck_assert_int_eq(stage.calls, 1);
}
END_TEST

START_TEST(last_words_are_tried_once_and_not_for_long)
{
	stage_lose_queue();
	fake_loop_pass(stage.loop, MINUTES(10));
	stage_refuse("Http.Timeout");
	stage_last_words();
	fake_loop_pass(stage.loop, SECONDS(9));
	ck_assert_int_eq(stage.ends, 0);
	if (_i == 0) {
		stage_refuse("Http.Timeout");
		fake_loop_settle(stage.loop);
	} else
		fake_loop_pass(stage.loop, SECONDS(1));
	ck_assert_int_eq(stage.ends, 1);
	ck_assert_int_eq(stage.calls, 2);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("daemon/voice_lives");
	TCase *tests = tcase_create("voice");

	tcase_add_checked_fixture(tests, stage_setup, stage_teardown);
	tcase_add_test(tests, a_daemon_that_works_leaves_no_note);
	tcase_add_test(tests, what_was_told_is_not_told_again_after_a_restart);
	tcase_add_loop_test(
	    tests, what_was_not_told_is_told_after_a_restart, 0, 2);
	tcase_add_test(tests, an_end_that_was_not_told_is_told_as_it_was);
	tcase_add_test(tests, a_note_is_not_written_before_it_was_read);
	tcase_add_test(tests, short_lives_add_up);
	tcase_add_loop_test(tests, a_note_that_makes_no_sense_is_none, 0, 5);
	tcase_add_test(
	    tests, a_store_that_cannot_be_read_is_told_to_the_caller);
	tcase_add_test(tests, who_gives_up_in_time_says_nothing);
	tcase_add_test(tests, who_gives_up_for_the_tenth_minute_says_so_first);
	tcase_add_loop_test(
	    tests, last_words_are_tried_once_and_not_for_long, 0, 2);
	suite_add_tcase(suite, tests);
	return suite;
}
