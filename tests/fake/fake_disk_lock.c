/* SPDX-License-Identifier: Apache-2.0 */
/* Who holds what. */
#include "fake/fake_disk_lock.h"

#include <stdlib.h>

#include <sqlite3.h>

#include "util/alloc.h"

/* ---- of the file ---- */

static bool
is_others(const void *holder, const void *who)
{
	return holder != NULL && holder != who;
}

static bool
lock_shared(struct disk_lock *lock, int *held)
{
	if (lock->exclusive != NULL)
		return false;
	lock->shared++;
	*held = SQLITE_LOCK_SHARED;
	return true;
}

static bool
lock_reserved(struct disk_lock *lock, const void *who, int *held)
{
	if (is_others(lock->reserved, who) || is_others(lock->exclusive, who))
		return false;
	lock->reserved = who;
	*held = SQLITE_LOCK_RESERVED;
	return true;
}

/* Nobody comes in from now on; it is had when the others have gone. */
static bool
lock_exclusive(struct disk_lock *lock, const void *who, int *held)
{
	if (is_others(lock->reserved, who) || is_others(lock->exclusive, who))
		return false;
	lock->exclusive = who;
	*held = lock->shared > 1 ? SQLITE_LOCK_PENDING : SQLITE_LOCK_EXCLUSIVE;
	return lock->shared == 1;
}

bool
disk_lock(struct disk_lock *lock, const void *who, int *held, int want)
{
	if (*held >= want)
		return true;
	if (want == SQLITE_LOCK_SHARED)
		return lock_shared(lock, held);
	if (want == SQLITE_LOCK_RESERVED)
		return lock_reserved(lock, who, held);
	return lock_exclusive(lock, who, held);
}

void
disk_unlock(struct disk_lock *lock, const void *who, int *held, int want)
{
	if (*held <= want)
		return;
	if (lock->reserved == who)
		lock->reserved = NULL;
	if (lock->exclusive == who)
		lock->exclusive = NULL;
	if (want == SQLITE_LOCK_NONE)
		lock->shared--;
	*held = want;
}

/* ---- of the memory ---- */

struct disk_share {
	size_t holders;
	void **regions;
	size_t count;
	int held[SQLITE_SHM_NLOCK]; /* by how many; -1: exclusively */
};

struct disk_share *
disk_share_new(void)
{
	return xzalloc(sizeof(struct disk_share));
}

void
disk_share_hold(struct disk_share *share)
{
	share->holders++;
}

bool
disk_share_drop(struct disk_share *share)
{
	if (--share->holders > 0)
		return false;
	for (size_t i = 0; i < share->count; i++)
		free(share->regions[i]);
	free(share->regions);
	free(share);
	return true;
}

bool
disk_share_has(const struct disk_share *share, size_t number)
{
	return number < share->count;
}

void *
disk_share_map(struct disk_share *share, size_t number, size_t size, bool make)
{
	if (!make && !disk_share_has(share, number))
		return NULL;
	while (!disk_share_has(share, number)) {
		share->regions = xreallocarray(
		    share->regions, share->count + 1, sizeof *share->regions);
		share->regions[share->count++] = xzalloc(size);
	}
	return share->regions[number];
}

static void
share_unlock(struct disk_share *share, struct disk_share_held *held, int slot)
{
	unsigned bit = 1u << slot;

	if ((held->exclusive & bit) != 0)
		share->held[slot] = 0;
	else if ((held->shared & bit) != 0)
		share->held[slot]--;
	held->exclusive &= ~bit;
	held->shared &= ~bit;
}

static bool
share_is_free(const struct disk_share *share,
    const struct disk_share_held *held, int slot, bool shared)
{
	if (((held->exclusive | held->shared) & 1u << slot) != 0)
		return true;
	return shared ? share->held[slot] >= 0 : share->held[slot] == 0;
}

static void
share_take(struct disk_share *share, struct disk_share_held *held, int slot,
    bool shared)
{
	unsigned bit = 1u << slot;

	if (((held->exclusive | held->shared) & bit) != 0)
		return;
	if (shared) {
		share->held[slot]++;
		held->shared |= bit;
	} else {
		share->held[slot] = -1;
		held->exclusive |= bit;
	}
}

bool
disk_share_lock(struct disk_share *share, struct disk_share_held *held,
    int first, int count, int flags)
{
	bool shared = (flags & SQLITE_SHM_SHARED) != 0;

	for (int i = first; i < first + count; i++)
		if ((flags & SQLITE_SHM_UNLOCK) != 0)
			share_unlock(share, held, i);
		else if (!share_is_free(share, held, i, shared))
			return false;
	for (int i = first; i < first + count; i++)
		if ((flags & SQLITE_SHM_LOCK) != 0)
			share_take(share, held, i, shared);
	return true;
}
