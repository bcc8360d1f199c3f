/* SPDX-License-Identifier: Apache-2.0 */
/* Clients, good and bad: order, oneway, errors, limits, and how they go. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/varlink.h"
#include "control/varlink_interface.h"
#include "unit/control_world.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"

#define CALL(method) "{\"method\":\"" method "\"}"
#define INFO         CALL("org.varlink.service.GetInfo")
#define MACHINE      CALL("io.keyguard.Control.Machine")
#define LIST         CALL("io.keyguard.Control.List")

static void
say(const char *text)
{
	world_send(0, text, strlen(text) + 1);
}

static void
wait_for_read(void)
{
	while (!world.reading)
		world_settle();
}

static void
answer_list(void)
{
	world.reading = false;
	world.done.list(world.arg, NULL, 0, NULL, NULL);
}

/* ---- org.varlink.service ---- */

START_TEST(info_names_the_interfaces)
{
	struct json_object *reply, *names;

	say(INFO);
	reply = world_hear(0);
	names = doc_at(reply, "parameters.interfaces");
	ck_assert_str_eq(
	    doc_string(reply, "parameters.version"), PACKAGE_VERSION);
	ck_assert_uint_eq(doc_count(names, ""), 2);
	ck_assert_str_eq(
	    doc_string(doc_element(names, 0), ""), "io.keyguard.Control");
	ck_assert_str_eq(
	    doc_string(doc_element(names, 1), ""), "org.varlink.service");
}
END_TEST

START_TEST(interfaces_are_described)
{
	struct json_object *reply;

	say("{\"method\":\"org.varlink.service.GetInterfaceDescription\","
	    "\"parameters\":{\"interface\":\"io.keyguard.Control\"}}");
	reply = world_hear(0);
	ck_assert_str_eq(
	    doc_string(reply, "parameters.description"), varlink_interface);
	say("{\"method\":\"org.varlink.service.GetInterfaceDescription\","
	    "\"parameters\":{\"interface\":\"org.varlink.service\"}}");
	reply = world_hear(0);
	ck_assert_str_eq(
	    doc_string(reply, "parameters.description"), varlink_service);
	say("{\"method\":\"org.varlink.service.GetInterfaceDescription\","
	    "\"parameters\":{\"interface\":\"io.keyguard\"}}");
	ck_assert_str_eq(world_error(VARLINK_INTERFACE_NOT_FOUND),
	    "{\"interface\":\"io.keyguard\"}");
}
END_TEST

START_TEST(what_is_not_there_is_named)
{
	say(CALL("io.keyguard.Nothing.List"));
	ck_assert_str_eq(world_error(VARLINK_INTERFACE_NOT_FOUND),
	    "{\"interface\":\"io.keyguard.Nothing\"}");
	say(CALL("List"));
	ck_assert_str_eq(
	    world_error(VARLINK_INTERFACE_NOT_FOUND), "{\"interface\":\"\"}");
	say(CALL("io.keyguard.Control.Lis"));
	ck_assert_str_eq(world_error(VARLINK_METHOD_NOT_FOUND),
	    "{\"method\":\"io.keyguard.Control.Lis\"}");
	say("{\"method\":\"io.keyguard.Control.List\",\"upgrade\":true}");
	ck_assert_str_eq(world_error(VARLINK_METHOD_NOT_IMPLEMENTED),
	    "{\"method\":\"io.keyguard.Control.List\"}");
}
END_TEST

START_TEST(parameters_are_checked)
{
	static const struct {
		const char *method, *parameters, *wrong;
	} bad[] = {
		{ "List", "{\"limit\":\"5\"}", "limit" },
		{ "List", "{\"limit\":1.5}", "limit" },
		{ "List", "{\"status\":\"running\"}", "status" },
		{ "List", "{\"Limit\":5}", "Limit" },
		{ "Describe", "{}", "name" },
		{ "Describe", "{\"name\":null}", "name" },
		{ "Describe", "{\"name\":\"a\\u0000b\"}", "name" },
		{ "Inject", "{}", "event" },
		{ "Inject", "{\"event\":{}}", "event" },
		{ "Machine", "{\"format\":\"svg\"}", "format" },
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		FREE_LATER char *told =
		    xasprintf("{\"parameter\":\"%s\"}", bad[i].wrong);

		world_call(bad[i].method, bad[i].parameters, "");
		ck_assert_str_eq(world_error(VARLINK_INVALID_PARAMETER), told);
	}
	world_call("Watch", "{\"after\":{\"a\":\"b\"}}", ",\"more\":true");
	ck_assert_str_eq(world_error(VARLINK_INVALID_PARAMETER),
	    "{\"parameter\":\"after\"}");
}
END_TEST

/* ---- order ---- */

START_TEST(pipelined_calls_are_answered_in_order)
{
	static const char calls[] = LIST "\0" MACHINE "\0" LIST;

	world_send(0, calls, sizeof calls);
	wait_for_read();
	ck_assert_int_eq(world.reads, 1);
	answer_list();
	ck_assert_str_eq(world_reply("List", false), "{\"executions\":[]}");
	world_reply("Machine", false);
	wait_for_read();
	ck_assert_int_eq(world.reads, 2);
	answer_list();
	world_reply("List", false);
}
END_TEST

