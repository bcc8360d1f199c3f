/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the daemon asks of AWS, as the trace has it: each call when it is sent,
 * what becomes of it, and, of those that cannot be undone, what was durable at
 * that moment. Calls and answers take their time.
 */
#ifndef KG_TESTS_SIMULATION_CALLS_H
#define KG_TESTS_SIMULATION_CALLS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "util/random.h"

struct http_request;
struct life;

struct call {
	TAILQ_ENTRY(call) next;
	struct life *life;
	const struct http_request *request; /* NULL: it is gone */
	struct json_object *doc;            /* NULL: not worth telling */
	int64_t n;
	const char *service;
	char *operation;
	bool acted;
};

TAILQ_HEAD(call_list, call);

struct calls {
	struct call_list live, dead; /* by whether somebody waits for them */
	struct random random;        /* of how long they take */
	int64_t count, slow_ms;
	struct json_object *receipts; /* handles to message ids */
	struct json_object *durable;  /* when so much had been written */
	uint64_t writes;
	void (*sent)(void *arg, struct http_request *request);
	void (*gone)(void *arg, const struct http_request *request);
};

/* Puts itself between the core and the world's wire. */
void calls_begin(struct life *life);
void calls_end(struct life *life);

/* A call of that operation that somebody waits for, or NULL. */
const struct call *calls_find(const struct life *life, const char *operation);

#endif
