/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that tests compare with.
 */
#ifndef KG_TESTS_UNIT_FILE_H
#define KG_TESTS_UNIT_FILE_H

/* The text of a file, "messages/success.txt" of tests/. Aborts without one.
 * The caller frees it. */
char *file_read(const char *path);

#endif
