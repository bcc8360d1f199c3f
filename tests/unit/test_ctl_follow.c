/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keyguardctl inject --wait: what it shows, how it exits, and what it does when
 * the daemon goes.
 */
#include <string.h>

#include "ctl/ctl.h"
#include "unit/ctl_world.h"
#include "unit/unit.h"

#define INJECT                                                                 \
	"{\"method\":\"io.keyguard.Control.Inject\",\"more\":true,"            \
	"\"parameters\":{\"event\":\"\"}}"
#define EXECUTION(name, status)                                                \
	"{\"name\":\"" name "\"," status                                       \
	",\"startDate\":\"2999-06-05T06:27:57.123Z\","                         \
	"\"accessKeyId\":\"AKIA" name "\"}"
#define RUNNING     "\"status\":\"RUNNING\""
#define CONTAINED   "\"status\":\"SUCCEEDED\",\"outcome\":\"contained\""
#define UNCONTAINED "\"status\":\"SUCCEEDED\",\"outcome\":\"uncontained\""
#define FAILED      "\"status\":\"FAILED\",\"outcome\":\"contained\""
#define STARTED(executions)                                                    \
	"{\"continues\":true,\"parameters\":{\"executions\":[" executions "]}" \
	"}"
#define ENDED(executions) "{\"parameters\":{\"executions\":[" executions "]}}"
#define EVENT(name, id, type, more)                                            \
	"{\"continues\":true,\"parameters\":{\"name\":\"" name                 \
	"\",\"event\":{\"id\":" #id ",\"previousEventId\":0,"                  \
	"\"timestamp\":\"2026-06-05T06:27:57.12" #id "Z\",\"type\":\"" type    \
	"\"" more "}}}"
#define ORIGIN                                                                 \
	",\"executionStartedEventDetails\":{\"input\":\"{}\","                 \
	"\"origin\":\"inject:uid=0,pid=4711\"}"
#define ENTERED                                                                \
	",\"stateEnteredEventDetails\":{\"name\":\"DeleteAccessKeyPair\"}"
#define ERROR                                                                  \
	",\"taskFailedEventDetails\":{\"error\":\"IAM.Throttling\","           \
	"\"cause\":\"Rate\\u001b exceeded\"}"

/* What is in the file is the daemon's concern. */
static const char event[] = "/dev/null";

START_TEST(transitions_are_shown)
{
	static const struct turn turns[] = {
		{ INJECT,
		    { STARTED(EXECUTION("a", RUNNING)),
			EVENT("a", 1, "ExecutionStarted", ORIGIN),
			EVENT("a", 2, "TaskStateEntered", ENTERED),
			EVENT("a", 5, "TaskFailed", ERROR),
			EVENT("a", 6, "ExecutionSucceeded", ""),
			ENDED(EXECUTION("a", CONTAINED)) },
		    false },
		{ .call = NULL },
	};

	world_daemon(turns);
	ck_assert_int_eq(WORLD_RUN(80, "inject", event, "--wait"), CTL_DONE);
	ck_assert_str_eq(world_out(),
	    "08:27:57.121  AKIAa  ExecutionStarted    inject:uid=0,pid=4711\n"
	    "08:27:57.122  AKIAa  TaskStateEntered    DeleteAccessKeyPair\n"
	    "08:27:57.125  AKIAa  TaskFailed          IAM.Throttling: "
	    "Rate? exceeded\n"
	    "08:27:57.126  AKIAa  ExecutionSucceeded\n\n"
	    "AGE  STATUS     OUTCOME    NAME\n"
	    "0 s  SUCCEEDED  contained  a\n");
	ck_assert_str_eq(world_err(), "");
}
END_TEST

START_TEST(a_result_is_cut_at_the_edge)
{
#define OUTPUT                                                                 \
	",\"taskSucceededEventDetails\":{\"output\":"                          \
	"\"0123456789012345678901234567890123456789\"}"
	static const struct turn turns[] = {
		{ INJECT,
		    { STARTED(EXECUTION("a", RUNNING)),
			EVENT("a", 7, "TaskSucceeded", OUTPUT),
			ENDED(EXECUTION("a", CONTAINED)) },
		    false },
		{ .call = NULL },
	};
	size_t len;

	world_daemon(turns);
	ck_assert_int_eq(WORLD_RUN(60, "inject", event, "--wait"), CTL_DONE);
	len = strcspn(world_out(), "\n");
	ck_assert_uint_eq(len, 60);
	ck_assert_mem_eq(world_out() + len - 3, "678", 3);
}
END_TEST

