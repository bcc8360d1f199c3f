/* SPDX-License-Identifier: Apache-2.0 */
/* One connection to the store's file. */
#include "store/sqlite.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "store/schema.h"
#include "util/alloc.h"

#define BUSY_MS 100 /* for what holds a lock in passing; others wait longer */

/*
 * A small cache, for an idle daemon is a small one: what a transaction touches
 * fits. The file is not trusted: whoever can write it must not make us run
 * functions of their choice.
 */
static const char both[] = "PRAGMA trusted_schema = OFF;"
			   "PRAGMA cell_size_check = ON;"
			   "PRAGMA temp_store = MEMORY;"
			   "PRAGMA cache_size = -256;";
static const char for_reads[] = "PRAGMA query_only = ON;";

/* FULL: a commit has reached the disk when it returns. FAST: what is deleted is
 * overwritten only where that costs no further page. */
static const char for_writes[] = "PRAGMA journal_mode = WAL;"
				 "PRAGMA synchronous = FULL;"
				 "PRAGMA secure_delete = FAST;"
				 "PRAGMA journal_size_limit = 4194304;"
				 "PRAGMA foreign_keys = OFF;";

/* ---- result codes ---- */

static const struct failure {
	int code;
	const char *name;
	enum error_class class;
	bool broken;
} failures[] = {
	{ SQLITE_FULL, "Store.Full", CLASS_TRANSIENT, false },
	{ SQLITE_BUSY, "Store.Locked", CLASS_TRANSIENT, false },
	{ SQLITE_LOCKED, "Store.Locked", CLASS_TRANSIENT, false },
	{ SQLITE_PROTOCOL, "Store.Locked", CLASS_TRANSIENT, false },
	{ SQLITE_READONLY, "Store.ReadOnly", CLASS_TRANSIENT, true },
	{ SQLITE_CANTOPEN, "Store.CannotOpen", CLASS_TRANSIENT, true },
	{ SQLITE_PERM, "Store.CannotOpen", CLASS_TRANSIENT, true },
	{ SQLITE_IOERR, "Store.Io", CLASS_NONE, true },
	{ SQLITE_CORRUPT, "Store.Corrupt", CLASS_NONE, true },
	{ SQLITE_NOTADB, "Store.Corrupt", CLASS_NONE, true },
	{ SQLITE_OK, "Store.Failed", CLASS_NONE, true }, /* any other */
};

/* The kernel's own number. SQLite forgets it when a commit fails; the log's
 * file still knows. */
static int
errno_of(sqlite3 *handle)
{
	int number = sqlite3_system_errno(handle);
	sqlite3_file *log = NULL;

	if (number == 0 &&
	    sqlite3_file_control(handle, NULL, SQLITE_FCNTL_JOURNAL_POINTER,
		&log) == SQLITE_OK &&
	    log != NULL && log->pMethods != NULL)
		log->pMethods->xFileControl(
		    log, SQLITE_FCNTL_LAST_ERRNO, &number);
	return number;
}

/* SQLite says "I/O error" to what the kernel says more clearly. */
static int
code_of(int code, int number)
{
	if (code != SQLITE_IOERR && code != SQLITE_CANTOPEN)
		return code;
	switch (number) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return SQLITE_FULL;
	case EROFS:
		return SQLITE_READONLY;
	default:
		return code;
	}
}

bool
sqlite_failed(struct sqlite *db, struct error *error)
{
	int number = errno_of(db->handle);
	int code = code_of(sqlite3_errcode(db->handle) & 0xff, number);
	const struct failure *failure = failures;

	while (failure->code != code && failure->code != SQLITE_OK)
		failure++;
	db->broken |= failure->broken;
	return error_set_class(error, failure->class, failure->name,
	    "%s (SQLite %d)%s%s", sqlite3_errmsg(db->handle),
	    sqlite3_extended_errcode(db->handle), number != 0 ? ": " : "",
	    number != 0 ? strerror(number) : "");
}

