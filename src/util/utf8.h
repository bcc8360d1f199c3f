/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8 (RFC 3629) where text from outside meets a fixed room or a format that
 * demands it: no overlong forms, no surrogates, nothing past U+10FFFF.
 */
#ifndef KG_UTIL_UTF8_H
#define KG_UTIL_UTF8_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* The length (1 to 4) of the character that starts at `text`, of which `len`
 * bytes are there; 0 when none does. A NUL counts as a character. */
size_t utf8_char(const char *text, size_t len);

/* Whether the string is UTF-8. */
bool utf8_valid(const char *text);

/* Turns each byte that belongs to no character into '?', in place. */
void utf8_repair(char *text);

/* vsnprintf that leaves valid UTF-8 in `out`: repaired, and cut between two
 * characters with "..." at its end when `room` bytes are too few. */
void utf8_vformat(char *out, size_t room, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

#endif
