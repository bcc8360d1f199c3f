/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lengths of time as people write them: a whole number and its unit, "90s",
 * "10min", "1h", "7d".
 */
#ifndef KG_UTIL_DURATION_H
#define KG_UTIL_DURATION_H

#include <stdbool.h>
#include <stdint.h>

/* Milliseconds of such a text; false for any other, or more than 10,000
 * years. */
bool duration_parse(const char *text, int64_t *ret_ms);

/* The text of whole seconds, in the largest unit that divides them. The caller
 * frees it. */
char *duration_text(int64_t ms);

#endif