/* ---- statements ---- */

static sqlite3_stmt *
prepared(struct sqlite *db, const char *sql)
{
	size_t i = 0;

	/* The last place stays empty, and ends the search. */
	while (db->prepared[i].sql != NULL && db->prepared[i].sql != sql)
		i++;
	assert(i < SQLITE_STATEMENTS - 1);
	if (db->prepared[i].sql == NULL &&
	    sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
		&db->prepared[i].statement, NULL) == SQLITE_OK)
		db->prepared[i].sql = sql;
	return db->prepared[i].statement;
}

static int
bind_one(sqlite3_stmt *statement, int at, const struct sqlite_value *value)
{
	if (value->kind == VALUE_INT)
		return sqlite3_bind_int64(statement, at, value->number);
	if (value->kind == VALUE_TEXT)
		return sqlite3_bind_text(
		    statement, at, value->bytes, -1, SQLITE_STATIC);
	return sqlite3_bind_blob64(
	    statement, at, value->bytes, value->len, SQLITE_STATIC);
}

static bool
bind_all(sqlite3_stmt *statement, const struct sqlite_value *values)
{
	int count = sqlite3_bind_parameter_count(statement);

	assert(count == 0 || values != NULL);
	for (int i = 0; i < count; i++)
		if (bind_one(statement, i + 1, &values[i]) != SQLITE_OK)
			return false;
	return true;
}

static bool
step_all(struct sqlite *db, sqlite3_stmt *statement, sqlite_row *row, void *arg,
    struct error *error)
{
	int rc;

	while ((rc = sqlite3_step(statement)) == SQLITE_ROW)
		if (!row(arg, statement, error))
			return false;
	return rc == SQLITE_DONE || sqlite_failed(db, error);
}

bool
sqlite_run(struct sqlite *db, const char *sql,
    const struct sqlite_value *values, sqlite_row *row, void *arg,
    struct error *error)
{
	sqlite3_stmt *statement = prepared(db, sql);
	bool ok;

	if (statement == NULL || !bind_all(statement, values))
		return sqlite_failed(db, error);
	ok = step_all(db, statement, row, arg, error);
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return ok;
}

static bool
no_row(void *arg, sqlite3_stmt *row, struct error *error)
{
	(void)arg;
	return error_set(
	    error, "Store.Failed", "unexpected row from: %s", sqlite3_sql(row));
}

bool
sqlite_do(struct sqlite *db, const char *sql, const struct sqlite_value *values,
    struct error *error)
{
	return sqlite_run(db, sql, values, no_row, NULL, error);
}

bool
sqlite_script(struct sqlite *db, const char *sql, struct error *error)
{
	return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK ||
	    sqlite_failed(db, error);
}

static bool
on_number(void *arg, sqlite3_stmt *row, struct error *error)
{
	int64_t *number = arg;

	(void)error;
	*number = sqlite3_column_int64(row, 0);
	return true;
}

bool
sqlite_number(struct sqlite *db, const char *sql,
    const struct sqlite_value *values, int64_t *ret_number, struct error *error)
{
	*ret_number = 0;
	return sqlite_run(db, sql, values, on_number, ret_number, error);
}

/* Some failures have rolled back already. */
bool
sqlite_transact(struct sqlite *db,
    bool (*work)(struct sqlite *db, void *arg, struct error *error), void *arg,
    struct error *error)
{
	static const char begin[] = "BEGIN IMMEDIATE";
	static const char commit[] = "COMMIT";
	static const char rollback[] = "ROLLBACK";

	if (!sqlite_do(db, begin, NULL, error))
		return false;
	if (work(db, arg, error) && sqlite_do(db, commit, NULL, error))
		return true;
	if (!sqlite3_get_autocommit(db->handle))
		sqlite_do(db, rollback, NULL, NULL);
	return false;
}

/* ---- the connection ---- */

