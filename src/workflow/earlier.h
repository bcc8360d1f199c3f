/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What became of a key that is gone: the deletion by an earlier execution, as
 * the store has it.
 */
#ifndef KG_WORKFLOW_EARLIER_H
#define KG_WORKFLOW_EARLIER_H

#include "util/error.h"

struct earlier; /* a search under way */
struct json_object;
struct store;

/* `result` (the callee's to free) is that deletion's result with `DeletedBy`,
 * the execution's name; NULL when no execution here deleted the key. */
typedef void earlier_found(
    void *arg, struct json_object *result, const struct error *error);

/* Searches; one callback, or earlier_cancel. */
struct earlier *earlier_find(
    struct store *store, const char *key_id, earlier_found *done, void *arg);

/* Ends the search without a callback. */
void earlier_cancel(struct earlier *earlier);

#endif
