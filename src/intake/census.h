/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the queue says of itself, and how much is in its queue of dead letters.
 * Both are asked when somebody wants to know, and only then.
 */
#ifndef KG_INTAKE_CENSUS_H
#define KG_INTAKE_CENSUS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "util/error.h"

struct aws;
struct aws_call;
struct sqs_attributes;

/* Who wants to know. */
struct census_asker {
	LIST_ENTRY(census_asker) list;
	bool waits;
	void (*told)(void *arg);
	void *arg;
};

struct census {
	struct aws *aws;
	const char *queue_url;
	/* The queue has answered, or not: one of the two is NULL. */
	void (*on_answer)(void *arg, const struct sqs_attributes *attributes,
	    const struct error *error);
	void *arg;
	struct aws_call *call; /* to the one queue or to the other */
	LIST_HEAD(census_askers, census_asker) askers;
	int64_t depth, dead_letters; /* -1: not known */
	struct error
	    uncounted; /* why there are no dead_letters; name "": none */
};

/* Borrows all. */
void census_init(struct census *census, struct aws *aws, const char *queue_url,
    void (*on_answer)(void *arg, const struct sqs_attributes *attributes,
	const struct error *error),
    void *arg);

/* Asks the queue, unless that is under way. */
void census_take(struct census *census);

/* Asks both queues; `told` is called once both have answered, or have not. */
void census_ask(struct census *census, struct census_asker *asker);

/* From now on `told` is not called. */
void census_unask(struct census_asker *asker);

void census_done(struct census *census);

#endif
