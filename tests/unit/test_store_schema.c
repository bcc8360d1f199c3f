/* SPDX-License-Identifier: Apache-2.0 */
/* Files of older versions: what they hold stays, and goes on. */
#include "store/schema.h"

#include "store/sqlite.h"
#include "unit/store_kit.h"
#include "unit/unit.h"

/* The schema as the first version made it. */
static const char version_1[] =
    "PRAGMA journal_mode = WAL;"
    "CREATE TABLE executions ("
    "  id INTEGER PRIMARY KEY,"
    "  name TEXT NOT NULL UNIQUE,"
    "  start_ms INTEGER NOT NULL,"
    "  stop_ms INTEGER,"
    "  status TEXT NOT NULL,"
    "  state TEXT,"
    "  outcome TEXT,"
    "  due_ms INTEGER NOT NULL,"
    "  account TEXT,"
    "  key_id TEXT,"
    "  user TEXT,"
    "  lane TEXT,"
    "  last_event INTEGER NOT NULL);"
    "CREATE INDEX executions_start ON executions (start_ms);"
    "CREATE INDEX executions_status ON executions (status, start_ms);"
    "CREATE INDEX executions_outcome ON executions (outcome, start_ms);"
    "CREATE INDEX executions_both ON executions (status, outcome, start_ms);"
    "CREATE INDEX executions_contained"
    "  ON executions (account, key_id, start_ms) WHERE outcome = 'contained';"

    "CREATE TABLE events ("
    "  execution INTEGER NOT NULL,"
    "  id INTEGER NOT NULL,"
    "  wall_ms INTEGER NOT NULL,"
    "  type TEXT NOT NULL,"
    "  state TEXT,"
    "  resource TEXT,"
    "  data TEXT,"
    "  error TEXT,"
    "  cause TEXT,"
    "  request_id TEXT,"
    "  class TEXT,"
    "  UNIQUE (execution, id));"

    "CREATE TABLE rejected ("
    "  id INTEGER PRIMARY KEY,"
    "  received_ms INTEGER NOT NULL,"
    "  message_id TEXT,"
    "  error TEXT NOT NULL,"
    "  cause TEXT NOT NULL,"
    "  body BLOB NOT NULL);"
    "CREATE INDEX rejected_other ON rejected (id)"
    "  WHERE error = 'Finding.OtherEvent';"

    "CREATE TABLE totals (name TEXT PRIMARY KEY, n INTEGER NOT NULL)"
    "  WITHOUT ROWID;"
    "INSERT INTO totals VALUES ('RUNNING', 0), ('SUCCEEDED', 0),"
    "  ('FAILED', 0), ('ABORTED', 0), ('uncontained', 0),"
    "  ('rejected', 0), ('rejected rows', 0), ('rejected bytes', 0),"
    "  ('probes', 0);"

    "CREATE TRIGGER executions_added AFTER INSERT ON executions BEGIN"
    "  UPDATE totals SET n = n + 1 WHERE name IN (new.status, new.outcome);"
    "END;"
    "CREATE TRIGGER executions_changed"
    "  AFTER UPDATE OF status, outcome ON executions BEGIN"
    "  UPDATE totals SET n = n - 1 WHERE name IN (old.status, old.outcome);"
    "  UPDATE totals SET n = n + 1 WHERE name IN (new.status, new.outcome);"
    "END;"
    "CREATE TRIGGER executions_removed AFTER DELETE ON executions BEGIN"
    "  UPDATE totals SET n = n - 1 WHERE name IN (old.status, old.outcome);"
    "END;"
    "CREATE TRIGGER rejected_added AFTER INSERT ON rejected BEGIN"
    "  UPDATE totals SET n = n + 1"
    "    WHERE name IN ('rejected', 'rejected rows');"
    "  UPDATE totals SET n = n + length(new.body)"
    "    WHERE name = 'rejected bytes';"
    "END;"
    "CREATE TRIGGER rejected_removed AFTER DELETE ON rejected BEGIN"
    "  UPDATE totals SET n = n - 1 WHERE name = 'rejected rows';"
    "  UPDATE totals SET n = n - length(old.body)"
    "    WHERE name = 'rejected bytes';"
    "END;"

    "PRAGMA application_id = 0x6b677264;"
    "PRAGMA user_version = 1;";

/* A, uncontained and of whom nobody was told; B, which is running. */
static const char rows_of_1[] =
    "INSERT INTO executions VALUES"
    "  (1, 'A', 1000, 2000, 'FAILED', 'NotifySecurity', 'uncontained', 0,"
    "    '111122223333', 'AKIA1', 'zoe', 'lane1', 2),"
    "  (2, 'B', 3000, NULL, 'RUNNING', 'DeleteAccessKeyPair', NULL, 3500,"
    "    '111122223333', 'AKIA2', NULL, 'lane2', 3);"
    "INSERT INTO events VALUES"
    "  (1, 1, 1000, 'ExecutionStarted', NULL, 'sqs:1', '{\"a\":1}', NULL,"
    "    NULL, NULL, NULL),"
    "  (1, 2, 2000, 'ExecutionFailed', NULL, NULL, NULL, 'SNS.NotFound',"
    "    'no topic', 'req-1', 'Class.None'),"
    "  (2, 1, 3000, 'ExecutionStarted', NULL, 'sqs:2', '{}', NULL, NULL,"
    "    NULL, NULL),"
    "  (2, 2, 3001, 'TaskSubmitted', 'DeleteAccessKeyPair', 'iam:x',"
    "    '{\"UserName\":\"zoe\"}', NULL, NULL, NULL, NULL),"
    "  (2, 3, 3002, 'TaskStateExited', 'DeleteAccessKeyPair', NULL,"
    "    '{\"b\":2}', NULL, NULL, NULL, NULL);"
    "INSERT INTO rejected VALUES (1, 500, 'm', 'Finding.Malformed', 'c', 'b')";

