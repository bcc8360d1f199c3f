/* SPDX-License-Identifier: Apache-2.0 */
/* What an event leaves in the store, and what is made of one that does not
 * fit. */
#include "store/write_event.h"

#include <stdio.h>
#include <string.h>

#include "store/record.h"
#include "store/sqlite.h"
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
	kit_forget();
	kit_close();
	kit_teardown();
}

static void
add_standing(const char *name, int64_t id, struct standing standing)
{
	struct event event = kit_event(id, EVENT_STATE_EXITED);

	kit_add(record_event(name, &event, &standing));
}

#define NUMBER(sql, value) ck_assert_int_eq(kit_number("SELECT " sql), value)

/* ---- events and standing ---- */

START_TEST(an_event_is_written_with_its_standing)
{
	struct error bad = { "IAM.Throttling", "Rate exceeded", "req-7",
		CLASS_THROTTLED };
	struct event event = { 1, 1234, EVENT_TASK_FAILED, "Delete", "iam:x",
		"{\"a\":1}", NULL, &bad };
	struct standing standing = { STATUS_RUNNING, "Delete", "contained",
		5678, 3, { "111122223333", "AKIA", "zoe", "lane" } };

	kit_add(record_event("A", &event, &standing));
	kit_write_well();
	NUMBER("count(*) FROM executions WHERE name = 'A' AND start_ms = 1234"
	       " AND stop_ms IS NULL AND status = 'RUNNING'"
	       " AND state = 'Delete' AND outcome = 'contained'"
	       " AND due_ms = 5678 AND retries = 3 AND account = '111122223333'"
	       " AND key_id = 'AKIA' AND user = 'zoe' AND lane = 'lane'"
	       " AND last_event = 1",
	    1);
	NUMBER("count(*) FROM history h JOIN executions e ON e.id = execution"
	       " WHERE h.id = 1 AND wall_ms = 1234 AND type = 'TaskFailed'"
	       " AND h.state = 'Delete' AND resource = 'iam:x'"
	       " AND data = '{\"a\":1}' AND error = 'IAM.Throttling'"
	       " AND cause = 'Rate exceeded' AND request_id = 'req-7'"
	       " AND class = 'Class.Throttled'",
	    1);
}
END_TEST

START_TEST(what_is_not_given_is_null)
{
	struct event event = { .id = 1, .type = EVENT_EXECUTION_STARTED };
	struct standing standing = { .status = STATUS_RUNNING };

	kit_add(record_event("A", &event, &standing));
	kit_write_well();
	NUMBER("count(*) FROM executions WHERE coalesce(state, outcome,"
	       " account, key_id, user, lane) IS NULL",
	    1);
	NUMBER("count(*) FROM history WHERE coalesce(state, resource, data,"
	       " error, cause, request_id, class) IS NULL",
	    1);
}
END_TEST

/* Words that events share are kept once; who began an execution is its own. */
START_TEST(words_are_kept_once)
{
	struct event event = { .type = EVENT_TASK_STARTED,
		.state = "Delete",
		.resource = "iam:x" };
	struct standing standing = { .status = STATUS_RUNNING };
	char origin[16];

	for (int i = 1; i <= 5; i++) {
		struct event first = { .id = 1,
			.type = EVENT_EXECUTION_STARTED,
			.resource = origin };

		snprintf(origin, sizeof origin, "sqs:%d", i);
		kit_add(record_event(origin, &first, &standing));
		event.id = 2;
		kit_add(record_event(origin, &event, &standing));
		kit_write_well();
	}
	NUMBER("count(*) FROM kinds", 2);
	NUMBER("count(*) FROM history WHERE id = 2 AND resource = 'iam:x'", 5);
	NUMBER("count(*) FROM history JOIN executions e ON e.id = execution"
	       " WHERE history.id = 1 AND resource = e.name",
	    5);
}
END_TEST

START_TEST(the_row_follows_its_events)
{
	kit_add_event("A", 1);
	kit_write_well();
	add_standing("A", 2, kit_ended("A", STATUS_FAILED, "uncontained"));
	kit_write_well();
	NUMBER("stop_ms FROM executions WHERE status = 'FAILED'", 2000);
	add_standing("A", 3, kit_ended("A", STATUS_FAILED, "contained"));
	kit_write_well();
	NUMBER("stop_ms FROM executions WHERE outcome = 'contained'", 2000);
	add_standing("A", 4, kit_running("A"));
	kit_write_well();
	NUMBER("count(*) FROM executions WHERE stop_ms IS NULL"
	       " AND status = 'RUNNING' AND outcome IS NULL",
	    1);
	add_standing("A", 5, kit_ended("A", STATUS_SUCCEEDED, "contained"));
	kit_write_well();
	NUMBER("stop_ms FROM executions WHERE status = 'SUCCEEDED'", 5000);
	NUMBER("last_event FROM executions", 5);
	NUMBER("count(*) FROM events", 5);
}
END_TEST

/* ---- totals ---- */

static void
totals_are_counted(void)
{
	NUMBER("count(*) FROM totals t WHERE name IN"
	       " ('RUNNING', 'SUCCEEDED', 'FAILED', 'ABORTED') AND n !="
	       " (SELECT count(*) FROM executions WHERE status = t.name)",
	    0);
	NUMBER("n - (SELECT count(*) FROM executions"
	       " WHERE outcome = 'uncontained')"
	       " FROM totals WHERE name = 'uncontained'",
	    0);
}

