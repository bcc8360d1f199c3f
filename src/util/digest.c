/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Digests by OpenSSL. SHA-256 cannot be missing; MD5 can, by policy, and is a
 * checksum only: nothing here trusts it.
 */
#include "util/digest.h"

#include <stdlib.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

void
digest_sha256(
    const void *bytes, size_t len, unsigned char out[DIGEST_SHA256_BYTES])
{
	if (EVP_Digest(bytes, len, out, NULL, EVP_sha256(), NULL) != 1)
		abort();
}

void
digest_sha256_hex(const void *bytes, size_t len, char out[DIGEST_SHA256_HEX])
{
	unsigned char raw[DIGEST_SHA256_BYTES];

	digest_sha256(bytes, len, raw);
	digest_hex(raw, sizeof raw, out);
}

void
digest_hmac_sha256(const void *key, size_t key_len, const void *bytes,
    size_t len, unsigned char out[DIGEST_SHA256_BYTES])
{
	/* A NULL key would mean to OpenSSL "the one from last time". */
	const void *key_bytes = key == NULL ? "" : key;

	if (HMAC(EVP_sha256(), key_bytes, (int)key_len, bytes, len, out,
		NULL) == NULL)
		abort();
}

bool
digest_md5_hex(const void *bytes, size_t len, char out[DIGEST_MD5_HEX])
{
	unsigned char raw[(DIGEST_MD5_HEX - 1) / 2];

	if (EVP_Digest(bytes, len, raw, NULL, EVP_md5(), NULL) != 1)
		return false;
	digest_hex(raw, sizeof raw, out);
	return true;
}

void
digest_hex(const unsigned char *bytes, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
	}
	*out = '\0';
}
