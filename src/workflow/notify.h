/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The task of the state NotifySecurity.
 */
#ifndef KG_WORKFLOW_NOTIFY_H
#define KG_WORKFLOW_NOTIFY_H

#include <stdbool.h>

#include "machine/task.h"

extern const struct task notify;

/* Whether an event says that a message has gone out. */
bool notify_published(const struct event *event);

#endif