START_TEST(totals_are_what_a_full_count_gives)
{
	static const char *const outcomes[] = { NULL, "contained",
		"uncontained" };
	char name[16];

	for (int i = 0; i < 120; i++) {
		snprintf(name, sizeof name, "N%d", i / 3);
		add_standing(name, 1 + i % 3,
		    kit_ended(name, (enum status)(i / 3 % 4),
			outcomes[(i / 3 + i % 3) % 3]));
		kit_write_well();
	}
	totals_are_counted();
	NUMBER("count(DISTINCT status) FROM executions", 4);
	NUMBER("count(DISTINCT outcome) FROM executions", 2);
	NUMBER("count(*) FROM executions WHERE outcome IS NULL", 13);
	kit_sql("DELETE FROM executions WHERE id % 2");
	totals_are_counted();
	NUMBER("sum(n) FROM totals WHERE name = upper(name)", 20);
}
END_TEST

/* ---- rows that do not fit ---- */

START_TEST(a_name_is_used_once)
{
	add_standing("A", 1, kit_ended("A", STATUS_SUCCEEDED, "contained"));
	kit_write_well();
	kit_add_event("A", 1);
	kit_add_event("B", 1);
	kit_add_event("A", 2);
	kit_write();
	ck_assert_int_eq(kit_rows[0]->fate, FATE_EXISTS);
	ck_assert_int_eq(kit_rows[0]->exists, STATUS_SUCCEEDED);
	ck_assert_int_eq(kit_rows[1]->fate, FATE_WRITTEN);
	ck_assert_int_eq(kit_rows[2]->fate, FATE_DROPPED);
	NUMBER("count(*) FROM events", 2);
}
END_TEST

START_TEST(a_gap_is_held)
{
	kit_add_event("A", 1);
	kit_add_event("A", 3);
	kit_add_event("A", 2);
	kit_add_event("B", 2);
	kit_write();
	ck_assert_int_eq(kit_rows[0]->fate, FATE_WRITTEN);
	ck_assert_int_eq(kit_rows[1]->fate, FATE_HELD);
	ck_assert_str_eq(kit_rows[1]->why->name, "Store.OutOfOrder");
	ck_assert_int_eq(kit_rows[2]->fate, FATE_DROPPED);
	ck_assert_int_eq(kit_rows[3]->fate, FATE_HELD);
	ck_assert_str_eq(kit_rows[3]->why->name, "Store.Gone");
	NUMBER("count(*) FROM events", 1);
	NUMBER("last_event FROM executions", 1);
}
END_TEST

START_TEST(an_event_is_written_once)
{
	kit_add_event("A", 1);
	kit_add_event("A", 2);
	kit_write_well();
	kit_add_event("A", 2);
	kit_write();
	ck_assert_int_eq(kit_rows[0]->fate, FATE_HELD);
	ck_assert_str_eq(kit_rows[0]->why->name, "Store.OutOfOrder");
}
END_TEST

/* A commit that failed may have reached the disk all the same: whoever has
 * our name is then we ourselves. */
START_TEST(what_was_in_doubt_and_is_there_is_written)
{
	struct rejected rejected = kit_rejected(7, "Finding.Malformed", 9);

	kit_add_event("A", 1);
	kit_add_event("A", 2);
	kit_add_event("B", 1);
	kit_add(record_rejected(&rejected, NULL, NULL));
	kit_write();
	for (size_t i = 0; i < kit_count; i++)
		kit_rows[i]->in_doubt = true;
	kit_add_event("A", 3);
	kit_write();
	for (size_t i = 0; i < kit_count; i++)
		ck_assert_int_eq(kit_rows[i]->fate, FATE_WRITTEN);
	NUMBER("count(*) FROM events", 4);
	NUMBER("last_event FROM executions WHERE name = 'A'", 3);
	NUMBER("count(*) FROM rejected", 1);
}
END_TEST

START_TEST(doubt_does_not_make_us_another)
{
	struct event event = kit_event(1, EVENT_EXECUTION_STARTED);
	struct standing standing = kit_ended("A", STATUS_FAILED, NULL);

	event.wall_ms = 77;
	kit_add(record_event("A", &event, &standing));
	kit_write_well();
	kit_add(kit_record("A", 1, EVENT_EXECUTION_STARTED));
	kit_rows[0]->in_doubt = true;
	kit_write();
	ck_assert_int_eq(kit_rows[0]->fate, FATE_EXISTS);
	ck_assert_int_eq(kit_rows[0]->exists, STATUS_FAILED);
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		an_event_is_written_with_its_standing,
		what_is_not_given_is_null,
		words_are_kept_once,
		the_row_follows_its_events,
		totals_are_what_a_full_count_gives,
		a_name_is_used_once,
		a_gap_is_held,
		an_event_is_written_once,
		what_was_in_doubt_and_is_there_is_written,
		doubt_does_not_make_us_another,
	};
	Suite *suite = suite_create("store/write_event");
	TCase *tcase = tcase_create("write_event");

	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
