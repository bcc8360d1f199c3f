/* SPDX-License-Identifier: Apache-2.0 */
/* A copy of the store in a temporary file next to it. */
#include "store/copy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "store/sqlite.h"
#include "util/alloc.h"
#include "util/cleanup.h"

#define SUFFIX "-copy-" /* and a number */

/* What must stay free when the copy is made. */
#define SPARE ((int64_t)32 * 1024 * 1024)

/* SQLite's steps between two looks at `cancelled`: under a millisecond. */
#define STEPS 1000

void
copy_init(struct copy *copy, const char *store, int64_t number)
{
	*copy = (struct copy){ .store = xstrdup(store), .fd = -1 };
	copy->path = xasprintf("%s" SUFFIX "%lld", store, (long long)number);
}

/* ---- making it ---- */

static bool
fail(const char *what, const char *path, struct error *error)
{
	return error_set_class(error, CLASS_TRANSIENT,
	    errno == ENOSPC || errno == EDQUOT ? "Store.Full"
					       : "Store.CannotOpen",
	    "cannot %s %s: %s", what, path, strerror(errno));
}

/* Whether it is not the copy that fills the disk of the store. */
static bool
fits(const struct copy *copy, struct sqlite *db, struct error *error)
{
	static const char sql[] =
	    "SELECT (page_count - freelist_count) * page_size"
	    "  FROM pragma_page_count, pragma_freelist_count, pragma_page_size";
	struct statvfs disk;
	int64_t needed, free_bytes;

	if (!sqlite_number(db, sql, NULL, &needed, error))
		return false;
	if (statvfs(copy->store, &disk) != 0)
		return fail("look at the disk of", copy->store, error);
	needed += SPARE;
	free_bytes = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
	if (free_bytes < needed)
		return error_set_class(error, CLASS_TRANSIENT, "Store.Full",
		    "%lld MiB are free beside %s, a copy needs %lld",
		    (long long)free_bytes >> 20, copy->store,
		    (long long)needed >> 20);
	return true;
}

static int
on_progress(void *arg)
{
	const atomic_bool *cancelled = arg;

	return atomic_load(cancelled);
}

/* The copy alone is written, and whoever gets it makes it durable. */
static bool
fill(struct copy *copy, struct sqlite *db, struct error *error)
{
	static const char settings[] = "PRAGMA query_only = OFF;"
				       "PRAGMA synchronous = OFF;";
	static const char sql[] = "VACUUM INTO ?1";

	sqlite3_progress_handler(
	    db->handle, STEPS, on_progress, &copy->cancelled);
	return sqlite_script(db, settings, error) &&
	    sqlite_do(db, sql, BIND(BIND_TEXT(copy->path)), error);
}

static void
close_sqlite(struct sqlite **db)
{
	sqlite_close(*db);
}

static bool
make(struct copy *copy, struct error *error)
{
	CLEANUP(close_sqlite)
	struct sqlite *db = sqlite_open(copy->store, SQLITE_FOR_READS, error);
	struct stat file;

	if (db == NULL || !fits(copy, db, error))
		return false;
	copy->fd =
	    open(copy->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (copy->fd < 0)
		return fail("make", copy->path, error);
	if (!fill(copy, db, error))
		return false;
	if (fstat(copy->fd, &file) != 0)
		return fail("look at", copy->path, error);
	copy->bytes = file.st_size;
	return true;
}

/* SQLite leaves its journal if it fails without room. */
bool
copy_make(struct copy *copy, struct error *error)
{
	FREE_LATER char *journal = xasprintf("%s-journal", copy->path);
	bool ok = make(copy, error);

	if (copy->fd >= 0) {
		unlink(copy->path);
		unlink(journal);
	}
	return ok;
}

/* ---- reading it ---- */

bool
copy_read(struct copy *copy, struct error *error)
{
	ssize_t len;

	if (copy->piece == NULL)
		copy->piece = xzalloc(COPY_PIECE);
	len = pread(copy->fd, copy->piece, COPY_PIECE, (off_t)copy->done);
	if (len < 0)
		return fail("read", copy->path, error);
	copy->len = (size_t)len;
	copy->done += len;
	return true;
}

void
copy_done(struct copy *copy)
{
	if (copy->fd >= 0)
		close(copy->fd);
	free(copy->store);
	free(copy->path);
	free(copy->piece);
	copy->fd = -1;
	copy->store = copy->path = copy->piece = NULL;
}

/* ---- what a crash has left ---- */

void
copy_sweep(const char *store)
{
	const char *slash = strrchr(store, '/');
	const char *name = slash == NULL ? store : slash + 1;
	FREE_LATER char *folder =
	    slash == NULL ? xstrdup(".") : xmemdup0(store, slash - store + 1);
	FREE_LATER char *prefix = xasprintf("%s" SUFFIX, name);
	DIR *dir = opendir(folder);
	const struct dirent *entry;

	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL)
		if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
			unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
}
