/* SPDX-License-Identifier: Apache-2.0 */
/* What each method makes of its parameters and of what the store answers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/call.h"
#include "control/varlink.h"
#include "unit/control_world.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/doc.h"

static const struct error store_down = { .name = "Store.CannotOpen",
	.cause = "disk I/O error" };

static const struct store_execution row = {
	.name = "123456789012-AKIAIOSFODNN7EXAMPLE-0123456789ab",
	.standing = {
		.status = STATUS_SUCCEEDED,
		.state = "NotifySecurity",
		.outcome = "contained",
		.tags = { "123456789012", "AKIAIOSFODNN7EXAMPLE", "test-user" },
	},
	.start_wall_ms = 1000,
	.stop_wall_ms = 2500,
};

#define ROW                                                                    \
	"{\"name\":\"123456789012-AKIAIOSFODNN7EXAMPLE-0123456789ab\","        \
	"\"status\":\"SUCCEEDED\",\"outcome\":\"contained\","                  \
	"\"startDate\":\"1970-01-01T00:00:01.000Z\","                          \
	"\"stopDate\":\"1970-01-01T00:00:02.500Z\","                           \
	"\"account\":\"123456789012\","                                        \
	"\"accessKeyId\":\"AKIAIOSFODNN7EXAMPLE\",\"userName\":\"test-user\"}"

/* Waits until the store has been asked. */
static void
wait_for_read(void)
{
	while (!world.reading)
		world_settle();
	world.reading = false;
}

/* ---- List ---- */

START_TEST(list_gives_a_page)
{
	world_call("List", "{}", "");
	wait_for_read();
	ck_assert(!world.query.by_status);
	ck_assert_ptr_null(world.query.outcome);
	ck_assert_ptr_null(world.query.after);
	ck_assert_uint_eq(world.query.limit, 100);
	world.done.list(world.arg, &row, 1, "5-7", NULL);
	ck_assert_str_eq(world_reply("List", false),
	    "{\"executions\":[" ROW "],\"nextToken\":\"5-7\"}");
}
END_TEST

START_TEST(list_asks_for_what_was_asked)
{
	world_call("List",
	    "{\"status\":\"FAILED\",\"outcome\":\"uncontained\",\"limit\":1000,"
	    "\"after\":null}",
	    "");
	wait_for_read();
	ck_assert(world.query.by_status);
	ck_assert_int_eq(world.query.status, STATUS_FAILED);
	ck_assert_str_eq(world.query.outcome, "uncontained");
	ck_assert_uint_eq(world.query.limit, 1000);
	world.done.list(world.arg, NULL, 0, NULL, NULL);
	ck_assert_str_eq(world_reply("List", false), "{\"executions\":[]}");
}
END_TEST

START_TEST(list_refuses_a_bad_token)
{
	const struct error bad = { .name = "Store.BadToken", .cause = "no" };

	world_call("List", "{\"after\":\"x y\"}", "");
	wait_for_read();
	world.done.list(world.arg, NULL, 0, NULL, &bad);
	ck_assert_str_eq(world_error(CONTROL_BAD_TOKEN), "{\"after\":\"x y\"}");
}
END_TEST

START_TEST(list_refuses_a_limit_out_of_range)
{
	static const char *const bad[] = { "{\"limit\":0}", "{\"limit\":1001}",
		"{\"limit\":-5}" };

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		world_call("List", bad[i], "");
		ck_assert_str_eq(world_error(VARLINK_INVALID_PARAMETER),
		    "{\"parameter\":\"limit\"}");
	}
	ck_assert_int_eq(world.reads, 0);
}
END_TEST

