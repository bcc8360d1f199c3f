/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How often each of many texts came, and in which order they came first.
 */
#ifndef KG_WORKFLOW_TALLY_H
#define KG_WORKFLOW_TALLY_H

#include <stddef.h>
#include <stdint.h>

struct tally_row {
	char *text;
	int64_t count;
	struct tally_row *next; /* first seen after this one */
};

/* Zeroed: empty. */
struct tally {
	void *tree; /* of rows, by text */
	struct tally_row *first, *last;
};

/* Counts a text (copied) once more; returns how often it has come. */
int64_t tally_add(struct tally *tally, const char *text);

/* The most common rows, at most `max`, in falling order; of equals the one
 * that came first. Returns how many. */
size_t tally_top(
    const struct tally *tally, const struct tally_row **ret_rows, size_t max);

/* Forgets everything. */
void tally_done(struct tally *tally);

#endif
