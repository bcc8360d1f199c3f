/* SPDX-License-Identifier: Apache-2.0 */
/* A batch is one transaction; refused messages and their bounds. */
#include "store/writes.h"

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

#define NUMBER(sql, value) ck_assert_int_eq(kit_number("SELECT " sql), value)

START_TEST(what_is_too_large_is_held)
{
	struct rejected large =
	    kit_rejected(1, "Finding.Malformed", WRITES_DATA_MAX + 1);
	struct rejected fits =
	    kit_rejected(1, "Finding.Malformed", WRITES_DATA_MAX);

	kit_add(record_rejected(&large, NULL, NULL));
	kit_add(record_rejected(&fits, NULL, NULL));
	kit_write();
	ck_assert_int_eq(kit_rows[0]->fate, FATE_HELD);
	ck_assert_str_eq(kit_rows[0]->why->name, "Store.TooLarge");
	ck_assert_int_eq(kit_rows[1]->fate, FATE_WRITTEN);
	NUMBER("count(*) FROM rejected", 1);
}
END_TEST

/* ---- failures ---- */

START_TEST(a_batch_is_written_whole_or_not_at_all)
{
	struct error error;

	kit_sql("CREATE TRIGGER bad BEFORE INSERT ON executions"
		" WHEN new.name = 'C' BEGIN SELECT RAISE(FAIL, 'bad'); END");
	kit_add_event("A", 1);
	kit_add_event("B", 1);
	kit_add_event("C", 1);
	ck_assert(!writes_apply(kit_db, kit_rows, kit_count, &error));
	ck_assert_str_eq(error.name, "Store.Failed");
	ck_assert_int_eq(error.class, CLASS_NONE);
	NUMBER("count(*) FROM executions", 0);
	ck_assert(writes_probe(kit_db, NULL));
	ck_assert(writes_apply(kit_db, kit_rows, 2, NULL));
	NUMBER("count(*) FROM executions", 2);
}
END_TEST

static int
fail_commit(void *arg)
{
	(void)arg;
	return 1;
}

START_TEST(only_a_failed_commit_leaves_doubt)
{
	struct sqlite *other = sqlite_open(kit_path(), SQLITE_FOR_WRITES, NULL);

	kit_add_event("A", 1);
	sqlite_script(other, "BEGIN IMMEDIATE", NULL);
	ck_assert(!writes_apply(kit_db, kit_rows, kit_count, NULL));
	ck_assert(!kit_rows[0]->in_doubt);
	sqlite_close(other);
	sqlite3_commit_hook(kit_db->handle, fail_commit, NULL);
	ck_assert(!writes_apply(kit_db, kit_rows, kit_count, NULL));
	ck_assert(kit_rows[0]->in_doubt);
	sqlite3_commit_hook(kit_db->handle, NULL, NULL);
	kit_write();
	ck_assert_int_eq(kit_rows[0]->fate, FATE_WRITTEN);
	NUMBER("count(*) FROM events", 1);
}
END_TEST

#define TRIGGER(on)                                                            \
	"CREATE TRIGGER bad BEFORE " on                                        \
	" BEGIN SELECT RAISE(FAIL, 'bad'); END",                               \
	    "DROP TRIGGER bad"
#define RENAMED(table)                                                         \
	"ALTER TABLE " table " RENAME TO away",                                \
	    "ALTER TABLE away RENAME TO " table

/* What breaks each statement of a batch by itself, and what mends it. */
static const struct {
	const char *bad, *good;
} breaks[] = {
	{ RENAMED("executions") },
	{ RENAMED("kinds") },
	{ "DROP VIEW history",
	    "CREATE VIEW history AS SELECT 0 AS execution, 0 AS id,"
	    "  0 AS wall_ms, '' AS type" },
	{ TRIGGER("INSERT ON executions") },
	{ TRIGGER("UPDATE OF last_event ON executions") },
	{ TRIGGER("UPDATE OF outcome ON executions") },
	{ TRIGGER("UPDATE OF intent_ms ON executions") },
	{ TRIGGER("INSERT ON kinds") },
	{ TRIGGER("INSERT ON events") },
	{ TRIGGER("INSERT ON rejected") },
	{ TRIGGER("DELETE ON rejected WHEN old.error = 'Finding.OtherEvent'") },
	{ TRIGGER("DELETE ON rejected WHEN old.error = 'Finding.Malformed'") },
	{ TRIGGER("INSERT ON notes") },
	{ TRIGGER("UPDATE OF due_ms ON executions WHEN new.name = 'S'") },
};

