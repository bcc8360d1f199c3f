/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people read: times in their own zone, durations, safe text; and the one
 * document that programs read. Nothing that came from outside reaches the
 * terminal with control characters in it.
 */
#ifndef KG_CTL_PRINT_H
#define KG_CTL_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ctl;
struct json_object;

/* The whole document, in place of all else, with `--json`. */
void print_json(const struct ctl *ctl, struct json_object *doc);

/* All that follow return new strings, which the caller frees. */

/* A copy on one line: control and other invisible characters become '?', what
 * is no UTF-8 as well, white space becomes a blank. NULL becomes "". */
char *print_clean(const char *text);

/* "2026-06-05 08:27:57 CEST" of "2026-06-05T06:27:57.123Z"; what is no time is
 * printed as it is. */
char *print_time(const char *stamp);

/* "08:27:57.123" of the same; print_time if that is on another day than `day`
 * (a stamp; NULL: never mind). */
char *print_clock(const char *stamp, const char *day);

/* "45 ms", "1.9 s", "12 min", "3 h 20 min", "5 d 2 h" from one stamp to
 * another; "" if one is missing. */
char *print_duration(const char *from, const char *to);

/* "929 ms later", "2 h before": the same, but said of `to`. */
char *print_later(const char *from, const char *to);

/* "3 h", in one unit, from a stamp until now. */
char *print_age(const char *from);

/* "1 message", "2 messages". */
char *print_count(int64_t count, const char *noun);

#endif
