/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A new execution made of an old one: its name, what it inherits, and what of
 * the old history stands in its input. The engine is a stand-in that writes
 * down what it is asked to start.
 */
#include "workflow/retry.h"

#include <stdlib.h>
#include <string.h>

#include "machine/engine.h"
#include "unit/fake_engine.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/doc.h"
#include "util/random.h"
#include "workflow/name.h"

#define OLD    "123456789012-AKIAIOSFODNN7EXAMPLE-0bd573e78d49"
#define BEGUN  1780641000000 /* 2026-06-05T06:30:00Z */
#define INTENT "{\"UserName\":\"alice\",\"LastUsedDate\":\"2026-05-21\"}"

#define DELETE       "DeleteAccessKeyPair"
#define NOTIFY_STATE "NotifySecurity"

static struct engine engine;

static void
forget(void)
{
	fake_engine_forget(&engine);
}

static struct error throttled, timeout, spared, notified, stopped;

static struct store_execution
old_one(enum status status, const char *outcome)
{
	return (struct store_execution){
		.name = OLD,
		.start_wall_ms = BEGUN,
		.standing = {
			.status = status,
			.outcome = outcome,
			.retries = 2,
			.tags = { "123456789012", "AKIAIOSFODNN7EXAMPLE",
			    "alice", "123456789012/AKIAIOSFODNN7EXAMPLE" },
		},
	};
}

static void
setup(void)
{
	error_set_class(
	    &throttled, CLASS_THROTTLED, "IAM.Throttling", "Rate exceeded");
	error_set(&timeout, "States.Timeout", "not done within 15 s");
	error_set(&spared, "Response.NotifyOnly", "no key is deleted");
	error_set(&notified, "SNS.NotFound", "no topic");
	error_set(&stopped, "Daemon.Stopped", "stopped by stop:uid=0");
}

static bool
retry(const struct event *events, size_t count, const char *by,
    struct error *error)
{
	struct random random = random_seeded(7);
	struct store_execution of = old_one(STATUS_SUCCEEDED, "uncontained");
	char *name = NULL;
	bool ok;

	forget();
	ok =
	    retry_start(&engine, &random, &of, events, count, by, &name, error);
	if (ok)
		ck_assert_str_eq(name, engine.name);
	free(name);
	return ok;
}

#define COUNT(array)      (sizeof(array) / sizeof(array)[0])
#define RETRY(events, by) ck_assert(retry(events, COUNT(events), by, NULL))

static const char *
said(const char *member)
{
	return doc_string(doc_at(engine.input, "keyguard.Retry"), member);
}

static const struct event plain[] = {
	{ .type = EVENT_EXECUTION_STARTED,
	    .data = "{\"source\":\"aws.health\"}" },
	{ .type = EVENT_TASK_SUBMITTED, .state = DELETE, .data = INTENT },
	{ .type = EVENT_TASK_TIMED_OUT, .state = DELETE, .error = &timeout },
	{ .type = EVENT_TASK_FAILED, .state = DELETE, .error = &throttled },
	{ .type = EVENT_TASK_FAILED,
	    .state = NOTIFY_STATE,
	    .error = &notified },
	{ .type = EVENT_TASK_SUCCEEDED,
	    .state = NOTIFY_STATE,
	    .data = "{\"MessageId\":\"1\"}" },
};

START_TEST(tells_the_new_one_of_the_old)
{
	RETRY(plain, NULL);
	ck_assert_str_eq(engine.origin, "retry:automatic");
	ck_assert_int_eq(engine.retries, 3);
	ck_assert_str_eq(engine.tags[TAG_USER], "alice");
	ck_assert_str_eq(
	    engine.tags[TAG_LANE], "123456789012/AKIAIOSFODNN7EXAMPLE");
	ck_assert_str_eq(doc_string(engine.input, "source"), "aws.health");
	ck_assert_str_eq(said("Of"), OLD);
	ck_assert_str_eq(said("First"), OLD);
	ck_assert_str_eq(said("FirstDate"), "2026-06-05T06:30:00.000Z");
	ck_assert_str_eq(said("Error"), "IAM.Throttling");
	ck_assert_str_eq(said("ToldBy"), OLD);
	ck_assert_str_eq(said("Intent.UserName"), "alice");
	ck_assert(doc_bool(engine.input, "keyguard.Retry.ByItself", false));
}
END_TEST

START_TEST(by_itself_its_name_is_made_of_the_old_one)
{
	FREE_LATER char *name = name_after(OLD);

	RETRY(plain, NULL);
	ck_assert_str_eq(engine.name, name);
	ck_assert_int_eq(strncmp(name, OLD, strlen(OLD) - 12), 0);
	ck_assert_uint_eq(strlen(name), strlen(OLD));
	ck_assert_str_ne(name, OLD);
}
END_TEST

START_TEST(by_hand_it_is_new_each_time_and_begins_to_count_anew)
{
	FREE_LATER char *name = name_after(OLD);

	RETRY(plain, "retry:uid=0,user=root,pid=4711");
	ck_assert_str_eq(engine.origin, "retry:uid=0,user=root,pid=4711");
	ck_assert_int_eq(engine.retries, 0);
	ck_assert_str_ne(engine.name, name);
	ck_assert(!doc_bool(engine.input, "keyguard.Retry.ByItself", true));
}
END_TEST

