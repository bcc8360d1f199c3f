/* SPDX-License-Identifier: Apache-2.0 */
/* What is read. */
#include "store/reads.h"

#include <inttypes.h>
#include <stdio.h>

#include "store/answer.h"
#include "store/sqlite.h"

#define LIMIT 1000 /* rows in an answer, whatever is asked for */

/* Of intents more, for they are counted, not shown. */
#define INTENTS 100000

static size_t
capped(size_t limit)
{
	return limit < LIMIT ? limit : LIMIT;
}

/* ---- a page of executions ---- */

/* A page begins with the row at (start_ms, id), and its token says which. */
struct place {
	int64_t start_ms, id;
};

static bool
place_parse(const char *token, struct place *ret, struct error *error)
{
	int end = 0;

	*ret = (struct place){ .start_ms = INT64_MAX, .id = INT64_MAX };
	if (token == NULL)
		return true;
	if (sscanf(token, "%" SCNd64 "-%" SCNd64 "%n", &ret->start_ms, &ret->id,
		&end) == 2 &&
	    token[end] == '\0')
		return true;
	return error_set(error, "Store.BadToken",
	    "\"%.64s\" is no token of a page of executions", token);
}

/* One row more than the page holds was read: the next page begins there. */
static void
end_page(struct answer *answer, size_t limit)
{
	char token[48];

	if (answer->execution_count <= limit)
		return;
	answer->execution_count = limit;
	snprintf(token, sizeof token, "%" PRId64 "-%" PRId64,
	    answer->executions[limit].start_wall_ms, answer->last_id);
	answer->next = keep_text(&answer->keep, token);
}

/* Each walks down an index of its own: see schema.c. */
#define PAGE(which)                                                            \
	"SELECT " ANSWER_EXECUTION " FROM executions WHERE " which             \
	" (start_ms, id) <= (?1, ?2)"                                          \
	" ORDER BY start_ms DESC, id DESC LIMIT ?3"
static const char page_all[] = PAGE("");
static const char page_status[] = PAGE("status = ?4 AND");
static const char page_outcome[] = PAGE("outcome = ?5 AND");
static const char page_both[] = PAGE("status = ?4 AND outcome = ?5 AND");

static const char *
page_sql(const struct store_query *page)
{
	if (page->outcome == NULL)
		return page->by_status ? page_status : page_all;
	return page->by_status ? page_both : page_outcome;
}

bool
reads_list(struct sqlite *db, const struct question *question,
    struct answer *answer, struct error *error)
{
	const struct store_query *page = &question->page;
	size_t limit = capped(page->limit);
	struct place at;

	if (!place_parse(page->after, &at, error) ||
	    !sqlite_run(db, page_sql(page),
		BIND(BIND_INT(at.start_ms), BIND_INT(at.id),
		    BIND_INT((int64_t)limit + 1),
		    BIND_TEXT(status_name(page->status)),
		    BIND_TEXT(page->outcome)),
		answer_execution, answer, error))
		return false;
	end_page(answer, limit);
	return true;
}

/* ---- one execution ---- */

static bool
add_events(struct sqlite *db, struct answer *answer, struct error *error)
{
	static const char sql[] = "SELECT " ANSWER_EVENT " FROM history"
				  " WHERE execution = ?1 ORDER BY id";

	if (answer->execution_count == 0)
		return true;
	return sqlite_run(db, sql, BIND(BIND_INT(answer->last_id)),
	    answer_event, answer, error);
}

bool
reads_show(struct sqlite *db, const struct question *question,
    struct answer *answer, struct error *error)
{
	static const char sql[] =
	    "SELECT " ANSWER_EXECUTION " FROM executions WHERE name = ?1";

	return sqlite_run(db, sql, BIND(BIND_TEXT(question->name)),
		   answer_execution, answer, error) &&
	    add_events(db, answer, error);
}

bool
reads_next_running(struct sqlite *db, const struct question *question,
    struct answer *answer, struct error *error)
{
	static const char sql[] =
	    "SELECT " ANSWER_EXECUTION " FROM executions"
	    " WHERE status = 'RUNNING' AND (start_ms, id) > (?1, ?2)"
	    " AND id <= ?3 ORDER BY start_ms, id LIMIT 1";

	return sqlite_run(db, sql,
		   BIND(BIND_INT(question->start_ms), BIND_INT(question->id),
		       BIND_INT(question->newest)),
		   answer_execution, answer, error) &&
	    add_events(db, answer, error);
}

bool
reads_contained(struct sqlite *db, const struct question *question,
    struct answer *answer, struct error *error)
{
	static const char sql[] = "SELECT " ANSWER_EXECUTION " FROM executions"
				  " WHERE key_id = ?1 AND outcome = 'contained'"
				  " ORDER BY start_ms DESC, id DESC LIMIT 1";

	return sqlite_run(db, sql, BIND(BIND_TEXT(question->key_id)),
	    answer_execution, answer, error);
}

/* ---- the rest ---- */

bool
reads_rejected(struct sqlite *db, const struct question *question,
    struct answer *answer, struct error *error)
{
	static const char sql[] = "SELECT " ANSWER_REJECTED " FROM rejected"
				  " WHERE id < ?1 ORDER BY id DESC LIMIT ?2";
	int64_t before = question->before == 0 ? INT64_MAX : question->before;

	return sqlite_run(db, sql,
	    BIND(BIND_INT(before), BIND_INT((int64_t)capped(question->limit))),
	    answer_rejected, answer, error);
}

bool
reads_due(struct sqlite *db, const struct question *question,
    struct answer *answer, struct error *error)
{
	static const char sql[] =
	    "SELECT " ANSWER_EXECUTION " FROM executions"
	    " WHERE status = ?1 AND status != 'RUNNING' AND due_ms > 0"
	    " ORDER BY due_ms LIMIT ?2";

	return sqlite_run(db, sql,
	    BIND(BIND_TEXT(status_name(question->page.status)),
		BIND_INT((int64_t)capped(question->limit))),
	    answer_execution, answer, error);
}

bool
reads_notes(struct sqlite *db, const struct question *question,
    struct answer *answer, struct error *error)
{
	static const char sql[] =
	    "SELECT " ANSWER_NOTE " FROM notes ORDER BY key LIMIT ?1";

	(void)question;
	return sqlite_run(
	    db, sql, BIND(BIND_INT(LIMIT)), answer_note, answer, error);
}

bool
reads_intents(struct sqlite *db, const struct question *question,
    struct answer *answer, struct error *error)
{
	static const char sql[] =
	    "SELECT " ANSWER_INTENT " FROM executions WHERE intent_ms >= ?1"
	    " ORDER BY intent_ms DESC LIMIT ?2";

	return sqlite_run(db, sql,
	    BIND(BIND_INT(question->since_ms), BIND_INT(INTENTS)),
	    answer_intent, answer, error);
}

bool
reads_count(struct sqlite *db, const struct question *question,
    struct answer *answer, struct error *error)
{
	static const char sql[] = "SELECT " ANSWER_TOTAL " FROM totals";

	(void)question;
	return sqlite_run(db, sql, NULL, answer_total, answer, error);
}

bool
reads_ask(struct sqlite *db, reads_query *query,
    const struct question *question, struct answer *answer, struct error *error)
{
	static const char begin[] = "BEGIN", commit[] = "COMMIT";
	bool ok;

	if (!sqlite_do(db, begin, NULL, error))
		return false;
	ok = query(db, question, answer, error);
	sqlite_do(db, commit, NULL, NULL);
	return ok;
}
