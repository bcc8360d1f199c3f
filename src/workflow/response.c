/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IAM tells user names apart whatever their case, so a rule for one holds in
 * any.
 */
#include "workflow/response.h"

#include <fnmatch.h>
#include <string.h>

#include "util/alloc.h"
#include "util/cleanup.h"

const char *const response_actions[] = {
	[RESPONSE_DELETE] = "delete",
	[RESPONSE_NOTIFY_ONLY] = "notify-only",
	NULL,
};

/* Whether no word of a list matches. A key id is a glob as well: of itself. */
static bool
free_of(const char *list, const char *text, const char *key, const char *name,
    struct error *error)
{
	FREE_LATER char *words = xstrdup(list);
	char *rest = NULL;

	for (char *word = strtok_r(words, " ", &rest); word != NULL;
	     word = strtok_r(NULL, " ", &rest))
		if (fnmatch(word, text, FNM_CASEFOLD) == 0)
			return error_set(error, name,
			    "[response] %s = %s protects %s", key, word, text);
	return true;
}

bool
response_allows(const struct response *response, const char *user_name,
    const char *key_id, struct error *error)
{
	if (!free_of(response->protected_keys, key_id, "protected_keys",
		"Response.ProtectedKey", error) ||
	    !free_of(response->protected_users, user_name, "protected_users",
		"Response.ProtectedUser", error))
		return false;
	if (response->action != RESPONSE_DELETE)
		return error_set(error, "Response.NotifyOnly",
		    "[response] action = notify-only: no key is deleted");
	return true;
}
