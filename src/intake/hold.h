/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A message of the queue that is in our hands: from its receipt until it is
 * deleted there, or given up. What each of the intake's parts keeps about it
 * stands in one place, so that a newer receipt handle reaches all of them.
 */
#ifndef KG_INTAKE_HOLD_H
#define KG_INTAKE_HOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct batch;
struct delivery;

struct hold {
	struct delivery *delivery; /* whose it is */
	char *id;                  /* MessageId; the same on every redelivery */
	char *receipt;             /* the newest receipt handle */
	unsigned receipts; /* how many there were: which one is the newest */
	int64_t received_mono_ms; /* of the newest receipt */

	/* delivery: what has to become durable before it is deleted */
	size_t pending;
	bool given_up; /* never to be deleted by us */

	/* heartbeat: when it is extended next; in `list` while pending */
	int64_t extend_mono_ms;
	bool beating;
	unsigned misses; /* how often in a row it was not */

	/* acknowledge: in `list` once closed */
	bool closed;
	bool failed; /* it was tried, and is not gone */
	bool alone;  /* it failed in a batch: try it by itself */

	TAILQ_ENTRY(hold) list;

	/* batch: the call under way that names it, and under which receipt */
	struct batch *batch;
	unsigned sent_receipt;
};

TAILQ_HEAD(hold_list, hold);

#endif
