/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What goes on by itself: executions that ended FAILED are redriven, and those
 * that could not contain their key for a passing cause are retried by a new
 * one, each when it is due as the store has it (struct standing: due_wall_ms).
 * So due times survive restarts, and nothing of what waits is in memory. A few
 * at a time.
 */
#ifndef KG_WORKFLOW_REDRIVER_H
#define KG_WORKFLOW_REDRIVER_H

#include <stdint.h>

struct engine;
struct loop;
struct redriver;
struct store;

/* Borrows all. A row of retries ends `retention_ms` after its first execution
 * was started; 0: never. */
struct redriver *redriver_new(struct loop *loop, struct engine *engine,
    struct store *store, int64_t retention_ms);

/* The engine has resumed: looks for what is due. */
void redriver_begin(struct redriver *redriver);

/* The daemon drains: nothing more is taken up. */
void redriver_stop(struct redriver *redriver);

/* NULL is fine. */
void redriver_free(struct redriver *redriver);

#endif
