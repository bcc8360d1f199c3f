/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The canonical request and the signature of Signature Version 4, made from a
 * request as it arrived; nothing of it comes from the client under test.
 */
#ifndef KG_TESTS_SANDBOX_MODEL_CANONICAL_H
#define KG_TESTS_SANDBOX_MODEL_CANONICAL_H

#include <stdbool.h>

#include "sandbox/model.h"

struct buf;

#define SIGNATURE_HEX 65 /* with its NUL */

/* The value of the first header of that name; NULL when there is none. */
const char *header_value(const struct model_request *request, const char *name);

/* Appends the canonical request for `signed_headers` ("host;x-amz-date").
 * False when one of them did not arrive, or they are not in order. */
bool canonical_request(const struct model_request *request,
    const char *signed_headers, struct buf *out);

/* Appends the string to sign; `scope` is "20150830/us-east-1/iam/aws4_request",
 * `stamp` the time of the request in its basic form. */
void canonical_to_sign(const struct buf *canonical, const char *stamp,
    const char *scope, struct buf *out);

/* The signature, in hex, of a string to sign by a secret key. */
void canonical_signature(const struct buf *to_sign, const char *secret,
    const char *scope, char out[SIGNATURE_HEX]);

#endif
