/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk in memory below SQLite, a VFS that is the default while it lives. What
 * is written stays in the kernel, so to speak, until it is synced: at a crash
 * none of it is lost, or all, or each write by chance, whole or torn. The n-th
 * operation of a kind can be made to fail. For one thread; any number of
 * connections, whose locks and shared memory are real among themselves.
 */
#ifndef KG_TESTS_FAKE_FAKE_DISK_H
#define KG_TESTS_FAKE_FAKE_DISK_H

#include <stdbool.h>
#include <stdint.h>

struct fake_disk;

/* What SQLite does to it. */
enum disk_op {
	DISK_OPEN,
	DISK_READ,
	DISK_WRITE,
	DISK_SYNC,
	DISK_TRUNCATE,
	DISK_DELETE,
	DISK_SHARE, /* maps shared memory */
	DISK_LOCK,
	DISK_OPS,
};

enum disk_fault {
	DISK_IO_ERROR,
	DISK_FULL,      /* nothing grows: ENOSPC */
	DISK_FULL_COW,  /* nor is anything overwritten, as on btrfs */
	DISK_SHORT,     /* half of it is done, then an I/O error */
	DISK_READ_ONLY, /* EROFS */
	DISK_BUSY,      /* a lock is somebody else's */
	DISK_OFF,       /* power is lost before it */
	DISK_OFF_AFTER, /* it is done, then power is lost */
};

/* What a crash takes of what was not synced; what it leaves to the kernel, a
 * later one may take. */
enum disk_loss { LOSS_NONE, LOSS_ALL, LOSS_SOME };

/* An empty disk; `seed` decides what LOSS_SOME takes. Aborts when there is one
 * already. The one before it is SQLite's default again after fake_disk_free,
 * before which all connections are to be closed. */
struct fake_disk *fake_disk_new(uint64_t seed);
void fake_disk_free(struct fake_disk *disk);

/* The `nth` operation from now on fails (1: the next), and `count` in all of
 * those that follow (0: all, until mended). Replaces what was asked for before
 * of this operation. Mended: nothing fails any more. */
void fake_disk_fail(struct fake_disk *disk, enum disk_op op, uint64_t nth,
    uint64_t count, enum disk_fault fault);
void fake_disk_mend(struct fake_disk *disk);

/* Operations so far, and those that were made to fail. */
uint64_t fake_disk_count(const struct fake_disk *disk, enum disk_op op);
uint64_t fake_disk_failed(const struct fake_disk *disk);

/* Whoever has a file open now finds that it fails, and can but close it; what
 * was not synced is lost so far. Then open anew. */
void fake_disk_crash(struct fake_disk *disk, enum disk_loss loss);

/* Whether power was lost by DISK_OFF: everything fails, and nothing is lost
 * before fake_disk_crash says how much. */
bool fake_disk_is_off(const struct fake_disk *disk);

/* Copies what is durable of `path`, its -wal included, to `to` and `to`-wal on
 * the same disk, in place of what was there: as a start after a loss of power
 * would find it. Counts as no operation, and does not fail; nor does what is
 * done to the copy. */
void fake_disk_snapshot(
    struct fake_disk *disk, const char *path, const char *to);

#endif
