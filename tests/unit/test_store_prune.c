/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What goes when there is too much, and what stays. kit_fill's executions N0,
 * N1, ... are three a millisecond; of a hundred 1 is RUNNING, 2 and 3 are
 * FAILED, 4 is ABORTED, the others SUCCEEDED.
 */
#include "store/prune.h"

#include <stdio.h>
#include <string.h>

#include "store/sqlite.h"
#include "unit/store_kit.h"
#include "unit/unit.h"

static struct prune prune;

static void
setup(void)
{
	kit_setup();
	kit_open();
	prune = (struct prune){ 0 };
}

static void
teardown(void)
{
	prune_done(&prune);
	kit_close();
	kit_teardown();
}

static void
fill(int count)
{
	kit_fill(0, count);
	kit_fill_events(2, "TaskScheduled");
}

static void
once(void)
{
	struct error error = { 0 };

	ck_assert_msg(prune_some(kit_db, &prune, &error), "%s: %s", error.name,
	    error.cause);
}

/* Until no more is to be done; returns how many times that was. */
static int
until_done(void)
{
	int times = 0;

	do {
		once();
		times++;
	} while (prune.more);
	return times;
}

#define NUMBER(sql, value) ck_assert_int_eq(kit_number("SELECT " sql), value)

static void
assert_consistent(void)
{
	NUMBER("count(*) FROM events WHERE execution NOT IN"
	       " (SELECT id FROM executions)",
	    0);
	NUMBER("count(*) FROM totals t WHERE name IN"
	       " ('RUNNING', 'SUCCEEDED', 'FAILED', 'ABORTED') AND n !="
	       " (SELECT count(*) FROM executions WHERE status = t.name)",
	    0);
	NUMBER("n - (SELECT count(*) FROM executions"
	       " WHERE outcome = 'uncontained')"
	       " FROM totals WHERE name = 'uncontained'",
	    0);
}

/* ---- by age ---- */

START_TEST(what_is_too_old_goes_a_few_at_a_time)
{
	fill(1000);
	prune.before_ms = 100; /* N0 to N299 */
	for (int i = 1; i <= 5; i++) {
		once();
		ck_assert(prune.more);
		NUMBER("count(*) FROM executions", 1000 - i * PRUNE_MOST);
		assert_consistent();
	}
	until_done();
	NUMBER("count(*) FROM executions WHERE start_ms >= 100", 700);
	NUMBER("count(*) FROM executions WHERE start_ms < 100", 3);
	NUMBER("count(*) FROM executions WHERE status = 'RUNNING'", 10);
	NUMBER("count(*) FROM events", 2 * 703);
	assert_consistent();
	ck_assert_int_eq(until_done(), 1);
}
END_TEST

/* Due or not: a row of retries ends with it, too. */
START_TEST(age_is_the_end_of_what_is_due)
{
	fill(100);
	kit_sql("UPDATE executions SET due_ms = 7");
	prune.before_ms = 1000;
	until_done();
	NUMBER("count(*) FROM executions", 1);
}
END_TEST

/* ---- of which nobody was told ---- */

static bool
given_out(const char *name)
{
	for (size_t i = 0; i < prune.expired_count; i++)
		if (strcmp(prune.expired[i], name) == 0)
			return true;
	return false;
}

START_TEST(failed_ones_are_given_out_before_they_go)
{
	fill(100);
	prune.before_ms = 1;
	once();
	ck_assert_uint_eq(prune.expired_count, 1);
	ck_assert(given_out("N2"));
	NUMBER("count(*) FROM executions WHERE name = 'N2'", 1);
	once();
	ck_assert_uint_eq(prune.expired_count, 0);
	NUMBER("count(*) FROM executions WHERE name = 'N2'", 0);
	NUMBER("count(*) FROM executions WHERE name = 'N3'", 1);
	ck_assert_int_eq(until_done(), 1);
}
END_TEST

START_TEST(each_failed_one_is_given_out_once)
{
	size_t count = 0;

	fill(3000);
	prune.before_ms = 1000;
	do {
		once();
		count += prune.expired_count;
	} while (prune.more);
	ck_assert_uint_eq(count, 60);
	assert_consistent();
}
END_TEST

/* Sent on again in the meantime, it stays; when it has failed again it is
 * given out again. */
START_TEST(one_that_is_redriven_stays)
{
	fill(100);
	prune.before_ms = 1;
	once();
	ck_assert(given_out("N2"));
	kit_sql("UPDATE executions SET status = 'RUNNING' WHERE name = 'N2'");
	once();
	once();
	NUMBER("count(*) FROM executions WHERE name = 'N2'", 1);
	kit_sql("UPDATE executions SET status = 'FAILED' WHERE name = 'N2'");
	once();
	ck_assert(given_out("N2"));
	NUMBER("count(*) FROM executions WHERE name = 'N2'", 1);
}
END_TEST

