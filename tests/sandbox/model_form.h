/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Percent-encoding: the form bodies of the Query protocol, and what Signature
 * Version 4 makes of paths and queries.
 */
#ifndef KG_TESTS_SANDBOX_MODEL_FORM_H
#define KG_TESTS_SANDBOX_MODEL_FORM_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct json_object;

/* A form as an object of strings; the first of its name counts. The caller
 * frees it. NULL when an escape is broken or a NUL is in it. */
struct json_object *form_parse(const char *body, size_t len);

/* Undoes the escapes, and "+" for a space if `plus`; NULL as above. */
char *form_unescape(const char *text, size_t len, bool plus);

/* Appends text with all but unreserved characters escaped; those of `keep`
 * stay as they are. */
void form_escape(struct buf *out, const char *text, const char *keep);

#endif
