/* SPDX-License-Identifier: Apache-2.0 */
/* What is read: histories, what was refused, totals. */
#include "store/reads.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	kit_close();
	kit_teardown();
}

/* ---- one execution ---- */

START_TEST(what_was_written_is_read)
{
	struct error bad = { "IAM.Throttling", "Rate exceeded", "req-7",
		CLASS_THROTTLED };
	struct event first = { 1, 1234, EVENT_EXECUTION_STARTED, NULL, "sqs:1",
		"{\"a\":\"\xc3\xa9\"}", NULL, NULL };
	struct event second = { 2, 2345, EVENT_TASK_FAILED, "Delete", "iam:x",
		NULL, NULL, &bad };
	struct standing standing = { STATUS_FAILED, "Delete", "uncontained",
		5678, 3, { "111122223333", "AKIA", NULL, "lane" } };
	struct question question = { .name = "A" };
	const struct store_execution *it;

	kit_add(record_event("A", &first, &standing));
	kit_add(record_event("A", &second, &standing));
	kit_add_event("B", 1);
	kit_write_well();
	kit_ask(reads_show, &question);
	ck_assert_uint_eq(kit_answer.execution_count, 1);
	it = kit_answer.executions;
	ck_assert_str_eq(it->name, "A");
	ck_assert_int_eq(it->start_wall_ms, 1234);
	ck_assert_int_eq(it->stop_wall_ms, 1234);
	ck_assert_int_eq(it->standing.status, STATUS_FAILED);
	ck_assert_str_eq(it->standing.state, "Delete");
	ck_assert_str_eq(it->standing.outcome, "uncontained");
	ck_assert_int_eq(it->standing.due_wall_ms, 5678);
	ck_assert_int_eq(it->standing.retries, 3);
	ck_assert_str_eq(it->standing.tags[TAG_ACCOUNT], "111122223333");
	ck_assert_str_eq(it->standing.tags[TAG_KEY], "AKIA");
	ck_assert_ptr_null(it->standing.tags[TAG_USER]);
	ck_assert_str_eq(it->standing.tags[TAG_LANE], "lane");
	ck_assert_uint_eq(kit_answer.event_count, 2);
	ck_assert_int_eq(kit_answer.events[0].id, 1);
	ck_assert_int_eq(kit_answer.events[0].wall_ms, 1234);
	ck_assert_int_eq(kit_answer.events[0].type, EVENT_EXECUTION_STARTED);
	ck_assert_ptr_null(kit_answer.events[0].state);
	ck_assert_str_eq(kit_answer.events[0].resource, "sqs:1");
	ck_assert_str_eq(kit_answer.events[0].data, "{\"a\":\"\xc3\xa9\"}");
	ck_assert_ptr_null(kit_answer.events[0].error);
	ck_assert_str_eq(kit_answer.events[1].state, "Delete");
	ck_assert_ptr_null(kit_answer.events[1].data);
	ck_assert_str_eq(kit_answer.events[1].error->name, "IAM.Throttling");
	ck_assert_str_eq(kit_answer.events[1].error->cause, "Rate exceeded");
	ck_assert_str_eq(kit_answer.events[1].error->request_id, "req-7");
	ck_assert_int_eq(kit_answer.events[1].error->class, CLASS_THROTTLED);
}
END_TEST

START_TEST(what_is_not_there_is_no_error)
{
	struct question question = { .name = "A", .key_id = "2" };

	kit_ask(reads_show, &question);
	ck_assert_uint_eq(
	    kit_answer.execution_count + kit_answer.event_count, 0);
	kit_ask(reads_contained, &question);
	ck_assert_uint_eq(kit_answer.execution_count, 0);
	kit_ask(reads_next_running, &question);
	ck_assert_uint_eq(kit_answer.execution_count, 0);
}
END_TEST

START_TEST(the_newest_contained_one_of_a_key_is_found)
{
	struct question question = { .key_id = "AKIA205" };

	kit_fill(0, 3000);
	kit_ask(reads_contained, &question);
	ck_assert_uint_eq(kit_answer.execution_count, 0);
	question.key_id = "AKIA206";
	kit_ask(reads_contained, &question);
	ck_assert_uint_eq(kit_answer.execution_count, 1);
	ck_assert_str_eq(kit_answer.executions[0].name, "N2206");
}
END_TEST

START_TEST(one_whose_key_another_contained_says_so)
{
	struct question question = { .name = "N5" };

	kit_fill(0, 10);
	kit_ask(reads_show, &question);
	ck_assert_ptr_null(kit_answer.executions[0].contained_by);
	kit_sql("UPDATE executions SET key_id = 'K'"
		" WHERE name IN ('N2', 'N5', 'N6', 'N7')");
	kit_sql("UPDATE executions SET account = 'unknown' WHERE name = 'N5'");
	kit_ask(reads_show, &question);
	ck_assert_str_eq(kit_answer.executions[0].contained_by, "N7");
	question.name = "N6";
	kit_ask(reads_show, &question);
	ck_assert_ptr_null(kit_answer.executions[0].contained_by);
	question = (struct question){ .page = { .outcome = "uncontained",
					  .limit = 10 } };
	kit_ask(reads_list, &question);
	ck_assert_uint_eq(kit_answer.execution_count, 2);
	ck_assert_str_eq(kit_answer.executions[1].name, "N2");
	ck_assert_str_eq(kit_answer.executions[1].contained_by, "N7");
}
END_TEST

