/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Randomness as a value that can be swapped: the kernel's in the daemon, a
 * seeded generator (xoshiro256**) in simulations, so that a run can be
 * repeated from its seed.
 */
#ifndef KG_UTIL_RANDOM_H
#define KG_UTIL_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random {
	uint64_t state[4]; /* all zero: the kernel's randomness */
};

/* The kernel's randomness. */
struct random random_real(void);

/* A generator that repeats itself for the same seed. */
struct random random_seeded(uint64_t seed);

/* A uniform 64-bit number. */
uint64_t random_next(struct random *random);

/* A uniform number in [0, 1). */
double random_unit(struct random *random);

/* Fills `out` with `digits` lower-case hex digits and a NUL. */
void random_hex(struct random *random, char *out, size_t digits);

#endif
