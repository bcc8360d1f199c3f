/* SPDX-License-Identifier: Apache-2.0 */
/* The reading side of the store. */
#include "store/reader.h"

#include <stdlib.h>

#include "store/sqlite.h"
#include "util/alloc.h"

struct reader {
	char *path;
	struct worker *worker;
	void (*on_read)(void *arg, const struct error *error);
	void *arg;
	bool begun;
	TAILQ_HEAD(reads, store_read) reads;
	struct sqlite *db; /* the thread's; NULL: to be opened */
};

/* ---- on the worker's thread ---- */

static bool
answer(struct reader *reader, struct store_read *read)
{
	if (reader->db == NULL)
		reader->db =
		    sqlite_open(reader->path, SQLITE_FOR_READS, &read->error);
	return reader->db != NULL &&
	    reads_ask(reader->db, read->query, &read->question, &read->answer,
		&read->error);
}

static void
do_read(void *arg)
{
	struct store_read *read = arg;
	struct reader *reader = read->reader;

	if (atomic_load(&read->cancelled))
		return;
	read->ok = answer(reader, read);
	if (read->ok)
		return;
	answer_done(&read->answer);
	if (reader->db != NULL && reader->db->broken) {
		sqlite_close(reader->db);
		reader->db = NULL;
	}
}

/* ---- on the loop ---- */

static void
read_free(struct store_read *read)
{
	answer_done(&read->answer);
	keep_done(&read->keep);
	free(read);
}

static void
after_read(void *arg)
{
	struct store_read *read = arg;
	struct reader *reader = read->reader;

	if (!atomic_load(&read->cancelled)) {
		reader->on_read(reader->arg, reader_error(read));
		read->deliver(read);
	}
	TAILQ_REMOVE(&reader->reads, read, next);
	read_free(read);
}

static void
copy_question(struct store_read *read, const struct question *question)
{
	struct question *copy = &read->question;
	struct keep *keep = &read->keep;

	*copy = *question;
	copy->name = keep_text(keep, question->name);
	copy->key_id = keep_text(keep, question->key_id);
	copy->page.outcome = keep_text(keep, question->page.outcome);
	copy->page.after = keep_text(keep, question->page.after);
}

struct store_read *
reader_ask(struct reader *reader, reads_query *query,
    const struct question *question, void (*deliver)(struct store_read *read))
{
	struct store_read *read = xzalloc(sizeof *read);

	read->reader = reader;
	read->query = query;
	read->deliver = deliver;
	copy_question(read, question);
	read->job =
	    (struct job){ .work = do_read, .done = after_read, .arg = read };
	TAILQ_INSERT_TAIL(&reader->reads, read, next);
	if (reader->begun)
		worker_run(reader->worker, &read->job);
	return read;
}

const struct error *
reader_error(const struct store_read *read)
{
	return read->ok ? NULL : &read->error;
}

/* The thread may be at it: what is left of it is freed when it is back. */
void
store_read_cancel(struct store_read *read)
{
	atomic_store(&read->cancelled, true);
}

struct reader *
reader_new(struct loop *loop, const char *path,
    void (*on_read)(void *arg, const struct error *error), void *arg)
{
	struct reader *reader = xzalloc(sizeof *reader);

	reader->on_read = on_read;
	reader->arg = arg;
	reader->path = xstrdup(path);
	TAILQ_INIT(&reader->reads);
	reader->worker = worker_new(loop, "store-reader");
	return reader;
}

void
reader_begin(struct reader *reader)
{
	struct store_read *read = TAILQ_FIRST(&reader->reads);

	if (reader->begun)
		return;
	reader->begun = true;
	for (; read != NULL; read = TAILQ_NEXT(read, next))
		worker_run(reader->worker, &read->job);
}

void
reader_free(struct reader *reader)
{
	struct store_read *read = TAILQ_FIRST(&reader->reads), *next;

	worker_free(reader->worker);
	for (; read != NULL; read = next) {
		next = TAILQ_NEXT(read, next);
		read_free(read);
	}
	sqlite_close(reader->db);
	free(reader->path);
	free(reader);
}