/* Each kind of row, and each kind of change to one. */
static void
add_all(void)
{
	struct event event = kit_event(2, EVENT_TASK_SUBMITTED);
	struct standing now = kit_running("A");
	struct rejected other = kit_rejected(1, "Finding.OtherEvent", 1);

	now.outcome = "contained";
	kit_add(record_event("A", &event, &now))->in_doubt = true;
	kit_add_event("B", 1);
	kit_add(record_rejected(&other, NULL, NULL));
	kit_add(record_note("key", "text", NULL, NULL));
	kit_add(record_settled("S", NULL, NULL));
}

START_TEST(a_statement_that_fails_fails_the_batch)
{
	struct error error;

	kit_add_event("A", 1);
	kit_add_event("S", 1);
	kit_write_well();
	kit_sql("UPDATE executions SET status = 'FAILED' WHERE name = 'S';"
		"INSERT INTO rejected VALUES"
		"  (NULL, 1, NULL, 'Finding.Malformed', '', '');"
		"WITH RECURSIVE n(i) AS"
		"  (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)"
		"  INSERT INTO rejected SELECT NULL, i, NULL,"
		"    'Finding.OtherEvent', '', '' FROM n;"
		"UPDATE totals SET n = 10001 WHERE name = 'rejected rows'");
	add_all();
	kit_sql(breaks[_i].bad);
	ck_assert(!writes_apply(kit_db, kit_rows, kit_count, &error));
	ck_assert_str_eq(error.name, "Store.Failed");
	kit_sql(breaks[_i].good);
	NUMBER("count(*) FROM executions", 2);
	NUMBER("count(*) FROM events", 2);
	NUMBER("count(*) FROM rejected", 101);
	kit_write_well();
	NUMBER("count(*) FROM events", 4);
	NUMBER("count(*) FROM rejected WHERE error = 'Finding.Malformed'", 0);
}
END_TEST

/* ---- refused messages ---- */

static void
reject(int64_t at, const char *error, size_t size)
{
	struct rejected rejected = kit_rejected(at, error, size);

	kit_add(record_rejected(&rejected, NULL, NULL));
	kit_write_well();
}

START_TEST(refused_messages_are_at_most_10000)
{
	kit_sql("WITH RECURSIVE n(i) AS"
		" (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)"
		" INSERT INTO rejected SELECT NULL, i, NULL, 'a', 'b', 'c'"
		" FROM n");
	reject(10001, "Finding.Malformed", 3);
	NUMBER("count(*) FROM rejected", 10000);
	NUMBER("min(received_ms) FROM rejected", 2);
	NUMBER("max(received_ms) FROM rejected", 10001);
	NUMBER("n FROM totals WHERE name = 'rejected'", 10001);
}
END_TEST

START_TEST(refused_messages_are_at_most_64_mib)
{
	for (int i = 1; i <= 17; i++)
		reject(i, "Finding.Malformed", WRITES_DATA_MAX);
	NUMBER("count(*) FROM rejected", 16);
	NUMBER("min(received_ms) FROM rejected", 2);
	reject(18, "Finding.Malformed", 1);
	NUMBER("sum(length(body)) FROM rejected", 15 * 4 * 1024 * 1024 + 1);
	NUMBER("n FROM totals WHERE name = 'rejected bytes'",
	    15 * 4 * 1024 * 1024 + 1);
}
END_TEST

START_TEST(of_other_events_the_last_100_are_kept)
{
	reject(1, "Finding.Malformed", 3);
	for (int i = 2; i <= 104; i++)
		reject(i, "Finding.OtherEvent", 3);
	NUMBER("count(*) FROM rejected", 101);
	NUMBER("min(received_ms) FROM rejected"
	       " WHERE error = 'Finding.OtherEvent'",
	    5);
	NUMBER("n FROM totals WHERE name = 'rejected'", 104);
	NUMBER("n FROM totals WHERE name = 'rejected rows'", 101);
}
END_TEST

