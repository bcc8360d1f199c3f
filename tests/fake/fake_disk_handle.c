/* SPDX-License-Identifier: Apache-2.0 */
/* They fail by the codes, and with the errno, of SQLite's own VFS for Unix. */
#include "fake/fake_disk_handle.h"

#include <errno.h>
#include <string.h>

#include "fake/fake_disk_inside.h"

/* An open file. */
struct handle {
	sqlite3_file base;
	struct fake_disk *disk;
	struct disk_file *file;
	uint64_t life;
	int level; /* of its lock */
	int last_errno;
	bool temporary;
	struct disk_share *share; /* NULL: not mapped */
	struct disk_share_held held;
};

static struct handle *
handle_of(sqlite3_file *base)
{
	return (struct handle *)base;
}

/* ---- failing ---- */

static bool
trouble(struct handle *handle, enum disk_op op, bool grows,
    enum disk_fault *ret_fault)
{
	if (!fake_disk_trouble(
		handle->disk, handle->file, handle->life, op, grows, ret_fault))
		return false;
	fake_disk_set_errno(*ret_fault);
	handle->last_errno = errno;
	return true;
}

/* A dead connection leaves the locks of those who came after it alone. */
static bool
is_alive(const struct handle *handle)
{
	return handle->life == handle->disk->life;
}

/* ---- an open file ---- */

static int
on_read(sqlite3_file *base, void *data, int len, sqlite3_int64 at)
{
	struct handle *handle = handle_of(base);
	const struct disk_bytes *now = &handle->file->now;
	size_t want = (size_t)len, there;
	enum disk_fault fault;
	bool bad = trouble(handle, DISK_READ, false, &fault);

	if (bad && fault == DISK_SHORT)
		want /= 2;
	else if (bad)
		return SQLITE_IOERR_READ;
	there = (size_t)at < now->size ? now->size - (size_t)at : 0;
	if (there > want)
		there = want;
	memset(data, 0, (size_t)len);
	if (there > 0)
		memcpy(data, now->bytes + at, there);
	if (bad)
		return SQLITE_IOERR_READ;
	return there < want ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
}

/* A full disk is told by a code of its own, and without the number. */
static int
on_write(sqlite3_file *base, const void *data, int len, sqlite3_int64 at)
{
	struct handle *handle = handle_of(base);
	struct disk_file *file = handle->file;
	bool grows = (size_t)(at + len) > file->now.size;
	enum disk_fault fault;

	if (!trouble(handle, DISK_WRITE, grows, &fault)) {
		disk_file_write(file, (size_t)at, data, (size_t)len);
		return SQLITE_OK;
	}
	if (fault == DISK_SHORT)
		disk_file_write(file, (size_t)at, data, (size_t)len / 2);
	if (fault != DISK_FULL && fault != DISK_FULL_COW)
		return SQLITE_IOERR_WRITE;
	handle->last_errno = 0;
	return SQLITE_FULL;
}

static int
on_truncate(sqlite3_file *base, sqlite3_int64 size)
{
	struct handle *handle = handle_of(base);
	bool grows = (size_t)size > handle->file->now.size;
	enum disk_fault fault;

	if (trouble(handle, DISK_TRUNCATE, grows, &fault))
		return SQLITE_IOERR_TRUNCATE;
	disk_file_cut(handle->file, (size_t)size);
	return SQLITE_OK;
}

/* A new file takes its folder along. */
static int
on_sync(sqlite3_file *base, int flags)
{
	struct handle *handle = handle_of(base);
	enum disk_fault fault;

	(void)flags;
	if (!trouble(handle, DISK_SYNC, true, &fault)) {
		if (disk_file_is_new(handle->file))
			fake_disk_sync_folder(handle->disk);
		disk_file_sync(handle->file, 1);
		return SQLITE_OK;
	}
	if (fault == DISK_SHORT)
		disk_file_sync(handle->file, 0.5);
	if (fault != DISK_OFF)
		disk_file_give_up(handle->file);
	return SQLITE_IOERR_FSYNC;
}

static int
on_size(sqlite3_file *base, sqlite3_int64 *ret_size)
{
	struct handle *handle = handle_of(base);

	*ret_size = (sqlite3_int64)handle->file->now.size;
	return is_alive(handle) ? SQLITE_OK : SQLITE_IOERR_FSTAT;
}

static int
on_control(sqlite3_file *base, int what, void *arg)
{
	if (what != SQLITE_FCNTL_LAST_ERRNO)
		return SQLITE_NOTFOUND;
	*(int *)arg = handle_of(base)->last_errno;
	return SQLITE_OK;
}

