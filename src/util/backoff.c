/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Growing pauses with jitter: half of the bound is certain, so that a service
 * in trouble gets its rest; the other half is chance, so that not everybody
 * comes back at once.
 */
#include "util/backoff.h"

#include <assert.h>
#include <limits.h>

#include "util/random.h"

static int64_t
bound_ms(const struct backoff *backoff)
{
	int64_t bound = backoff->base_ms;

	assert(bound > 0);
	for (unsigned i = 0; i < backoff->failures; i++) {
		if (bound >= backoff->cap_ms - bound)
			return backoff->cap_ms;
		bound *= 2;
	}
	return bound < backoff->cap_ms ? bound : backoff->cap_ms;
}

int64_t
backoff_next(struct backoff *backoff, struct random *random)
{
	int64_t bound = bound_ms(backoff);
	int64_t half = bound / 2;

	if (backoff->failures < UINT_MAX)
		backoff->failures++;
	return half +
	    (int64_t)(random_unit(random) * (double)(bound - half + 1));
}

void
backoff_reset(struct backoff *backoff)
{
	backoff->failures = 0;
}
