/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stages 2 to 4 of Signature Version 4, and all of them in a row. The
 * canonical request (stage 1) is in sigv4_canonical.c.
 */
#include "aws/sigv4.h"

#include <assert.h>
#include <string.h>

#include "util/buf.h"
#include "util/cleanup.h"

#define ALGORITHM "AWS4-HMAC-SHA256"

/* Headers are ours; only a session token has no fixed length. */
#define CANONICAL_MAX ((size_t)32 << 10)

static void
add_scope(const struct sigv4_scope *scope, struct buf *out)
{
	char stamp[STAMP_AMZ];

	stamp_amz(scope->wall_ms, stamp);
	buf_printf(out, "%.8s/%s/%s/aws4_request", stamp, scope->region,
	    scope->service);
}

bool
sigv4_string_to_sign(const struct sigv4_scope *scope,
    const struct buf *canonical, struct buf *out)
{
	char stamp[STAMP_AMZ], hash[DIGEST_SHA256_HEX];

	stamp_amz(scope->wall_ms, stamp);
	digest_sha256_hex(buf_text(canonical), canonical->len, hash);
	buf_printf(out, ALGORITHM "\n%s\n", stamp);
	add_scope(scope, out);
	buf_printf(out, "\n%s", hash);
	return buf_ok(out);
}

static void
chain(unsigned char key[DIGEST_SHA256_BYTES], const char *text)
{
	unsigned char next[DIGEST_SHA256_BYTES];

	digest_hmac_sha256(key, sizeof next, text, strlen(text), next);
	memcpy(key, next, sizeof next);
	secret_wipe(next, sizeof next);
}

void
sigv4_key(const struct secret *secret_key, const struct sigv4_scope *scope,
    unsigned char out[DIGEST_SHA256_BYTES])
{
	CLEANUP(buf_wipe) struct buf first = BUF_INIT(secret_key->len + 4);
	char date[STAMP_AMZ];

	buf_reserve(&first, first.max);
	buf_puts(&first, "AWS4");
	buf_add(&first, secret_key->bytes, secret_key->len);
	stamp_amz(scope->wall_ms, date);
	digest_hmac_sha256(first.data, first.len, date, 8, out);
	chain(out, scope->region);
	chain(out, scope->service);
	chain(out, "aws4_request");
}

void
sigv4_signature(const unsigned char key[DIGEST_SHA256_BYTES],
    const struct buf *string_to_sign, char out[DIGEST_SHA256_HEX])
{
	unsigned char signature[DIGEST_SHA256_BYTES];

	digest_hmac_sha256(key, DIGEST_SHA256_BYTES, buf_text(string_to_sign),
	    string_to_sign->len, signature);
	digest_hex(signature, sizeof signature, out);
}

/* The last line but one of a canonical request: the names of the headers. */
static void
add_signed_headers(const struct buf *canonical, struct buf *out)
{
	const char *text = buf_text(canonical);
	const char *end = strrchr(text, '\n');
	const char *names = memrchr(text, '\n', (size_t)(end - text));

	buf_add(out, names + 1, (size_t)(end - names - 1));
}

bool
sigv4_authorization(const struct sigv4_request *request,
    const struct sigv4_scope *scope, const char *access_key_id,
    const struct secret *secret_key, struct buf *out, struct error *error)
{
	/* The session token is one of the headers: wiped, and never moved. */
	CLEANUP(buf_wipe) struct buf canonical = BUF_INIT(CANONICAL_MAX);
	CLEANUP(buf_done) struct buf to_sign = BUF_INIT(CANONICAL_MAX);
	unsigned char key[DIGEST_SHA256_BYTES];
	char signature[DIGEST_SHA256_HEX];

	if (!buf_reserve(&canonical, CANONICAL_MAX) ||
	    !sigv4_canonical(request, &canonical) ||
	    !sigv4_string_to_sign(scope, &canonical, &to_sign))
		return error_set(error, "Aws.RequestTooLarge",
		    "headers of over %zu bytes", CANONICAL_MAX);
	sigv4_key(secret_key, scope, key);
	sigv4_signature(key, &to_sign, signature);
	secret_wipe(key, sizeof key);

	buf_printf(out, ALGORITHM " Credential=%s/", access_key_id);
	add_scope(scope, out);
	buf_puts(out, ", SignedHeaders=");
	add_signed_headers(&canonical, out);
	buf_printf(out, ", Signature=%s", signature);
	if (!buf_ok(out))
		return error_set(error, "Aws.RequestTooLarge",
		    "an Authorization header of over %zu bytes", out->max);
	return true;
}
