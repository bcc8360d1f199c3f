/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happened in a state, moment by moment: lines of text to the right of the
 * state's own line, whose sign says at a glance what it was: x for what went
 * wrong, > for what goes on now.
 */
#ifndef KG_CTL_MOMENTS_H
#define KG_CTL_MOMENTS_H

#include <stddef.h>

struct ctl;
struct path;

/* All borrowed. */
struct moments {
	const struct ctl *ctl;
	const struct path *path;
	const char *day; /* a stamp: times of that day are without a date */
};

/* Columns that the terminal has behind the first `used`; some at least. */
size_t moments_room(const struct moments *moments, size_t used);

/* A text behind a sign, on as many lines as it needs; "" is not said. */
void moments_say(const struct moments *moments, char sign, const char *text);

/* Events of the history, from `first` to before `end`: what the drawing does
 * not say already, in the middle of too many only how many these are. */
void moments_tell(const struct moments *moments, size_t first, size_t end);

/* What an execution waits for that has not ended; `due`: a stamp, or NULL. */
void moments_go_on(const struct moments *moments, const char *due);

#endif