/* Many that are answered at once: no deeper and deeper. */
START_TEST(a_thousand_calls_at_once)
{
	enum { CALLS = 1000 };
	FREE_LATER char *calls = xcalloc(CALLS, sizeof MACHINE);

	for (int i = 0; i < CALLS; i++)
		memcpy(calls + (size_t)i * sizeof MACHINE, MACHINE,
		    sizeof MACHINE);
	world_send(0, calls, CALLS * sizeof MACHINE);
	for (int i = 0; i < CALLS; i++)
		world_reply("Machine", false);
}
END_TEST

START_TEST(a_call_may_come_in_pieces)
{
	for (size_t i = 0; i < sizeof MACHINE; i++) {
		world_send(0, &MACHINE[i], 1);
		world_settle();
	}
	world_reply("Machine", false);
}
END_TEST

START_TEST(oneway_calls_get_no_answer)
{
	say("{\"method\":\"io.keyguard.Control.Machine\",\"oneway\":true}");
	say("{\"method\":\"io.keyguard.Control.Nothing\",\"oneway\":true}");
	say("{\"method\":\"io.keyguard.Control.List\",\"oneway\":true}");
	say(MACHINE);
	world_reply("Machine", false);
	ck_assert_int_eq(world.reads, 1);
	ck_assert_int_eq(world.cancelled, 1);
}
END_TEST

START_TEST(clients_do_not_wait_for_each_other)
{
	world_connect(1);
	say(LIST);
	wait_for_read();
	world_send(1, MACHINE, sizeof MACHINE);
	ck_assert_ptr_nonnull(world_hear(1));
	answer_list();
	world_reply("List", false);
}
END_TEST

/* ---- the end ---- */

START_TEST(what_is_no_call_closes)
{
	static const char *const bad[] = { "", "nonsense", "[]", "{}", "null",
		"{\"method\":5}", "{\"method\":\"a.B\",\"more\":1}",
		"{\"method\":\"a.B\",\"oneway\":\"\"}",
		"{\"method\":\"a.B\",\"parameters\":[]}" };
	const int count = sizeof bad / sizeof *bad;

	for (int i = 0; i < count; i++) {
		world_connect(i);
		world_send(i, MACHINE, sizeof MACHINE);
		world_send(i, bad[i], strlen(bad[i]) + 1);
		world_send(i, MACHINE, sizeof MACHINE);
		ck_assert_ptr_nonnull(world_hear(i));
		ck_assert_ptr_null(world_hear(i));
	}
	ck_assert_int_eq(world.warnings, count);
}
END_TEST

static void
fill(size_t len)
{
	FREE_LATER char *text = xzalloc(len);

	memset(text, ' ', len);
	world_send(0, text, len);
}

START_TEST(the_longest_message)
{
	fill(VARLINK_MAX_CALL - strlen(MACHINE));
	say(MACHINE);
	world_reply("Machine", false);
	ck_assert_int_eq(world.warnings, 0);
}
END_TEST

START_TEST(a_longer_message_closes)
{
	fill(VARLINK_MAX_CALL - strlen(MACHINE) + 1);
	say(MACHINE);
	ck_assert_ptr_null(world_hear(0));
	ck_assert_int_eq(world.warnings, 1);
}
END_TEST

START_TEST(too_much_behind_a_call_closes)
{
	say(LIST);
	wait_for_read();
	fill(VARLINK_MAX_CALL + 1);
	ck_assert_ptr_null(world_hear(0));
	ck_assert_int_eq(world.warnings, 1);
	ck_assert_int_eq(world.cancelled, 1);
}
END_TEST

START_TEST(who_goes_leaves_nothing)
{
	say(LIST);
	wait_for_read();
	world_disconnect(0);
	while (world.reading)
		world_settle();
	ck_assert_int_eq(world.cancelled, 1);
	ck_assert_int_eq(world.warnings, 0);
}
END_TEST

START_TEST(who_is_one_too_many_is_refused)
{
	enum { MOST = 256 };

	for (int i = 1; i < MOST + 2; i++)
		world_connect(i);
	ck_assert_ptr_null(world_hear(MOST));
	ck_assert_ptr_null(world_hear(MOST + 1));
	ck_assert_int_eq(world.warnings, 1);
	world_send(MOST - 1, MACHINE, sizeof MACHINE);
	ck_assert_ptr_nonnull(world_hear(MOST - 1));
	world_disconnect(5);
	world_settle();
	world_connect(MOST + 2);
	world_send(MOST + 2, MACHINE, sizeof MACHINE);
	ck_assert_ptr_nonnull(world_hear(MOST + 2));
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		info_names_the_interfaces,
		interfaces_are_described,
		what_is_not_there_is_named,
		parameters_are_checked,
		pipelined_calls_are_answered_in_order,
		a_thousand_calls_at_once,
		a_call_may_come_in_pieces,
		oneway_calls_get_no_answer,
		clients_do_not_wait_for_each_other,
		what_is_no_call_closes,
		the_longest_message,
		a_longer_message_closes,
		too_much_behind_a_call_closes,
		who_goes_leaves_nothing,
		who_is_one_too_many_is_refused,
	};
	Suite *suite = suite_create("control/connection");
	TCase *tcase = tcase_create("connection");

	tcase_add_checked_fixture(tcase, world_setup, world_teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
