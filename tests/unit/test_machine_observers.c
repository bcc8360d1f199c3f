/* SPDX-License-Identifier: Apache-2.0 */
/* Who hears of an execution: the observers, and the log. */
#include <string.h>

#include "machine/engine.h"
#include "unit/machine_rig.h"
#include "unit/unit.h"
#include "util/cleanup.h"
#include "util/log.h"

static struct rig rig;

static void
set_up(void)
{
	rig_init(&rig);
}

static void
tear_down(void)
{
	rig_done(&rig);
}

START_TEST(observers_hear_what_is_durable)
{
	rig_start(&rig, "x");
	rig_wake(&rig);
	rig_assert_heard(&rig, "");
	fake_commit_some(&rig.journal, 2);
	rig_assert_heard(&rig,
	    "x ExecutionStarted RUNNING\n"
	    "x TaskStateEntered RUNNING\n");
	fake_commit(&rig.journal);
	rig_assert_heard(&rig, "x TaskScheduled RUNNING\n");
	rig_fail(rig_attempt(&rig), "IAM.AccessDenied", CLASS_NONE);
	rig_settle(&rig);
	rig_fail_next(&rig, "SNS.NotFound", CLASS_NONE);
	rig_assert_heard(&rig,
	    "x TaskFailed RUNNING\n"
	    "x TaskStateExited RUNNING\n"
	    "x TaskStateEntered RUNNING\n"
	    "x TaskScheduled RUNNING\n"
	    "x TaskFailed RUNNING\n"
	    "x ExecutionFailed FAILED\n");
}
END_TEST

struct leaver {
	struct engine_observer observer;
	struct engine_observer *also;
	int heard;
};

/* Takes itself out, and perhaps another. */
static void
leave(void *arg, const char *name, const struct event *event_,
    const struct standing *standing)
{
	struct leaver *leaver = arg;

	(void)name;
	(void)event_;
	(void)standing;
	leaver->heard++;
	engine_unobserve(rig.engine, &leaver->observer);
	if (leaver->also != NULL)
		engine_unobserve(rig.engine, leaver->also);
}

START_TEST(observers_may_be_deaf)
{
	struct engine_observer deaf = { .arg = NULL };
	struct error error;

	engine_observe(rig.engine, &deaf);
	rig_start(&rig, "x");
	rig_start(&rig, "y");
	fake_commit_some(&rig.journal, 1);
	error_set(&error, "Store.TooLarge", "for the test");
	fake_hold(&rig.journal, "x", &error);
	rig.journal.listener.on_exists(rig.engine, "y", STATUS_FAILED);
	rig_assert_heard(&rig,
	    "x ExecutionStarted RUNNING\n"
	    "x held Store.TooLarge\n"
	    "y exists FAILED\n");
	engine_unobserve(rig.engine, &deaf);
}
END_TEST

START_TEST(observers_come_and_go_within_callbacks)
{
	struct leaver second = { .observer = { .on_event = leave } };
	struct leaver first = { .observer = { .on_event = leave },
		.also = &second.observer };

	first.observer.arg = &first;
	second.observer.arg = &second;
	engine_observe(rig.engine, &second.observer);
	engine_observe(rig.engine, &first.observer);
	rig_start(&rig, "x");
	fake_commit(&rig.journal);
	ck_assert_int_eq(first.heard, 1);
	ck_assert_int_eq(second.heard, 0);
	rig_assert_heard(&rig,
	    "x ExecutionStarted RUNNING\n"
	    "x TaskStateEntered RUNNING\n"
	    "x TaskScheduled RUNNING\n");
}
END_TEST

/* By the time that the end is told, the name is free. */
static void
start_again(void *arg, const char *name, const struct event *event_,
    const struct standing *standing)
{
	(void)event_;
	if (standing->status == STATUS_RUNNING)
		return;
	*(bool *)arg = engine_running(rig.engine, name);
	rig_start(&rig, name);
}

START_TEST(an_ended_name_meets_the_store)
{
	bool running = true;
	struct engine_observer again = { .on_event = start_again,
		.arg = &running };

	rig_start(&rig, "x");
	rig_succeed_next(&rig, "1");
	engine_observe(rig.engine, &again);
	rig_fail_next(&rig, "Trail.AccessDenied", CLASS_NONE);
	engine_unobserve(rig.engine, &again);
	ck_assert(!running);
	ck_assert_ptr_nonnull(strstr(buf_text(&rig.heard),
	    "x ExecutionFailed FAILED\nx exists FAILED\n"));
}
END_TEST

/* What is logged: a line per transition and failure, with its fields. */
static void
keep_line(void *self, enum log_level level, const char *text,
    const struct log_field *fields, size_t count)
{
	struct buf *lines = self;

	buf_printf(lines, "<%d> %s", level, text);
	for (size_t i = 0; i < count; i++)
		if (fields[i].value != NULL)
			buf_printf(
			    lines, " %s=%s", fields[i].name, fields[i].value);
	buf_puts(lines, "\n");
}

START_TEST(what_is_logged)
{
	struct error error;
	CLEANUP(buf_done) struct buf lines = BUF_INIT(10000);
	const struct log_sink sink = { &lines, keep_line };

	log_bind(&sink);
	log_threshold(LEVEL_INFO);
	rig_start(&rig, "x");
	rig_fail_next(&rig, "IAM.Throttling", CLASS_THROTTLED);
	rig_pass(&rig, 1000);
	rig_fail_next(&rig, "IAM.AccessDenied", CLASS_NONE);
	error_set(&error, "SNS.NotFound", "no topic");
	strcpy(error.request_id, "r-1");
	rig_attempt(&rig)->over = true;
	run_fail(rig_attempt(&rig)->run, &error);
	rig_settle(&rig);
	ck_assert_str_eq(buf_text(&lines),
	    "<6> x: RUNNING in Delete KEYGUARD_EXECUTION=x "
	    "KEYGUARD_STATE=Delete\n"
	    "<6> x: Delete failed, again in 1.0 s: IAM.Throttling: by the test "
	    "KEYGUARD_EXECUTION=x KEYGUARD_STATE=Delete\n"
	    "<4> x: Delete failed: IAM.AccessDenied: by the test "
	    "KEYGUARD_EXECUTION=x KEYGUARD_STATE=Delete\n"
	    "<6> x: RUNNING in Notify, uncontained KEYGUARD_EXECUTION=x "
	    "KEYGUARD_STATE=Notify\n"
	    "<4> x: Notify failed: SNS.NotFound: no topic "
	    "KEYGUARD_EXECUTION=x KEYGUARD_STATE=Notify AWS_REQUEST_ID=r-1\n"
	    "<3> x: FAILED in Notify, uncontained: SNS.NotFound: no topic "
	    "KEYGUARD_EXECUTION=x KEYGUARD_STATE=Notify AWS_REQUEST_ID=r-1\n");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("machine/observers");
	TCase *heard = tcase_create("heard");

	tcase_add_checked_fixture(heard, set_up, tear_down);
	tcase_add_test(heard, observers_hear_what_is_durable);
	tcase_add_test(heard, observers_may_be_deaf);
	tcase_add_test(heard, observers_come_and_go_within_callbacks);
	tcase_add_test(heard, an_ended_name_meets_the_store);
	tcase_add_test(heard, what_is_logged);
	suite_add_tcase(suite, heard);
	return suite;
}