START_TEST(a_failure_changes_nothing_and_repeats_nothing)
{
	struct error error;

	fill(1000);
	prune.before_ms = 100;
	once();
	ck_assert_uint_eq(prune.expired_count, 6);
	kit_sql("CREATE TRIGGER bad BEFORE DELETE ON executions"
		" WHEN old.status = 'SUCCEEDED'"
		" BEGIN SELECT RAISE(FAIL, 'bad'); END");
	for (int i = 0; i < 3; i++) {
		ck_assert(!prune_some(kit_db, &prune, &error));
		ck_assert_str_eq(error.name, "Store.Failed");
		ck_assert_uint_eq(prune.expired_count, 0);
		ck_assert(!prune.more);
		NUMBER("count(*) FROM executions", 1000 - PRUNE_MOST);
		NUMBER("count(*) FROM events", 2 * (1000 - PRUNE_MOST));
	}
	kit_sql("DROP TRIGGER bad");
	once();
	ck_assert_uint_eq(prune.expired_count, 0);
	NUMBER("count(*) FROM executions WHERE status = 'FAILED'", 14);
}
END_TEST

/* ---- by number ---- */

START_TEST(of_too_many_the_oldest_go)
{
	fill(1000);
	prune.count = 500; /* of 970 */
	until_done();
	NUMBER("count(*) FROM executions WHERE status = 'RUNNING'", 10);
	NUMBER("count(*) FROM executions WHERE status = 'FAILED'", 20);
	NUMBER("count(*) FROM executions", 530);
	NUMBER("max(i) < min(j) FROM (SELECT max(start_ms) AS i FROM executions"
	       "  WHERE status = 'RUNNING' AND name < 'N4'),"
	       " (SELECT min(start_ms) AS j FROM executions"
	       "  WHERE status IN ('SUCCEEDED', 'ABORTED'))",
	    1);
	NUMBER("count(*) FROM executions WHERE status = 'ABORTED'", 5);
	assert_consistent();
}
END_TEST

START_TEST(what_is_due_does_not_go_by_number)
{
	fill(100);
	kit_sql("UPDATE executions SET due_ms = 7 WHERE id < 50");
	prune.count = 1;
	until_done();
	NUMBER("count(*) FROM executions WHERE due_ms = 7", 48);
	NUMBER("count(*) FROM executions WHERE due_ms = 0"
	       "  AND status IN ('SUCCEEDED', 'ABORTED')",
	    0);
}
END_TEST

START_TEST(both_bounds_hold)
{
	fill(1000);
	prune.before_ms = 100;
	prune.count = 600;
	until_done();
	NUMBER("count(*) FROM executions WHERE status = 'SUCCEEDED'"
	       "  OR status = 'ABORTED'",
	    600);
	NUMBER("count(*) FROM executions WHERE status = 'FAILED'", 14);
}
END_TEST

/* ---- what it costs ---- */

START_TEST(no_bound_is_no_bound)
{
	fill(1000);
	ck_assert_int_eq(until_done(), 1);
	NUMBER("count(*) FROM executions", 1000);
}
END_TEST

START_TEST(nothing_to_do_is_not_written)
{
	fill(1000);
	prune.before_ms = 1;
	prune.count = 969;
	until_done();
	ck_assert(sqlite_checkpoint(kit_db, NULL));
	ck_assert_int_eq(until_done(), 1);
	ck_assert_int_eq(kit_db->wal_pages, 0);
	NUMBER("count(*) FROM executions", 998);
}
END_TEST

/* However many there are, and how many of them stay. */
START_TEST(nothing_scans)
{
	sqlite3_stmt *statement = NULL;

	fill(20000);
	prune.before_ms = 100;
	prune.count = 100;
	for (int i = 0; i < 3; i++)
		once();
	while ((statement = sqlite3_next_stmt(kit_db->handle, statement))) {
		const char *sql = sqlite3_sql(statement);

		ck_assert_msg(sqlite3_stmt_status(statement,
				  SQLITE_STMTSTATUS_FULLSCAN_STEP, 0) <= 30,
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
		what_is_too_old_goes_a_few_at_a_time,
		age_is_the_end_of_what_is_due,
		failed_ones_are_given_out_before_they_go,
		each_failed_one_is_given_out_once,
		one_that_is_redriven_stays,
		a_failure_changes_nothing_and_repeats_nothing,
		of_too_many_the_oldest_go,
		what_is_due_does_not_go_by_number,
		both_bounds_hold,
		no_bound_is_no_bound,
		nothing_to_do_is_not_written,
		nothing_scans,
	};
	Suite *suite = suite_create("store/prune");
	TCase *tcase = tcase_create("prune");

	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
