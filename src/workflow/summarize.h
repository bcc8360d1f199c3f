/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The task of the state LookupCloudTrailEvents.
 */
#ifndef KG_WORKFLOW_SUMMARIZE_H
#define KG_WORKFLOW_SUMMARIZE_H

#include "machine/task.h"

extern const struct task summarize;

#endif
