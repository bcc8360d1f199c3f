/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A read of the store for the sake of one call, which holds it: it ends when
 * the client goes.
 */
#ifndef KG_CONTROL_READING_H
#define KG_CONTROL_READING_H

#include <stdbool.h>

struct call;
struct error;
struct store_read;

struct reading {
	struct call *call;
	struct store_read *read; /* to be set by who starts it */
	char *asked;             /* a copy of what was asked for, or NULL */
};

/* A new one, held by the call. */
struct reading *reading_new(struct call *call, const char *asked);

/* The read has come back. If with an error, the call fails: false. */
bool reading_ended(struct reading *reading, const struct error *error);

#endif
