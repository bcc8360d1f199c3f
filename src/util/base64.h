/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes as text in base64 (RFC 4648, section 4: with padding, no line breaks),
 * by OpenSSL: for what has to pass through JSON.
 */
#ifndef KG_UTIL_BASE64_H
#define KG_UTIL_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* The text of `len` bytes, of which the caller bounds the number and frees the
 * result. */
char *base64_encode(const void *bytes, size_t len);

/* The bytes of a text: the caller frees them. NULL if it is none. */
void *base64_decode(const char *text, size_t *ret_len);

#endif
