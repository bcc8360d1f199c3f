/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The breaker on virtual time. Engine and store are stand-ins: executions that
 * are held, and one note that becomes durable when the test says so.
 */
#ifndef KG_TESTS_UNIT_BREAKER_WORLD_H
#define KG_TESTS_UNIT_BREAKER_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"
#include "unit/unit.h"
#include "util/health.h"
#include "workflow/breaker.h"

#define OWN   "123456789012"
#define OTHER "210987654321"
#define MAX   3 /* in 10 min; held for an hour */

struct engine {
	const char *held[8]; /* accounts of executions */
	size_t count;
	char *told[4]; /* names of executions started, and the last input */
	size_t told_count;
	char *input;
	char by[64];
};

struct store {
	char *key, *text;
	store_done *done; /* waits to be told that the note is durable */
	void *arg;
	store_done *before; /* that of the note before it, and its */
	void *before_arg;
	struct store_intent intents[16]; /* newest first */
	size_t intent_count;
	int64_t since_ms; /* as it was asked */
	bool broken;
};

extern struct engine engine;
extern struct store store;
extern struct health health;
extern struct loop *loop;
extern struct breaker *breaker;

/* A checked fixture. */
void breaker_setup(void);
void breaker_teardown(void);

/* A breaker that has read what the store knows, and one that goes on. */
bool breaker_reads(void);
void breaker_restarts(void);

/* The note is durable. */
void note_is_durable(void);

/* An execution of that account is held; one deleted its key so long ago, later
 * than those before. */
void hold(const char *account);
void deleted(const char *account, int64_t ago_ms);

/* Whether a deletion is allowed; how many in a row. */
bool allow(const char *account);
int allowed(const char *account);

#endif
