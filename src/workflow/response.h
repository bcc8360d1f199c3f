/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the operator has said about deleting keys: whether at all, and which
 * ones never. Pure.
 */
#ifndef KG_WORKFLOW_RESPONSE_H
#define KG_WORKFLOW_RESPONSE_H

#include <stdbool.h>

#include "util/error.h"

enum response_action {
	RESPONSE_DELETE,
	RESPONSE_NOTIFY_ONLY,
};

/* Their names, in that order; ended by NULL. */
extern const char *const response_actions[];

/* Of [response]; the lists have blanks between their words. */
struct response {
	enum response_action action;
	const char *protected_users; /* globs, whatever the case */
	const char *protected_keys;  /* key ids, likewise */
};

/* Whether a key of this user may be deleted. False and `Response.ProtectedKey`,
 * `Response.ProtectedUser` or `Response.NotifyOnly`, with the rule as cause. */
bool response_allows(const struct response *response, const char *user_name,
    const char *key_id, struct error *error);

#endif
