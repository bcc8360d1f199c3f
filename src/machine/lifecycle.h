/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens to an execution, whatever it waits for: the full matrix of both.
 */
#ifndef KG_MACHINE_LIFECYCLE_H
#define KG_MACHINE_LIFECYCLE_H

#include <stdbool.h>
#include <stddef.h>

#include "machine/execution.h"

/* What wakes an execution. */
enum news {
	NEWS_LANE,      /* its lane is clear */
	NEWS_ENDED,     /* its run has ended */
	NEWS_DUE,       /* its time has come */
	NEWS_LOADED,    /* its history is read, or could not be */
	NEWS_SUBMITTED, /* an intent is durable */
	NEWS_DURABLE,   /* another event is durable */
	NEWS_EXISTS,    /* the store has had one of that name */
	NEWS_HELD,      /* the store cannot keep it */
	NEWS_DRAIN,     /* nothing is to be started any more */
	NEWS_STOP,      /* it is stopped by hand */
	NEWS_RELEASE,   /* what was held goes on */
	NEWS,           /* how many there are */
};

/* What comes with the news. */
struct report {
	int64_t event_id;           /* of SUBMITTED */
	const struct event *events; /* of LOADED: the history */
	size_t count;
	const struct error *error; /* of LOADED: why it could not be; of STOP:
				      what it ends with */
	const char *by;            /* of RELEASE: who it was */
};

/* Does what the matrix says. The execution may be gone afterwards. `report` is
 * NULL where nothing comes with the news. */
void lifecycle_news(
    struct execution *execution, enum news news, const struct report *report);

/* One of its events is durable: what follows from that, whatever it waits for,
 * and then the news of it. */
void lifecycle_durable(struct execution *execution, const struct event *event);

#endif