START_TEST(running_ones_are_found_oldest_first)
{
	struct question question = { .start_ms = INT64_MIN, .newest = 250 };

	kit_fill(0, 1000);
	kit_sql("UPDATE executions SET start_ms = start_ms - 40"
		" WHERE name = 'N101'");
	kit_ask(reads_next_running, &question);
	ck_assert_str_eq(kit_answer.executions[0].name, "N101");
	question.start_ms = kit_answer.executions[0].start_wall_ms;
	question.id = kit_answer.last_id;
	kit_ask(reads_next_running, &question);
	ck_assert_str_eq(kit_answer.executions[0].name, "N1");
	question.start_ms = kit_answer.executions[0].start_wall_ms;
	question.id = kit_answer.last_id;
	kit_ask(reads_next_running, &question);
	ck_assert_str_eq(kit_answer.executions[0].name, "N201");
	question.start_ms = kit_answer.executions[0].start_wall_ms;
	question.id = kit_answer.last_id;
	kit_ask(reads_next_running, &question);
	ck_assert_uint_eq(kit_answer.execution_count, 0);
}
END_TEST

/* ---- what is to go on, and what is counted ---- */

START_TEST(what_is_due_is_found_by_status)
{
	struct question question = { .page = { .status = STATUS_FAILED },
		.limit = 3 };

	kit_fill(0, 1000);
	kit_ask(reads_due, &question);
	ck_assert_uint_eq(kit_answer.execution_count, 0);
	kit_sql("UPDATE executions SET due_ms = 5000 - start_ms"
		" WHERE name NOT LIKE '%3'");
	kit_ask(reads_due, &question);
	ck_assert_uint_eq(kit_answer.execution_count, 3);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(
		    atoi(kit_answer.executions[i].name + 1), 902 - 100 * i);
	ck_assert_int_eq(
	    kit_answer.executions[0].standing.due_wall_ms, 5000 - 902 / 3);
	question.page.status = STATUS_SUCCEEDED;
	kit_ask(reads_due, &question);
	ck_assert_str_eq(kit_answer.executions[0].name, "N999");
	question.page.status = STATUS_RUNNING;
	kit_ask(reads_due, &question);
	ck_assert_uint_eq(kit_answer.execution_count, 0);
}
END_TEST

START_TEST(notes_come_by_key)
{
	struct question question = { 0 };

	kit_ask(reads_notes, &question);
	ck_assert_uint_eq(kit_answer.note_count, 0);
	kit_add(record_note("voice", "told", NULL, NULL));
	kit_add(record_note("breaker/1", "{\"n\":\"\xc3\xa9\"}", NULL, NULL));
	kit_write_well();
	kit_ask(reads_notes, &question);
	ck_assert_uint_eq(kit_answer.note_count, 2);
	ck_assert_str_eq(kit_answer.notes[0].key, "breaker/1");
	ck_assert_str_eq(kit_answer.notes[0].text, "{\"n\":\"\xc3\xa9\"}");
	ck_assert_str_eq(kit_answer.notes[1].key, "voice");
	ck_assert_str_eq(kit_answer.notes[1].text, "told");
}
END_TEST

static void
intend(const char *name, int64_t id, int64_t wall_ms, const char *account)
{
	struct event event = kit_event(id, EVENT_TASK_SUBMITTED);
	struct standing standing = kit_running(name);

	event.wall_ms = wall_ms;
	standing.tags[TAG_ACCOUNT] = account;
	kit_add(record_event(name, &event, &standing));
	kit_write_well();
}

/* One that is repeated counts once, and from the first time. */
START_TEST(first_intents_are_counted)
{
	struct question question = { .since_ms = 200 };

	intend("A", 1, 100, "1");
	intend("B", 1, 200, "1");
	intend("C", 1, 400, NULL);
	intend("A", 2, 500, "1");
	intend("B", 2, 600, "1");
	intend("D", 1, 300, "2");
	kit_add_event("E", 1);
	kit_write_well();
	kit_ask(reads_intents, &question);
	ck_assert_uint_eq(kit_answer.intent_count, 3);
	ck_assert_int_eq(kit_answer.intents[0].wall_ms, 400);
	ck_assert_ptr_null(kit_answer.intents[0].account);
	ck_assert_int_eq(kit_answer.intents[1].wall_ms, 300);
	ck_assert_str_eq(kit_answer.intents[1].account, "2");
	ck_assert_int_eq(kit_answer.intents[2].wall_ms, 200);
	ck_assert_str_eq(kit_answer.intents[2].account, "1");
}
END_TEST

