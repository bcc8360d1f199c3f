/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Redrive, Retry and Stop: what is done by whom, when the client hears
 * of it, and what it hears when that cannot be.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "control/call.h"
#include "unit/control_world.h"
#include "unit/unit.h"

#define MORE ",\"more\":true"

static const struct error store_down = { .name = "Store.CannotOpen",
	.cause = "disk I/O error" };

static const struct event history[] = {
	{ 1, 1000, EVENT_EXECUTION_STARTED, .data = "{}", .resource = "sqs:1" },
	{ 2, 1500, EVENT_EXECUTION_FAILED, .error = &store_down },
};
static const struct event redriven = { 3, 2000, EVENT_EXECUTION_REDRIVEN,
	.state = NULL };
static const struct event scheduled = { 4, 2001, EVENT_TASK_SCHEDULED,
	.state = "S", .resource = "sns:publish" };
static const struct event aborted = { 5, 3000, EVENT_EXECUTION_ABORTED,
	.state = NULL };
static const struct event succeeded = { 5, 3000, EVENT_EXECUTION_SUCCEEDED,
	.state = NULL };

static const struct standing runs = { .status = STATUS_RUNNING,
	.outcome = "contained" };
static const struct standing is_failed = { .status = STATUS_FAILED,
	.outcome = "contained" };
static const struct standing is_good = { .status = STATUS_SUCCEEDED,
	.outcome = "contained" };
static const struct standing is_bad = { .status = STATUS_SUCCEEDED,
	.outcome = "uncontained" };
static const struct standing is_aborted = { .status = STATUS_ABORTED,
	.outcome = "uncontained" };

static const char *const verbs[] = { "Redrive", "Retry", "Stop" };
enum { VERBS = sizeof verbs / sizeof *verbs };

static void
wait_for_read(void)
{
	while (!world.reading)
		world_settle();
	world.reading = false;
	ck_assert_str_eq(world.asked, "x");
}

/* Asks for it, with the store knowing the execution as it stands. */
static void
ask(const char *method, const struct standing *standing, const char *more)
{
	const struct store_execution execution = { "x", *standing, 1000, 0,
		NULL };

	world_call(method, "{\"name\":\"x\"}", more);
	wait_for_read();
	world.done.show(world.arg, &execution, history, 2, NULL);
}

static const char *
answer(const char *status, const char *stop)
{
	static char text[256];

	snprintf(text, sizeof text,
	    "{\"executions\":[{\"name\":\"x\",%s,"
	    "\"startDate\":\"1970-01-01T00:00:01.000Z\"%s}]}",
	    status, stop);
	return text;
}

__attribute__((format(printf, 1, 2))) static void
expect_deeds(const char *format, ...)
{
	char text[sizeof world.deeds];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	ck_assert_str_eq(world.deeds, text);
}

/* ---- Redrive ---- */

START_TEST(redrive_answers_when_it_is_recorded)
{
	ask("Redrive", &is_failed, "");
	expect_deeds("redrive x by %s", world_by("redrive"));
	world_event("other", &redriven, &runs);
	ck_assert_ptr_nonnull(world.observers);
	world_event("x", &redriven, &runs);
	ck_assert_str_eq(world_reply("Redrive", false),
	    answer("\"status\":\"RUNNING\",\"outcome\":\"contained\"", ""));
	ck_assert_ptr_null(world.observers);
	ck_assert_int_eq(strncmp(world.audited, "x redrive:uid=", 14), 0);
}
END_TEST

/* What had happened before is not told. */
START_TEST(redrive_goes_on_as_a_watch)
{
	const struct event all[] = { history[0], history[1], redriven,
		scheduled };

	ask("Redrive", &is_failed, MORE);
	world_event("x", &redriven, &runs);
	ck_assert_ptr_nonnull(
	    strstr(world_reply("Redrive", true), "\"executions\":[{"));
	wait_for_read();
	world.done.show(
	    world.arg, &(struct store_execution){ .name = "x" }, all, 4, NULL);
	ck_assert_ptr_nonnull(
	    strstr(world_reply("Redrive", true), "\"ExecutionRedriven\""));
	ck_assert_ptr_nonnull(
	    strstr(world_reply("Redrive", true), "\"TaskScheduled\""));
	world_event("x", &succeeded, &is_good);
	wait_for_read();
	world.done.show(world.arg,
	    &(struct store_execution){ "x", is_good, 1000, 3000, NULL }, all, 4,
	    NULL);
	ck_assert_ptr_nonnull(
	    strstr(world_reply("Redrive", true), "\"ExecutionSucceeded\""));
	ck_assert_str_eq(world_reply("Redrive", false),
	    answer("\"status\":\"SUCCEEDED\",\"outcome\":\"contained\"",
		",\"stopDate\":\"1970-01-01T00:00:03.000Z\""));
}
END_TEST

