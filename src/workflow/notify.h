/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The task of the state NotifySecurity.
 */
#ifndef KG_WORKFLOW_NOTIFY_H
#define KG_WORKFLOW_NOTIFY_H

#include "machine/task.h"

extern const struct task notify;

#endif
