/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time as a value that can be swapped: the wall clock for what is written
 * down, a monotonic one for what is waited for. Real in the daemon, virtual in
 * simulations; everybody gets it from the loop.
 */
#ifndef KG_UTIL_CLOCK_H
#define KG_UTIL_CLOCK_H

#include <stdint.h>

struct clock {
	void *self;
	int64_t (*wall_ms)(void *self); /* since 1970-01-01T00:00:00Z */
	int64_t (*mono_ms)(void *self); /* never goes back */
};

/* Milliseconds since the epoch. */
int64_t clock_wall_ms(const struct clock *clock);

/* Milliseconds of a clock that never goes back. */
int64_t clock_mono_ms(const struct clock *clock);

/* The machine's own clocks. */
struct clock clock_real(void);

/* In milliseconds. */
#define SECONDS(n) ((int64_t)(n)*1000)
#define MINUTES(n) (SECONDS(n) * 60)
#define HOURS(n)   (MINUTES(n) * 60)
#define DAYS(n)    (HOURS(n) * 24)

#endif
