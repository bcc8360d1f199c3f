/* SPDX-License-Identifier: Apache-2.0 */
/* Watch: no event twice, none missing, whenever it happens. */
#include <stdio.h>
#include <string.h>

#include "control/call.h"
#include "control/varlink.h"
#include "unit/control_world.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/doc.h"

#define MORE ",\"more\":true"

static const struct standing running = { .state = "S" };
static const struct standing ended = { .status = STATUS_SUCCEEDED,
	.outcome = "contained" };

/* The first ten events of an execution. */
static struct event events[10];

static void
setup(void)
{
	world_setup();
	for (int i = 0; i < 10; i++)
		events[i] = (struct event){ i + 1, 1000 + i,
			EVENT_TASK_SUCCEEDED, .data = "{}" };
}

static void
wait_for_read(const char *name)
{
	while (!world.reading)
		world_settle();
	ck_assert_str_eq(world.asked, name);
}

/* The store answers that there are `count` events. */
static void
show(const char *name, const struct standing *standing, size_t count)
{
	const struct store_execution execution = {
		.name = name, .standing = *standing, .start_wall_ms = 1
	};

	ck_assert(world.reading);
	world.reading = false;
	world.done.show(world.arg, &execution, events, count, NULL);
}

static void
live(const char *name, int64_t id, const struct standing *standing)
{
	world_event(name, &events[id - 1], standing);
}

/* The client hears of event `id` of `name` next. */
static void
expect(const char *name, int64_t id)
{
	DOC_LATER struct json_object *doc = NULL;
	const char *reply = world_reply("Watch", true);

	doc = doc_parse(reply, strlen(reply), NULL);
	ck_assert_str_eq(doc_string(doc, "name"), name);
	ck_assert_int_eq(doc_int(doc, "event.id", 0), id);
}

START_TEST(history_comes_first_then_what_happens)
{
	world_call("Watch", "{\"names\":[\"a\"]}", MORE);
	wait_for_read("a");
	show("a", &running, 2);
	expect("a", 1);
	expect("a", 2);
	live("a", 3, &running);
	expect("a", 3);
	live("a", 4, &ended);
	expect("a", 4);
	show("a", &ended, 4);
	ck_assert_str_eq(world_reply("Watch", false),
	    "{\"executions\":[{\"name\":\"a\",\"status\":\"SUCCEEDED\","
	    "\"outcome\":\"contained\",\"startDate\":"
	    "\"1970-01-01T00:00:00.001Z\"}]}");
	ck_assert_ptr_null(world.observers);
	ck_assert_int_eq(world.reads, 2);
}
END_TEST

START_TEST(what_was_known_before_is_not_told_again)
{
	world_call("Watch",
	    "{\"names\":[\"a.b\"],\"after\":{\"a.b\":2,\"else\":7}}", MORE);
	wait_for_read("a.b");
	show("a.b", &ended, 3);
	expect("a.b", 3);
	world_reply("Watch", false);
}
END_TEST

/* Live events that the history, read before they happened, does not have. */
START_TEST(what_happens_while_the_history_is_read_is_not_lost)
{
	world_call("Watch", "{\"names\":[\"a\"]}", MORE);
	wait_for_read("a");
	live("a", 4, &running);
	live("a", 5, &ended);
	show("a", &running, 3);
	expect("a", 1);
	expect("a", 2);
	expect("a", 3);
	show("a", &ended, 5);
	expect("a", 4);
	expect("a", 5);
	world_reply("Watch", false);
}
END_TEST

/* The history had them, too. */
START_TEST(what_happens_while_the_history_is_read_is_not_told_twice)
{
	world_call("Watch", "{\"names\":[\"a\"],\"after\":{\"a\":2}}", MORE);
	wait_for_read("a");
	live("a", 2, &running);
	live("a", 3, &running);
	expect("a", 3);
	show("a", &running, 4);
	expect("a", 4);
	live("a", 4, &running);
	live("a", 5, &running);
	expect("a", 5);
}
END_TEST

START_TEST(several_end_when_the_last_ends)
{
	world_call("Watch", "{\"names\":[\"a\",\"b\"]}", MORE);
	wait_for_read("a");
	show("a", &running, 1);
	expect("a", 1);
	wait_for_read("b");
	show("b", &ended, 1);
	expect("b", 1);
	ck_assert(!world.reading);
	live("x", 2, &running);
	live("a", 2, &ended);
	expect("a", 2);
	show("a", &ended, 2);
	ck_assert_ptr_nonnull(
	    strstr(world_reply("Watch", false), "{\"name\":\"b\",\"status\":"));
}
END_TEST

