/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which execution's time comes next: a heap of deadlines and retry times, one
 * for each execution at most.
 */
#ifndef KG_MACHINE_DUE_H
#define KG_MACHINE_DUE_H

#include <stddef.h>
#include <stdint.h>

struct execution;

struct due {
	struct execution **heap; /* the earliest first */
	size_t count, room;
};

/* Frees what it holds; it is empty again. */
void due_done(struct due *due);

/* Sets when an execution is due (monotonic ms), anew if it was set. */
void due_set(struct due *due, struct execution *execution, int64_t mono_ms);

/* Takes an execution out; fine if it was not in. */
void due_clear(struct due *due, struct execution *execution);

/* The one that is due first; NULL when there is none. */
struct execution *due_first(const struct due *due);

#endif
