/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The methods of the VFS. They fail by the codes, and with the errno, of
 * SQLite's own for Unix.
 */
#include "fake/fake_disk_vfs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake/fake_disk_handle.h"
#include "fake/fake_disk_inside.h"
#include "util/alloc.h"
#include "util/cleanup.h"

#define NAME    "fake_disk"
#define LONGEST 512
#define DAY     INT64_C(86400000)

static struct fake_disk *
disk_of(const sqlite3_vfs *vfs)
{
	return vfs->pAppData;
}

static int
cannot_open(int number)
{
	errno = number;
	return SQLITE_CANTOPEN;
}

/* A disk that is read-only lets what is there be read. */
static bool
is_refused(const struct disk_file *file, enum disk_fault fault, int *flags)
{
	if (fault != DISK_READ_ONLY || !file->now.exists)
		return true;
	if ((*flags & SQLITE_OPEN_READWRITE) != 0)
		*flags ^= SQLITE_OPEN_READWRITE | SQLITE_OPEN_READONLY;
	return false;
}

/* One without a name is like no other. */
static struct disk_file *
file_of(struct fake_disk *disk, const char *path)
{
	FREE_LATER char *other = NULL;

	if (path != NULL)
		return fake_disk_file(disk, path);
	other = xasprintf(
	    "temporary %llu", (unsigned long long)disk->counts[DISK_OPEN]);
	return fake_disk_file(disk, other);
}

static int
open_file(struct disk_file *file, int flags)
{
	if (!file->now.exists && (flags & SQLITE_OPEN_CREATE) == 0)
		return cannot_open(ENOENT);
	if (file->now.exists && (flags & SQLITE_OPEN_EXCLUSIVE) != 0)
		return cannot_open(EEXIST);
	if (!file->now.exists)
		disk_file_make(file);
	return SQLITE_OK;
}

static int
on_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags,
    int *ret_flags)
{
	struct fake_disk *disk = disk_of(vfs);
	struct disk_file *file = file_of(disk, path);
	uint64_t life = disk->life;
	enum disk_fault fault;

	base->pMethods = NULL;
	if (fake_disk_trouble(
		disk, file, life, DISK_OPEN, !file->now.exists, &fault) &&
	    is_refused(file, fault, &flags)) {
		fake_disk_set_errno(fault);
		return SQLITE_CANTOPEN;
	}
	if (open_file(file, flags) != SQLITE_OK)
		return SQLITE_CANTOPEN;
	fake_disk_handle_init(
	    base, disk, file, life, (flags & SQLITE_OPEN_DELETEONCLOSE) != 0);
	if (ret_flags != NULL)
		*ret_flags = flags;
	return SQLITE_OK;
}

static int
on_delete(sqlite3_vfs *vfs, const char *path, int sync_folder)
{
	struct fake_disk *disk = disk_of(vfs);
	struct disk_file *file = fake_disk_file(disk, path);
	enum disk_fault fault;

	if (fake_disk_trouble(
		disk, file, disk->life, DISK_DELETE, false, &fault)) {
		fake_disk_set_errno(fault);
		return SQLITE_IOERR_DELETE;
	}
	if (!file->now.exists)
		return SQLITE_IOERR_DELETE_NOENT;
	disk_file_remove(file);
	if (sync_folder)
		fake_disk_sync_folder(disk);
	return SQLITE_OK;
}

/* An empty file is none, as on Unix. */
static int
on_access(sqlite3_vfs *vfs, const char *path, int flags, int *ret_yes)
{
	const struct disk_bytes *now = &fake_disk_file(disk_of(vfs), path)->now;

	*ret_yes =
	    now->exists && (flags != SQLITE_ACCESS_EXISTS || now->size > 0);
	return SQLITE_OK;
}

static int
on_full_path(sqlite3_vfs *vfs, const char *path, int room, char *ret_path)
{
	(void)vfs;
	return snprintf(ret_path, (size_t)room, "%s", path) < room
	    ? SQLITE_OK
	    : SQLITE_CANTOPEN;
}

static int
on_randomness(sqlite3_vfs *vfs, int count, char *ret_bytes)
{
	for (int i = 0; i < count; i++)
		ret_bytes[i] = (char)random_next(&disk_of(vfs)->random);
	return count;
}

/* Whoever has the lock that is waited for is on this thread as well. */
static int
on_sleep(sqlite3_vfs *vfs, int us)
{
	(void)vfs;
	return us;
}

static int
on_time(sqlite3_vfs *vfs, sqlite3_int64 *ret_julian_ms)
{
	(void)vfs;
	*ret_julian_ms = 2461196 * DAY;
	return SQLITE_OK;
}

static int
on_last_error(sqlite3_vfs *vfs, int room, char *text)
{
	(void)vfs, (void)room, (void)text;
	return errno;
}

/* SQLite's own randomness is seeded anew, by the disk that is the default. */
void
fake_disk_vfs_init(sqlite3_vfs *vfs, struct fake_disk *disk)
{
	*vfs = (sqlite3_vfs){
		.iVersion = 2,
		.szOsFile = (int)fake_disk_handle_size(),
		.mxPathname = LONGEST,
		.zName = NAME,
		.pAppData = disk,
		.xOpen = on_open,
		.xDelete = on_delete,
		.xAccess = on_access,
		.xFullPathname = on_full_path,
		.xRandomness = on_randomness,
		.xSleep = on_sleep,
		.xGetLastError = on_last_error,
		.xCurrentTimeInt64 = on_time,
	};
	if (sqlite3_vfs_find(NAME) != NULL ||
	    sqlite3_vfs_register(vfs, 1) != SQLITE_OK)
		abort();
	sqlite3_randomness(0, NULL);
}

void
fake_disk_vfs_done(sqlite3_vfs *vfs)
{
	sqlite3_vfs_unregister(vfs);
	sqlite3_randomness(0, NULL);
}
