/* SPDX-License-Identifier: Apache-2.0 */
/* The part of the writing side that blocks. */
#include "store/disk.h"

#include <stdlib.h>
#include <string.h>

#include "store/copy.h"
#include "store/sqlite.h"
#include "store/writes.h"

/* ---- the connection ---- */

static bool
open_file(struct disk *disk)
{
	if (disk->db == NULL)
		disk->db =
		    sqlite_open(disk->path, SQLITE_FOR_WRITES, &disk->error);
	return disk->db != NULL;
}

static void
close_file(struct disk *disk)
{
	sqlite_close(disk->db);
	disk->db = NULL;
}

static bool
open_first(struct disk *disk)
{
	copy_sweep(disk->path);
	return open_file(disk) &&
	    writes_newest(disk->db, &disk->newest, &disk->error);
}

/* ---- a batch ---- */

static bool
apply(struct disk *disk)
{
	return writes_apply(
	    disk->db, disk->batch.records, disk->batch.count, &disk->error);
}

/* The disk is full: once the log is home it begins anew, and what is pruned
 * leaves room within the file. Neither needs much room itself, or waits. */
static bool
make_room(struct disk *disk)
{
	if (strcmp(disk->error.name, "Store.Full") != 0)
		return false;
	sqlite_checkpoint(disk->db, NULL);
	prune_some(disk->db, &disk->prune, NULL);
	return true;
}

/* One row alone cannot be written. If anything else can, and the row still
 * cannot, it is the row. */
static bool
blame_row(struct disk *disk)
{
	if (disk->batch.count != 1 || disk->error.class != CLASS_NONE)
		return false;
	close_file(disk);
	if (!open_file(disk) || !writes_probe(disk->db, &disk->error))
		return false;
	if (apply(disk))
		return true;
	if (disk->error.class != CLASS_NONE)
		return false;
	record_hold(disk->batch.records[0], &disk->error);
	return true;
}

static bool
write_batch(struct disk *disk)
{
	return open_file(disk) &&
	    (apply(disk) || (make_room(disk) && apply(disk)) ||
		blame_row(disk));
}

/* ---- at rest ---- */

/* If it fails the log stays longer; should the disk be broken, the next write
 * says so. */
static bool
checkpoint(struct disk *disk)
{
	if (disk->db != NULL)
		sqlite_checkpoint(disk->db, NULL);
	return true;
}

static bool
prune(struct disk *disk)
{
	return open_file(disk) &&
	    prune_some(disk->db, &disk->prune, &disk->error);
}

void
disk_do(struct disk *disk)
{
	static bool (*const steps[])(struct disk *) = {
		[STEP_OPEN] = open_first,
		[STEP_WRITE] = write_batch,
		[STEP_CHECKPOINT] = checkpoint,
		[STEP_PRUNE] = prune,
	};

	disk->ok = steps[disk->step](disk);
	if (disk->db != NULL && disk->db->broken)
		close_file(disk);
}

int
disk_log_pages(const struct disk *disk)
{
	return disk->db == NULL ? 0 : disk->db->wal_pages;
}

void
disk_close(struct disk *disk)
{
	close_file(disk);
	prune_done(&disk->prune);
	free(disk->path);
}

void
disk_abandon(struct disk *disk)
{
	sqlite_abandon(disk->db);
	disk->db = NULL;
	disk_close(disk);
}
