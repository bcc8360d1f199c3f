/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The disk in memory as SQLite's VFS: files by their names.
 */
#ifndef KG_TESTS_FAKE_FAKE_DISK_VFS_H
#define KG_TESTS_FAKE_FAKE_DISK_VFS_H

#include <sqlite3.h>

struct fake_disk;

/* A VFS whose calls go to `disk`, SQLite's default until _done. */
void fake_disk_vfs_init(sqlite3_vfs *vfs, struct fake_disk *disk);
void fake_disk_vfs_done(sqlite3_vfs *vfs);

#endif
