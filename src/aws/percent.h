/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Percent-encoding as AWS wants it, in paths, queries and form bodies alike:
 * what RFC 3986 calls unreserved stays, every other byte is %XX in upper case,
 * a space %20 (aws-protocols 1.3).
 */
#ifndef KG_AWS_PERCENT_H
#define KG_AWS_PERCENT_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/* Appends `len` bytes encoded. False when over the buf's cap. */
bool percent_encode(const char *bytes, size_t len, struct buf *out);

/* Appends `len` bytes, with each %XX in them decoded, encoded anew: so that
 * "%7e", "%7E" and "~" come out the same. False when over the buf's cap. */
bool percent_normalize(const char *bytes, size_t len, struct buf *out);

#endif
