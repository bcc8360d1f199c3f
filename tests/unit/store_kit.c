/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the store share. */
#include "unit/store_kit.h"

#include <dirent.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/sqlite.h"
#include "store/writes.h"
#include "unit/unit.h"

#define BODY_MAX (5 * 1024 * 1024)

static char folder[64], path[96];

void
kit_setup(void)
{
	snprintf(folder, sizeof folder, "/tmp/keyguard-store-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/keyguardd.db", folder);
}

void
kit_teardown(void)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while ((entry = readdir(dir)) != NULL)
		unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
	ck_assert_int_eq(rmdir(folder), 0);
}

const char *
kit_path(void)
{
	return path;
}

const char *
kit_folder(void)
{
	return folder;
}

int
kit_copies(void)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	int count = 0;

	while ((entry = readdir(dir)) != NULL)
		count += strstr(entry->d_name, "-copy-") != NULL;
	closedir(dir);
	return count;
}

struct standing
kit_running(const char *name)
{
	return (struct standing){
		.status = STATUS_RUNNING,
		.state = "DeleteAccessKeyPair",
		.tags = { [TAG_ACCOUNT] = "111122223333", [TAG_KEY] = name },
	};
}

struct standing
kit_ended(const char *name, enum status status, const char *outcome)
{
	struct standing standing = kit_running(name);

	standing.status = status;
	standing.outcome = outcome;
	return standing;
}

struct event
kit_event(int64_t id, enum event_type type)
{
	return (struct event){
		.id = id, .wall_ms = 1000 * id, .type = type, .data = "{}"
	};
}

struct record *
kit_record(const char *name, int64_t id, enum event_type type)
{
	struct event event = kit_event(id, type);
	struct standing standing = kit_running(name);

	return record_event(name, &event, &standing);
}

struct rejected
kit_rejected(int64_t at, const char *error, size_t size)
{
	static char body[BODY_MAX];

	ck_assert(size <= sizeof body);
	return (struct rejected){
		.received_wall_ms = at,
		.message_id = "8d6b1c53",
		.error = error,
		.cause = "it is unreadable",
		.body = body,
		.body_len = size,
	};
}

/* ---- a batch by hand ---- */

#define ROWS 8

struct sqlite *kit_db;
struct record *kit_rows[ROWS];
size_t kit_count;

void
kit_open(void)
{
	sqlite_close(kit_db);
	kit_db = sqlite_open(path, SQLITE_FOR_WRITES, NULL);
	ck_assert_ptr_nonnull(kit_db);
}

void
kit_close(void)
{
	answer_done(&kit_answer);
	sqlite_close(kit_reads);
	sqlite_close(kit_db);
	kit_reads = kit_db = NULL;
}

struct record *
kit_add(struct record *record)
{
	ck_assert_uint_lt(kit_count, ROWS);
	return kit_rows[kit_count++] = record;
}

struct record *
kit_add_event(const char *name, int64_t id)
{
	return kit_add(kit_record(name, id, EVENT_TASK_SCHEDULED));
}

void
kit_forget(void)
{
	while (kit_count > 0)
		record_free(kit_rows[--kit_count]);
}

void
kit_write(void)
{
	struct error error = { 0 };

	ck_assert_msg(writes_apply(kit_db, kit_rows, kit_count, &error),
	    "%s: %s", error.name, error.cause);
}

void
kit_write_well(void)
{
	kit_write();
	for (size_t i = 0; i < kit_count; i++)
		ck_assert_int_eq(kit_rows[i]->fate, FATE_WRITTEN);
	kit_forget();
}

/* ---- a read by hand ---- */

struct sqlite *kit_reads;
struct answer kit_answer;

static bool
ask(reads_query *query, const struct question *question, struct error *error)
{
	answer_done(&kit_answer);
	if (kit_reads == NULL)
		kit_reads = sqlite_open(path, SQLITE_FOR_READS, error);
	return kit_reads != NULL &&
	    reads_ask(kit_reads, query, question, &kit_answer, error);
}

void
kit_ask(reads_query *query, const struct question *question)
{
	struct error error = { 0 };

	ck_assert_msg(
	    ask(query, question, &error), "%s: %s", error.name, error.cause);
}

void
kit_refuse(
    reads_query *query, const struct question *question, const char *name)
{
	struct error error;

	ck_assert(!ask(query, question, &error));
	ck_assert_str_eq(error.name, name);
}

/* ---- SQL from outside ---- */

static int
on_number(void *arg, int columns, char **values, char **names)
{
	int64_t *number = arg;

	(void)columns;
	(void)names;
	*number = values[0] == NULL ? 0 : strtoll(values[0], NULL, 10);
	return 0;
}

int64_t
kit_number(const char *sql)
{
	int64_t number = 0;
	char *problem = NULL;
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_exec(db, sql, on_number, &number, &problem);
	ck_assert_msg(problem == NULL, "%s: %s", sql, problem);
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
	return number;
}

void
kit_sql(const char *sql)
{
	kit_number(sql);
}

void
kit_fill(int from, int count)
{
	char sql[1024];

	snprintf(sql, sizeof sql,
	    "WITH RECURSIVE n(i) AS (SELECT %d UNION ALL"
	    "  SELECT i + 1 FROM n WHERE i + 1 < %d)"
	    " INSERT INTO executions SELECT NULL, 'N' || i, i / 3, NULL,"
	    "  CASE i %% 100 WHEN 1 THEN 'RUNNING' WHEN 2 THEN 'FAILED'"
	    "    WHEN 3 THEN 'FAILED' WHEN 4 THEN 'ABORTED'"
	    "    ELSE 'SUCCEEDED' END, 'NotifySecurity',"
	    "  CASE i %% 100 WHEN 1 THEN NULL WHEN 2 THEN 'uncontained'"
	    "    WHEN 5 THEN 'uncontained' ELSE 'contained' END,"
	    "  0, '111122223333', 'AKIA' || (i %% 1000), NULL, NULL, 1, 0, NULL"
	    " FROM n",
	    from, from + count);
	kit_sql(sql);
}

void
kit_fill_events(int count, const char *type)
{
	char sql[512];

	snprintf(sql, sizeof sql,
	    "INSERT INTO kinds (type) VALUES ('%s');"
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
	    "  SELECT i + 1 FROM n WHERE i < %d)"
	    " INSERT INTO events (execution, id, wall_ms, kind, data)"
	    "  SELECT executions.id, i, start_ms, kinds.id, '{}'"
	    "  FROM executions JOIN n JOIN kinds ON type = '%s'",
	    type, count, type);
	kit_sql(sql);
}

static atomic_int commits;

static int
on_commit(void *arg)
{
	(void)arg;
	atomic_fetch_add(&commits, 1);
	return 0;
}

static int
watch_commits(
    sqlite3 *db, char **problem, const struct sqlite3_api_routines *api)
{
	(void)problem;
	(void)api;
	sqlite3_commit_hook(db, on_commit, NULL);
	return SQLITE_OK;
}

void
kit_count_commits(void)
{
	sqlite3_auto_extension((void (*)(void))watch_commits);
}

int
kit_commits(void)
{
	return atomic_load(&commits);
}
