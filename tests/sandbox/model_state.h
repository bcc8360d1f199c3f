/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the model remembers. Lists keep the order of arrival; what is deleted
 * of keys stays, marked, so that a test can ask for it.
 */
#ifndef KG_TESTS_SANDBOX_MODEL_STATE_H
#define KG_TESTS_SANDBOX_MODEL_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "util/random.h"

struct call;
struct fault;
struct json_object;

enum principal_kind { PRINCIPAL_USER, PRINCIPAL_ROOT, PRINCIPAL_ROLE };

/* Who signs: a user, an account's root, or a session of a role. */
struct principal {
	STAILQ_ENTRY(principal) next;
	enum principal_kind kind;
	char *account;
	char *name; /* root: "root"; role: "name/session" */
};

struct key {
	STAILQ_ENTRY(key) next;
	struct principal *owner;
	char *id;
	char *secret;
	char *token;        /* of session credentials, else NULL */
	int64_t expires_ms; /* of session credentials; 0: never */
	int64_t created_ms;
	int64_t deleted_ms; /* 0: it lives */
	bool active;
	int64_t used_ms; /* 0: never */
	char *used_service;
	char *used_region;
};

struct message {
	STAILQ_ENTRY(message) next;
	uint64_t number; /* within the model */
	char *id;
	char *body;
	size_t len;
	int64_t sent_ms;
	int64_t first_ms;    /* first received; 0: never */
	int64_t received_ms; /* last received */
	int64_t visible_ms;  /* from when it can be received */
	unsigned int receives;
	uint64_t receipt;   /* the newest receipt; 0: none */
	struct queue *from; /* a dead letter's queue of origin */
};

struct queue {
	STAILQ_ENTRY(queue) next;
	char *account;
	char *region;
	char *name;
	int64_t visibility_s;
	int64_t wait_s;
	int64_t max_in_flight;
	int64_t max_receives; /* 0: no dead-letter queue */
	char *dead_letters;   /* name of a queue beside this one */
	bool shuffle;         /* received in any order */
	int64_t created_ms;
	STAILQ_HEAD(, message) messages;
	uint64_t deleted; /* acknowledged */
};

/* A subscription of a queue to a topic. */
struct subscription {
	STAILQ_ENTRY(subscription) next;
	char *queue; /* its name, beside the topic */
	bool raw;    /* without an envelope */
};

struct topic {
	STAILQ_ENTRY(topic) next;
	char *arn;
	char *account; /* these two within the ARN */
	char *region;
	STAILQ_HEAD(, subscription) subscriptions;
	struct json_object *published; /* array, in order */
};

struct trail_event {
	STAILQ_ENTRY(trail_event) next;
	int64_t wall_ms;
	char *region; /* NULL: seen from each */
	struct json_object *record;
};

struct model {
	uint64_t seed;
	struct random random;
	int64_t skew_ms; /* how far AWS's clock is ahead of the caller's */
	bool emulator;   /* answers as emulators do where they differ */
	STAILQ_HEAD(, principal) principals;
	STAILQ_HEAD(, key) keys;
	STAILQ_HEAD(, queue) queues;
	STAILQ_HEAD(, topic) topics;
	STAILQ_HEAD(, trail_event) events;
	STAILQ_HEAD(, fault) faults;
	STAILQ_HEAD(, call) parked;
	struct json_object *calls;    /* array, the log */
	struct json_object *counters; /* calls by "Service.Operation" */
	uint64_t messages_made;
	uint64_t receipts_made;
	uint64_t published;
	uint64_t deleted_keys;
};

#endif