START_TEST(redrive_refuses_what_has_not_failed)
{
	world.not_acted = (struct error){ .name = "Daemon.NotFailed" };
	ask("Redrive", &is_good, "");
	ck_assert_str_eq(world_error(CONTROL_NOT_FAILED),
	    "{\"name\":\"x\",\"status\":\"SUCCEEDED\",\"outcome\":"
	    "\"contained\"}");
	ck_assert_str_eq(world.audited, "");
}
END_TEST

/* The store does not know it yet. */
START_TEST(redrive_refuses_what_runs_again)
{
	world.not_acted = (struct error){ .name = "Daemon.NotFailed" };
	world.runs = true;
	ask("Redrive", &is_failed, "");
	ck_assert_ptr_nonnull(
	    strstr(world_error(CONTROL_NOT_FAILED), "\"status\":\"RUNNING\""));
}
END_TEST

START_TEST(what_cannot_be_done_has_a_reason)
{
	world.not_acted =
	    (struct error){ .name = "Daemon.BadHistory", .cause = "event 2" };
	ask("Redrive", &is_failed, "");
	ck_assert_str_eq(world_error(CONTROL_NOT_POSSIBLE),
	    "{\"error\":\"Daemon.BadHistory\",\"cause\":\"event 2\"}");
}
END_TEST

/* ---- Retry ---- */

START_TEST(retry_answers_with_the_new_one)
{
	ask("Retry", &is_bad, "");
	expect_deeds("retry x by %s", world_by("retry"));
	world_event("x", &history[0], &runs);
	ck_assert_ptr_nonnull(world.observers);
	world_event("x-again", &history[0],
	    &(struct standing){ .status = STATUS_RUNNING });
	expect_deeds("retry x by %s; settle x", world_by("retry"));
	world.settled(world.settled_arg, NULL);
	ck_assert_str_eq(world_reply("Retry", false),
	    "{\"executions\":[{\"name\":\"x-again\",\"status\":\"RUNNING\","
	    "\"startDate\":\"1970-01-01T00:00:01.000Z\"}]}");
}
END_TEST

/* Until then it might be retried by itself as well. */
START_TEST(retry_answers_when_the_old_one_is_settled)
{
	ask("Retry", &is_bad, "");
	world_event("x-again", &history[0], &runs);
	world_event("x-again", &succeeded, &is_good);
	world.settled(world.settled_arg, &store_down);
	world_error(CONTROL_STORE_FAILED);
}
END_TEST

START_TEST(retry_goes_on_with_the_new_one)
{
	ask("Retry", &is_bad, MORE);
	world_event("x-again", &history[0], &runs);
	world.settled(world.settled_arg, NULL);
	world_reply("Retry", true);
	while (!world.reading)
		world_settle();
	ck_assert_str_eq(world.asked, "x-again");
	world.reading = false;
	world.done.show(world.arg, &(struct store_execution){ .name = "x" },
	    history, 1, NULL);
	ck_assert_ptr_nonnull(
	    strstr(world_reply("Retry", true), "\"ExecutionStarted\""));
	world_disconnect(0);
	while (world.observers != NULL)
		world_settle();
}
END_TEST

START_TEST(retry_refuses_what_is_contained)
{
	world.not_acted = (struct error){ .name = "Daemon.NotUncontained" };
	ask("Retry", &is_good, "");
	ck_assert_str_eq(world_error(CONTROL_NOT_UNCONTAINED),
	    "{\"name\":\"x\",\"status\":\"SUCCEEDED\",\"outcome\":"
	    "\"contained\"}");
}
END_TEST

/* It is no longer to be retried by itself, whoever waits to hear so. */
START_TEST(retry_is_done_without_the_client)
{
	world_call("Retry", "{\"name\":\"x\"}", MORE);
	world_disconnect(0);
	wait_for_read();
	world.done.show(world.arg,
	    &(struct store_execution){ "x", is_bad, 1000, 2000, NULL }, history,
	    2, NULL);
	world_settle();
	world_event("x-again", &history[0], &runs);
	ck_assert_ptr_nonnull(strstr(world.deeds, "; settle x"));
	ck_assert_ptr_null(world.observers);
	world.settled(world.settled_arg, NULL);
	ck_assert(!world.reading);
}
END_TEST

/* ---- Stop ---- */

START_TEST(stop_answers_when_it_is_recorded)
{
	world.runs = true;
	ask("Stop", &runs, MORE);
	expect_deeds("stop x by %s", world_by("stop"));
	world_event("x", &scheduled, &runs);
	world_event("x", &aborted, &is_aborted);
	ck_assert_str_eq(world_reply("Stop", false),
	    answer("\"status\":\"ABORTED\",\"outcome\":\"uncontained\"",
		",\"stopDate\":\"1970-01-01T00:00:03.000Z\""));
	ck_assert_ptr_null(world.observers);
}
END_TEST

