/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Points in time as text and back: RFC 3339 in UTC as the JSON, the log and
 * Step Functions have it, and the basic form that Signature Version 4 signs.
 */
#ifndef KG_UTIL_STAMP_H
#define KG_UTIL_STAMP_H

#include <stdbool.h>
#include <stdint.h>

#define STAMP_RFC3339 25 /* "2026-08-22T13:36:00.123Z" and a NUL */
#define STAMP_AMZ     17 /* "20150830T123600Z" and a NUL */

/* "2026-08-22T13:36:00.123Z" of milliseconds since the epoch. */
void stamp_rfc3339(int64_t wall_ms, char out[STAMP_RFC3339]);

/* "20150830T123600Z" of milliseconds since the epoch. */
void stamp_amz(int64_t wall_ms, char out[STAMP_AMZ]);

/*
 * Parses RFC 3339 ("2026-06-05T06:27:57Z", a fraction, an offset) strictly.
 * False for anything else, also for days that do not exist.
 */
bool stamp_parse(const char *text, int64_t *ret_wall_ms);

#endif