/* The third of a row: it had neither an intent of its own nor news to tell. */
START_TEST(hands_on_what_the_old_one_inherited)
{
	static const struct event third[] = {
		{ .type = EVENT_EXECUTION_STARTED,
		    .data = "{\"keyguard\":{\"Retry\":{\"Of\":\"second\","
			    "\"First\":\"first\",\"FirstDate\":"
			    "\"2026-06-04T00:00:00.000Z\",\"Error\":"
			    "\"IAM.Throttling\",\"ByItself\":true,\"ToldBy\":"
			    "\"first\",\"Intent\":" INTENT "}}}" },
		{ .type = EVENT_TASK_FAILED,
		    .state = DELETE,
		    .error = &throttled },
		{ .type = EVENT_TASK_SUCCEEDED,
		    .state = NOTIFY_STATE,
		    .data = "{\"ToldBy\":\"first\"}" },
	};
	struct store_execution of = old_one(STATUS_SUCCEEDED, "uncontained");

	RETRY(third, NULL);
	ck_assert_str_eq(said("Of"), OLD);
	ck_assert_str_eq(said("First"), "first");
	ck_assert_str_eq(said("FirstDate"), "2026-06-04T00:00:00.000Z");
	ck_assert_str_eq(said("ToldBy"), "first");
	ck_assert_str_eq(said("Intent.UserName"), "alice");
	ck_assert_int_eq(
	    retry_first_ms(&of, third, 3), BEGUN - 30 * 3600 * 1000 - 1800000);
	ck_assert_int_eq(retry_first_ms(&of, plain, 1), BEGUN);
}
END_TEST

/* Nobody was told; why it could not be deleted is not known either. */
START_TEST(says_no_more_than_there_is)
{
	static const struct event brief[] = {
		{ .type = EVENT_EXECUTION_STARTED,
		    .data = "{\"keyguard\":{\"Error\":\"Finding.NoEntity\"}}" },
		{ .type = EVENT_EXECUTION_ABORTED, .error = &stopped },
	};

	RETRY(brief, NULL);
	ck_assert_str_eq(said("Error"), "Daemon.Stopped");
	ck_assert_ptr_null(said("ToldBy"));
	ck_assert_ptr_null(doc_at(engine.input, "keyguard.Retry.Intent"));
	ck_assert_str_eq(
	    doc_string(engine.input, "keyguard.Error"), "Finding.NoEntity");
}
END_TEST

/* Nobody was told yet, but the old one will be redriven until somebody is. */
START_TEST(leaves_it_to_who_will_tell)
{
	struct store_execution of = old_one(STATUS_FAILED, "uncontained");
	char *name = NULL;

	of.standing.due_wall_ms = BEGUN + 1;
	ck_assert(retry_start(
	    &engine, NULL, &of, plain, COUNT(plain) - 1, NULL, &name, NULL));
	ck_assert_str_eq(said("ToldBy"), OLD);
	ck_assert_str_eq(engine.deeds, "");
	free(name);
}
END_TEST

/* Unless somebody asks: then the new one tells in its place. */
START_TEST(by_hand_takes_over_what_failed)
{
	struct store_execution of = old_one(STATUS_FAILED, "uncontained");
	struct random random = random_seeded(1);
	char *name = NULL;

	of.standing.due_wall_ms = BEGUN + 1;
	ck_assert(retry_start(
	    &engine, &random, &of, plain, COUNT(plain) - 1, "me", &name, NULL));
	ck_assert_ptr_null(said("ToldBy"));
	ck_assert_str_eq(
	    engine.deeds, "redrive " OLD " by me; stop " OLD " by me; ");
	free(name);
}
END_TEST

static const struct {
	const char *outcome;
	const struct error *error;
	bool passes;
} causes[] = {
	{ "uncontained", &throttled, true },
	{ "uncontained", &timeout, true },
	{ "uncontained", &stopped, false },
	{ "contained", &throttled, false },
	{ NULL, &throttled, false },
};

START_TEST(knows_what_passes)
{
	const struct store_execution of =
	    old_one(STATUS_FAILED, causes[_i].outcome);
	const struct event events[] = {
		{ .type = EVENT_TASK_FAILED,
		    .state = DELETE,
		    .error = &throttled },
		{ .type = EVENT_TASK_FAILED,
		    .state = DELETE,
		    .error = causes[_i].error },
		{ .type = EVENT_TASK_FAILED,
		    .state = NOTIFY_STATE,
		    .error = &notified },
	};

	ck_assert_int_eq(
	    retry_passing(&of, events, COUNT(events)), causes[_i].passes);
}
END_TEST

