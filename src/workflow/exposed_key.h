/* SPDX-License-Identifier: Apache-2.0 */
/*
 * THE TABLE: what is done about an exposed access key. The policy of the whole
 * project in one const table; what `keyguardctl machine` draws.
 */
#ifndef KG_WORKFLOW_EXPOSED_KEY_H
#define KG_WORKFLOW_EXPOSED_KEY_H

#include "machine/table.h"

enum exposed_key_state {
	DELETE_KEY, /* DeleteAccessKeyPair */
	SUMMARIZE,  /* LookupCloudTrailEvents */
	NOTIFY,     /* NotifySecurity */
};

#define OUTCOME_CONTAINED   "contained"   /* the key is dead */
#define OUTCOME_UNCONTAINED "uncontained" /* a human must act */

/* The machine; its tasks take a struct workflow as context. */
extern const struct machine exposed_key;

#endif
