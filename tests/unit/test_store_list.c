/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of executions; and that nothing that is read scans. */
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

/* ---- pages ---- */

/* Whether an execution of `fill` belongs to the list. */
static bool
belongs(const struct store_query *query, int i)
{
	static const enum status statuses[] = { STATUS_SUCCEEDED,
		STATUS_RUNNING, STATUS_FAILED, STATUS_FAILED, STATUS_ABORTED };
	int kind = i % 100;
	enum status status = kind < 5 ? statuses[kind] : STATUS_SUCCEEDED;
	const char *outcome = "contained";

	if (kind == 1)
		outcome = "";
	else if (kind == 2 || kind == 5)
		outcome = "uncontained";
	return (!query->by_status || status == query->status) &&
	    (query->outcome == NULL || strcmp(outcome, query->outcome) == 0);
}

static const struct store_query queries[] = {
	{ .limit = 7 },
	{ .limit = 1000 },
	{ .limit = 1, .by_status = true, .status = STATUS_RUNNING },
	{ .limit = 3, .by_status = true, .status = STATUS_FAILED },
	{ .limit = 50, .by_status = true, .status = STATUS_SUCCEEDED },
	{ .limit = 99, .outcome = "contained" },
	{ .limit = 7, .outcome = "uncontained" },
	{ .limit = 4,
	    .by_status = true,
	    .status = STATUS_SUCCEEDED,
	    .outcome = "uncontained" },
	{ .limit = 20,
	    .by_status = true,
	    .status = STATUS_ABORTED,
	    .outcome = "uncontained" },
};

/* Checks one page against what is left of N<i>, N<i - 1>, ...; returns where
 * the next page is to begin. */
static int
check_page(const struct store_query *query, int i)
{
	for (size_t at = 0; at < kit_answer.execution_count; at++, i--) {
		while (!belongs(query, i))
			i--;
		ck_assert_int_ge(i, 0);
		ck_assert_int_eq(atoi(kit_answer.executions[at].name + 1), i);
		ck_assert_int_eq(
		    kit_answer.executions[at].start_wall_ms, i / 3);
	}
	while (i >= 0 && !belongs(query, i))
		i--;
	return i;
}

START_TEST(pages_have_each_execution_once_newest_first)
{
	struct question question = { .page = queries[_i] };
	char token[64];
	int at = 999, added = 1000;

	kit_fill(0, 1000);
	for (;;) {
		kit_ask(reads_list, &question);
		ck_assert_uint_le(
		    kit_answer.execution_count, queries[_i].limit);
		at = check_page(&queries[_i], at);
		if (kit_answer.next == NULL)
			break;
		ck_assert_uint_eq(
		    kit_answer.execution_count, queries[_i].limit);
		snprintf(token, sizeof token, "%s", kit_answer.next);
		question.page.after = token;
		/* What comes meanwhile is on pages before. */
		kit_fill(added, 1);
		added++;
	}
	ck_assert_int_eq(at, -1);
}
END_TEST

START_TEST(a_page_has_at_most_1000_executions)
{
	struct question question = { .page = { .limit = 5000 } };

	kit_fill(0, 1001);
	kit_ask(reads_list, &question);
	ck_assert_uint_eq(kit_answer.execution_count, 1000);
	ck_assert_ptr_nonnull(kit_answer.next);
}
END_TEST

START_TEST(only_our_own_tokens_are_taken)
{
	static const char *const tokens[] = { "", "x", "5", "5-", "5-6x", "-",
		"5 6" };
	struct question question = { .page = { .limit = 5 } };

	for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
		question.page.after = tokens[i];
		kit_refuse(reads_list, &question, "Store.BadToken");
	}
}
END_TEST

/* What a page costs must not depend on how many there are: nothing is scanned
 * or sorted, and few instructions are run. */
START_TEST(nothing_scans)
{
	struct question question = { .key_id = "AKIA205",
		.name = "N5",
		.limit = 10,
		.start_ms = INT64_MIN,
		.newest = INT64_MAX };
	sqlite3_stmt *statement = NULL;

	kit_fill(0, 20000);
	kit_fill_events(2, "TaskScheduled");
	kit_sql("UPDATE executions SET due_ms = 1 + start_ms,"
		"  intent_ms = start_ms");
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
		question.page = queries[i];
		question.page.limit = 10;
		question.page.after = "2000-6000";
		kit_ask(reads_list, &question);
	}
	kit_ask(reads_show, &question);
	kit_ask(reads_next_running, &question);
	kit_ask(reads_contained, &question);
	kit_ask(reads_rejected, &question);
	question.page.status = STATUS_FAILED;
	kit_ask(reads_due, &question);
	question.since_ms = 20000 / 3 - 3;
	kit_ask(reads_intents, &question);
	ck_assert_uint_eq(kit_answer.intent_count, 11);
	while ((statement = sqlite3_next_stmt(kit_reads->handle, statement)) !=
	    NULL) {
		const char *sql = sqlite3_sql(statement);

		ck_assert_msg(sqlite3_stmt_status(statement,
				  SQLITE_STMTSTATUS_FULLSCAN_STEP, 0) == 0,
		    "%s", sql);
		ck_assert_msg(sqlite3_stmt_status(
				  statement, SQLITE_STMTSTATUS_SORT, 0) == 0,
		    "%s", sql);
		ck_assert_msg(sqlite3_stmt_status(statement,
				  SQLITE_STMTSTATUS_VM_STEP, 0) < 3000,
		    "%s", sql);
	}
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		a_page_has_at_most_1000_executions,
		only_our_own_tokens_are_taken,
		nothing_scans,
	};
	Suite *suite = suite_create("store/list");
	TCase *tcase = tcase_create("list");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, pages_have_each_execution_once_newest_first,
	    0, sizeof queries / sizeof *queries);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
