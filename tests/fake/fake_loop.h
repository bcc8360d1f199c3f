/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A twin of src/loop/loop.c with virtual time, taken in its place at link
 * time: nothing waits, time jumps to whatever is due next. Its own functions
 * are what a test drives it by; loop.h has the rest.
 */
#ifndef KG_TESTS_FAKE_FAKE_LOOP_H
#define KG_TESTS_FAKE_FAKE_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct loop;

/* Where time begins: 2026-06-05T06:30:00Z on both clocks. */
#define FAKE_LOOP_EPOCH_MS INT64_C(1780641000000)

/* Repeats a run's randomness; the seed at the start is 1. */
void fake_loop_seed(struct loop *loop, uint64_t seed);

/* Runs the next thing that is due now or, if none is, lets time jump to the
 * next timer and runs that. False when nothing is left to run. */
bool fake_loop_step(struct loop *loop);

/* The same, of what is due by a time of the monotonic clock; false when nothing
 * is, and then it is that time. */
bool fake_loop_step_by(struct loop *loop, int64_t mono_ms);

/* Runs what is due now, without letting time pass. */
void fake_loop_settle(struct loop *loop);

/* Runs all that is due within the next `ms`; then it is that much later. */
void fake_loop_pass(struct loop *loop, int64_t ms);

/* When the next timer is due, in ms from now; -1 when there is none. */
int64_t fake_loop_next(struct loop *loop);

/* Sets the wall clock, as an administrator would: by `ms`, either way. */
void fake_loop_shift_wall(struct loop *loop, int64_t ms);

#endif
