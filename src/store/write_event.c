/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One event into its history, and with it the execution's row: where it stands
 * now.
 */
#include "store/write_event.h"

#include "store/record.h"
#include "store/sqlite.h"

/* ---- what is there already ---- */

struct found {
	bool any;
	int64_t execution;
	int64_t last_event;
	enum status status;
};

static bool
on_found(void *arg, sqlite3_stmt *row, struct error *error)
{
	const char *status = (const char *)sqlite3_column_text(row, 2);
	struct found *found = arg;

	found->any = true;
	found->execution = sqlite3_column_int64(row, 0);
	found->last_event = sqlite3_column_int64(row, 1);
	if (status == NULL || !status_parse(status, &found->status))
		return error_set(
		    error, "Store.Corrupt", "an execution's status is unknown");
	return true;
}

static bool
find(
    struct sqlite *db, const char *name, struct found *ret, struct error *error)
{
	static const char sql[] =
	    "SELECT id, last_event, status FROM executions WHERE name = ?1";

	*ret = (struct found){ 0 };
	return sqlite_run(db, sql, BIND(BIND_TEXT(name)), on_found, ret, error);
}

static bool
on_any(void *arg, sqlite3_stmt *row, struct error *error)
{
	bool *any = arg;

	(void)row;
	(void)error;
	*any = true;
	return true;
}

/* Whether a row that is in doubt has been written by the commit that failed. */
static bool
find_own(struct sqlite *db, const struct record *record,
    const struct found *found, bool *ret_own, struct error *error)
{
	static const char sql[] =
	    "SELECT 1 FROM history WHERE execution = ?1 AND id = ?2"
	    "  AND wall_ms = ?3 AND type = ?4";
	const struct event *event = &record->event;

	*ret_own = false;
	if (!record->in_doubt || !found->any)
		return true;
	return sqlite_run(db, sql,
	    BIND(BIND_INT(found->execution), BIND_INT(event->id),
		BIND_INT(event->wall_ms),
		BIND_TEXT(event_type_name(event->type))),
	    on_any, ret_own, error);
}

/* ---- writing ---- */

static bool
insert_execution(
    struct sqlite *db, const struct record *record, struct error *error)
{
	static const char sql[] =
	    "INSERT INTO executions (name, start_ms, stop_ms, status, state,"
	    "  outcome, due_ms, retries, account, key_id, user, lane,"
	    "  last_event)"
	    "  VALUES (?1, ?2, CASE ?3 WHEN 'RUNNING' THEN NULL ELSE ?2 END,"
	    "    ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
	const struct standing *now = &record->standing;

	return sqlite_do(db, sql,
	    BIND(BIND_TEXT(record->name), BIND_INT(record->event.wall_ms),
		BIND_TEXT(status_name(now->status)), BIND_TEXT(now->state),
		BIND_TEXT(now->outcome), BIND_INT(now->due_wall_ms),
		BIND_INT(now->retries), BIND_TEXT(now->tags[TAG_ACCOUNT]),
		BIND_TEXT(now->tags[TAG_KEY]), BIND_TEXT(now->tags[TAG_USER]),
		BIND_TEXT(now->tags[TAG_LANE]), BIND_INT(record->event.id)),
	    error);
}

/* What changes with every event is in no index while it runs. */
static bool
advance(struct sqlite *db, int64_t execution, const struct record *record,
    struct error *error)
{
	static const char sql[] =
	    "UPDATE executions SET state = ?2, due_ms = ?3, user = ?4,"
	    "  last_event = ?5 WHERE id = ?1";
	const struct standing *now = &record->standing;

	return sqlite_do(db, sql,
	    BIND(BIND_INT(execution), BIND_TEXT(now->state),
		BIND_INT(now->due_wall_ms), BIND_TEXT(now->tags[TAG_USER]),
		BIND_INT(record->event.id)),
	    error);
}

/* What lists and totals go by: written only when it has changed. */
static bool
reclassify(struct sqlite *db, int64_t execution, const struct record *record,
    struct error *error)
{
	static const char sql[] =
	    "UPDATE executions SET status = ?2, outcome = ?3, account = ?4,"
	    "  key_id = ?5, lane = ?6,"
	    "  stop_ms = CASE ?2 WHEN 'RUNNING' THEN NULL"
	    "    WHEN status THEN stop_ms ELSE ?7 END"
	    "  WHERE id = ?1 AND (status, outcome, account, key_id, lane)"
	    "    IS NOT (?2, ?3, ?4, ?5, ?6)";
	const struct standing *now = &record->standing;

