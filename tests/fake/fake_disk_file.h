/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One file of the disk in memory: what whoever reads it sees, what a loss of
 * power would leave, and the changes that lie between the two.
 */
#ifndef KG_TESTS_FAKE_FAKE_DISK_FILE_H
#define KG_TESTS_FAKE_FAKE_DISK_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "fake/fake_disk.h"
#include "fake/fake_disk_lock.h"
#include "util/random.h"

struct disk_change;

struct disk_bytes {
	unsigned char *bytes;
	size_t size, room;
	bool exists;
};

/* A name, really: it stays when the file is deleted. */
struct disk_file {
	STAILQ_ENTRY(disk_file) next;
	char *path;
	bool spared; /* is not counted, and does not fail */
	struct disk_bytes now, durable;
	STAILQ_HEAD(disk_changes, disk_change) changes; /* not synced */
	struct disk_lock lock;
	struct disk_share *share; /* NULL: nobody has it mapped */
};

/* A file that is not there yet. */
struct disk_file *disk_file_new(const char *path);
void disk_file_free(struct disk_file *file);

/* What is done to a file is seen at once, and durable with the next sync. */
void disk_file_make(struct disk_file *file);
void disk_file_write(
    struct disk_file *file, size_t at, const void *data, size_t len);
void disk_file_cut(struct disk_file *file, size_t size);
void disk_file_remove(struct disk_file *file);

/* Makes the first `share` (0 to 1) of the changes durable. */
void disk_file_sync(struct disk_file *file, double share);

/* A sync has failed: the kernel does not try again, and what was written is
 * only there to be read. */
void disk_file_give_up(struct disk_file *file);

/* Whether it may be that it was never made. */
bool disk_file_is_new(const struct disk_file *file);

/* Makes durable that it was made or removed, as a sync of its folder would. */
void disk_file_sync_name(struct disk_file *file);

/* Power is lost: the file is what was durable, and what of the rest chance
 * leaves, unless all is lost. */
void disk_file_crash(
    struct disk_file *file, enum disk_loss loss, struct random *random);

/* Makes `to`, durably, what is durable of `file`. */
void disk_file_copy(const struct disk_file *file, struct disk_file *to);

#endif
