/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What json-c lets through although RFC 8259 does not, or changes in silence:
 * bytes that are no UTF-8, raw control characters, 'single quotes', NaN, "1.",
 * integers past 64 bits (it saturates them), a NUL in a member's name (it cuts
 * the name there). Checked token by token before json-c sees the text; how the
 * tokens fit together stays json-c's part.
 */
#ifndef KG_UTIL_DOC_CHECK_H
#define KG_UTIL_DOC_CHECK_H

#include <stdbool.h>
#include <stddef.h>

struct error;

/* Whether every token of the text is JSON; `Doc.Malformed` with the byte. */
bool doc_check(const char *text, size_t len, struct error *error);

#endif
