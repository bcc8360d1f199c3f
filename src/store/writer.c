/* SPDX-License-Identifier: Apache-2.0 */
/* The writing side of the store. */
#include "store/writer.h"

#include <stdlib.h>
#include <string.h>

#include "loop/loop.h"
#include "loop/worker.h"
#include "store/batch.h"
#include "store/disk.h"
#include "store/record.h"
#include "store/tell.h"
#include "util/alloc.h"
#include "util/backoff.h"
#include "util/clock.h"

/* The log is brought home when nothing was written for a while, so that no
 * intent waits behind it; a large one as soon as nothing waits. */
#define REST_MS   SECONDS(1)
#define LOG_LARGE 4096 /* pages: 16 MiB */

#define STUCK_MS     SECONDS(30) /* without an answer is trouble, too */
#define RETRY_MS     200
#define RETRY_MAX_MS SECONDS(10)

/* A few executions are pruned, then others have their turn. The first time is
 * not at once: a clock that is wrong after a boot has been set by then. */
#define PRUNE_MS       MINUTES(5)
#define PRUNE_PAUSE_MS 100

struct writer {
	struct loop *loop;
	struct store_events events;
	struct journal_listener listener;
	struct backlog backlog;
	bool opened;
	struct error told; /* the failure they know of; no name: none */
	struct backoff backoff;
	struct loop_defer begin; /* when the caller has added all it has */
	struct loop_timer again; /* set: it failed, and is tried again then */
	struct loop_timer rest;

	int64_t keep_ms, keep_count; /* as in store_retain */
	struct loop_timer prune;
	bool pruned; /* something, and they do not know yet */

	/* One step at a time. While busy, the disk is the thread's. */
	struct worker *worker;
	bool busy;
	struct job job;
	struct disk disk;
	struct loop_timer stuck; /* set while busy */
};

/* ---- on the loop ---- */

static void
do_step(void *arg)
{
	struct writer *writer = arg;

	disk_do(&writer->disk);
}

static void
begin_step(struct writer *writer, enum step step)
{
	struct disk *disk = &writer->disk;

	writer->busy = true;
	disk->ok = false;
	disk->step = step;
	disk->prune.count = writer->keep_count;
	disk->prune.before_ms = writer->keep_ms == 0
	    ? 0
	    : clock_wall_ms(loop_clock(writer->loop)) - writer->keep_ms;
	loop_timer_set(&writer->stuck, STUCK_MS);
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
		batch_choose(&writer->backlog, &writer->disk.batch);
		begin_step(writer, STEP_WRITE);
	}
}

/* Whether nothing is being done or waits to be. */
static bool
is_at_rest(const struct writer *writer)
{
	return writer->opened && !writer->busy &&
	    !loop_timer_pending(&writer->again) && !batch_due(&writer->backlog);
}

static void
on_rest(void *arg)
{
	struct writer *writer = arg;

	if (is_at_rest(writer))
		begin_step(writer, STEP_CHECKPOINT);
}

static void
on_prune(void *arg)
{
	struct writer *writer = arg;

	if (is_at_rest(writer))
		begin_step(writer, STEP_PRUNE);
	else
		loop_timer_set(&writer->prune, REST_MS);
}

/* Tells, unless they know. */
static void
tell_trouble(struct writer *writer, const struct error *error)
{
	const struct store_events *to = &writer->events;
	bool known = strcmp(writer->told.name, error->name) == 0;

	writer->told = *error;
	if (!known)
		(writer->opened ? to->on_trouble : to->on_open)(to->arg, error);
}

static void
on_stuck(void *arg)
{
	struct error error;

	error_set_class(&error, CLASS_TRANSIENT, "Store.Stuck",
	    "the disk has not answered for %d s", (int)(STUCK_MS / 1000));
	tell_trouble(arg, &error);
}

static void
fail(struct writer *writer)
{
	loop_timer_set(&writer->again,
	    backoff_next(&writer->backoff, loop_random(writer->loop)));
	tell_trouble(writer, &writer->disk.error);
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
	if (!writer->disk.ok) {
		fail(writer);
		return;
	}
	writer->opened = true;
	writer->told.name[0] = '\0';
	backoff_reset(&writer->backoff);
	writer->events.on_open(writer->events.arg, NULL);
}

static void
rest_soon(struct writer *writer)
{
	int pages = disk_log_pages(&writer->disk);

	if (pages > 0)
		loop_timer_set(&writer->rest, pages < LOG_LARGE ? REST_MS : 0);
}

