/* SPDX-License-Identifier: Apache-2.0 */
/* What is made of what was kept: outputs that were not, and nonsense. */
#include "store/answer.h"

#include "unit/store_kit.h"
#include "unit/unit.h"

static void
setup(void)
{
	kit_setup();
	kit_open();
}

static void
teardown(void)
{
	kit_close();
	kit_teardown();
}

static void
add_history(const struct event *events, size_t count)
{
	struct standing standing = kit_running("A");

	for (size_t i = 0; i < count; i++) {
		struct event event = events[i];

		event.id = 1 + (int64_t)i;
		kit_add(record_event("A", &event, &standing));
	}
	kit_write_well();
}

static struct error bad = { "IAM.ServiceFailure", "It is \"down\"", "req-7",
	CLASS_TRANSIENT };
static const struct event history[] = {
	{ .type = EVENT_EXECUTION_STARTED, .data = "{\"a\":\"\xc3\xa9\"}" },
	{ .type = EVENT_STATE_ENTERED, .state = "One" },
	{ .type = EVENT_TASK_FAILED, .error = &bad },
	{ .type = EVENT_STATE_EXITED,
	    .state = "One",
	    .path = "$.why",
	    .data = "{\"a\":\"\xc3\xa9\",\"why\":{\"Error\":"
		    "\"IAM.ServiceFailure\",\"Cause\":"
		    "\"It is \\\"down\\\"\"}}" },
	{ .type = EVENT_TASK_SUCCEEDED, .data = "[1,2.50]" },
	{ .type = EVENT_STATE_EXITED,
	    .path = "$.it",
	    .data = "{\"a\":\"\xc3\xa9\",\"why\":{\"Error\":"
		    "\"IAM.ServiceFailure\",\"Cause\":"
		    "\"It is \\\"down\\\"\"},\"it\":[1,2.50]}" },
	{ .type = EVENT_TASK_SUCCEEDED, .data = "{\"b\":2}" },
	{ .type = EVENT_STATE_EXITED, .path = "$", .data = "{\"b\":2}" },
};
#define EVENTS (sizeof history / sizeof *history)

START_TEST(what_can_be_derived_is_not_kept)
{
	struct question question = { .name = "A" };

	add_history(history, EVENTS);
	ck_assert_int_eq(kit_number("SELECT count(*) FROM events"
				    "  WHERE data IS NOT NULL"),
	    3);
	kit_ask(reads_show, &question);
	ck_assert_uint_eq(kit_answer.event_count, EVENTS);
	for (size_t i = 0; i < EVENTS; i++) {
		ck_assert_pstr_eq(kit_answer.events[i].data, history[i].data);
		ck_assert_pstr_eq(kit_answer.events[i].path, history[i].path);
	}
}
END_TEST

/* As in histories of version 1, and where a task chose its output itself. */
START_TEST(an_output_without_a_path_is_kept)
{
	struct event events[] = { history[0], history[4], history[5] };
	struct question question = { .name = "A" };

	events[2].path = NULL;
	events[2].data = "{\"other\":1}";
	add_history(events, 3);
	kit_ask(reads_show, &question);
	ck_assert_str_eq(kit_answer.events[2].data, "{\"other\":1}");
	ck_assert_ptr_null(kit_answer.events[2].path);
}
END_TEST

/* As it is once a history has been mended by hand. */
START_TEST(an_output_that_was_kept_is_taken)
{
	struct question question = { .name = "A" };

	add_history(history, EVENTS);
	kit_sql("UPDATE events SET data = '{\"by\":\"hand\"}' WHERE id = 4");
	kit_ask(reads_show, &question);
	ck_assert_str_eq(kit_answer.events[3].data, "{\"by\":\"hand\"}");
}
END_TEST

START_TEST(an_error_may_have_nothing_but_its_name)
{
	struct question question = { .name = "A" };
	const struct error *why;

	add_history(history, 3);
	kit_sql("UPDATE events SET cause = NULL, request_id = NULL,"
		"  class = NULL WHERE id = 3");
	kit_ask(reads_show, &question);
	why = kit_answer.events[2].error;
	ck_assert_str_eq(why->name, "IAM.ServiceFailure");
	ck_assert_str_eq(why->cause, "");
	ck_assert_str_eq(why->request_id, "");
	ck_assert_int_eq(why->class, CLASS_NONE);
}
END_TEST

START_TEST(a_message_may_have_been_empty)
{
	struct question question = { .limit = 1 };
	struct rejected empty = kit_rejected(1, "Finding.Malformed", 0);

	kit_add(record_rejected(&empty, NULL, NULL));
	kit_write_well();
	kit_ask(reads_rejected, &question);
	ck_assert_uint_eq(kit_answer.rejected_count, 1);
	ck_assert_uint_eq(kit_answer.rejected[0].body_len, 0);
	ck_assert_str_eq(kit_answer.rejected[0].body, "");
}
END_TEST

/* Whoever can write the file must not make us go astray. */
START_TEST(what_cannot_be_derived_is_corrupt)
{
	static const char *const changes[] = {
		"UPDATE kinds SET path = 'x' WHERE path = '$.why'",
		"UPDATE kinds SET path = '' WHERE path = '$.why'",
		"UPDATE events SET data = '[]' WHERE id = 1",
		"UPDATE events SET data = NULL WHERE id = 1",
		"UPDATE events SET data = '{' WHERE id = 1",
		"UPDATE events SET error = NULL WHERE id = 3",
		"UPDATE events SET data = 'x' WHERE id = 5",
		"DELETE FROM events WHERE id < 4",
	};
	struct question question = { .name = "A" };

	add_history(history, EVENTS);
	kit_sql(changes[_i]);
	kit_refuse(reads_show, &question, "Store.Corrupt");
}
END_TEST

START_TEST(what_has_no_meaning_is_corrupt)
{
	struct question question = { .name = "A" };

	kit_add_event("A", 1);
	kit_write_well();
	kit_sql("UPDATE kinds SET type = 'TaskTeleported'");
	kit_refuse(reads_show, &question, "Store.Corrupt");
	kit_sql("UPDATE executions SET status = 'SLEEPING'");
	kit_refuse(reads_show, &question, "Store.Corrupt");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("store/answer");
	TCase *tcase = tcase_create("answer");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, what_can_be_derived_is_not_kept);
	tcase_add_test(tcase, an_output_without_a_path_is_kept);
	tcase_add_test(tcase, an_output_that_was_kept_is_taken);
	tcase_add_test(tcase, an_error_may_have_nothing_but_its_name);
	tcase_add_test(tcase, a_message_may_have_been_empty);
	tcase_add_loop_test(tcase, what_cannot_be_derived_is_corrupt, 0, 8);
	tcase_add_test(tcase, what_has_no_meaning_is_corrupt);
	suite_add_tcase(suite, tcase);
	return suite;
}
