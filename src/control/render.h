/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Executions, events and refused messages as the interface has them, in the
 * names and shapes of Step Functions (DescribeExecution, GetExecutionHistory).
 * Pure; every document is new.
 */
#ifndef KG_CONTROL_RENDER_H
#define KG_CONTROL_RENDER_H

#include <stddef.h>

struct error;
struct event;
struct json_object;
struct rejected;
struct store_execution;

/* The type Execution. */
struct json_object *render_execution(const struct store_execution *execution);

/* The type Event, without what earlier events have told. */
struct json_object *render_event(const struct event *event);

/* The answer of Describe: an execution and its whole history. */
struct json_object *render_history(const struct store_execution *execution,
    const struct event *events, size_t count);

/* The type Failure. */
struct json_object *render_failure(const struct error *error);

/* The type Refused. */
struct json_object *render_rejected(const struct rejected *rejected);

#endif
