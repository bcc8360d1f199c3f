/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signature Version 4, header signing, in stages that can each be looked at
 * (aws-protocols 1; AWS General Reference "Signature Version 4"). Pure: the
 * time comes with the request.
 */
#ifndef KG_AWS_SIGV4_H
#define KG_AWS_SIGV4_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/digest.h"
#include "util/error.h"
#include "util/secret.h"
#include "util/stamp.h"

struct buf;

struct sigv4_header {
	const char *name;
	const char *value;
};

/* What is signed. All borrowed. */
struct sigv4_request {
	const char *method;
	const char *path;                   /* as sent; "/" */
	const char *query;                  /* as sent, without "?"; "" */
	const struct sigv4_header *headers; /* all that are signed, in wire
					       order, ended by a NULL name */
	const char *payload_hash;           /* hex SHA-256 of the body */
	bool normalize_path;                /* every service but S3 */
};

/* For whom and when. */
struct sigv4_scope {
	int64_t wall_ms;
	const char *region;
	const char *service; /* signing name */
};

/* Stage 1: appends the canonical request. False when over the buf's cap. */
bool sigv4_canonical(const struct sigv4_request *request, struct buf *out);

/* Stage 2: appends the string to sign for a canonical request. */
bool sigv4_string_to_sign(const struct sigv4_scope *scope,
    const struct buf *canonical, struct buf *out);

/* Stage 3: derives the signing key; the caller wipes it. */
void sigv4_key(const struct secret *secret_key, const struct sigv4_scope *scope,
    unsigned char out[DIGEST_SHA256_BYTES]);

/* Stage 4: the signature, hex. */
void sigv4_signature(const unsigned char key[DIGEST_SHA256_BYTES],
    const struct buf *string_to_sign, char out[DIGEST_SHA256_HEX]);

/*
 * All stages: appends the value of the Authorization header,
 * "AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/iam/aws4_request,
 * SignedHeaders=content-type;host;x-amz-date, Signature=...". The request's
 * headers must hold X-Amz-Date (and X-Amz-Security-Token) already.
 */
bool sigv4_authorization(const struct sigv4_request *request,
    const struct sigv4_scope *scope, const char *access_key_id,
    const struct secret *secret_key, struct buf *out, struct error *error);

#endif
