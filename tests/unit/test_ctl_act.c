/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs that change something: what is asked, and what each no means. */
#include <string.h>

#include "ctl/ctl.h"
#include "unit/ctl_world.h"
#include "unit/unit.h"

#define CALL(method)                                                           \
	"{\"method\":\"io.keyguard.Control." method                            \
	"\",\"parameters\":{\"name\":\"x\"}}"
#define MORE(method)                                                           \
	"{\"method\":\"io.keyguard.Control." method                            \
	"\",\"more\":true,\"parameters\":{\"name\":\"x\"}}"
#define RESUME "{\"method\":\"io.keyguard.Control.Resume\",\"parameters\":{}}"
#define NO(error, parameters)                                                  \
	"{\"error\":\"io.keyguard.Control." error                              \
	"\",\"parameters\":{" parameters "}}"
#define NAMED      "\"name\":\"x\""
#define IS(status) NAMED ",\"status\":\"" status "\",\"outcome\":\"contained\""
#define EXECUTION(status)                                                      \
	"\"executions\":[{" IS(status) ",\"startDate\":"                       \
				       "\"2999-06-05T06:27:57.123Z\"}]"

START_TEST(refusals_say_how_it_stands)
{
	static const struct {
		const char *verb, *call, *reply, *err;
	} refusals[] = {
		{ "redrive", CALL("Redrive"), NO("NotFailed", IS("SUCCEEDED")),
		    "only what FAILED can be redriven: x is SUCCEEDED, "
		    "contained" },
		{ "redrive", CALL("Redrive"),
		    NO("NotFailed", NAMED ",\"status\":\"RUNNING\""),
		    "only what FAILED can be redriven: x is RUNNING" },
		{ "redrive", CALL("Redrive"), NO("NoSuchExecution", NAMED),
		    "no such execution: x" },
		{ "redrive", CALL("Redrive"),
		    NO("NotPossible",
			"\"error\":\"Daemon.BadHistory\",\"cause\":\"y\""),
		    "not possible: Daemon.BadHistory: y" },
		{ "retry", CALL("Retry"), NO("NotUncontained", IS("FAILED")),
		    "only what has ended uncontained can be retried: x is "
		    "FAILED, contained" },
		{ "stop", CALL("Stop"), NO("NotRunning", IS("ABORTED")),
		    "only what has not ended can be stopped: x is ABORTED, "
		    "contained" },
		{ "resume", RESUME, NO("NothingHeld", ""),
		    "no deletions are held" },
		{ "resume", RESUME, NO("NothingHeld", "\"account\":\"1\""),
		    "no deletions are held: 1" },
	};

	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		const struct turn turns[] = {
			{ refusals[i].call, { refusals[i].reply }, false },
			{ .call = NULL },
		};
		const char *words[] = { refusals[i].verb, "x", NULL };
		const char *err;

		if (strcmp(refusals[i].verb, "resume") == 0)
			words[1] = NULL;
		world_daemon(turns);
		ck_assert_int_eq(world_run(80, words), CTL_FAILED);
		err = world_err();
		ck_assert_int_eq(strncmp(err, "keyguardctl: ", 13), 0);
		ck_assert_uint_eq(
		    strlen(err + 13), strlen(refusals[i].err) + 1);
		ck_assert_mem_eq(
		    err + 13, refusals[i].err, strlen(refusals[i].err));
		ck_assert_str_eq(world_out(), "");
		world_played();
	}
}
END_TEST

/* Nobody is asked. */
START_TEST(what_is_not_understood_is_usage)
{
	static const struct {
		const char *words[4], *complaint;
	} bad[] = {
		{ { "redrive" }, "a NAME is missing: redrive NAME [--wait]" },
		{ { "redrive", "" },
		    "NAME is the name of an execution, as list shows it, not "
		    "''" },
		{ { "retry", "a", "b" }, "'b' is too much" },
		{ { "stop", "--wait", "a" }, "no option is named --wait" },
		{ { "resume", "a" }, "'a' is too much" },
		{ { "resume", "--account" }, "--account needs its ACCOUNT" },
		{ { "resume", "--account", "12345678901" },
		    "ACCOUNT is an AWS account: 12 digits, or unknown, not "
		    "'12345678901'" },
		{ { "resume", "--account", "1234567890123" },
		    "ACCOUNT is an AWS account: 12 digits, or unknown, not "
		    "'1234567890123'" },
		{ { "resume", "--account", "12345678901x" },
		    "ACCOUNT is an AWS account: 12 digits, or unknown, not "
		    "'12345678901x'" },
		{ { "backup" }, "a FILE is missing: backup FILE" },
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		ck_assert_int_eq(world_run(80, bad[i].words), CTL_USAGE);
		ck_assert_ptr_nonnull(strstr(world_err(), bad[i].complaint));
		ck_assert_str_eq(world_out(), "");
	}
}
END_TEST

