/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What follows from the way in which an attempt ended: out of the state by its
 * success, once more by a retrier or when released, out by a catcher, or no
 * further.
 */
#ifndef KG_MACHINE_VERDICT_H
#define KG_MACHINE_VERDICT_H

#include <stdint.h>

#include "machine/execution.h"

/* Its run has ended with a result or an error. */
void verdict_judge(struct execution *execution);

/* Its run has been out for longer than TimeoutSeconds: it is cancelled. */
void verdict_expire(struct execution *execution);

/* A restart has cut it off inside its task: that is scheduled anew. */
void verdict_restart(struct execution *execution);

/* Exits the state with a result that is recorded already (JSON text). */
void verdict_exit(struct execution *execution, const char *result);

/* No retrier fires: on by the catcher that matches, or FAILED. */
void verdict_catch(struct execution *execution, const struct error *error);

/* Waits for the next attempt, which is due in `ms`. */
void verdict_await(struct execution *execution, int64_t ms);

#endif