	return sqlite_do(db, sql,
	    BIND(BIND_INT(execution), BIND_TEXT(status_name(now->status)),
		BIND_TEXT(now->outcome), BIND_TEXT(now->tags[TAG_ACCOUNT]),
		BIND_TEXT(now->tags[TAG_KEY]), BIND_TEXT(now->tags[TAG_LANE]),
		BIND_INT(record->event.wall_ms)),
	    error);
}

/* Of several intents the first one counts. */
static bool
mark_intent(struct sqlite *db, int64_t execution, const struct event *event,
    struct error *error)
{
	static const char sql[] = "UPDATE executions SET intent_ms = ?2"
				  "  WHERE id = ?1 AND intent_ms IS NULL";

	return event->type != EVENT_TASK_SUBMITTED ||
	    sqlite_do(db, sql,
		BIND(BIND_INT(execution), BIND_INT(event->wall_ms)), error);
}

static bool
on_kind(void *arg, sqlite3_stmt *row, struct error *error)
{
	int64_t *kind = arg;

	(void)error;
	*kind = sqlite3_column_int64(row, 0);
	return true;
}

/* The words that it shares with others; new ones are added. */
static bool
find_kind(struct sqlite *db, const struct event *event, int64_t *ret,
    struct error *error)
{
	static const char find_one[] =
	    "SELECT id FROM kinds WHERE type = ?1 AND state IS ?2"
	    "  AND resource IS ?3 AND path IS ?4";
	static const char add[] =
	    "INSERT INTO kinds (type, state, resource, path)"
	    "  VALUES (?1, ?2, ?3, ?4)";
	const struct sqlite_value words[] = {
		BIND_TEXT(event_type_name(event->type)),
		BIND_TEXT(event->state),
		BIND_TEXT(event->state == NULL ? NULL : event->resource),
		BIND_TEXT(event->path),
	};

	*ret = 0;
	if (!sqlite_run(db, find_one, words, on_kind, ret, error))
		return false;
	if (*ret != 0)
		return true;
	if (!sqlite_do(db, add, words, error))
		return false;
	*ret = sqlite3_last_insert_rowid(db->handle);
	return true;
}

static bool
insert_event(struct sqlite *db, int64_t execution, const struct record *record,
    struct error *error)
{
	static const char sql[] =
	    "INSERT INTO events (execution, id, wall_ms, kind, resource, data,"
	    "  error, cause, request_id, class)"
	    "  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
	const struct event *event = &record->event;
	const struct error *bad = event->error;
	int64_t kind;

	return find_kind(db, event, &kind, error) &&
	    sqlite_do(db, sql,
		BIND(BIND_INT(execution), BIND_INT(event->id),
		    BIND_INT(event->wall_ms), BIND_INT(kind),
		    BIND_TEXT(event->state == NULL ? event->resource : NULL),
		    BIND_TEXT(record_data(record)),
		    BIND_TEXT(bad ? bad->name : NULL),
		    BIND_TEXT(bad ? bad->cause : NULL),
		    BIND_TEXT(bad ? bad->request_id : NULL),
		    BIND_TEXT(bad ? error_class_name(bad->class) : NULL)),
		error);
}

static bool
store_event(struct sqlite *db, const struct record *record, struct found *found,
    struct error *error)
{
	if (found->any) {
		if (!advance(db, found->execution, record, error) ||
		    !reclassify(db, found->execution, record, error))
			return false;
	} else {
		if (!insert_execution(db, record, error))
			return false;
		found->execution = sqlite3_last_insert_rowid(db->handle);
	}
	return mark_intent(db, found->execution, &record->event, error) &&
	    insert_event(db, found->execution, record, error);
}

static void
hold_out_of_order(struct record *record, const struct found *found)
{
	struct error why;

	if (found->any)
		error_set(&why, "Store.OutOfOrder",
		    "event %lld of %s follows %lld",
		    (long long)record->event.id, record->name,
		    (long long)found->last_event);
	else
		error_set(&why, "Store.Gone", "there is no %s any more",
		    record->name);
	record_hold(record, &why);
}

bool
write_event(struct sqlite *db, struct record *record, struct error *error)
{
	struct found found;
	bool own;

	if (!find(db, record->name, &found, error) ||
	    !find_own(db, record, &found, &own, error))
		return false;
	if (own)
		return true;
	if (found.any && record->event.id == 1) {
		record->fate = FATE_EXISTS;
		record->exists = found.status;
		return true;
	}
	if (record->event.id != found.last_event + 1) {
		hold_out_of_order(record, &found);
		return true;
	}
	return store_event(db, record, &found, error);
}