/* Called after each commit; that it is there also turns automatic checkpoints
 * off: the writer makes them when nothing waits. */
static int
on_wal(void *arg, sqlite3 *handle, const char *name, int pages)
{
	struct sqlite *db = arg;

	(void)handle;
	(void)name;
	db->wal_pages = pages;
	return SQLITE_OK;
}

static bool
open_for_reads(struct sqlite *db, struct error *error)
{
	int version;

	if (!schema_version(db, &version, error))
		return false;
	if (version < SCHEMA_VERSION)
		return error_set_class(error, CLASS_TRANSIENT,
		    "Store.CannotOpen", "%s is still %s",
		    sqlite3_db_filename(db->handle, NULL),
		    version == 0 ? "empty" : "of an older version");
	return sqlite_script(db, for_reads, error);
}

/* Nobody else's business: it holds whole events. SQLite gives the log the same
 * mode. (Where a VFS keeps no files there is none to change.) */
static bool
make_private(struct sqlite *db, struct error *error)
{
	const char *path = sqlite3_db_filename(db->handle, NULL);

	return chmod(path, 0600) == 0 || errno == ENOENT ||
	    error_set_class(error, CLASS_TRANSIENT, "Store.CannotOpen",
		"cannot make %s private: %s", path, strerror(errno));
}

/*
 * What a process that died, or a commit that failed, has left in the log may
 * be in the kernel's memory alone, but we would take it for durable: hence the
 * checkpoint.
 */
static bool
open_for_writes(struct sqlite *db, struct error *error)
{
	int version;

	if (sqlite3_db_readonly(db->handle, NULL) == 1)
		return error_set_class(error, CLASS_TRANSIENT, "Store.ReadOnly",
		    "no permission to write %s",
		    sqlite3_db_filename(db->handle, NULL));
	if (!schema_version(db, &version, error) ||
	    (version == 0 && !make_private(db, error)))
		return false;
	sqlite3_wal_hook(db->handle, on_wal, db);
	return sqlite_script(db, for_writes, error) &&
	    schema_upgrade(db, version, error) && sqlite_checkpoint(db, error);
}

static bool
open_connection(struct sqlite *db, const char *path, enum sqlite_access access,
    struct error *error)
{
	bool writes = access == SQLITE_FOR_WRITES;
	int flags = SQLITE_OPEN_NOMUTEX |
	    (writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
		    : SQLITE_OPEN_READONLY);

	if (sqlite3_open_v2(path, &db->handle, flags, NULL) != SQLITE_OK)
		return sqlite_failed(db, error);
	sqlite3_busy_timeout(db->handle, BUSY_MS);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_LOOKASIDE, NULL, 0, 0);
	if (!sqlite_script(db, both, error))
		return false;
	return writes ? open_for_writes(db, error) : open_for_reads(db, error);
}

struct sqlite *
sqlite_open(const char *path, enum sqlite_access access, struct error *error)
{
	struct sqlite *db = xzalloc(sizeof *db);

	if (open_connection(db, path, access, error))
		return db;
	sqlite_close(db);
	return NULL;
}

void
sqlite_close(struct sqlite *db)
{
	int rc;

	if (db == NULL)
		return;
	for (size_t i = 0; i < SQLITE_STATEMENTS; i++)
		sqlite3_finalize(db->prepared[i].statement);
	rc = sqlite3_close(db->handle);
	assert(rc == SQLITE_OK);
	free(db);
}

void
sqlite_abandon(struct sqlite *db)
{
	if (db != NULL)
		sqlite3_db_config(
		    db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite_close(db);
}

bool
sqlite_checkpoint(struct sqlite *db, struct error *error)
{
	int pages = 0, home = 0;

	if (sqlite3_wal_checkpoint_v2(db->handle, NULL,
		SQLITE_CHECKPOINT_PASSIVE, &pages, &home) != SQLITE_OK)
		return sqlite_failed(db, error);
	db->wal_pages = pages - home;
	return true;
}
