/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The task of the state DeleteAccessKeyPair.
 */
#ifndef KG_WORKFLOW_DELETE_KEY_H
#define KG_WORKFLOW_DELETE_KEY_H

#include <stdbool.h>

#include "machine/task.h"

extern const struct task delete_key;

/* Whether an error says that IAM knows no such key. */
bool delete_key_unknown(const char *error);

#endif