static const struct {
	enum status status;
	const char *outcome, *input, *error;
} refusals[] = {
	{ STATUS_RUNNING, NULL, "{}", "Daemon.NotUncontained" },
	{ STATUS_SUCCEEDED, "contained", "{}", "Daemon.NotUncontained" },
	{ STATUS_FAILED, "contained", "{}", "Daemon.NotUncontained" },
	{ STATUS_SUCCEEDED, "uncontained", "[]", "Daemon.BadHistory" },
	{ STATUS_SUCCEEDED, "uncontained", "no", "Daemon.BadHistory" },
	{ STATUS_SUCCEEDED, "uncontained", NULL, "Daemon.BadHistory" },
};

/* It failed to tell, or was stopped: nothing says that its key may live on for
 * a cause that passes. */
START_TEST(what_never_failed_to_delete_does_not_pass)
{
	const struct store_execution of = old_one(STATUS_FAILED, "uncontained");
	const struct event events[] = {
		{ .type = EVENT_TASK_FAILED,
		    .state = NOTIFY_STATE,
		    .error = &throttled },
	};

	ck_assert(!retry_passing(&of, events, COUNT(events)));
}
END_TEST

/* A summary that was made is no message that was sent. */
START_TEST(who_told_nobody_is_not_said_to_have_told)
{
	static const struct event silent[] = {
		{ .type = EVENT_EXECUTION_STARTED, .data = "{}" },
		{ .type = EVENT_TASK_FAILED,
		    .state = DELETE,
		    .error = &spared },
		{ .type = EVENT_TASK_SUCCEEDED,
		    .state = "LookupCloudTrailEvents",
		    .data = "{\"Events\":0}" },
		{ .type = EVENT_EXECUTION_ABORTED, .error = &stopped },
	};

	RETRY(silent, NULL);
	ck_assert_ptr_null(said("ToldBy"));
	ck_assert_str_eq(said("Error"), "Response.NotifyOnly");
}
END_TEST

START_TEST(what_came_to_nothing_can_be_tried_again)
{
	struct store_execution of = old_one(STATUS_FAILED, NULL);
	char *name = NULL;

	forget();
	ck_assert(retry_start(&engine, NULL, &of, plain, 1, NULL, &name, NULL));
	ck_assert_int_eq(engine.starts, 1);
	free(name);
}
END_TEST

/* Nothing is left of the old one that could be stopped. */
START_TEST(what_cannot_go_on_is_tried_again_all_the_same)
{
	struct store_execution of = old_one(STATUS_FAILED, "uncontained");
	struct random random = random_seeded(7);
	char *name = NULL;

	forget();
	engine.redrives_none = true;
	ck_assert(retry_start(&engine, &random, &of, plain, COUNT(plain),
	    "retry:uid=0", &name, NULL));
	ck_assert_int_eq(engine.starts, 1);
	ck_assert_str_eq(engine.deeds, "");
	free(name);
}
END_TEST

START_TEST(without_a_history_there_is_nothing_to_try)
{
	struct store_execution of = old_one(STATUS_FAILED, NULL);
	struct error error;
	char *name = NULL;

	forget();
	ck_assert(
	    !retry_start(&engine, NULL, &of, NULL, 0, NULL, &name, &error));
	ck_assert_str_eq(error.name, "Daemon.BadHistory");
	ck_assert_ptr_null(name);
}
END_TEST

START_TEST(refuses)
{
	struct event begin = { .type = EVENT_EXECUTION_STARTED,
		.data = refusals[_i].input };
	struct store_execution of =
	    old_one(refusals[_i].status, refusals[_i].outcome);
	struct error error;
	char *name = NULL;

	forget();
	ck_assert(
	    !retry_start(&engine, NULL, &of, &begin, 1, NULL, &name, &error));
	ck_assert_str_eq(error.name, refusals[_i].error);
	ck_assert_int_eq(engine.starts, 0);
	ck_assert_ptr_null(name);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("workflow/retry");
	TCase *tcase = tcase_create("all");

	tcase_add_checked_fixture(tcase, setup, forget);
	tcase_add_test(tcase, tells_the_new_one_of_the_old);
	tcase_add_test(tcase, by_itself_its_name_is_made_of_the_old_one);
	tcase_add_test(
	    tcase, by_hand_it_is_new_each_time_and_begins_to_count_anew);
	tcase_add_test(tcase, hands_on_what_the_old_one_inherited);
	tcase_add_test(tcase, says_no_more_than_there_is);
	tcase_add_test(tcase, leaves_it_to_who_will_tell);
	tcase_add_test(tcase, by_hand_takes_over_what_failed);
	tcase_add_loop_test(tcase, knows_what_passes, 0, COUNT(causes));
	tcase_add_test(tcase, what_never_failed_to_delete_does_not_pass);
	tcase_add_test(tcase, who_told_nobody_is_not_said_to_have_told);
	tcase_add_test(tcase, what_came_to_nothing_can_be_tried_again);
	tcase_add_test(tcase, what_cannot_go_on_is_tried_again_all_the_same);
	tcase_add_test(tcase, without_a_history_there_is_nothing_to_try);
	tcase_add_loop_test(tcase, refuses, 0, COUNT(refusals));
	suite_add_tcase(suite, tcase);
	return suite;
}
