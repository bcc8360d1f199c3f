/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A provider in front of a slower one: it holds what is still good, gets the
 * next ones before the old expire, and lets any number wait for one look-up.
 */
#ifndef KG_AWS_CRED_CACHE_H
#define KG_AWS_CRED_CACHE_H

#include "aws/credentials.h"

/* A cache in front of `source`, which it frees. */
struct credentials_provider *cred_cache_new(
    struct loop *loop, struct credentials_provider *source);

/* How urgently credentials are to be replaced. */
enum cred_age {
	CRED_FRESH,
	CRED_AGING,   /* look for the next ones, use these meanwhile */
	CRED_OLD,     /* wait for the next ones; these if there are none */
	CRED_EXPIRED, /* of no use */
};

/* The age at `now_wall_ms` of credentials that were got at `got_wall_ms`: they
 * are aging 15 minutes before they expire, old 10 minutes before, or at three
 * quarters and five sixths of a life of less than an hour. */
enum cred_age cred_age(const struct credentials *credentials,
    int64_t got_wall_ms, int64_t now_wall_ms);

#endif