START_TEST(a_failing_store_is_told_of)
{
	static const char told[] =
	    "{\"error\":\"Store.CannotOpen\",\"cause\":\"disk I/O error\"}";

	world_call("List", "{}", "");
	wait_for_read();
	world.done.list(world.arg, NULL, 0, NULL, &store_down);
	ck_assert_str_eq(world_error(CONTROL_STORE_FAILED), told);
	world_call("Describe", "{\"name\":\"a\"}", "");
	wait_for_read();
	world.done.show(world.arg, NULL, NULL, 0, &store_down);
	ck_assert_str_eq(world_error(CONTROL_STORE_FAILED), told);
	world_call("Rejected", "{}", "");
	wait_for_read();
	world.done.rejected(world.arg, NULL, 0, &store_down);
	ck_assert_str_eq(world_error(CONTROL_STORE_FAILED), told);
}
END_TEST

/* ---- Describe ---- */

START_TEST(describe_tells_the_history)
{
	const struct event events[] = {
		{ 1, 1000, EVENT_EXECUTION_STARTED, .data = "{}",
		    .resource = "sqs:x" },
	};

	world_call("Describe", "{\"name\":\"some.name\"}", "");
	wait_for_read();
	ck_assert_str_eq(world.asked, "some.name");
	world.done.show(world.arg, &row, events, 1, NULL);
	ck_assert_ptr_nonnull(
	    strstr(world_reply("Describe", false), "\"origin\":\"sqs:x\""));
}
END_TEST

START_TEST(describe_tells_who_else_contained_the_key)
{
	static const struct event started = { 1, 1000, EVENT_EXECUTION_STARTED,
		.data = "{}" };
	struct store_execution uncontained = row;

	uncontained.standing.outcome = "uncontained";
	uncontained.contained_by = "another";
	world_call("Describe", "{\"name\":\"some.name\"}", "");
	wait_for_read();
	world.done.show(world.arg, &uncontained, &started, 1, NULL);
	ck_assert_ptr_nonnull(strstr(
	    world_reply("Describe", false), "\"containedBy\":\"another\""));
}
END_TEST

START_TEST(describe_ends_with_its_client)
{
	world_call("Describe", "{\"name\":\"some.name\"}", "");
	wait_for_read();
	world.reading = true;
	world_disconnect(0);
	while (world.cancelled == 0)
		world_settle();
}
END_TEST

START_TEST(describe_knows_what_is_not_there)
{
	world_call("Describe", "{\"name\":\"nobody\"}", "");
	wait_for_read();
	world.done.show(world.arg, NULL, NULL, 0, NULL);
	ck_assert_str_eq(
	    world_error(CONTROL_NO_SUCH_EXECUTION), "{\"name\":\"nobody\"}");
}
END_TEST

/* ---- Status ---- */

START_TEST(status_tells_what_the_store_counts)
{
	const struct store_totals totals = { 1, 2, 3, 4, 5, 6 };
	const char *reply;

	world_call("Status", "{}", "");
	wait_for_read();
	world_told();
	world.done.count(world.arg, &totals, NULL);
	reply = world_reply("Status", false);
	ck_assert_ptr_nonnull(strstr(reply,
	    "\"executions\":{\"running\":1,\"held\":1,\"succeeded\":2,"
	    "\"failed\":3,\"uncontained\":5},\"rejected\":6}"));
	ck_assert_int_eq(world.statuses, 1);
}
END_TEST

START_TEST(status_waits_for_the_queue)
{
	const struct store_totals totals = { 0 };

	world_call("Status", "{}", "");
	wait_for_read();
	world.done.count(world.arg, &totals, NULL);
	world_settle();
	ck_assert_int_eq(world.statuses, 0);
	world_told();
	ck_assert_ptr_nonnull(
	    strstr(world_reply("Status", false), "executions"));
}
END_TEST

START_TEST(status_answers_without_the_store)
{
	const char *reply;

	world_call("Status", "{}", "");
	wait_for_read();
	world_told();
	world.done.count(world.arg, NULL, &store_down);
	reply = world_reply("Status", false);
	ck_assert_ptr_null(strstr(reply, "executions"));
	ck_assert_ptr_null(strstr(reply, "rejected"));
	ck_assert_ptr_nonnull(strstr(reply, "degraded"));
}
END_TEST

