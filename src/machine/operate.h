/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is done to executions from outside of the table: by an operator, and by
 * whoever acts for one when the time has come. Each leaves behind who it was.
 */
#ifndef KG_MACHINE_OPERATE_H
#define KG_MACHINE_OPERATE_H

#include <stdbool.h>
#include <stddef.h>

#include "machine/history.h"

struct engine;

/*
 * Sends a FAILED execution, as the store has it, back to the state it failed
 * in: ExecutionRedriven with `by` as its resource, counters reset, its lane
 * waited for. False if it is not FAILED or runs already (`Daemon.NotFailed`),
 * or cannot be read (as replay_read says).
 */
bool engine_redrive(struct engine *engine, const char *name,
    const struct standing *standing, const struct event *events, size_t count,
    const char *by, struct error *error);

/* Aborts a running execution: its task is cancelled; TaskStateAborted,
 * ExecutionAborted with the error `Daemon.Stopped` that names `by`. False if
 * none of that name is running any more. */
bool engine_stop(struct engine *engine, const char *name, const char *by);

/*
 * Lets those go on that are held (struct state: `held`) and for whose tags
 * `which` says so (NULL: all): ExecutionRedriven with `by` as its resource.
 * Returns how many there were.
 */
size_t engine_release(struct engine *engine,
    bool (*which)(void *arg, const char *const *tags), void *arg,
    const char *by);

#endif
