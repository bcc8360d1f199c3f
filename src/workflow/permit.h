/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether an attempt to delete a key may go on: what is asked of it before
 * anything is done, and of the key's owner once IAM has named one.
 */
#ifndef KG_WORKFLOW_PERMIT_H
#define KG_WORKFLOW_PERMIT_H

#include <stdbool.h>

#include "util/error.h"

struct attempt;

/* At the start: admission's verdict on the event, the account, our own key.
 * `owned`: IAM has named the key's owner to us before. False and
 * `Finding.*`. */
bool permit_start(
    const struct attempt *attempt, bool owned, struct error *error);

/* The owner that IAM has named (NULL or "": none) can be one. False and
 * `Finding.NoUser`, `Finding.BadUser`. */
bool permit_owner(const char *user_name, struct error *error);

/* This user's key may be deleted, as things are now: it is not our own, and
 * [response] allows it. False and `Finding.OwnKey`, `Response.*`. */
bool permit_deletion(
    const struct attempt *attempt, const char *user_name, struct error *error);

/* A first intent may follow. False and `Response.Held`: too many at once. Of a
 * row of retries one alone counts. */
bool permit_intent(const struct attempt *attempt, struct error *error);

#endif
