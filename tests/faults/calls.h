/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each operation of the AWS client, called in the same way: with parameters
 * that the sandbox of `calls_state` knows, and an outcome that two calls have
 * in common.
 */
#ifndef KG_TESTS_FAULTS_CALLS_H
#define KG_TESTS_FAULTS_CALLS_H

#include <stddef.h>

#include "util/error.h"

struct aws;
struct loop;

/* How a call ended, so far. */
struct outcome {
	struct loop *loop;  /* stopped at each callback */
	unsigned ended;     /* callbacks */
	struct error error; /* no name: it went well, and brought */
	char result[512];
};

struct call_kind {
	const char *service, *name;
	const char *refusal; /* a code that the service has */
	void (*start)(struct aws *aws, struct outcome *outcome);
};

/* Ended by a NULL service. */
extern const struct call_kind call_kinds[];

/* What the sandbox is to hold: JSON. */
extern const char calls_state[];

#endif
