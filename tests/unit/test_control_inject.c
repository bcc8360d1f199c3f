/* SPDX-License-Identifier: Apache-2.0 */
/* Inject: who is told what, and when, and that it is done if nobody is. */
#include <string.h>

#include "control/call.h"
#include "unit/control_world.h"
#include "unit/unit.h"

#define MORE ",\"more\":true"

static const struct error store_down = { .name = "Store.CannotOpen",
	.cause = "disk I/O error" };

static const struct event started = { 1, 1000, EVENT_EXECUTION_STARTED,
	.data = "{}", .resource = "inject:uid=0,pid=1" };
static const struct standing running = { .tags = { "123456789012",
					     "AKIAIOSFODNN7EXAMPLE" } };

static void
wait_until_admitted(void)
{
	while (world.origin[0] == '\0')
		world_settle();
}

START_TEST(inject_answers_when_all_are_recorded)
{
	static const char *const names[] = { "a", "b", NULL };

	world.names = names;
	world_call("Inject", "{\"event\":\"{\\\"x\\\":1}\"}", "");
	wait_until_admitted();
	ck_assert_str_eq(world.body, "{\"x\":1}");
	ck_assert_str_eq(world.origin, world_by("inject"));
	ck_assert_ptr_eq(strstr(world.audited, "b inject:uid="), world.audited);
	world_event("b", &started, &running);
	world_event("other", &started, &running);
	world_event("b", &started, &running);
	ck_assert_ptr_nonnull(world.observers);
	world_event("a", &started, &running);
	ck_assert_str_eq(world_reply("Inject", false),
	    "{\"executions\":["
	    "{\"name\":\"a\",\"status\":\"RUNNING\",\"startDate\":"
	    "\"1970-01-01T00:00:01.000Z\",\"account\":\"123456789012\","
	    "\"accessKeyId\":\"AKIAIOSFODNN7EXAMPLE\"},"
	    "{\"name\":\"b\",\"status\":\"RUNNING\",\"startDate\":"
	    "\"1970-01-01T00:00:01.000Z\",\"account\":\"123456789012\","
	    "\"accessKeyId\":\"AKIAIOSFODNN7EXAMPLE\"}]}");
	ck_assert_ptr_null(world.observers);
	ck_assert_str_eq(world.kept, "");
}
END_TEST

START_TEST(inject_goes_on_as_a_watch)
{
	static const char *const names[] = { "a", NULL };
	const struct event entered = { 2, 2000, EVENT_STATE_ENTERED,
		.state = "S" };

	world.names = names;
	world_call("Inject", "{\"event\":\"{}\"}", MORE);
	wait_until_admitted();
	world_event("a", &started, &running);
	ck_assert_ptr_nonnull(
	    strstr(world_reply("Inject", true), "\"executions\":[{"));
	while (!world.reading)
		world_settle();
	world.reading = false;
	ck_assert_str_eq(world.asked, "a");
	world.done.show(world.arg, &(struct store_execution){ .name = "a" },
	    (const struct event[]){ started, entered }, 2, NULL);
	ck_assert_ptr_nonnull(
	    strstr(world_reply("Inject", true), "\"ExecutionStarted\""));
	ck_assert_str_eq(world_reply("Inject", true),
	    "{\"name\":\"a\",\"event\":{\"id\":2,\"previousEventId\":0,"
	    "\"timestamp\":\"1970-01-01T00:00:02.000Z\",\"type\":"
	    "\"TaskStateEntered\",\"stateEnteredEventDetails\":"
	    "{\"name\":\"S\"}}}");
	world_disconnect(0);
	world_settle();
	ck_assert_ptr_null(world.observers);
}
END_TEST

static void
wait_until_kept(const char *body)
{
	while (world.kept[0] == '\0')
		world_settle();
	ck_assert_str_eq(world.kept, body);
}

