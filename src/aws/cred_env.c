/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Credentials from the environment (aws-protocols 5.2).
 */
#include <string.h>

#include "aws/cred_source.h"
#include "util/cleanup.h"
#include "util/stamp.h"

static bool
read_expiration(const struct credentials_sources *sources,
    struct credentials *credentials, struct error *error)
{
	CLEANUP(secret_done) struct secret text = { 0 };

	if (!cred_variable(sources, "AWS_CREDENTIAL_EXPIRATION", &text))
		return true;
	return stamp_parse(text.bytes, &credentials->expires_wall_ms) ||
	    error_set(error, CRED_BROKEN,
		"environment: AWS_CREDENTIAL_EXPIRATION is no time");
}

bool
cred_env_load(const struct credentials_sources *sources,
    struct credentials *ret_credentials, struct error *error)
{
	CLEANUP(cred_keys_done) struct cred_keys keys = { 0 };

	cred_variable(sources, "AWS_ACCESS_KEY_ID", &keys.id);
	cred_variable(sources, "AWS_SECRET_ACCESS_KEY", &keys.key);
	if (!cred_variable(sources, "AWS_SESSION_TOKEN", &keys.token))
		cred_variable(sources, "AWS_SECURITY_TOKEN", &keys.token);
	strcpy(ret_credentials->source, "environment");
	return cred_keys_check(&keys, "environment", ret_credentials, error) &&
	    read_expiration(sources, ret_credentials, error);
}
