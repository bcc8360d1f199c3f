/* SPDX-License-Identifier: Apache-2.0 */
/* What is written: one transaction a batch. */
#include "store/writes.h"

#include <string.h>

#include "store/record.h"
#include "store/sqlite.h"
#include "store/write_event.h"

/* ---- refused messages ---- */

/* What is in doubt is looked for first. */
static bool
insert_rejected(
    struct sqlite *db, const struct record *record, struct error *error)
{
	static const char sql[] =
	    "INSERT INTO rejected (received_ms, message_id, error, cause, body)"
	    "  SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT (?6 AND EXISTS"
	    "    (SELECT 1 FROM rejected WHERE received_ms = ?1"
	    "      AND message_id IS ?2 AND body = ?5))";
	const struct rejected *rejected = &record->rejected;

	return sqlite_do(db, sql,
	    BIND(BIND_INT(rejected->received_wall_ms),
		BIND_TEXT(rejected->message_id), BIND_TEXT(rejected->error),
		BIND_TEXT(rejected->cause),
		BIND_BLOB(rejected->body, rejected->body_len),
		BIND_INT(record->in_doubt)),
	    error);
}

/* Keeps within the bounds of store_reject: the oldest go. */
static bool
prune_rejected(struct sqlite *db, struct error *error)
{
	static const char other[] =
	    "DELETE FROM rejected WHERE id IN (SELECT id FROM rejected"
	    "  WHERE error = 'Finding.OtherEvent'"
	    "  ORDER BY id DESC LIMIT -1 OFFSET 100)";
	static const char oldest[] =
	    "DELETE FROM rejected WHERE id = (SELECT min(id) FROM rejected)"
	    "  AND EXISTS (SELECT 1 FROM totals"
	    "    WHERE (name = 'rejected rows' AND n > 10000)"
	    "      OR (name = 'rejected bytes' AND n > 67108864))";

	if (!sqlite_do(db, other, NULL, error))
		return false;
	do {
		if (!sqlite_do(db, oldest, NULL, error))
			return false;
	} while (sqlite3_changes(db->handle) > 0);
	return true;
}

static bool
write_rejected(struct sqlite *db, struct record *record, struct error *error)
{
	return insert_rejected(db, record, error) && prune_rejected(db, error);
}

/* ---- notes, and what is settled: the same if it is written twice ---- */

static bool
write_note(struct sqlite *db, struct record *record, struct error *error)
{
	static const char set[] =
	    "INSERT OR REPLACE INTO notes VALUES (?1, ?2)";
	static const char forget[] = "DELETE FROM notes WHERE key = ?1";

	return sqlite_do(db, record->text == NULL ? forget : set,
	    BIND(BIND_TEXT(record->name), BIND_TEXT(record->text)), error);
}

static bool
write_settled(struct sqlite *db, struct record *record, struct error *error)
{
	static const char sql[] = "UPDATE executions SET due_ms = 0"
				  " WHERE name = ?1 AND status != 'RUNNING'";

	return sqlite_do(db, sql, BIND(BIND_TEXT(record->name)), error);
}

/* ---- the batch ---- */

/* Whether an earlier event of the same execution was not written. */
static bool
is_cut_off(struct record *const *records, size_t at)
{
	const struct record *record = records[at];

	if (record->kind != RECORD_EVENT)
		return false;
	for (size_t i = 0; i < at; i++)
		if (records[i]->kind == RECORD_EVENT &&
		    records[i]->fate != FATE_WRITTEN &&
		    strcmp(records[i]->name, record->name) == 0)
			return true;
	return false;
}

static void
hold_too_large(struct record *record)
{
	struct error why;

	error_set(&why, "Store.TooLarge", "%zu bytes, at most %zu are kept",
	    record_size(record), WRITES_DATA_MAX);
	record_hold(record, &why);
}

static bool
write_one(struct sqlite *db, struct record *const *records, size_t at,
    struct error *error)
{
	static bool (*const by_kind[])(
	    struct sqlite *, struct record *, struct error *) = {
		[RECORD_EVENT] = write_event,
		[RECORD_REJECTED] = write_rejected,
		[RECORD_NOTE] = write_note,
		[RECORD_SETTLED] = write_settled,
	};
	struct record *record = records[at];

	record->fate = FATE_WRITTEN;
	record->why = NULL;
	if (is_cut_off(records, at))
		record->fate = FATE_DROPPED;
	else if (record_size(record) > WRITES_DATA_MAX)
		hold_too_large(record);
	else
		return by_kind[record->kind](db, record, error);
	return true;
}

struct rows {
	struct record *const *records;
	size_t count;
	bool written; /* all of them, but for the commit */
};

static bool
write_all(struct sqlite *db, void *arg, struct error *error)
{
	struct rows *rows = arg;

	for (size_t i = 0; i < rows->count; i++)
		if (!write_one(db, rows->records, i, error))
			return false;
	rows->written = true;
	return true;
}

bool
writes_apply(struct sqlite *db, struct record *const *records, size_t count,
    struct error *error)
{
	struct rows rows = { records, count, false };

	if (sqlite_transact(db, write_all, &rows, error))
		return true;
	for (size_t i = 0; rows.written && i < count; i++)
		records[i]->in_doubt = true;
	return false;
}

bool
writes_probe(struct sqlite *db, struct error *error)
{
	static const char sql[] =
	    "UPDATE totals SET n = n + 1 WHERE name = 'probes'";

	return sqlite_do(db, sql, NULL, error);
}

bool
writes_newest(struct sqlite *db, int64_t *ret_id, struct error *error)
{
	static const char sql[] = "SELECT max(id) FROM executions";

	return sqlite_number(db, sql, NULL, ret_id, error);
}
