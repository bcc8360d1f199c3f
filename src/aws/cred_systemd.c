/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Credentials that systemd hands over: LoadCredential=aws:/path, or
 * LoadCredentialEncrypted=, whose file has the form of a credentials file.
 */
#include "aws/cred_file.h"
#include "util/alloc.h"
#include "util/cleanup.h"

bool
cred_systemd_load(const struct credentials_sources *sources,
    struct credentials *ret_credentials, struct error *error)
{
	CLEANUP(secret_done) struct secret directory = { 0 };
	FREE_LATER char *path = NULL;

	if (!cred_variable(sources, "CREDENTIALS_DIRECTORY", &directory))
		return error_set(error, CRED_NOT_CONFIGURED,
		    "systemd: CREDENTIALS_DIRECTORY is not set");
	path = xasprintf("%s/aws", directory.bytes);
	return cred_file_read(
	    sources, path, false, "systemd credential", ret_credentials, error);
}