START_TEST(one_name_given_twice_ends)
{
	world_call("Watch", "{\"names\":[\"a\",\"a\"]}", MORE);
	for (int i = 0; i < 2; i++) {
		wait_for_read("a");
		show("a", &running, 1);
		expect("a", 1);
	}
	live("a", 2, &ended);
	expect("a", 2);
	expect("a", 2);
	show("a", &ended, 2);
	show("a", &ended, 2);
	world_reply("Watch", false);
}
END_TEST

START_TEST(no_names_end_at_once)
{
	world_call("Watch", "{\"names\":[]}", MORE);
	ck_assert_str_eq(world_reply("Watch", false), "{\"executions\":[]}");
}
END_TEST

START_TEST(without_names_all_is_told_from_now_on)
{
	world_call("Watch", "{}", MORE);
	ck_assert_str_eq(world_reply("Watch", true), "{\"ready\":true}");
	live("a", 7, &running);
	expect("a", 7);
	live("b", 1, &ended);
	expect("b", 1);
	ck_assert_int_eq(world.reads, 0);
	world_disconnect(0);
	world_settle();
	ck_assert_ptr_null(world.observers);
}
END_TEST

START_TEST(only_who_takes_more_can_watch)
{
	world_call("Watch", "{}", "");
	world_error(VARLINK_EXPECTED_MORE);
}
END_TEST

START_TEST(who_is_not_there_cannot_be_watched)
{
	world_call("Watch", "{\"names\":[\"a\"]}", MORE);
	wait_for_read("a");
	world.reading = false;
	world.done.show(world.arg, NULL, NULL, 0, NULL);
	ck_assert_str_eq(
	    world_error(CONTROL_NO_SUCH_EXECUTION), "{\"name\":\"a\"}");
}
END_TEST

START_TEST(a_failing_store_ends_it)
{
	const struct error error = { .name = "Store.X", .cause = "y" };

	world_call("Watch", "{\"names\":[\"a\"]}", MORE);
	wait_for_read("a");
	world_held("b", &error);
	world_held("a", &error);
	ck_assert_str_eq(world_error(CONTROL_STORE_FAILED),
	    "{\"error\":\"Store.X\",\"cause\":\"y\"}");
	ck_assert_int_eq(world.cancelled, 1);
	world_call("Watch", "{\"names\":[\"a\"]}", MORE);
	wait_for_read("a");
	world.reading = false;
	world.done.show(world.arg, NULL, NULL, 0, &error);
	world_error(CONTROL_STORE_FAILED);
}
END_TEST

START_TEST(too_many_names_are_refused)
{
	CLEANUP(buf_done) struct buf names = BUF_INIT((size_t)1 << 20);

	buf_puts(&names, "{\"names\":[\"\"");
	for (int i = 0; i < 10000; i++)
		buf_puts(&names, ",\"\"");
	buf_puts(&names, "]}");
	world_call("Watch", buf_text(&names), MORE);
	ck_assert_str_eq(world_error(VARLINK_INVALID_PARAMETER),
	    "{\"parameter\":\"names\"}");
}
END_TEST

START_TEST(who_does_not_read_is_cut_off)
{
	enum { LEN = 1 << 20 };
	FREE_LATER char *data = xzalloc(LEN + 1);
	int told = 0;

	memset(data, 'x', LEN);
	world_call("Watch", "{}", MORE);
	ck_assert_str_eq(world_reply("Watch", true), "{\"ready\":true}");
	events[0].data = data;
	while (world.observers != NULL) {
		live("a", 1, &running);
		world_settle();
		ck_assert_int_lt(++told, 64);
	}
	ck_assert_int_gt(told, 30);
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		history_comes_first_then_what_happens,
		what_was_known_before_is_not_told_again,
		what_happens_while_the_history_is_read_is_not_lost,
		what_happens_while_the_history_is_read_is_not_told_twice,
		several_end_when_the_last_ends,
		one_name_given_twice_ends,
		no_names_end_at_once,
		without_names_all_is_told_from_now_on,
		only_who_takes_more_can_watch,
		who_is_not_there_cannot_be_watched,
		a_failing_store_ends_it,
		too_many_names_are_refused,
		who_does_not_read_is_cut_off,
	};
	Suite *suite = suite_create("control/watch");
	TCase *tcase = tcase_create("watch");

	tcase_add_checked_fixture(tcase, setup, world_teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
