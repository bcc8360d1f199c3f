/* SPDX-License-Identifier: Apache-2.0 */
/* The writing side of the store. */
#include "store/writer.h"

#include <stdlib.h>
#include <string.h>

#include "loop/loop.h"
#include "loop/worker.h"
#include "store/batch.h"
#include "store/record.h"
#include "store/sqlite.h"
#include "store/writes.h"
#include "util/alloc.h"
#include "util/backoff.h"
#include "util/clock.h"

/* The log is brought home when nothing was written for a while, so that no
 * intent waits behind it; a large one as soon as nothing waits. */
#define REST_MS   SECONDS(1)
#define LOG_LARGE 4096 /* pages: 16 MiB */

#define RETRY_MS     200
#define RETRY_MAX_MS SECONDS(10)

enum step {
	STEP_OPEN,
	STEP_WRITE,
	STEP_CHECKPOINT,
};

struct writer {
	struct loop *loop;
	char *path;
	struct store_events events;
	struct journal_listener listener;
	struct backlog backlog;
	bool opened;
	struct error told; /* the failure they know of; no name: none */
	struct backoff backoff;
	struct loop_defer begin; /* when the caller has added all it has */
	struct loop_timer again; /* set: it failed, and is tried again then */
	struct loop_timer rest;

	/* One step at a time. While busy, the rest is the thread's. */
	struct worker *worker;
	bool busy;
	struct job job;
	enum step step;
	struct batch batch;
	struct sqlite *db; /* NULL: to be opened */
	int64_t newest;
	bool ok;
	struct error error;
};

/* ---- on the worker's thread ---- */

static bool
open_file(struct writer *writer)
{
	if (writer->db == NULL)
		writer->db = sqlite_open(
		    writer->path, SQLITE_FOR_WRITES, &writer->error);
	return writer->db != NULL;
}

static void
close_file(struct writer *writer)
{
	sqlite_close(writer->db);
	writer->db = NULL;
}

static bool
open_first(struct writer *writer)
{
	return open_file(writer) &&
	    writes_newest(writer->db, &writer->newest, &writer->error);
}

static bool
apply(struct writer *writer)
{
	return writes_apply(writer->db, writer->batch.records,
	    writer->batch.count, &writer->error);
}

/* One row alone cannot be written. If anything else can, and the row still
 * cannot, it is the row. */
static bool
blame_row(struct writer *writer)
{
	close_file(writer);
	if (!open_file(writer) || !writes_probe(writer->db, &writer->error))
		return false;
	if (apply(writer))
		return true;
	if (writer->error.class != CLASS_NONE)
		return false;
	record_hold(writer->batch.records[0], &writer->error);
	return true;
}

static bool
write_batch(struct writer *writer)
{
	if (!open_file(writer))
		return false;
	return apply(writer) ||
	    (writer->batch.count == 1 && writer->error.class == CLASS_NONE &&
		blame_row(writer));
}

/* If it fails the log stays longer; should the disk be broken, the next write
 * says so. */
static bool
checkpoint(struct writer *writer)
{
	sqlite_checkpoint(writer->db, NULL);
	return true;
}

static void
do_step(void *arg)
{
	static bool (*const steps[])(struct writer *) = {
		[STEP_OPEN] = open_first,
		[STEP_WRITE] = write_batch,
		[STEP_CHECKPOINT] = checkpoint,
	};
	struct writer *writer = arg;

	writer->ok = steps[writer->step](writer);
	if (writer->db != NULL && writer->db->broken)
		close_file(writer);
}

/* ---- on the loop ---- */

static void
begin_step(struct writer *writer, enum step step)
{
	writer->busy = true;
	writer->ok = false;
	writer->step = step;
	worker_run(writer->worker, &writer->job);
}

static void
begin_next(void *arg)
{
	struct writer *writer = arg;

	if (writer->busy || loop_timer_pending(&writer->again))
		return;
	if (!writer->opened) {
		begin_step(writer, STEP_OPEN);
	} else if (batch_due(&writer->backlog)) {
		batch_choose(&writer->backlog, &writer->batch);
		begin_step(writer, STEP_WRITE);
	}
}

static void
on_rest(void *arg)
{
	struct writer *writer = arg;

	if (!writer->busy && writer->db != NULL && !batch_due(&writer->backlog))
		begin_step(writer, STEP_CHECKPOINT);
}

/* Tells, unless they know, and tries again later. */
static void
fail(struct writer *writer, void (*tell)(void *, const struct error *))
{
	bool known = strcmp(writer->told.name, writer->error.name) == 0;

	loop_timer_set(&writer->again,
	    backoff_next(&writer->backoff, loop_random(writer->loop)));
	writer->told = writer->error;
	if (!known)
		tell(writer->events.arg, &writer->error);
}

static void
recovered(struct writer *writer)
{
	bool known = writer->told.name[0] != '\0';

	backoff_reset(&writer->backoff);
	writer->told.name[0] = '\0';
	if (known)
		writer->events.on_trouble(writer->events.arg, NULL);
}