/* Nothing can happen in between. */
START_TEST(what_waits_to_be_redriven_is_stopped)
{
	const char *me = world_by("stop");

	ask("Stop", &is_failed, "");
	expect_deeds("redrive x by %s; stop x by %s", me, me);
	world_event("x", &redriven, &runs);
	world_event("x", &aborted, &is_aborted);
	ck_assert_ptr_nonnull(
	    strstr(world_reply("Stop", false), "\"status\":\"ABORTED\""));
}
END_TEST

START_TEST(stop_refuses_what_has_ended)
{
	ask("Stop", &is_good, "");
	ck_assert_str_eq(world_error(CONTROL_NOT_RUNNING),
	    "{\"name\":\"x\",\"status\":\"SUCCEEDED\",\"outcome\":"
	    "\"contained\"}");
	ck_assert_str_eq(world.deeds, "");
}
END_TEST

START_TEST(stop_comes_too_late_for_what_is_ending)
{
	world.runs = world.ending = true;
	ask("Stop", &runs, "");
	world_event("x", &succeeded, &is_good);
	ck_assert_ptr_nonnull(strstr(
	    world_error(CONTROL_NOT_RUNNING), "\"status\":\"SUCCEEDED\""));
}
END_TEST

START_TEST(stop_hears_that_it_had_ended)
{
	world.runs = world.ending = true;
	ask("Stop", &is_good, "");
	world_exists("x", STATUS_SUCCEEDED); /* it came once more, late */
	world_error(CONTROL_NOT_RUNNING);
}
END_TEST

START_TEST(stop_knows_what_was_not_resumed)
{
	ask("Stop", &runs, "");
	ck_assert_ptr_nonnull(
	    strstr(world_error(CONTROL_NOT_POSSIBLE), "Daemon.NotResumed"));
}
END_TEST

/* ---- all three ---- */

START_TEST(who_is_not_there_is_named)
{
	world_call(verbs[_i], "{\"name\":\"x\"}", "");
	wait_for_read();
	world.done.show(world.arg, NULL, NULL, 0, NULL);
	ck_assert_str_eq(
	    world_error(CONTROL_NO_SUCH_EXECUTION), "{\"name\":\"x\"}");
	ck_assert_str_eq(world.deeds, "");
}
END_TEST

START_TEST(a_store_that_cannot_read_is_told_of)
{
	world_call(verbs[_i], "{\"name\":\"x\"}", "");
	wait_for_read();
	world.done.show(world.arg, NULL, NULL, 0, &store_down);
	world_error(CONTROL_STORE_FAILED);
	ck_assert_str_eq(world.deeds, "");
}
END_TEST

START_TEST(a_store_that_cannot_write_is_told_of)
{
	ask(verbs[_i], &is_failed, "");
	world_held("other", &store_down);
	world_held(_i == 1 ? "x-again" : "x", &store_down);
	world_error(CONTROL_STORE_FAILED);
	ck_assert_ptr_null(world.observers);
}
END_TEST

START_TEST(who_wants_no_answer_gets_it_done)
{
	ask(verbs[_i], &is_failed, ",\"oneway\":true" MORE);
	ck_assert_str_ne(world.deeds, "");
	world_event(_i == 1 ? "x-again" : "x",
	    _i == 0       ? &redriven
		: _i == 1 ? &history[0]
			  : &aborted,
	    &runs);
	ck_assert_ptr_null(world.observers);
	if (world.settled != NULL)
		world.settled(world.settled_arg, NULL);
	world_call("Machine", "{}", "");
	world_reply("Machine", false);
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		redrive_answers_when_it_is_recorded,
		redrive_goes_on_as_a_watch,
		redrive_refuses_what_has_not_failed,
		redrive_refuses_what_runs_again,
		what_cannot_be_done_has_a_reason,
		retry_answers_with_the_new_one,
		retry_answers_when_the_old_one_is_settled,
		retry_goes_on_with_the_new_one,
		retry_refuses_what_is_contained,
		retry_is_done_without_the_client,
		stop_answers_when_it_is_recorded,
		what_waits_to_be_redriven_is_stopped,
		stop_refuses_what_has_ended,
		stop_comes_too_late_for_what_is_ending,
		stop_hears_that_it_had_ended,
		stop_knows_what_was_not_resumed,
	};
	const TTest *const for_all[] = {
		who_is_not_there_is_named,
		a_store_that_cannot_read_is_told_of,
		a_store_that_cannot_write_is_told_of,
		who_wants_no_answer_gets_it_done,
	};
	Suite *suite = suite_create("control/deed");
	TCase *tcase = tcase_create("deed");

	tcase_add_checked_fixture(tcase, world_setup, world_teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	for (size_t i = 0; i < sizeof for_all / sizeof *for_all; i++)
		tcase_add_loop_test(tcase, for_all[i], 0, VERBS);
	suite_add_tcase(suite, tcase);
	return suite;
}