START_TEST(inject_refuses_when_it_is_kept)
{
	world.refuse = true;
	world_call("Inject", "{\"event\":\"nonsense\"}", "");
	wait_until_kept("nonsense");
	ck_assert_ptr_nonnull(world.observers);
	world.done.reject(world.arg, NULL);
	ck_assert_str_eq(world_error(CONTROL_INVALID_EVENT),
	    "{\"error\":\"Finding.Malformed\",\"cause\":\"byte 0\"}");
	ck_assert_int_eq(world.warnings, 0);
}
END_TEST

START_TEST(inject_refuses_what_cannot_be_kept)
{
	world.refuse = true;
	world_call("Inject", "{\"event\":\"nonsense\"}", "");
	wait_until_kept("nonsense");
	world.done.reject(world.arg, &store_down);
	world_error(CONTROL_INVALID_EVENT);
	ck_assert_int_eq(world.warnings, 1);
}
END_TEST

/* Nothing more is heard of the client, and all else is as ever. */
START_TEST(what_was_asked_is_done_without_the_client)
{
	static const char *const names[] = { "a", NULL };

	world.names = names;
	world_call("Inject", "{\"event\":\"x\"}", MORE);
	world_disconnect(0);
	wait_until_admitted();
	ck_assert_str_eq(world.body, "x");
	world_settle();
	ck_assert_ptr_nonnull(world.observers);
	world_event("a", &started, &running);
	ck_assert_ptr_null(world.observers);
	ck_assert(!world.reading);
}
END_TEST

START_TEST(what_is_refused_is_kept_without_the_client)
{
	world.refuse = true;
	world_call("Inject", "{\"event\":\"nonsense\"}", "");
	world_disconnect(0);
	wait_until_kept("nonsense");
	world_settle();
	ck_assert_ptr_nonnull(world.observers);
	world.done.reject(world.arg, NULL);
	ck_assert_ptr_null(world.observers);
}
END_TEST

/* The call behind it comes when it is done. */
START_TEST(who_wants_no_answer_gets_it_done)
{
	static const char *const names[] = { "a", NULL };

	world.names = names;
	world_call("Inject", "{\"event\":\"x\"}", ",\"oneway\":true" MORE);
	world_call("Machine", "{}", "");
	wait_until_admitted();
	world_event("a", &started, &running);
	world_reply("Machine", false);
	ck_assert_ptr_null(world.observers);
	ck_assert(!world.reading);
}
END_TEST

START_TEST(inject_tells_what_it_did_not_act_on)
{
	static const char *const names[] = { "a", NULL };

	world.names = names;
	world.refuse = true;
	world_call("Inject", "{\"event\":\"x\"}", "");
	wait_until_admitted();
	world_event("a", &started, &running);
	ck_assert_ptr_nonnull(strstr(world_reply("Inject", false),
	    "\"refused\":{\"error\":\"Finding.Malformed\","
	    "\"cause\":\"byte 0\"}"));
	wait_until_kept("x");
	world.done.reject(world.arg, NULL);
}
END_TEST

START_TEST(inject_fails_with_the_store)
{
	static const char *const names[] = { "a", NULL };

	world.names = names;
	world_call("Inject", "{\"event\":\"x\"}", "");
	wait_until_admitted();
	world_held("other", &store_down);
	world_held("a", &store_down);
	ck_assert_str_eq(world_error(CONTROL_STORE_FAILED),
	    "{\"error\":\"Store.CannotOpen\",\"cause\":\"disk I/O error\"}");
	ck_assert_ptr_null(world.observers);
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		inject_answers_when_all_are_recorded,
		inject_goes_on_as_a_watch,
		inject_refuses_when_it_is_kept,
		inject_refuses_what_cannot_be_kept,
		what_was_asked_is_done_without_the_client,
		what_is_refused_is_kept_without_the_client,
		who_wants_no_answer_gets_it_done,
		inject_tells_what_it_did_not_act_on,
		inject_fails_with_the_store,
	};
	Suite *suite = suite_create("control/inject");
	TCase *tcase = tcase_create("inject");

	tcase_add_checked_fixture(tcase, world_setup, world_teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