/* ---- the rest ---- */

START_TEST(refused_messages_come_newest_first)
{
	struct question question = { .limit = 3 };
	struct rejected rejected;

	for (int i = 1; i <= 5; i++) {
		rejected = kit_rejected(i, "Finding.Malformed", 4);
		rejected.body = "\0abc";
		kit_add(record_rejected(&rejected, NULL, NULL));
	}
	kit_write_well();
	kit_ask(reads_rejected, &question);
	ck_assert_uint_eq(kit_answer.rejected_count, 3);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(kit_answer.rejected[i].id, 5 - i);
	ck_assert_int_eq(kit_answer.rejected[0].received_wall_ms, 5);
	ck_assert_str_eq(
	    kit_answer.rejected[0].message_id, rejected.message_id);
	ck_assert_str_eq(kit_answer.rejected[0].error, "Finding.Malformed");
	ck_assert_str_eq(kit_answer.rejected[0].cause, rejected.cause);
	ck_assert_uint_eq(kit_answer.rejected[0].body_len, 4);
	ck_assert_mem_eq(kit_answer.rejected[0].body, "\0abc", 4);
	question.before = 3;
	kit_ask(reads_rejected, &question);
	ck_assert_uint_eq(kit_answer.rejected_count, 2);
	ck_assert_int_eq(kit_answer.rejected[1].id, 1);
}
END_TEST

START_TEST(totals_are_read)
{
	struct question question = { 0 };
	struct rejected rejected = kit_rejected(1, "Finding.Malformed", 4);

	kit_fill(0, 1000);
	kit_add(record_rejected(&rejected, NULL, NULL));
	kit_write_well();
	kit_ask(reads_count, &question);
	ck_assert_int_eq(kit_answer.totals.running, 10);
	ck_assert_int_eq(kit_answer.totals.succeeded, 960);
	ck_assert_int_eq(kit_answer.totals.failed, 20);
	ck_assert_int_eq(kit_answer.totals.aborted, 10);
	ck_assert_int_eq(kit_answer.totals.uncontained, 20);
	ck_assert_int_eq(kit_answer.totals.rejected, 1);
}
END_TEST

/* A question is answered from one moment, whatever is written meanwhile. */
static bool
count_around_a_write(struct sqlite *reads, const struct question *question,
    struct answer *ret, struct error *error)
{
	int64_t before;

	if (!reads_count(reads, question, ret, error))
		return false;
	before = ret->totals.running;
	kit_add_event("A", 1);
	kit_write_well();
	return reads_count(reads, question, ret, error) &&
	    ret->totals.running == before;
}

START_TEST(an_answer_is_of_one_moment)
{
	struct question question = { 0 };

	kit_ask(count_around_a_write, &question);
	kit_ask(reads_count, &question);
	ck_assert_int_eq(kit_answer.totals.running, 1);
}
END_TEST

/* ---- failures ---- */

static reads_query *const queries[] = { reads_list, reads_show,
	reads_next_running, reads_contained, reads_rejected, reads_due,
	reads_notes, reads_intents, reads_count };

/* And the connection answers the next one. */
START_TEST(a_query_that_fails_says_so)
{
	struct question question = {
		.name = "A", .key_id = "A", .limit = 1, .newest = 1
	};

	kit_ask(queries[_i], &question);
	kit_sql("ALTER TABLE executions RENAME TO a;"
		"ALTER TABLE rejected RENAME TO b;"
		"ALTER TABLE notes RENAME TO c;"
		"ALTER TABLE totals RENAME TO d");
	kit_refuse(queries[_i], &question, "Store.Failed");
	kit_sql("ALTER TABLE a RENAME TO executions;"
		"ALTER TABLE b RENAME TO rejected;"
		"ALTER TABLE c RENAME TO notes;"
		"ALTER TABLE d RENAME TO totals");
	kit_ask(queries[_i], &question);
}
END_TEST

START_TEST(a_snapshot_that_cannot_be_had_says_so)
{
	struct question question = { 0 };

	kit_ask(reads_count, &question);
	sqlite_script(kit_reads, "BEGIN", NULL);
	kit_refuse(reads_count, &question, "Store.Failed");
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		what_was_written_is_read,
		what_is_not_there_is_no_error,
		the_newest_contained_one_of_a_key_is_found,
		one_whose_key_another_contained_says_so,
		running_ones_are_found_oldest_first,
		what_is_due_is_found_by_status,
		notes_come_by_key,
		first_intents_are_counted,
		refused_messages_come_newest_first,
		totals_are_read,
		an_answer_is_of_one_moment,
		a_snapshot_that_cannot_be_had_says_so,
	};
	Suite *suite = suite_create("store/reads");
	TCase *tcase = tcase_create("reads");

	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	tcase_add_loop_test(tcase, a_query_that_fails_says_so, 0,
	    sizeof queries / sizeof *queries);
	suite_add_tcase(suite, tcase);
	return suite;
}
