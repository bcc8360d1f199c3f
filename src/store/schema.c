/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables and their versions. All names (statuses, types, states, errors)
 * are kept as text: numbers would change their meaning with the source.
 */
#include "store/schema.h"

#include "store/sqlite.h"

/* By which file(1) and we know the file: "kgrd". */
#define APPLICATION_ID "0x6b677264"

/*
 * Version 1. An execution's id is the order in which the store heard of it;
 * pages of a list go by (start_ms, id), for each filter along an index of its
 * own, so that the newest page of a million costs the same as of ten. Events
 * lie in the order they came, so that a transaction touches few pages;
 * clustered by execution they would take twice the space and the time. Counting
 * a million takes too long as well: totals are kept by triggers, in the
 * transaction of what they count; "rejected" counts all that ever were, the two
 * below it what is still there.
 */
static const char version_1[] =
    "CREATE TABLE executions ("
    "  id INTEGER PRIMARY KEY,"
    "  name TEXT NOT NULL UNIQUE,"
    "  start_ms INTEGER NOT NULL,"
    "  stop_ms INTEGER," /* NULL: not stopped */
    "  status TEXT NOT NULL,"
    "  state TEXT,"
    "  outcome TEXT,"
    "  due_ms INTEGER NOT NULL," /* 0: no retry is waited for */
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
    "  error TEXT," /* with the three below it: an error, or all NULL */
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

    "PRAGMA application_id = " APPLICATION_ID ";"
    "PRAGMA user_version = 1;";

/*
 * Version 2. What ended and is to go on by itself is found by when it is due;
 * FAILED ones of version 1, of which nobody was told, are due at once. Intents
 * are counted by the first of each execution. Most of an event are words that
 * it shares with others, its kind: each is kept once, and `history` is events
 * with their words. (Of an event without a state the resource says who did it,
 * and is its own.) A StateExited with a path is kept without its data. What is
 * to survive a restart and is no execution is a note.
 */
static const char version_2[] =
    "ALTER TABLE executions ADD COLUMN retries INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE executions ADD COLUMN intent_ms INTEGER;"
    "UPDATE executions SET intent_ms = (SELECT min(wall_ms) FROM events"
    "  WHERE execution = executions.id AND type = 'TaskSubmitted');"
    "UPDATE executions SET due_ms = stop_ms WHERE status = 'FAILED';"
    "CREATE INDEX executions_due ON executions (status, due_ms)"
    "  WHERE status != 'RUNNING' AND due_ms > 0;"
    "CREATE INDEX executions_intent ON executions (intent_ms)"
    "  WHERE intent_ms IS NOT NULL;"

    "CREATE TABLE kinds ("
    "  id INTEGER PRIMARY KEY,"
    "  type TEXT NOT NULL,"
    "  state TEXT,"
    "  resource TEXT,"
    "  path TEXT);"
    "CREATE UNIQUE INDEX kinds_all ON kinds (type, state, resource, path);"
    "INSERT INTO kinds (type, state, resource) SELECT DISTINCT type, state,"
    "  CASE WHEN state IS NOT NULL THEN resource END FROM events;"
    "ALTER TABLE events RENAME TO events_1;"
    "CREATE TABLE events ("
    "  execution INTEGER NOT NULL,"
    "  id INTEGER NOT NULL,"
    "  wall_ms INTEGER NOT NULL,"
    "  kind INTEGER NOT NULL,"
    "  resource TEXT,"
    "  data TEXT,"
    "  error TEXT," /* with the three below it: an error, or all NULL */
    "  cause TEXT,"
    "  request_id TEXT,"
    "  class TEXT,"
    "  UNIQUE (execution, id));"
    "INSERT INTO events SELECT execution, e.id, wall_ms, kinds.id,"
    "  CASE WHEN e.state IS NULL THEN e.resource END,"
    "  data, error, cause, request_id, class FROM events_1 AS e"
    "  JOIN kinds ON kinds.type = e.type AND kinds.state IS e.state"
    "  AND (e.state IS NULL OR kinds.resource IS e.resource)"
    "  ORDER BY e.rowid;"
    "DROP TABLE events_1;"
    "CREATE VIEW history AS SELECT execution, events.id AS id, wall_ms,"
    "  type, state, coalesce(events.resource, kinds.resource) AS resource,"
    "  data, error, cause, request_id, class, path"
    "  FROM events JOIN kinds ON kinds.id = kind;"

    "CREATE TABLE notes (key TEXT PRIMARY KEY, text TEXT NOT NULL)"
    "  WITHOUT ROWID;"
    "PRAGMA user_version = 2;";

/*
 * Version 3. Who contained a key is found by the key alone: it is the same one,
 * whatever account an event has named.
 */
static const char version_3[] =
    "DROP INDEX executions_contained;"
    "CREATE INDEX executions_contained"
    "  ON executions (key_id, start_ms) WHERE outcome = 'contained';"
    "PRAGMA user_version = 3;";

/* What brings version i to i + 1. */
static const char *const upgrades[SCHEMA_VERSION] = { version_1, version_2,
	version_3 };

struct identity {
	bool empty, ours;
	int64_t version;
};

static bool
on_identity(void *arg, sqlite3_stmt *row, struct error *error)
{
	struct identity *identity = arg;

	(void)error;
	identity->empty = sqlite3_column_int(row, 0) != 0;
	identity->ours = sqlite3_column_int(row, 1) != 0;
	identity->version = sqlite3_column_int64(row, 2);
	return true;
}

bool
schema_version(struct sqlite *db, int *ret_version, struct error *error)
{
	static const char identify[] =
	    "SELECT application_id = 0 AND user_version = 0"
	    "    AND NOT EXISTS (SELECT 1 FROM sqlite_master),"
	    "  application_id = " APPLICATION_ID ", user_version"
	    "  FROM pragma_application_id, pragma_user_version";
	struct identity is = { 0 };

	if (!sqlite_run(db, identify, NULL, on_identity, &is, error))
		return false;
	if (!is.empty && !is.ours)
		return error_set(error, "Store.NotOurs",
		    "%s is a database of something else",
		    sqlite3_db_filename(db->handle, NULL));
	if (is.version > SCHEMA_VERSION)
		return error_set(error, "Store.SchemaTooNew",
		    "%s has schema version %lld, this program knows %d",
		    sqlite3_db_filename(db->handle, NULL),
		    (long long)is.version, SCHEMA_VERSION);
	*ret_version = (int)is.version;
	return true;
}

static bool
upgrade_once(struct sqlite *db, void *arg, struct error *error)
{
	const int *version = arg;

	return sqlite_script(db, upgrades[*version], error);
}

bool
schema_upgrade(struct sqlite *db, int version, struct error *error)
{
	for (int i = version; i < SCHEMA_VERSION; i++)
		if (!sqlite_transact(db, upgrade_once, &i, error))
			return false;
	return true;
}
