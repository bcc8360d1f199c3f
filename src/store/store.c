/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store: what is written goes to the writer, what is read to the reader,
 * and the answers to whom they are for.
 */
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

#include "store/inside.h"
#include "store/reader.h"
#include "store/record.h"
#include "store/sqlite.h"
#include "store/writer.h"
#include "util/alloc.h"

/* ---- the journal ---- */

static void
append(void *self, const char *name, const struct event *event,
    const struct standing *standing)
{
	struct store *store = self;

	writer_add(store->writer, record_event(name, event, standing));
}

static void
deliver_loaded(struct store_read *read)
{
	const struct store *store = read->arg;
	const struct answer *answer = &read->answer;

	store->listener.on_loaded(store->listener.arg, read->question.name,
	    answer->events, answer->event_count, reader_error(read));
}

static void
load(void *self, const char *name)
{
	struct store *store = self;
	struct question question = { .name = name };

	reader_ask(store->reader, reads_show, &question, deliver_loaded)->arg =
	    store;
}

static void deliver_recovered(struct store_read *read);

static void
recover_next(struct store *store, int64_t start_ms, int64_t id)
{
	struct question question = {
		.start_ms = start_ms,
		.id = id,
		.newest = writer_newest(store->writer),
	};

	reader_ask(
	    store->reader, reads_next_running, &question, deliver_recovered)
	    ->arg = store;
}

/* One at a time, so that ten thousand do not sit in memory at once. */
static void
deliver_recovered(struct store_read *read)
{
	struct store *store = read->arg;
	const struct journal_listener *to = &store->listener;
	const struct answer *answer = &read->answer;
	const struct store_execution *it = answer->executions;

	if (answer->execution_count == 0) {
		to->on_recovered_all(to->arg, reader_error(read));
		return;
	}
	to->on_recovered(to->arg, it->name, &it->standing, answer->events,
	    answer->event_count);
	recover_next(store, it->start_wall_ms, answer->last_id);
}

/* Those of earlier lives of the process, which ended when it was opened. */
static void
recover(void *self)
{
	struct store *store = self;

	if (store->opened)
		recover_next(store, INT64_MIN, 0);
	else
		store->recovering = true;
}

/* ---- the store ---- */

void
store_reject(struct store *store, const struct rejected *rejected,
    store_done *done, void *arg)
{
	writer_add(store->writer, record_rejected(rejected, done, arg));
}

void
store_note(struct store *store, const char *key, const char *text,
    store_done *done, void *arg)
{
	writer_add(store->writer, record_note(key, text, done, arg));
}

void
store_settle(struct store *store, const char *name, store_done *done, void *arg)
{
	writer_add(store->writer, record_settled(name, done, arg));
}

/* Open or not: reads need not wait for it any longer, and say the same. */
static void
on_open(void *arg, const struct error *error)
{
	struct store *store = arg;

	store->opened = error == NULL;
	reader_begin(store->reader);
	if (store->opened && store->recovering)
		recover_next(store, INT64_MIN, 0);
	store->events.on_open(store->events.arg, error);
}

static void
on_trouble(void *arg, const struct error *error)
{
	const struct store *store = arg;

	store->events.on_trouble(store->events.arg, error);
}

/* What was asked wrongly is no trouble. */
static void
on_read(void *arg, const struct error *error)
{
	const struct store *store = arg;
	bool wrong =
	    error != NULL && strcmp(error->name, "Store.BadToken") == 0;

	if (!wrong && store->events.on_read != NULL)
		store->events.on_read(store->events.arg, error);
}

static void
on_expired(void *arg, const char *name)
{
	const struct store *store = arg;

	if (store->events.on_expired != NULL)
		store->events.on_expired(store->events.arg, name);
}

static void
on_pruned(void *arg, const struct error *error)
{
	const struct store *store = arg;

	if (store->events.on_pruned != NULL)
		store->events.on_pruned(store->events.arg, error);
}

struct store *
store_new(
    struct loop *loop, const char *path, const struct store_events *events)
{
	struct store *store = xzalloc(sizeof *store);
	struct store_events own = {
		.on_open = on_open,
		.on_trouble = on_trouble,
		.on_expired = on_expired,
		.on_pruned = on_pruned,
		.arg = store,
	};

	sqlite_init();
	store->events = *events;
	store->journal = (struct journal){ .self = store,
		.append = append,
		.load = load,
		.recover = recover };
	store->loop = loop;
	store->path = xstrdup(path);
	LIST_INIT(&store->backups);
	store->reader = reader_new(loop, path, on_read, store);
	store->writer = writer_new(loop, path, &own);
	return store;
}

void
store_listen(struct store *store, const struct journal_listener *listener)
{
	store->listener = *listener;
	writer_listen(store->writer, listener);
}

void
store_retain(struct store *store, int64_t age_ms, int64_t count)
{
	writer_retain(store->writer, age_ms, count);
}

const struct journal *
store_journal(struct store *store)
{
	return &store->journal;
}

bool
store_idle(const struct store *store)
{
	return writer_idle(store->writer);
}

static void
stop_reading(struct store *store)
{
	backups_end(store);
	reader_free(store->reader);
}

static void
store_free(struct store *store)
{
	free(store->path);
	free(store);
}

void
store_close(struct store *store)
{
	stop_reading(store);
	writer_close(store->writer);
	store_free(store);
}

void
store_abandon(struct store *store)
{
	stop_reading(store);
	writer_abandon(store->writer);
	store_free(store);
}
