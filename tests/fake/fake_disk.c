/* SPDX-License-Identifier: Apache-2.0 */
/* The disk in memory: its files, what fails, what a crash leaves. */
#include "fake/fake_disk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fake/fake_disk_inside.h"
#include "fake/fake_disk_vfs.h"
#include "util/alloc.h"
#include "util/cleanup.h"

struct fake_disk *
fake_disk_new(uint64_t seed)
{
	struct fake_disk *disk = xzalloc(sizeof *disk);

	disk->random = random_seeded(seed);
	STAILQ_INIT(&disk->files);
	fake_disk_vfs_init(&disk->vfs, disk);
	return disk;
}

void
fake_disk_free(struct fake_disk *disk)
{
	struct disk_file *file;

	fake_disk_vfs_done(&disk->vfs);
	while ((file = STAILQ_FIRST(&disk->files)) != NULL) {
		STAILQ_REMOVE_HEAD(&disk->files, next);
		disk_file_free(file);
	}
	free(disk);
}

struct disk_file *
fake_disk_file(struct fake_disk *disk, const char *path)
{
	struct disk_file *file;

	STAILQ_FOREACH (file, &disk->files, next)
		if (strcmp(file->path, path) == 0)
			return file;
	file = disk_file_new(path);
	STAILQ_INSERT_HEAD(&disk->files, file, next);
	return file;
}

void
fake_disk_sync_folder(struct fake_disk *disk)
{
	struct disk_file *file;

	STAILQ_FOREACH (file, &disk->files, next)
		disk_file_sync_name(file);
}

/* ---- what fails ---- */

void
fake_disk_fail(struct fake_disk *disk, enum disk_op op, uint64_t nth,
    uint64_t count, enum disk_fault fault)
{
	uint64_t first = disk->counts[op] + nth;

	disk->plans[op] = (struct disk_plan){
		.first = first,
		.last = count == 0 ? UINT64_MAX : first + count - 1,
		.fault = fault,
	};
}

void
fake_disk_mend(struct fake_disk *disk)
{
	memset(disk->plans, 0, sizeof disk->plans);
}

uint64_t
fake_disk_count(const struct fake_disk *disk, enum disk_op op)
{
	return disk->counts[op];
}

uint64_t
fake_disk_failed(const struct fake_disk *disk)
{
	return disk->failed;
}

/* Whoever has a file open finds it dead. */
static void
cut_power(struct fake_disk *disk)
{
	disk->off = true;
	disk->life++;
}

static bool
apply(
    struct fake_disk *disk, enum disk_fault fault, enum disk_op op, bool grows)
{
	switch (fault) {
	case DISK_FULL:
		return grows;
	case DISK_BUSY:
		return op == DISK_LOCK;
	case DISK_OFF:
		cut_power(disk);
		return true;
	case DISK_OFF_AFTER:
		cut_power(disk);
		return false;
	case DISK_IO_ERROR:
	case DISK_FULL_COW:
	case DISK_SHORT:
	case DISK_READ_ONLY:
		break;
	}
	return true;
}

bool
fake_disk_trouble(struct fake_disk *disk, const struct disk_file *file,
    uint64_t life, enum disk_op op, bool grows, enum disk_fault *ret_fault)
{
	const struct disk_plan *plan = &disk->plans[op];
	uint64_t number;

	if (file->spared)
		return false;
	*ret_fault = DISK_IO_ERROR;
	if (disk->off || life != disk->life)
		return true;
	number = ++disk->counts[op];
	if (plan->first == 0 || number < plan->first || number > plan->last ||
	    !apply(disk, plan->fault, op, grows))
		return false;
	*ret_fault = plan->fault;
	disk->failed++;
	return true;
}

void
fake_disk_set_errno(enum disk_fault fault)
{
	if (fault == DISK_FULL || fault == DISK_FULL_COW)
		errno = ENOSPC;
	else
		errno = fault == DISK_READ_ONLY ? EROFS : EIO;
}

/* ---- a loss of power ---- */

void
fake_disk_crash(struct fake_disk *disk, enum disk_loss loss)
{
	struct disk_file *file;

	STAILQ_FOREACH (file, &disk->files, next) {
		if (loss != LOSS_NONE)
			disk_file_crash(file, loss, &disk->random);
		file->lock = (struct disk_lock){ 0 };
		file->share = NULL; /* theirs who are dead */
	}
	disk->life++;
	disk->off = false;
}

bool
fake_disk_is_off(const struct fake_disk *disk)
{
	return disk->off;
}

void
fake_disk_snapshot(struct fake_disk *disk, const char *path, const char *to)
{
	static const char *const suffixes[] = { "", "-wal", "-journal" };

	for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
		FREE_LATER char *from = xasprintf("%s%s", path, suffixes[i]);
		FREE_LATER char *copy = xasprintf("%s%s", to, suffixes[i]);

		disk_file_copy(
		    fake_disk_file(disk, from), fake_disk_file(disk, copy));
		fake_disk_file(disk, copy)->spared = true;
	}
}
