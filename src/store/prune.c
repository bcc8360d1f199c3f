/* SPDX-License-Identifier: Apache-2.0 */
/* Deletes ended executions that are too old or too many. */
#include "store/prune.h"

#include <stdlib.h>

#include "store/sqlite.h"

/* What goes now, and what only the next time. */
struct choice {
	struct prune *prune;
	int64_t ids[PRUNE_MOST];
	size_t count;
	int64_t expired[PRUNE_MOST];
};

static int64_t
room(const struct choice *choice)
{
	return PRUNE_MOST - (int64_t)choice->count;
}

/* ---- choosing ---- */

static bool
on_chosen(void *arg, sqlite3_stmt *row, struct error *error)
{
	struct choice *choice = arg;

	(void)error;
	choice->ids[choice->count++] = sqlite3_column_int64(row, 0);
	return true;
}

static bool
is_told(const struct prune *prune, int64_t id)
{
	for (size_t i = 0; i < prune->told_count; i++)
		if (prune->told[i] == id)
			return true;
	return false;
}

static bool
on_failed(void *arg, sqlite3_stmt *row, struct error *error)
{
	int64_t id = sqlite3_column_int64(row, 0);
	const void *name = sqlite3_column_text(row, 1);
	struct choice *choice = arg;
	struct prune *prune = choice->prune;

	if (is_told(prune, id))
		return on_chosen(arg, row, error);
	choice->expired[prune->expired_count] = id;
	prune->expired[prune->expired_count++] = keep_text(&prune->keep, name);
	return true;
}

/* From each status those begun first, along the index. */
static bool
choose_old(struct sqlite *db, struct choice *choice, const char *status,
    sqlite_row *row, struct error *error)
{
	static const char sql[] =
	    "SELECT id, name FROM executions"
	    " WHERE status = ?1 AND start_ms < ?2 ORDER BY start_ms LIMIT ?3";

	return sqlite_run(db, sql,
	    BIND(BIND_TEXT(status), BIND_INT(choice->prune->before_ms),
		BIND_INT(room(choice))),
	    row, choice, error);
}

#define OLDEST(which)                                                          \
	"SELECT * FROM (SELECT id, start_ms FROM executions WHERE " which      \
	" ORDER BY start_ms LIMIT ?1)"

static bool
choose_surplus(struct sqlite *db, struct choice *choice, struct error *error)
{
	static const char count[] = "SELECT sum(n) FROM totals"
				    " WHERE name IN ('SUCCEEDED', 'ABORTED')";
	static const char sql[] =
	    OLDEST("status = 'SUCCEEDED' AND due_ms = 0") " UNION ALL " OLDEST(
		"status = 'ABORTED'") " ORDER BY start_ms LIMIT ?1";
	int64_t surplus;

	if (!sqlite_number(db, count, NULL, &surplus, error))
		return false;
	surplus -= choice->prune->count;
	if (choice->prune->count == 0 || surplus <= 0)
		return true;
	if (surplus > room(choice))
		surplus = room(choice);
	return sqlite_run(
	    db, sql, BIND(BIND_INT(surplus)), on_chosen, choice, error);
}

/* ---- deleting ---- */

static bool
delete_from(struct sqlite *db, const struct choice *choice, size_t from,
    struct error *error)
{
	static const char events[] = "DELETE FROM events WHERE execution = ?1";
	static const char own[] = "DELETE FROM executions WHERE id = ?1";

	for (size_t i = from; i < choice->count; i++)
		if (!sqlite_do(
			db, events, BIND(BIND_INT(choice->ids[i])), error) ||
		    !sqlite_do(db, own, BIND(BIND_INT(choice->ids[i])), error))
			return false;
	return true;
}

/* By age before by number, which is then less. */
static bool
delete_some(struct sqlite *db, void *arg, struct error *error)
{
	struct choice *choice = arg;
	size_t old;

	if (!choose_old(db, choice, "FAILED", on_failed, error) ||
	    !choose_old(db, choice, "SUCCEEDED", on_chosen, error) ||
	    !choose_old(db, choice, "ABORTED", on_chosen, error) ||
	    !delete_from(db, choice, 0, error))
		return false;
	old = choice->count;
	return choose_surplus(db, choice, error) &&
	    delete_from(db, choice, old, error);
}

/* Whoever was given out is told again if the failure lasts for a restart, but
 * not at each try. */
bool
prune_some(struct sqlite *db, struct prune *prune, struct error *error)
{
	struct choice choice = { .prune = prune };

	prune_done(prune);
	if (!sqlite_transact(db, delete_some, &choice, error)) {
		prune_done(prune);
		return false;
	}
	prune->told_count = prune->expired_count;
	for (size_t i = 0; i < prune->told_count; i++)
		prune->told[i] = choice.expired[i];
	prune->more = choice.count + prune->expired_count > 0;
	return true;
}

void
prune_done(struct prune *prune)
{
	keep_done(&prune->keep);
	prune->expired_count = 0;
	prune->more = false;
}
