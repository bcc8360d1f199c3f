/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How an execution gets from one place of the table to the next. Every
 * transition is recorded in the journal as it is made; the task of the state
 * that is entered starts later, by engine_wake.
 */
#ifndef KG_MACHINE_TRANSITION_H
#define KG_MACHINE_TRANSITION_H

#include <stdbool.h>

#include "machine/execution.h"

/* Enters the state `next`, or at STATE_END ends the execution: SUCCEEDED. */
void transition_go(struct execution *execution, int next);

/* Ends the execution: FAILED. */
void transition_fail(struct execution *execution, const struct error *error);

/* Exits its state with an output, which it takes: by its success (`catcher`
 * NULL), or by one of its catchers. */
void transition_leave(
    struct execution *execution, char *output, const struct catcher *catcher);

/* Takes its place in the state it is in; `first`: before all others of its
 * lane, because it has had the lane before. */
void transition_reside(struct execution *execution, bool first);

/* Gives up that place. */
void transition_depart(struct execution *execution);

/* Takes it as far as it can go now: through lane, load and commit to the start
 * of its task. */
void transition_proceed(struct execution *execution);

#endif
