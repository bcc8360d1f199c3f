/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Growing pauses with full jitter for what is tried for ever: the poll, the
 * acknowledgements, the heartbeats. (Tasks are retried by their table alone.)
 */
#ifndef KG_UTIL_BACKOFF_H
#define KG_UTIL_BACKOFF_H

#include <stdint.h>

struct random;

struct backoff {
	int64_t base_ms; /* the first bound */
	int64_t cap_ms;  /* the last */
	unsigned failures;
};

/*
 * Counts a failure and returns the pause before the next try: uniform between
 * half of and the whole of min(cap, base * 2^failures).
 */
int64_t backoff_next(struct backoff *backoff, struct random *random);

/* Forgets the failures: it worked. */
void backoff_reset(struct backoff *backoff);

#endif
