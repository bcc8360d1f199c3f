/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Locks of one file, and the memory that its connections share with the locks
 * on that: those of SQLite's own VFS for Unix, among the connections of one
 * process.
 */
#ifndef KG_TESTS_FAKE_FAKE_DISK_LOCK_H
#define KG_TESTS_FAKE_FAKE_DISK_LOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct disk_lock {
	unsigned shared;       /* how many hold it, the two below included */
	const void *reserved;  /* who; NULL: nobody */
	const void *exclusive; /* who has it, or waits for the others to go */
};

/* Brings what `who` holds, one of SQLITE_LOCK_*, up to `want`; false when
 * somebody else is in the way. */
bool disk_lock(struct disk_lock *lock, const void *who, int *held, int want);

/* Brings it down to SQLITE_LOCK_SHARED or _NONE. */
void disk_unlock(struct disk_lock *lock, const void *who, int *held, int want);

/* Memory that is shared: empty at first, gone with the last who has it. */
struct disk_share;
struct disk_share *disk_share_new(void);
void disk_share_hold(struct disk_share *share);
/* True when that was the last. */
bool disk_share_drop(struct disk_share *share);

/* Region `number`, made when it is not there and `make`; else NULL. */
bool disk_share_has(const struct disk_share *share, size_t number);
void *disk_share_map(
    struct disk_share *share, size_t number, size_t size, bool make);

/* What one connection holds of the locks, a bit each. */
struct disk_share_held {
	unsigned shared, exclusive;
};

/* Does what SQLite's xShmLock asks for; false when another is in the way. */
bool disk_share_lock(struct disk_share *share, struct disk_share_held *held,
    int first, int count, int flags);

#endif
