/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's randomness, or xoshiro256** (Blackman and Vigna) seeded by
 * splitmix64 as its authors advise.
 */
#include "util/random.h"

#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

struct random
random_real(void)
{
	return (struct random){ { 0 } };
}

static uint64_t
splitmix64(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

struct random
random_seeded(uint64_t seed)
{
	struct random random;

	for (size_t i = 0; i < 4; i++)
		random.state[i] = splitmix64(&seed);
	return random;
}

static uint64_t
rotate(uint64_t x, int bits)
{
	return (x << bits) | (x >> (64 - bits));
}

static uint64_t
xoshiro256(uint64_t s[4])
{
	uint64_t result = rotate(s[1] * 5, 7) * 9;
	uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return result;
}

static uint64_t
from_kernel(void)
{
	uint64_t number;

	/* The kernel has had its entropy long before us, or we must not run. */
	if (getentropy(&number, sizeof number) != 0)
		abort();
	return number;
}

uint64_t
random_next(struct random *random)
{
	const uint64_t *s = random->state;
	bool real = (s[0] | s[1] | s[2] | s[3]) == 0;

	return real ? from_kernel() : xoshiro256(random->state);
}

double
random_unit(struct random *random)
{
	/* The upper 53 bits: as many as a double holds. */
	return (double)(random_next(random) >> 11) * 0x1p-53;
}

void
random_hex(struct random *random, char *out, size_t digits)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < digits; i++) {
		bits = i % 16 == 0 ? random_next(random) : bits >> 4;
		out[i] = "0123456789abcdef"[bits & 15];
	}
	out[digits] = '\0';
}
