/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies that live and die together: the strings of one record on its way to
 * the disk, or of one answer on its way back.
 */
#ifndef KG_STORE_KEEP_H
#define KG_STORE_KEEP_H

#include <stddef.h>

struct keep {
	struct kept *last; /* NULL: empty */
};

/* Copies `len` bytes and a NUL behind them; NULL stays NULL. The copy lives
 * until keep_done and is aligned for anything. */
void *keep_bytes(struct keep *keep, const void *bytes, size_t len);

/* Copies a string; NULL stays NULL. */
const char *keep_text(struct keep *keep, const char *text);

/* Frees all copies; the keep is empty again. */
void keep_done(struct keep *keep);

#endif
