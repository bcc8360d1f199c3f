/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The machine's own clocks behind the interface that simulations replace.
 */
#include "util/clock.h"

#include <assert.h>
#include <stddef.h>
#include <time.h>

static int64_t
read_ms(clockid_t id)
{
	struct timespec now;

	int rc = clock_gettime(id, &now);
	assert(rc == 0);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t
real_wall_ms(void *self)
{
	(void)self;
	return read_ms(CLOCK_REALTIME);
}

static int64_t
real_mono_ms(void *self)
{
	(void)self;
	return read_ms(CLOCK_MONOTONIC);
}

struct clock
clock_real(void)
{
	return (struct clock){ NULL, real_wall_ms, real_mono_ms };
}

int64_t
clock_wall_ms(const struct clock *clock)
{
	return clock->wall_ms(clock->self);
}

int64_t
clock_mono_ms(const struct clock *clock)
{
	return clock->mono_ms(clock->self);
}