START_TEST(an_account_is_passed_on)
{
	static const struct turn turns[] = {
		{ "{\"method\":\"io.keyguard.Control.Resume\",\"parameters\":"
		  "{\"account\":\"unknown\"}}",
		    { "{\"parameters\":{\"released\":0}}" }, false },
		{ .call = NULL },
	};

	world_daemon(turns);
	ck_assert_int_eq(
	    WORLD_RUN(80, "resume", "--account", "unknown"), CTL_DONE);
	ck_assert_str_eq(
	    world_out(), "Deletions go on; 0 executions had been held.\n");
}
END_TEST

START_TEST(a_redrive_is_seen_through)
{
	static const struct turn turns[] = {
		{ MORE("Redrive"),
		    { "{\"continues\":true,\"parameters\":{" EXECUTION(
			  "RUNNING") "}}",
			"{\"continues\":true,\"parameters\":{\"name\":\"x\","
			"\"event\":{\"id\":9,\"previousEventId\":8,"
			"\"timestamp\":\"2026-06-05T06:27:57.123Z\",\"type\":"
			"\"ExecutionRedriven\","
			"\"executionRedrivenEventDetails\":{\"origin\":"
			"\"redrive:uid=0,user=root,pid=1\"}}}}",
			"{\"parameters\":{" EXECUTION("SUCCEEDED") "}}" },
		    false },
		{ .call = NULL },
	};

	world_daemon(turns);
	ck_assert_int_eq(WORLD_RUN(80, "redrive", "x", "--wait"), CTL_DONE);
	ck_assert_str_eq(world_out(),
	    "08:27:57.123  x  ExecutionRedriven   "
	    "redrive:uid=0,user=root,pid=1\n\n"
	    "AGE  STATUS     OUTCOME    NAME\n"
	    "0 s  SUCCEEDED  contained  x\n");
}
END_TEST

START_TEST(a_retry_that_comes_to_no_better_is_no_success)
{
	static const struct turn turns[] = {
		{ MORE("Retry"),
		    { "{\"continues\":true,\"parameters\":{" EXECUTION(
			  "RUNNING") "}}",
			"{\"parameters\":{" EXECUTION("FAILED") "}}" },
		    false },
		{ .call = NULL },
	};

	world_daemon(turns);
	ck_assert_int_eq(WORLD_RUN(80, "retry", "--wait", "x"), CTL_FAILED);
}
END_TEST

START_TEST(lost_before_the_answer_nobody_knows)
{
	static const struct turn turns[] = {
		{ RESUME, { NULL }, true },
		{ CALL("Stop"), { NULL }, true },
		{ .call = NULL },
	};

	world_daemon(turns);
	ck_assert_int_eq(WORLD_RUN(80, "resume"), CTL_UNREACHABLE);
	ck_assert_ptr_nonnull(strstr(world_err(),
	    "not known whether it was accepted: keyguardctl status"));
	ck_assert_int_eq(WORLD_RUN(80, "stop", "x"), CTL_UNREACHABLE);
	ck_assert_str_eq(world_err(),
	    "keyguardctl: the daemon has hung up: systemctl status keyguardd\n"
	    "keyguardctl: not known whether it was accepted: "
	    "keyguardctl show x\n");
}
END_TEST

START_TEST(nobody_is_there)
{
	static const char *const verbs[] = { "redrive", "retry", "stop",
		"backup" };

	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
		ck_assert_int_eq(WORLD_RUN(80, verbs[i], "x"), CTL_UNREACHABLE);
		ck_assert_ptr_nonnull(strstr(world_err(), "no daemon at"));
	}
	ck_assert_int_eq(WORLD_RUN(80, "resume"), CTL_UNREACHABLE);
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		refusals_say_how_it_stands,
		what_is_not_understood_is_usage,
		an_account_is_passed_on,
		a_redrive_is_seen_through,
		a_retry_that_comes_to_no_better_is_no_success,
		lost_before_the_answer_nobody_knows,
		nobody_is_there,
	};
	Suite *suite = suite_create("ctl/act");
	TCase *tcase = tcase_create("act");

	tcase_add_checked_fixture(tcase, world_setup, world_teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