static void
setup(void)
{
	kit_setup();
	kit_sql(version_1);
	kit_sql(rows_of_1);
}

static void
teardown(void)
{
	kit_close();
	kit_teardown();
}

static void
reopen(void)
{
	kit_close();
	kit_open();
}

#define NUMBER(sql, value) ck_assert_int_eq(kit_number(sql), value)

/* And once: the second time it is of the newest version. */
START_TEST(a_file_of_version_1_is_brought_up_to_date)
{
	for (int i = 0; i < 2; i++) {
		reopen();
		NUMBER("PRAGMA user_version", SCHEMA_VERSION);
		NUMBER("PRAGMA application_id", 0x6b677264);
		NUMBER("SELECT count(*) FROM executions", 2);
		NUMBER("SELECT count(*) FROM events", 5);
		NUMBER("SELECT n FROM totals WHERE name = 'FAILED'", 1);
		NUMBER("SELECT n FROM totals WHERE name = 'rejected'", 1);
	}
}
END_TEST

START_TEST(what_it_holds_is_read)
{
	struct question question = { .name = "B" };

	reopen();
	kit_ask(reads_show, &question);
	ck_assert_uint_eq(kit_answer.execution_count, 1);
	ck_assert_int_eq(kit_answer.executions[0].standing.due_wall_ms, 3500);
	ck_assert_int_eq(kit_answer.executions[0].standing.retries, 0);
	ck_assert_uint_eq(kit_answer.event_count, 3);
	ck_assert_str_eq(kit_answer.events[0].resource, "sqs:2");
	ck_assert_ptr_null(kit_answer.events[0].state);
	ck_assert_int_eq(kit_answer.events[1].type, EVENT_TASK_SUBMITTED);
	ck_assert_int_eq(kit_answer.events[1].wall_ms, 3001);
	ck_assert_str_eq(kit_answer.events[1].state, "DeleteAccessKeyPair");
	ck_assert_str_eq(kit_answer.events[1].resource, "iam:x");
	ck_assert_str_eq(kit_answer.events[1].data, "{\"UserName\":\"zoe\"}");
	ck_assert_ptr_null(kit_answer.events[1].path);
	ck_assert_str_eq(kit_answer.events[2].data, "{\"b\":2}");
	ck_assert_ptr_null(kit_answer.events[2].path);
	question.name = "A";
	kit_ask(reads_show, &question);
	ck_assert_uint_eq(kit_answer.event_count, 2);
	ck_assert_int_eq(kit_answer.events[1].type, EVENT_EXECUTION_FAILED);
	ck_assert_str_eq(kit_answer.events[1].error->name, "SNS.NotFound");
	ck_assert_str_eq(kit_answer.events[1].error->request_id, "req-1");
	kit_ask(reads_intents, &question);
	ck_assert_uint_eq(kit_answer.intent_count, 1);
	ck_assert_int_eq(kit_answer.intents[0].wall_ms, 3001);
}
END_TEST

/* Nobody was told of it, and that version did not try again by itself. */
START_TEST(what_failed_is_due)
{
	struct question question = { .page = { .status = STATUS_FAILED },
		.limit = 10 };

	reopen();
	kit_ask(reads_due, &question);
	ck_assert_uint_eq(kit_answer.execution_count, 1);
	ck_assert_str_eq(kit_answer.executions[0].name, "A");
	ck_assert_int_eq(kit_answer.executions[0].standing.due_wall_ms, 2000);
}
END_TEST

START_TEST(its_executions_go_on)
{
	reopen();
	kit_add_event("A", 3);
	kit_add_event("B", 4);
	kit_add_event("C", 1);
	kit_add(record_note("k", "text", NULL, NULL));
	kit_write_well();
	NUMBER("SELECT n FROM totals WHERE name = 'RUNNING'", 3);
	NUMBER("SELECT last_event FROM executions WHERE name = 'B'", 4);
}
END_TEST

/* Whoever reads must not be told of columns that are not there yet. */
START_TEST(it_is_not_read_before_it_is_up_to_date)
{
	struct error error;

	ck_assert_ptr_null(sqlite_open(kit_path(), SQLITE_FOR_READS, &error));
	ck_assert_str_eq(error.name, "Store.CannotOpen");
	ck_assert_int_eq(error.class, CLASS_TRANSIENT);
}
END_TEST

START_TEST(a_failed_upgrade_leaves_it_as_it_was)
{
	struct error error;

	kit_sql("CREATE TABLE notes (other TEXT)");
	ck_assert_ptr_null(sqlite_open(kit_path(), SQLITE_FOR_WRITES, &error));
	ck_assert_str_eq(error.name, "Store.Failed");
	NUMBER("PRAGMA user_version", 1);
	kit_sql("DROP TABLE notes");
	reopen();
	NUMBER("SELECT due_ms FROM executions WHERE name = 'A'", 2000);
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		a_file_of_version_1_is_brought_up_to_date,
		what_it_holds_is_read,
		what_failed_is_due,
		its_executions_go_on,
		it_is_not_read_before_it_is_up_to_date,
		a_failed_upgrade_leaves_it_as_it_was,
	};
	Suite *suite = suite_create("store/schema");
	TCase *tcase = tcase_create("schema");

	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
