/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How an execution gets from one place of the table to the next. Every
 * transition is recorded in the journal as it is made; the task of the state
 * that is entered starts later, by engine_wake.
 */
#ifndef KG_MACHINE_TRANSITION_H
#define KG_MACHINE_TRANSITION_H

#include <stdbool.h>
#include <stdint.h>

#include "machine/execution.h"

/* Enters the state `next`, or at STATE_END ends the execution: SUCCEEDED. */
void transition_go(struct execution *execution, int next);

/* Ends the execution: FAILED; it may be redriven. */
void transition_fail(struct execution *execution, const struct error *error);

/* Exits its state with an output, which it takes: by its success (`catcher`
 * NULL), or by one of its catchers. */
void transition_leave(
    struct execution *execution, char *output, const struct catcher *catcher);

/* Stops it in its state, for the reason given: ABORTED. The second is the
 * second half, when the first is recorded already. */
void transition_stop(struct execution *execution, const struct error *error);
void transition_abort(struct execution *execution, const struct error *error);

/* Holds it where it is, in its lane, until it is released by somebody. */
void transition_hold(struct execution *execution);
void transition_release(struct execution *execution, const char *by);

/* Records that it is sent on, and by whom; its counters begin anew. */
void transition_redriven(struct execution *execution, const char *by);

/* How long after it has ended like this it goes on by itself, in ms; 0: it does
 * not. FAILED counts those that were. */
int64_t transition_pause(const struct execution *execution, enum status status);

/* Takes its place in the state it is in; `first`: before all others of its
 * lane, because it has had the lane before. */
void transition_reside(struct execution *execution, bool first);

/* Gives up that place. */
void transition_depart(struct execution *execution);

/* Takes it as far as it can go now: through lane, load and commit to the start
 * of its task. */
void transition_proceed(struct execution *execution);

#endif
