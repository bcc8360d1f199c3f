/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What sources have in common: variables, and the check of what was found.
 */
#include <stdio.h>
#include <string.h>

#include "aws/cred_source.h"

void
cred_keys_done(struct cred_keys *keys)
{
	secret_done(&keys->id);
	secret_done(&keys->key);
	secret_done(&keys->token);
}

/* Whether text can stand in a header: visible ASCII, but for `no`. */
static bool
is_plain(const struct secret *text, const char *no)
{
	for (size_t i = 0; i < text->len; i++)
		if (text->bytes[i] <= ' ' || text->bytes[i] > '~' ||
		    strchr(no, text->bytes[i]) != NULL)
			return false;
	return true;
}

static bool
given(const struct secret *text)
{
	return text->len > 0;
}

bool
cred_keys_check(const struct cred_keys *keys, const char *where,
    struct credentials *ret_credentials, struct error *error)
{
	if (!given(&keys->id))
		return error_set(
		    error, CRED_NOT_CONFIGURED, "%s: no access key id", where);
	if (!given(&keys->key))
		return error_set(error, CRED_BROKEN,
		    "%s: an access key id without a secret access key", where);
	if (keys->id.len >= sizeof ret_credentials->access_key_id ||
	    !is_plain(&keys->id, "/,="))
		return error_set(error, CRED_BROKEN,
		    "%s: the access key id cannot be one", where);
	if (!is_plain(&keys->token, ""))
		return error_set(error, CRED_BROKEN,
		    "%s: the session token cannot be one", where);
	strcpy(ret_credentials->access_key_id, keys->id.bytes);
	secret_copy(&ret_credentials->secret_key, &keys->key);
	if (given(&keys->token))
		secret_copy(&ret_credentials->token, &keys->token);
	return true;
}

bool
cred_variable(const struct credentials_sources *sources, const char *name,
    struct secret *ret_value)
{
	const char *value = sources->env(sources->arg, name);
	const char *blank = " \t\r\n";
	size_t len;

	if (value == NULL)
		return false;
	value += strspn(value, blank);
	len = strlen(value);
	while (len > 0 && strchr(blank, value[len - 1]) != NULL)
		len--;
	if (len > 0)
		secret_set(ret_value, value, len);
	return len > 0;
}