static void
after_open(struct writer *writer)
{
	if (!writer->ok) {
		fail(writer, writer->events.on_open);
		return;
	}
	writer->opened = true;
	writer->told.name[0] = '\0';
	backoff_reset(&writer->backoff);
	writer->events.on_open(writer->events.arg, NULL);
}

static void
tell_event(struct writer *writer, const struct record *record)
{
	const struct journal_listener *to = &writer->listener;

	switch (record->fate) {
	case FATE_WRITTEN:
		to->on_durable(
		    to->arg, record->name, &record->event, &record->standing);
		break;
	case FATE_EXISTS:
		batch_drop(&writer->backlog, record->name);
		to->on_exists(to->arg, record->name, record->exists);
		break;
	case FATE_HELD:
		batch_drop(&writer->backlog, record->name);
		to->on_held(to->arg, record->name, record->why);
		break;
	case FATE_DROPPED:
		break;
	}
}

static void
tell(struct writer *writer, const struct record *record)
{
	if (record->kind == RECORD_EVENT)
		tell_event(writer, record);
	else if (record->done != NULL)
		record->done(record->arg, record->why);
}

static bool
log_is_large(const struct writer *writer)
{
	return writer->db != NULL && writer->db->wal_pages >= LOG_LARGE;
}

static void
after_write(struct writer *writer)
{
	struct batch *batch = &writer->batch;

	if (!writer->ok) {
		batch_failed(&writer->backlog, batch);
		if (batch->count == 1)
			fail(writer, writer->events.on_trouble);
		return;
	}
	batch_committed(&writer->backlog, batch);
	recovered(writer);
	for (size_t i = 0; i < batch->count; i++) {
		tell(writer, batch->records[i]);
		record_free(batch->records[i]);
	}
	loop_timer_set(&writer->rest, log_is_large(writer) ? 0 : REST_MS);
}

static void
after_step(void *arg)
{
	struct writer *writer = arg;

	writer->busy = false;
	switch (writer->step) {
	case STEP_OPEN:
		after_open(writer);
		break;
	case STEP_WRITE:
		after_write(writer);
		break;
	case STEP_CHECKPOINT:
		break;
	}
	begin_next(writer);
}

/* ---- what the store calls ---- */

struct writer *
writer_new(
    struct loop *loop, const char *path, const struct store_events *events)
{
	struct writer *writer = xzalloc(sizeof *writer);

	writer->loop = loop;
	writer->path = xstrdup(path);
	writer->events = *events;
	batch_init(&writer->backlog);
	writer->backoff =
	    (struct backoff){ .base_ms = RETRY_MS, .cap_ms = RETRY_MAX_MS };
	loop_defer_init(&writer->begin, loop, begin_next, writer);
	loop_timer_init(&writer->again, loop, begin_next, writer);
	loop_timer_init(&writer->rest, loop, on_rest, writer);
	writer->job =
	    (struct job){ .work = do_step, .done = after_step, .arg = writer };
	writer->worker = worker_new(loop, "store-writer");
	begin_next(writer);
	return writer;
}

void
writer_listen(struct writer *writer, const struct journal_listener *listener)
{
	writer->listener = *listener;
}

void
writer_add(struct writer *writer, struct record *record)
{
	batch_add(&writer->backlog, record);
	loop_defer_set(&writer->begin);
}

bool
writer_idle(const struct writer *writer)
{
	return batch_empty(&writer->backlog) && !writer->busy;
}

int64_t
writer_newest(const struct writer *writer)
{
	return writer->newest;
}

static void
settle(struct writer *writer)
{
	struct batch *batch = &writer->batch;

	if (!writer->ok) {
		batch_failed(&writer->backlog, batch);
		return;
	}
	batch_committed(&writer->backlog, batch);
	for (size_t i = 0; i < batch->count; i++)
		record_free(batch->records[i]);
}

/* Until all is written, or one row alone cannot be. */
static void
flush(struct writer *writer)
{
	writer->step = STEP_WRITE;
	do {
		batch_choose(&writer->backlog, &writer->batch);
		if (writer->batch.count == 0)
			return;
		do_step(writer);
		settle(writer);
	} while (writer->ok || writer->batch.count > 1);
}

/* The thread ends; everything is ours again. */
static void
stop(struct writer *writer)
{
	worker_free(writer->worker);
	loop_defer_clear(&writer->begin);
	loop_timer_done(&writer->again);
	loop_timer_done(&writer->rest);
	if (writer->busy && writer->step == STEP_WRITE)
		settle(writer);
}

static void
writer_free(struct writer *writer)
{
	batch_done(&writer->backlog);
	free(writer->path);
	free(writer);
}

void
writer_close(struct writer *writer)
{
	stop(writer);
	flush(writer);
	sqlite_close(writer->db);
	writer_free(writer);
}

void
writer_abandon(struct writer *writer)
{
	stop(writer);
	sqlite_abandon(writer->db);
	writer_free(writer);
}
