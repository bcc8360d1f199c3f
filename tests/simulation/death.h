/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The daemon dies, at any step, or is stopped in good order; and is started
 * again, of what the disk still has.
 */
#ifndef KG_TESTS_SIMULATION_DEATH_H
#define KG_TESTS_SIMULATION_DEATH_H

#include <stdbool.h>

struct life;

/* Starts it. */
void death_start(struct life *life);

/* It will die after some callbacks. */
void death_arm(struct life *life);

/* After each callback: dies if it is to. */
void death_step(struct life *life);

/* It is told to end, does so, and is started again. */
void death_stop(struct life *life);

/* If it is down and not to be started yet, it is now. */
void death_undo(struct life *life);

#endif
