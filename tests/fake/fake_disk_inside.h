/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The disk in memory, for the files that it consists of.
 */
#ifndef KG_TESTS_FAKE_FAKE_DISK_INSIDE_H
#define KG_TESTS_FAKE_FAKE_DISK_INSIDE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include <sqlite3.h>

#include "fake/fake_disk.h"
#include "fake/fake_disk_file.h"
#include "util/random.h"

struct disk_plan {
	uint64_t first, last; /* of the operations, by number; 0: none */
	enum disk_fault fault;
};

struct fake_disk {
	STAILQ_HEAD(disk_files, disk_file) files;
	sqlite3_vfs vfs;
	struct random random;
	uint64_t life; /* what was opened in an earlier one is dead */
	bool off;      /* without power until the next crash */
	uint64_t counts[DISK_OPS], failed;
	struct disk_plan plans[DISK_OPS];
};

/* The file of that name, which need not exist. */
struct disk_file *fake_disk_file(struct fake_disk *disk, const char *path);

/* Makes durable which files there are. */
void fake_disk_sync_folder(struct fake_disk *disk);

/* Counts an operation of a file, opened in `life`. True when it is to fail, and
 * how. `grows`: it needs room. */
bool fake_disk_trouble(struct fake_disk *disk, const struct disk_file *file,
    uint64_t life, enum disk_op op, bool grows, enum disk_fault *ret_fault);

/* Sets errno, to what the kernel says of it. */
void fake_disk_set_errno(enum disk_fault fault);

#endif