static int
on_sector_size(sqlite3_file *base)
{
	(void)base;
	return 4096;
}

static int
on_characteristics(sqlite3_file *base)
{
	(void)base;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* ---- its locks ---- */

static int
on_lock(sqlite3_file *base, int level)
{
	struct handle *handle = handle_of(base);
	enum disk_fault fault;

	if (trouble(handle, DISK_LOCK, false, &fault))
		return fault == DISK_BUSY ? SQLITE_BUSY : SQLITE_IOERR_LOCK;
	return disk_lock(&handle->file->lock, handle, &handle->level, level)
	    ? SQLITE_OK
	    : SQLITE_BUSY;
}

static int
on_unlock(sqlite3_file *base, int level)
{
	struct handle *handle = handle_of(base);

	if (is_alive(handle))
		disk_unlock(&handle->file->lock, handle, &handle->level, level);
	return SQLITE_OK;
}

static int
on_check_reserved(sqlite3_file *base, int *ret_reserved)
{
	const struct disk_lock *lock = &handle_of(base)->file->lock;

	*ret_reserved = lock->reserved != NULL || lock->exclusive != NULL;
	return SQLITE_OK;
}

/* ---- its shared memory ---- */

static void
share(struct handle *handle)
{
	struct disk_file *file = handle->file;

	if (handle->share != NULL)
		return;
	if (file->share == NULL)
		file->share = disk_share_new();
	handle->share = file->share;
	disk_share_hold(handle->share);
}

static int
on_map(sqlite3_file *base, int number, int size, int extend,
    void volatile **ret_region)
{
	struct handle *handle = handle_of(base);
	const struct disk_share *there = handle->file->share;
	bool grows =
	    extend && (there == NULL || !disk_share_has(there, (size_t)number));
	enum disk_fault fault;

	*ret_region = NULL;
	if (trouble(handle, DISK_SHARE, grows, &fault))
		return fault == DISK_READ_ONLY ? SQLITE_CANTOPEN
					       : SQLITE_IOERR_SHMSIZE;
	share(handle);
	*ret_region = disk_share_map(
	    handle->share, (size_t)number, (size_t)size, extend != 0);
	return SQLITE_OK;
}

/* Letting go is always possible, and no operation. */
static int
on_share_lock(sqlite3_file *base, int first, int count, int flags)
{
	struct handle *handle = handle_of(base);
	enum disk_fault fault;

	if ((flags & SQLITE_SHM_LOCK) != 0 &&
	    trouble(handle, DISK_LOCK, false, &fault))
		return fault == DISK_BUSY ? SQLITE_BUSY : SQLITE_IOERR_SHMLOCK;
	return disk_share_lock(
		   handle->share, &handle->held, first, count, flags)
	    ? SQLITE_OK
	    : SQLITE_BUSY;
}

static void
on_barrier(sqlite3_file *base)
{
	(void)base;
}

static int
on_unmap(sqlite3_file *base, int remove)
{
	struct handle *handle = handle_of(base);

	(void)remove;
	if (handle->share == NULL)
		return SQLITE_OK;
	disk_share_lock(handle->share, &handle->held, 0, SQLITE_SHM_NLOCK,
	    SQLITE_SHM_UNLOCK);
	if (disk_share_drop(handle->share) && is_alive(handle))
		handle->file->share = NULL;
	handle->share = NULL;
	return SQLITE_OK;
}

static int
on_close(sqlite3_file *base)
{
	struct handle *handle = handle_of(base);

	on_unmap(base, 0);
	on_unlock(base, SQLITE_LOCK_NONE);
	if (handle->temporary && is_alive(handle))
		disk_file_remove(handle->file);
	return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = on_close,
	.xRead = on_read,
	.xWrite = on_write,
	.xTruncate = on_truncate,
	.xSync = on_sync,
	.xFileSize = on_size,
	.xLock = on_lock,
	.xUnlock = on_unlock,
	.xCheckReservedLock = on_check_reserved,
	.xFileControl = on_control,
	.xSectorSize = on_sector_size,
	.xDeviceCharacteristics = on_characteristics,
	.xShmMap = on_map,
	.xShmLock = on_share_lock,
	.xShmBarrier = on_barrier,
	.xShmUnmap = on_unmap,
};

size_t
fake_disk_handle_size(void)
{
	return sizeof(struct handle);
}

void
fake_disk_handle_init(sqlite3_file *base, struct fake_disk *disk,
    struct disk_file *file, uint64_t life, bool temporary)
{
	*handle_of(base) = (struct handle){
		.base.pMethods = &methods,
		.disk = disk,
		.file = file,
		.life = life,
		.temporary = temporary,
	};
}
