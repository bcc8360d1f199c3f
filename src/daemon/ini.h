/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads files in the form that systemd made familiar: sections in brackets,
 * `key = value`, comments on lines of their own that begin with # or ;. Knows
 * nothing of what the keys mean.
 */
#ifndef KG_DAEMON_INI_H
#define KG_DAEMON_INI_H

#include <stdbool.h>

struct buf;

/* Where something was said. */
struct ini_place {
	const char *file;
	int line; /* from 1 */
};

/* A section begins (no key, no value), or one `key = value` in it; all
 * borrowed. Complaints are the callee's. */
typedef void ini_assign(void *arg, const struct ini_place *place,
    const char *section, const char *key, const char *value);

/*
 * Reads one file of at most 1 MiB, calling back for each section and each
 * assignment. What is no section, comment or assignment is appended to
 * `complaints` as "file:line: what is wrong\n". False when the file could not
 * be read or anything was complained of.
 */
bool ini_read(
    const char *file, ini_assign *assign, void *arg, struct buf *complaints);

#endif
