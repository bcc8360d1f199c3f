/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lanes: executions of one lane take turns, in the order in which they came.
 * The first of a lane has it; a lane is there while somebody is in it.
 */
#ifndef KG_MACHINE_LANES_H
#define KG_MACHINE_LANES_H

#include <stdbool.h>

struct execution;

struct lanes {
	void *by_name; /* of tsearch(3) */
};

/* Lines an execution up in the lane of that name; `first`: before all others
 * (it had the lane before a restart). */
void lanes_join(struct lanes *lanes, const char *name,
    struct execution *execution, bool first);

/* Takes an execution out of its lane, if it is in one. Returns who has the
 * lane by that, or NULL. */
struct execution *lanes_leave(struct lanes *lanes, struct execution *execution);

/* Whether somebody is in the lane of that name. */
bool lanes_taken(const struct lanes *lanes, const char *name);

/* Whether nobody is before it in its lane, also if it needs none. */
bool lanes_clear(const struct execution *execution);

/* Who has its lane, itself if it needs none; who comes after it, or NULL. */
struct execution *lanes_first(struct execution *execution);
struct execution *lanes_next(const struct execution *execution);

#endif