START_TEST(a_body_is_kept_byte_for_byte)
{
	struct rejected rejected = kit_rejected(1, "Finding.Malformed", 0);

	rejected.body = "a\0\xff";
	rejected.body_len = 3;
	rejected.message_id = NULL;
	kit_add(record_rejected(&rejected, NULL, NULL));
	kit_write_well();
	NUMBER("body = x'6100ff' FROM rejected WHERE message_id IS NULL", 1);
}
END_TEST

/* ---- notes, and what is settled ---- */

static void
note(const char *key, const char *text)
{
	kit_add(record_note(key, text, NULL, NULL));
}

/* What is in doubt is written again, in the same order: that changes nothing.
 */
START_TEST(the_last_note_of_a_key_counts)
{
	note("a", "old");
	note("b", "gone");
	note("a", "new");
	note("b", NULL);
	note("c", "");
	for (int i = 0; i < 2; i++) {
		kit_write();
		for (size_t at = 0; at < kit_count; at++) {
			ck_assert_int_eq(kit_rows[at]->fate, FATE_WRITTEN);
			kit_rows[at]->in_doubt = true;
		}
		NUMBER("count(*) FROM notes", 2);
		NUMBER("text = 'new' FROM notes WHERE key = 'a'", 1);
		NUMBER("text = '' FROM notes WHERE key = 'c'", 1);
	}
}
END_TEST

START_TEST(a_note_has_its_bound)
{
	struct rejected body = kit_rejected(1, "", WRITES_DATA_MAX + 1);

	memset((char *)(uintptr_t)body.body, 'x', body.body_len);
	note("a", body.body);
	kit_write();
	ck_assert_int_eq(kit_rows[0]->fate, FATE_HELD);
	ck_assert_str_eq(kit_rows[0]->why->name, "Store.TooLarge");
	NUMBER("count(*) FROM notes", 0);
}
END_TEST

/* As does another row that has a name: a note is no part of an execution. */
START_TEST(a_note_is_not_cut_off_by_an_execution)
{
	kit_add_event("A", 2);
	note("A", "text");
	kit_add(record_settled("A", NULL, NULL));
	kit_write();
	ck_assert_int_eq(kit_rows[0]->fate, FATE_HELD);
	ck_assert_int_eq(kit_rows[1]->fate, FATE_WRITTEN);
	ck_assert_int_eq(kit_rows[2]->fate, FATE_WRITTEN);
	NUMBER("count(*) FROM notes", 1);
}
END_TEST

START_TEST(only_what_has_ended_is_settled)
{
	kit_fill(0, 5); /* N1 is running */
	kit_sql("UPDATE executions SET due_ms = 7");
	kit_add(record_settled("N1", NULL, NULL));
	kit_add(record_settled("N2", NULL, NULL));
	kit_add(record_settled("N7", NULL, NULL));
	kit_write_well();
	NUMBER("count(*) FROM executions WHERE due_ms = 7", 4);
	NUMBER("due_ms FROM executions WHERE name = 'N2'", 0);
}
END_TEST

START_TEST(the_newest_execution_is_known)
{
	int64_t newest = -1;

	ck_assert(writes_newest(kit_db, &newest, NULL));
	ck_assert_int_eq(newest, 0);
	kit_add_event("A", 1);
	kit_add_event("B", 1);
	kit_write_well();
	kit_open();
	ck_assert(writes_newest(kit_db, &newest, NULL));
	ck_assert_int_eq(newest, 2);
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		what_is_too_large_is_held,
		a_batch_is_written_whole_or_not_at_all,
		only_a_failed_commit_leaves_doubt,
		refused_messages_are_at_most_10000,
		refused_messages_are_at_most_64_mib,
		of_other_events_the_last_100_are_kept,
		a_body_is_kept_byte_for_byte,
		the_last_note_of_a_key_counts,
		a_note_has_its_bound,
		a_note_is_not_cut_off_by_an_execution,
		only_what_has_ended_is_settled,
		the_newest_execution_is_known,
	};
	Suite *suite = suite_create("store/writes");
	TCase *tcase = tcase_create("writes");

	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	tcase_add_loop_test(tcase, a_statement_that_fails_fails_the_batch, 0,
	    sizeof breaks / sizeof *breaks);
	suite_add_tcase(suite, tcase);
	return suite;
}
