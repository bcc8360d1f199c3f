/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One connection to the store's file, synchronous and without threads: opened,
 * checked, one statement run at a time, and SQLite's result codes turned into
 * `Store.*`. What the SQL says stands in schema, writes and reads.
 */
#ifndef KG_STORE_SQLITE_H
#define KG_STORE_SQLITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "util/error.h"

#define SQLITE_STATEMENTS 32 /* different ones run on one connection */

enum sqlite_access {
	SQLITE_FOR_READS,
	SQLITE_FOR_WRITES, /* makes file and schema when there are none */
};

struct sqlite {
	sqlite3 *handle;
	bool broken;   /* it failed in a way that asks for another one */
	int wal_pages; /* in the write-ahead log, after the last commit */
	struct {
		const char *sql;
		sqlite3_stmt *statement;
	} prepared[SQLITE_STATEMENTS];
};

/* Gives SQLite our malloc; without effect once SQLite is in use. */
void sqlite_init(void);

/*
 * Opens a connection; NULL and an error when it cannot: `Store.NotOurs`,
 * `Store.SchemaTooNew` (neither is touched), or as sqlite_failed says. It may
 * be used by one thread at a time.
 */
struct sqlite *sqlite_open(
    const char *path, enum sqlite_access access, struct error *error);

/* Closes; the last writer brings the log home. NULL is fine. */
void sqlite_close(struct sqlite *db);

/* Closes as a crash would: the log is left as it is. NULL is fine. */
void sqlite_abandon(struct sqlite *db);

/* A parameter, borrowed while the statement runs. */
struct sqlite_value {
	enum {
		VALUE_INT,
		VALUE_TEXT,
		VALUE_BLOB,
	} kind;
	int64_t number;
	const void *bytes; /* NULL: SQL's NULL */
	size_t len;        /* of a blob */
};

#define BIND_INT(number_)                                                      \
	{                                                                      \
		.kind = VALUE_INT, .number = (number_)                         \
	}
#define BIND_TEXT(text_)                                                       \
	{                                                                      \
		.kind = VALUE_TEXT, .bytes = (text_)                           \
	}
#define BIND_BLOB(bytes_, len_)                                                \
	{                                                                      \
		.kind = VALUE_BLOB, .bytes = (bytes_), .len = (len_)           \
	}
#define BIND(...) ((const struct sqlite_value[]){ __VA_ARGS__ })

/* One row of an answer; false, with an error, ends the statement. */
typedef bool sqlite_row(void *arg, sqlite3_stmt *row, struct error *error);

/*
 * Runs one statement to its end. `sql` is prepared once for a connection and
 * known by its address from then on. `values` from BIND, as many as there are
 * parameters or more (NULL: none). False, with an error as sqlite_failed sets
 * it or `row` does.
 */
bool sqlite_run(struct sqlite *db, const char *sql,
    const struct sqlite_value *values, sqlite_row *row, void *arg,
    struct error *error);

/* The same where one number comes back; none, or NULL: 0. */
bool sqlite_number(struct sqlite *db, const char *sql,
    const struct sqlite_value *values, int64_t *ret_number,
    struct error *error);

/* The same where nothing comes back. */
bool sqlite_do(struct sqlite *db, const char *sql,
    const struct sqlite_value *values, struct error *error);

/* Runs a script of several statements. */
bool sqlite_script(struct sqlite *db, const char *sql, struct error *error);

/* Does all of `work` in one transaction, or nothing of it. */
bool sqlite_transact(struct sqlite *db,
    bool (*work)(struct sqlite *db, void *arg, struct error *error), void *arg,
    struct error *error);

/* Brings the log home as far as readers let, waiting for none of them. */
bool sqlite_checkpoint(struct sqlite *db, struct error *error);

/*
 * Sets the error of what failed last on this connection and returns false.
 * `Store.Full`, `Store.ReadOnly`, `Store.Locked`, `Store.CannotOpen` are
 * Class.Transient: no row is at fault; `Store.Io`, `Store.Corrupt`,
 * `Store.Failed` may be.
 */
bool sqlite_failed(struct sqlite *db, struct error *error);

#endif
