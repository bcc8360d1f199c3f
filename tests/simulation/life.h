/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One life of the daemon, all of it decided by a seed: its core on virtual
 * time, between a sandbox's AWS, a disk, an operator and the weather, until
 * nothing is left to be done. What happens is written down as one document,
 * the trace (README.md has its form), for others to judge.
 */
#ifndef KG_TESTS_SIMULATION_LIFE_H
#define KG_TESTS_SIMULATION_LIFE_H

#include <stdbool.h>
#include <stdint.h>

#include "scenarios/world.h"
#include "simulation/calls.h"
#include "simulation/hand.h"
#include "util/random.h"

struct json_object;

struct life {
	struct world world;
	uint64_t seed;
	struct random random; /* what the seed decides; nobody else's */
	struct calls calls;
	struct errands errands;

	/* The trace. */
	struct json_object *trace, *records;
	bool logs; /* has each line of the log, too */
	int64_t lines;

	/* Death and birth. */
	int64_t fuse;     /* callbacks until it dies; 0: it does not */
	const char *aim;  /* the place at which it is to die; NULL: none */
	int64_t start_ms; /* when it is started again; 0: it runs */
	bool draining;
	bool calm; /* nothing goes wrong any more */
	struct engine_observer observer;
	int intents; /* that are durable, and no deletion has followed yet */
	struct json_object *standings; /* how each execution stood last */
	bool held;                     /* one of them by the breaker */

	/* Whether the store was at rest, when so much had been written. */
	uint64_t writes;
	bool at_rest;

	/* What has been sent, to be sent again. */
	struct json_object *bodies;
	unsigned findings;
	int64_t clock_ms; /* how far the daemon's clock is ahead */
	unsigned sessions;
	bool odd_credentials;
	uint64_t kinds; /* faults that this life knows, a bit each */
};

/* Lives it; the trace is the caller's to free. */
struct json_object *life_live(uint64_t seed, bool logs);

/* A number below `limit`; whether something of so many in a hundred happens;
 * one of a row of numbers. */
unsigned life_any(struct life *life, unsigned limit);
bool life_chance(struct life *life, unsigned percent);
int64_t life_one_of(struct life *life, const int64_t *row, size_t count);
#define LIFE_ONE_OF(life, ...)                                                 \
	life_one_of(life, (const int64_t[]){ __VA_ARGS__ },                    \
	    sizeof((const int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t))

/* The time that is everywhere but in the daemon, wall clock in ms. */
int64_t life_now(const struct life *life);

/* A new record of what happens now, whose member `what` is `value`; takes it
 * and returns it. */
struct json_object *life_record(
    struct life *life, const char *what, struct json_object *value);

/* The same, of one word. */
void life_note(struct life *life, const char *what, const char *word);

#endif
