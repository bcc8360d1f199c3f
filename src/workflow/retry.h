/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A new execution with the input of one that has ended without containing its
 * key. What the new one has to know of the old stands in its input, in the
 * member `keyguard.Retry`: {"Of": the old one's name, "First": the first of the
 * row, "FirstDate": when that was started, "Error": why the old one could not,
 * "ToldBy": the execution by which security hears of that, "ByItself": whether
 * nobody asked for it, "Intent": the last intent of the row, if there was any}.
 * Pure but for the start.
 */
#ifndef KG_WORKFLOW_RETRY_H
#define KG_WORKFLOW_RETRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/read.h"
#include "util/error.h"

struct engine;
struct random;

/*
 * Starts it. `by` is its origin ("retry:uid=0,user=root,pid=4711"), and an old
 * one that FAILED is aborted, since the new one tells. Or NULL: by itself, and
 * then its name is name_after, so that doing so twice starts one. `ret_name` is
 * the caller's to free. False and `Daemon.NotUncontained` if the old one is
 * running or contained its key, or `Daemon.BadHistory`.
 */
bool retry_start(struct engine *engine, struct random *random,
    const struct store_execution *of, const struct event *events, size_t count,
    const char *by, char **ret_name, struct error *error);

/* Whether it could not contain its key for a cause that may pass: by the
 * table's catcher that says `again`. */
bool retry_passing(
    const struct store_execution *of, const struct event *events, size_t count);

/* When the first execution of the row was started that this one is of, which
 * may be itself. */
int64_t retry_first_ms(
    const struct store_execution *of, const struct event *events, size_t count);

#endif
