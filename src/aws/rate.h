/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How fast calls may follow each other. A rate is found out, not known: there
 * is none until AWS says "Throttling"; then it is seven tenths of what was sent
 * in the last second, and grows again second by second until it is none
 * (additive increase, multiplicative decrease). Where the limit is published it
 * is always kept. Pure: the time comes with each call.
 */
#ifndef KG_AWS_RATE_H
#define KG_AWS_RATE_H

#include <stdbool.h>
#include <stdint.h>

struct rate {
	double ceiling; /* calls per second from which on it is no limit */
	bool published; /* the ceiling itself is a limit */
	double floor;   /* it never falls below */
	double step;    /* what it grows by, per second */

	/* How it stands; zero at the start. */
	double base;           /* after the last decrease; 0: none yet */
	int64_t since_ms;      /* when that was */
	int64_t next_ms;       /* no call before */
	int64_t second_ms;     /* the second being counted began */
	unsigned sent, before; /* calls in it, and in the one before */
};

/* Milliseconds until the next call may go; 0: now. */
int64_t rate_wait_ms(const struct rate *rate, int64_t now_ms);

/* A call goes. */
void rate_take(struct rate *rate, int64_t now_ms);

/* AWS said that it was too much. Said again within a second it is about the
 * same calls, and changes nothing. */
void rate_throttled(struct rate *rate, int64_t now_ms);

/* Calls per second in force; 0: no limit. */
double rate_now(const struct rate *rate, int64_t now_ms);

#endif
