/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Digests by OpenSSL's EVP: SHA-256 and HMAC-SHA256 for signing and names,
 * MD5 for the checksum that SQS sends with a body.
 */
#ifndef KG_UTIL_DIGEST_H
#define KG_UTIL_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#define DIGEST_SHA256_BYTES 32
#define DIGEST_SHA256_HEX   (2 * DIGEST_SHA256_BYTES + 1)
#define DIGEST_MD5_HEX      33

/* SHA-256 of `len` bytes, raw. */
void digest_sha256(
    const void *bytes, size_t len, unsigned char out[DIGEST_SHA256_BYTES]);

/* SHA-256 of `len` bytes as lower-case hex with a NUL. */
void digest_sha256_hex(
    const void *bytes, size_t len, char out[DIGEST_SHA256_HEX]);

/* HMAC-SHA256 (RFC 2104), raw. */
void digest_hmac_sha256(const void *key, size_t key_len, const void *bytes,
    size_t len, unsigned char out[DIGEST_SHA256_BYTES]);

/* MD5 as lower-case hex; false where the machine's policy (FIPS) has none. */
bool digest_md5_hex(const void *bytes, size_t len, char out[DIGEST_MD5_HEX]);

/* Bytes as lower-case hex with a NUL: `out` has 2 * len + 1 bytes. */
void digest_hex(const unsigned char *bytes, size_t len, char *out);

#endif
