/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Credentials as a value.
 */
#include "aws/credentials.h"

#include <string.h>

void
credentials_done(struct credentials *credentials)
{
	secret_done(&credentials->secret_key);
	secret_done(&credentials->token);
	*credentials = (struct credentials){ 0 };
}

void
credentials_copy(
    struct credentials *credentials, const struct credentials *from)
{
	struct credentials old = *credentials;

	*credentials = *from;
	credentials->secret_key = (struct secret){ 0 };
	credentials->token = (struct secret){ 0 };
	secret_copy(&credentials->secret_key, &from->secret_key);
	secret_copy(&credentials->token, &from->token);
	credentials_done(&old);
}
