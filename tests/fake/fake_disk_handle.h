/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An open file of the disk in memory, by the methods that SQLite calls.
 */
#ifndef KG_TESTS_FAKE_FAKE_DISK_HANDLE_H
#define KG_TESTS_FAKE_FAKE_DISK_HANDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

struct disk_file;
struct fake_disk;

/* What SQLite has to allocate for one. */
size_t fake_disk_handle_size(void);

/* Opens `file` in there, in that life of the disk; when it is closed a
 * temporary one goes. */
void fake_disk_handle_init(sqlite3_file *base, struct fake_disk *disk,
    struct disk_file *file, uint64_t life, bool temporary);

#endif
