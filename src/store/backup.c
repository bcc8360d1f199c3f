/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A copy of the whole store, on the loop. Each has a thread of its own, which
 * also removes it, since that takes time: what is freed while the thread is at
 * work ends behind the scenes.
 */
#include "store/backup.h"

#include <stdlib.h>

#include "loop/worker.h"
#include "store/copy.h"
#include "store/inside.h"
#include "util/alloc.h"

struct store_backup {
	LIST_ENTRY(store_backup) next; /* of the store's */
	struct store_backup_events events;
	bool busy;  /* with one of the jobs */
	bool freed; /* nobody is told any more */
	struct worker *worker;
	struct job make, read, end;

	/* While busy, the thread's: */
	struct copy copy;
	bool ok;
	struct error error;
};

/* ---- on the worker's thread ---- */

static void
do_make(void *arg)
{
	struct store_backup *backup = arg;

	backup->ok = copy_make(&backup->copy, &backup->error);
}

static void
do_read(void *arg)
{
	struct store_backup *backup = arg;

	backup->ok = copy_read(&backup->copy, &backup->error);
}

static void
do_end(void *arg)
{
	struct store_backup *backup = arg;

	copy_done(&backup->copy);
}

/* ---- on the loop ---- */

static void
run(struct store_backup *backup, struct job *job)
{
	backup->busy = true;
	worker_run(backup->worker, job);
}

/* Whether there is somebody to tell; else it ends. */
static bool
is_back(struct store_backup *backup)
{
	backup->busy = false;
	if (backup->freed)
		run(backup, &backup->end);
	return !backup->freed;
}

static const struct error *
error_of(const struct store_backup *backup)
{
	return backup->ok ? NULL : &backup->error;
}

static void
after_make(void *arg)
{
	struct store_backup *backup = arg;

	if (is_back(backup))
		backup->events.on_made(
		    backup->events.arg, backup->copy.bytes, error_of(backup));
}

static void
after_read(void *arg)
{
	struct store_backup *backup = arg;

	if (is_back(backup))
		backup->events.on_piece(backup->events.arg, backup->copy.piece,
		    backup->ok ? backup->copy.len : 0, error_of(backup));
}

static void
after_end(void *arg)
{
	struct store_backup *backup = arg;

	LIST_REMOVE(backup, next);
	worker_free(backup->worker);
	free(backup);
}

struct store_backup *
store_backup_new(struct store *store, const struct store_backup_events *events)
{
	struct store_backup *backup = xzalloc(sizeof *backup);

	backup->events = *events;
	backup->make = (struct job){ do_make, after_make, backup, NULL };
	backup->read = (struct job){ do_read, after_read, backup, NULL };
	backup->end = (struct job){ do_end, after_end, backup, NULL };
	backup->worker = worker_new(store->loop, "store-backup");
	copy_init(&backup->copy, store->path, ++store->backups_made);
	LIST_INSERT_HEAD(&store->backups, backup, next);
	run(backup, &backup->make);
	return backup;
}

void
store_backup_next(struct store_backup *backup)
{
	run(backup, &backup->read);
}

void
store_backup_free(struct store_backup *backup)
{
	if (backup == NULL)
		return;
	backup->freed = true;
	atomic_store(&backup->copy.cancelled, true);
	if (!backup->busy)
		run(backup, &backup->end);
}

void
backups_end(struct store *store)
{
	struct store_backup *backup;

	while ((backup = LIST_FIRST(&store->backups)) != NULL) {
		atomic_store(&backup->copy.cancelled, true);
		LIST_REMOVE(backup, next);
		worker_free(backup->worker);
		copy_done(&backup->copy);
		free(backup);
	}
}
