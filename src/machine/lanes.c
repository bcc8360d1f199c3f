/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lanes by name, each a queue of those that are in it.
 */
#include "machine/lanes.h"

#include <search.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "machine/execution.h"
#include "machine/names.h"
#include "util/alloc.h"

struct lane {
	const char *name; /* first: names.h */
	struct execution_queue queue;
};

static struct lane *
lane_of(struct lanes *lanes, const char *name)
{
	struct lane **found = tfind(&name, &lanes->by_name, names_compare);
	struct lane *lane;

	if (found != NULL)
		return *found;
	lane = xzalloc(sizeof *lane);
	lane->name = xstrdup(name);
	TAILQ_INIT(&lane->queue);
	xtsearch(lane, &lanes->by_name, names_compare);
	return lane;
}

void
lanes_join(struct lanes *lanes, const char *name, struct execution *execution,
    bool first)
{
	struct lane *lane = lane_of(lanes, name);

	execution->lane = lane;
	if (first)
		TAILQ_INSERT_HEAD(&lane->queue, execution, in_lane);
	else
		TAILQ_INSERT_TAIL(&lane->queue, execution, in_lane);
}

struct execution *
lanes_leave(struct lanes *lanes, struct execution *execution)
{
	struct lane *lane = execution->lane;
	bool had = lanes_clear(execution);

	if (lane == NULL)
		return NULL;
	TAILQ_REMOVE(&lane->queue, execution, in_lane);
	execution->lane = NULL;
	if (!TAILQ_EMPTY(&lane->queue))
		return had ? TAILQ_FIRST(&lane->queue) : NULL;
	tdelete(lane, &lanes->by_name, names_compare);
	free((void *)lane->name);
	free(lane);
	return NULL;
}

bool
lanes_taken(const struct lanes *lanes, const char *name)
{
	return tfind(&name, &lanes->by_name, names_compare) != NULL;
}

bool
lanes_clear(const struct execution *execution)
{
	return execution->lane == NULL ||
	    TAILQ_FIRST(&execution->lane->queue) == execution;
}

struct execution *
lanes_first(struct execution *execution)
{
	return execution->lane == NULL ? execution
				       : TAILQ_FIRST(&execution->lane->queue);
}

struct execution *
lanes_next(const struct execution *execution)
{
	return execution->lane == NULL ? NULL : TAILQ_NEXT(execution, in_lane);
}
