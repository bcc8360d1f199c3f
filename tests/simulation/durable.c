/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each read has a connection of its own. A row becomes an object, its columns
 * the members, NULL none.
 */
#include "simulation/durable.h"

#include <json-c/json.h>
#include <sqlite3.h>

#include "fake/fake_disk.h"
#include "util/cleanup.h"
#include "util/doc.h"

#define DURABLE "/nowhere/durable"

static void
close_at(sqlite3 **db)
{
	sqlite3_close(*db);
}

/* NULL when there is none yet. */
static sqlite3 *
open_store(struct fake_disk *disk, const char *path)
{
	sqlite3 *db = NULL;

	fake_disk_snapshot(disk, path, DURABLE);
	if (sqlite3_open_v2(DURABLE, &db, SQLITE_OPEN_READWRITE, NULL) ==
	    SQLITE_OK)
		return db;
	sqlite3_close(db);
	return NULL;
}

static void
put_column(struct json_object *row, sqlite3_stmt *statement, int i)
{
	const char *name = sqlite3_column_name(statement, i);

	if (sqlite3_column_type(statement, i) == SQLITE_INTEGER)
		doc_put_int(row, name, sqlite3_column_int64(statement, i));
	else
		doc_put_string(
		    row, name, (const char *)sqlite3_column_text(statement, i));
}

/* The rows of a query; none if the file is not what it will be. `value` (NULL:
 * none) is its parameter. */
static struct json_object *
rows_of(sqlite3 *db, const char *sql, const char *value)
{
	struct json_object *rows = doc_array(), *row;
	sqlite3_stmt *statement = NULL;

	if (db == NULL ||
	    sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
		return rows;
	if (value != NULL)
		sqlite3_bind_text(statement, 1, value, -1, SQLITE_STATIC);
	while (sqlite3_step(statement) == SQLITE_ROW) {
		row = doc_object();
		for (int i = 0; i < sqlite3_column_count(statement); i++)
			put_column(row, statement, i);
		doc_push(rows, row);
	}
	sqlite3_finalize(statement);
	return rows;
}

struct json_object *
durable_intents(struct fake_disk *disk, const char *path, const char *key)
{
	static const char sql[] =
	    "SELECT name AS execution, key_id AS key, data AS intent"
	    "  FROM executions JOIN history ON execution = executions.id"
	    "  WHERE type = 'TaskSubmitted' AND key_id = ?"
	    "  ORDER BY executions.id, history.id";
	CLEANUP(close_at) sqlite3 *db = open_store(disk, path);

	return rows_of(db, sql, key);
}

struct json_object *
durable_all(struct fake_disk *disk, const char *path)
{
	static const char executions[] =
	    "SELECT name, account, key_id AS key, status, outcome"
	    "  FROM executions ORDER BY id";
	static const char rejected[] =
	    "SELECT message_id AS message, error FROM rejected ORDER BY id";
	CLEANUP(close_at) sqlite3 *db = open_store(disk, path);
	struct json_object *all = doc_object();

	doc_put(all, "executions", rows_of(db, executions, NULL));
	doc_put(all, "rejected", rows_of(db, rejected, NULL));
	return all;
}

/* Both are in the order of executions. */
static void
hand_out(struct json_object *executions, struct json_object *events)
{
	struct json_object *execution = NULL, *history = NULL, *event;
	size_t next = 0;
	int64_t number = -1;

	for (size_t i = 0; (event = doc_element(events, i)) != NULL; i++) {
		if (doc_int(event, "execution", 0) != number) {
			number = doc_int(event, "execution", 0);
			execution = doc_element(executions, next++);
			history = doc_array();
			doc_put(execution, "events", history);
		}
		json_object_object_del(event, "execution");
		doc_push(history, json_object_get(event));
	}
}

struct json_object *
durable_histories(struct fake_disk *disk, const char *path)
{
	static const char executions_sql[] =
	    "SELECT name, account, key_id AS key, user, status, outcome, state,"
	    "  start_ms AS started, stop_ms AS stopped, due_ms AS due, retries"
	    "  FROM executions ORDER BY id";
	static const char events_sql[] =
	    "SELECT execution, id, wall_ms AS at, type, state, resource, data,"
	    "  path, error, cause FROM history ORDER BY execution, id";
	CLEANUP(close_at) sqlite3 *db = open_store(disk, path);
	struct json_object *executions = rows_of(db, executions_sql, NULL);
	DOC_LATER struct json_object *events = rows_of(db, events_sql, NULL);

	hand_out(executions, events);
	return executions;
}

bool
durable_over(struct fake_disk *disk, const char *path)
{
	static const char sql[] = "SELECT 1 FROM executions"
				  "  WHERE status = 'RUNNING' OR due_ms > 0";
	CLEANUP(close_at) sqlite3 *db = open_store(disk, path);
	DOC_LATER struct json_object *rows = rows_of(db, sql, NULL);

	return db != NULL && doc_count(rows, "") == 0;
}
