/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Credentials files: a refusal names a line that there is; what is accepted can
 * stand in a header.
 */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <string.h>

#include "aws/cred_profile.h"
#include "util/cleanup.h"

static void
check_plain(const char *text)
{
	for (; *text != '\0'; text++)
		assert(*text > ' ' && *text <= '~');
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	CLEANUP(cred_profile_done) struct cred_profile profile = { 0 };
	CLEANUP(credentials_done) struct credentials credentials = { 0 };
	unsigned line = 0;
	const char *wrong = cred_profile_parse(
	    (const char *)bytes, len, "default", &profile, &line);
	struct error error;

	assert(line <= len);
	assert(wrong == NULL || line > 0);
	assert(profile.found || !secret_given(&profile.keys.id));
	if (!cred_keys_check(&profile.keys, "file", &credentials, &error)) {
		assert(strncmp(error.cause, "file: ", 6) == 0);
		return 0;
	}
	check_plain(credentials.access_key_id);
	if (secret_given(&credentials.token))
		check_plain(credentials.token.bytes);
	return 0;
}