START_TEST(an_error_is_told_in_full)
{
	static const struct turn turns[] = {
		{ INJECT,
		    { STARTED(EXECUTION("a", RUNNING)),
			EVENT("a", 5, "TaskFailed", ERROR),
			ENDED(EXECUTION("a", CONTAINED)) },
		    false },
		{ .call = NULL },
	};

	world_daemon(turns);
	ck_assert_int_eq(WORLD_RUN(60, "inject", event, "--wait"), CTL_DONE);
	ck_assert_ptr_eq(strstr(world_out(),
			     "08:27:57.125  AKIAa  TaskFailed          "
			     "IAM.Throttling:\n"
			     "                                         "
			     "Rate? exceeded\n"),
	    world_out());
}
END_TEST

START_TEST(with_json_there_is_one_document)
{
	static const struct turn turns[] = {
		{ INJECT,
		    { STARTED(EXECUTION("a", RUNNING)),
			EVENT("a", 1, "ExecutionStarted", ORIGIN),
			ENDED(EXECUTION("a", CONTAINED)) },
		    false },
		{ .call = NULL },
	};

	world_daemon(turns);
	ck_assert_int_eq(
	    WORLD_RUN(80, "--json", "inject", "--wait", event), CTL_DONE);
	ck_assert_int_eq(world_out()[0], '{');
	ck_assert_ptr_nonnull(strstr(world_out(), "\"SUCCEEDED\""));
	ck_assert_ptr_null(strstr(world_out(), "RUNNING"));
	ck_assert_ptr_null(strstr(world_out(), "ExecutionStarted"));
}
END_TEST

/* SUCCEEDED and contained, each of them: nothing else is good. */
START_TEST(what_is_not_contained_is_no_success)
{
	static const char *const ends[] = {
		ENDED(
		    EXECUTION("a", CONTAINED) "," EXECUTION("b", UNCONTAINED)),
		ENDED(EXECUTION("a", FAILED) "," EXECUTION("b", CONTAINED)),
		ENDED(EXECUTION("a", RUNNING)),
		ENDED(""),
	};

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		const struct turn turns[] = {
			{ INJECT,
			    { STARTED(EXECUTION("a", RUNNING) "," EXECUTION(
				  "b", RUNNING)),
				ends[i] },
			    false },
			{ .call = NULL },
		};

		world_daemon(turns);
		ck_assert_int_eq(
		    WORLD_RUN(80, "inject", event, "--wait"), CTL_FAILED);
		world_played();
	}
}
END_TEST

/* Nothing is shown twice, and nothing left out. */
START_TEST(a_daemon_that_returns_is_found_again)
{
	static const struct turn turns[] = {
		{ INJECT,
		    { STARTED(
			  EXECUTION("a", RUNNING) "," EXECUTION("b", RUNNING)),
			EVENT("b", 1, "ExecutionStarted", ORIGIN),
			EVENT("b", 2, "TaskStateEntered", ENTERED) },
		    true },
		{ "{\"method\":\"io.keyguard.Control.Watch\",\"more\":true,"
		  "\"parameters\":{\"names\":[\"a\",\"b\"],"
		  "\"after\":{\"a\":0,\"b\":2}}}",
		    { EVENT("a", 1, "ExecutionStarted", ORIGIN) }, true },
		{ "{\"method\":\"io.keyguard.Control.Watch\",\"more\":true,"
		  "\"parameters\":{\"names\":[\"a\",\"b\"],"
		  "\"after\":{\"a\":1,\"b\":2}}}",
		    { ENDED(EXECUTION("a", CONTAINED) "," EXECUTION(
			"b", CONTAINED)) },
		    false },
		{ .call = NULL },
	};

	world_daemon(turns);
	ck_assert_int_eq(WORLD_RUN(80, "inject", event, "--wait"), CTL_DONE);
	ck_assert_str_eq(world_err(),
	    "keyguardctl: the daemon has hung up; waiting for it to return\n"
	    "keyguardctl: the daemon has hung up; waiting for it to return\n");
	ck_assert_ptr_nonnull(strstr(world_out(),
	    "AKIAb  TaskStateEntered    DeleteAccessKeyPair\n"
	    "08:27:57.121  AKIAa  ExecutionStarted"));
}
END_TEST

START_TEST(a_daemon_that_stays_away_is_given_up)
{
	static const struct turn turns[] = {
		{ INJECT, { STARTED(EXECUTION("a", RUNNING)) }, true },
		{ .call = NULL },
	};

	world_daemon(turns);
	ck_assert_int_eq(
	    WORLD_RUN(80, "inject", event, "--wait"), CTL_UNREACHABLE);
	ck_assert_ptr_nonnull(strstr(world_err(),
	    "keyguardctl: not known how it ended: keyguardctl show a\n"));
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		transitions_are_shown,
		a_result_is_cut_at_the_edge,
		an_error_is_told_in_full,
		with_json_there_is_one_document,
		what_is_not_contained_is_no_success,
		a_daemon_that_returns_is_found_again,
		a_daemon_that_stays_away_is_given_up,
	};
	Suite *suite = suite_create("ctl/follow");
	TCase *tcase = tcase_create("follow");

	tcase_add_checked_fixture(tcase, world_setup, world_teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