START_TEST(status_does_not_wait_for_ever)
{
	world_call("Status", "{}", "");
	ck_assert_ptr_nonnull(strstr(world_reply("Status", false), "degraded"));
	ck_assert_int_eq(world.cancelled, 1);
}
END_TEST

/* ---- Rejected ---- */

START_TEST(rejected_gives_bodies)
{
	const struct rejected rows[] = {
		{ 9, 1000, "id", "Finding.Malformed", "byte 0", "\0{\xff\x01",
		    4 },
		{ .id = 8,
		    .received_wall_ms = 1,
		    .error = "Finding.X",
		    .body = "" },
	};

	world_call("Rejected", "{\"before\":10}", "");
	wait_for_read();
	ck_assert_int_eq(world.before, 10);
	world.done.rejected(world.arg, rows, 2, NULL);
	ck_assert_str_eq(world_reply("Rejected", false),
	    "{\"rejected\":[{\"id\":9,\"receivedDate\":"
	    "\"1970-01-01T00:00:01.000Z\",\"messageId\":\"id\",\"error\":"
	    "\"Finding.Malformed\",\"cause\":\"byte 0\",\"body\":"
	    "\"?{?\\u0001\"},{\"id\":8,\"receivedDate\":"
	    "\"1970-01-01T00:00:00.001Z\",\"error\":\"Finding.X\",\"body\":"
	    "\"\"}]}");
}
END_TEST

/* Six bytes of JSON for each byte: a few such rows are enough for a page. */
START_TEST(rejected_bounds_a_page_by_bytes)
{
	enum { LEN = 1 << 20, ROWS = 16 };
	FREE_LATER char *body = xcalloc(LEN, 1);
	struct rejected rows[ROWS];
	struct json_object *reply;

	memset(body, '\1', LEN);
	for (int i = 0; i < ROWS; i++)
		rows[i] = (struct rejected){ .id = ROWS - i,
			.error = "e",
			.body = body,
			.body_len = LEN };
	world_call("Rejected", "{}", "");
	wait_for_read();
	world.done.rejected(world.arg, rows, ROWS, NULL);
	reply = world_hear(0);
	ck_assert_ptr_nonnull(reply);
	ck_assert_uint_eq(doc_count(reply, "parameters.rejected"), 1);
}
END_TEST

/* ---- Machine ---- */

START_TEST(machine_draws)
{
	const char *reply;

	world_call("Machine", "{}", "");
	ck_assert_str_eq(
	    world_reply("Machine", false), "{\"drawing\":\"text\"}");
	world_call("Machine", "{\"format\":\"text\"}", "");
	ck_assert_str_eq(
	    world_reply("Machine", false), "{\"drawing\":\"text\"}");
	world_call("Machine", "{\"format\":\"dot\"}", "");
	ck_assert_str_eq(
	    world_reply("Machine", false), "{\"drawing\":\"dot\"}");
	world_call("Machine", "{\"format\":\"asl\"}", "");
	reply = world_reply("Machine", false);
	ck_assert_ptr_nonnull(strstr(reply, "<IAM.Throttling>"));
	ck_assert_ptr_null(strstr(reply, "Class."));
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		list_gives_a_page,
		list_asks_for_what_was_asked,
		list_refuses_a_bad_token,
		list_refuses_a_limit_out_of_range,
		a_failing_store_is_told_of,
		describe_tells_the_history,
		describe_tells_who_else_contained_the_key,
		describe_ends_with_its_client,
		describe_knows_what_is_not_there,
		status_tells_what_the_store_counts,
		status_waits_for_the_queue,
		status_answers_without_the_store,
		status_does_not_wait_for_ever,
		rejected_gives_bodies,
		rejected_bounds_a_page_by_bytes,
		machine_draws,
	};
	Suite *suite = suite_create("control/methods");
	TCase *tcase = tcase_create("methods");

	tcase_add_checked_fixture(tcase, world_setup, world_teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