static void
after_write(struct writer *writer)
{
	struct batch *batch = &writer->disk.batch;

	if (!writer->disk.ok) {
		batch_failed(&writer->backlog, batch);
		if (batch->count == 1)
			fail(writer);
		return;
	}
	batch_committed(&writer->backlog, batch);
	recovered(writer);
	for (size_t i = 0; i < batch->count; i++) {
		tell_record(
		    batch->records[i], &writer->listener, &writer->backlog);
		record_free(batch->records[i]);
	}
	rest_soon(writer);
}

/* A round has ended, by an error or not; they hear of it if it matters. */
static void
end_prune(struct writer *writer, const struct error *error)
{
	if (writer->pruned || error != NULL)
		writer->events.on_pruned(writer->events.arg, error);
	writer->pruned = false;
	loop_timer_set(&writer->prune, PRUNE_MS);
}

static void
after_prune(struct writer *writer)
{
	if (!writer->disk.ok) {
		end_prune(writer, &writer->disk.error);
	} else if (!writer->disk.prune.more) {
		end_prune(writer, NULL);
	} else {
		writer->pruned = true;
		loop_timer_set(&writer->prune, PRUNE_PAUSE_MS);
	}
	/* Each second a little, so that no intent waits behind much. */
	if (!loop_timer_pending(&writer->rest))
		rest_soon(writer);
}

static void
tell_expired(struct writer *writer)
{
	struct prune *prune = &writer->disk.prune;

	for (size_t i = 0; i < prune->expired_count; i++)
		writer->events.on_expired(
		    writer->events.arg, prune->expired[i]);
	prune->expired_count = 0;
}

static void
after_step(void *arg)
{
	struct writer *writer = arg;

	writer->busy = false;
	loop_timer_clear(&writer->stuck);
	if (writer->opened && strcmp(writer->told.name, "Store.Stuck") == 0)
		recovered(writer);
	tell_expired(writer);
	switch (writer->disk.step) {
	case STEP_OPEN:
		after_open(writer);
		break;
	case STEP_WRITE:
		after_write(writer);
		break;
	case STEP_CHECKPOINT:
		break;
	case STEP_PRUNE:
		after_prune(writer);
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
	writer->disk.path = xstrdup(path);
	writer->events = *events;
	batch_init(&writer->backlog);
	writer->backoff =
	    (struct backoff){ .base_ms = RETRY_MS, .cap_ms = RETRY_MAX_MS };
	loop_defer_init(&writer->begin, loop, begin_next, writer);
	loop_timer_init(&writer->again, loop, begin_next, writer);
	loop_timer_init(&writer->rest, loop, on_rest, writer);
	loop_timer_init(&writer->prune, loop, on_prune, writer);
	loop_timer_init(&writer->stuck, loop, on_stuck, writer);
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

void
writer_retain(struct writer *writer, int64_t age_ms, int64_t count)
{
	writer->keep_ms = age_ms;
	writer->keep_count = count;
	if (age_ms > 0 || count > 0)
		loop_timer_set(&writer->prune, PRUNE_MS);
	else
		loop_timer_clear(&writer->prune);
}

bool
writer_idle(const struct writer *writer)
{
	return batch_empty(&writer->backlog) && !writer->busy;
}

int64_t
writer_newest(const struct writer *writer)
{
	return writer->disk.newest;
}

static void
settle(struct writer *writer)
{
	struct batch *batch = &writer->disk.batch;

	if (!writer->disk.ok) {
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
	struct disk *disk = &writer->disk;

	disk->step = STEP_WRITE;
	do {
		batch_choose(&writer->backlog, &disk->batch);
		if (disk->batch.count == 0)
			return;
		disk_do(disk);
		settle(writer);
	} while (disk->ok || disk->batch.count > 1);
}

/* The thread ends; everything is ours again. */
static void
stop(struct writer *writer)
{
	worker_free(writer->worker);
	loop_defer_clear(&writer->begin);
	loop_timer_done(&writer->again);
	loop_timer_done(&writer->rest);
	loop_timer_done(&writer->prune);
	loop_timer_done(&writer->stuck);
	if (writer->busy && writer->disk.step == STEP_WRITE)
		settle(writer);
}

static void
writer_free(struct writer *writer)
{
	batch_done(&writer->backlog);
	free(writer);
}

void
writer_close(struct writer *writer)
{
	stop(writer);
	flush(writer);
	disk_close(&writer->disk);
	writer_free(writer);
}

void
writer_abandon(struct writer *writer)
{
	stop(writer);
	disk_abandon(&writer->disk);
	writer_free(writer);
}
