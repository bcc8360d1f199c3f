/* SPDX-License-Identifier: Apache-2.0 */
/* What the daemon of a scenario has in its store, and does with it. */
#include <stdio.h>
#include <string.h>

#include "daemon/core.h"
#include "loop/loop.h"
#include "scenarios/world.h"
#include "store/store.h"
#include "util/cleanup.h"
#include "workflow/retry.h"

static void
on_shown(void *arg, const struct store_execution *execution,
    const struct event *events, size_t count, const struct error *error)
{
	struct world_execution *ret = arg;

	if (error != NULL || execution == NULL)
		return;
	ret->known = true;
	ret->status = execution->standing.status;
	if (execution->standing.outcome != NULL)
		snprintf(ret->outcome, sizeof ret->outcome, "%s",
		    execution->standing.outcome);
	for (size_t i = 0; i < count; i++) {
		buf_puts(&ret->history, event_type_name(events[i].type));
		if (events[i].type == EVENT_STATE_ENTERED)
			buf_printf(&ret->history, " %s", events[i].state);
		if (events[i].error != NULL)
			buf_printf(&ret->history, " %s", events[i].error->name);
		buf_puts(&ret->history, "\n");
	}
}

void
world_show(
    struct world *world, size_t number, struct world_execution *ret_execution)
{
	*ret_execution = (struct world_execution){
		.history = BUF_INIT((size_t)1 << 20),
	};
	if (number < 1 || number > world->count)
		return;
	store_show(core_store(world->core), world->names[number - 1], on_shown,
	    ret_execution);
	world_settle(world);
}

struct refused {
	char *name;
	size_t room;
};

static void
on_rejected(void *arg, const struct rejected *rows, size_t count,
    const struct error *error)
{
	struct refused *refused = arg;

	if (error == NULL && count > 0)
		snprintf(refused->name, refused->room, "%s", rows[0].error);
}

void
world_refused(struct world *world, char *name, size_t room)
{
	struct refused refused = { name, room };

	*name = '\0';
	store_rejected(core_store(world->core), 0, 1, on_rejected, &refused);
	world_settle(world);
}

struct retrying {
	struct world *world;
	bool ok;
	struct error *error;
};

static void
on_retried(void *arg, const struct store_execution *execution,
    const struct event *events, size_t count, const struct error *error)
{
	struct retrying *retrying = arg;
	struct world *world = retrying->world;
	FREE_LATER char *name = NULL;

	(void)error;
	retrying->ok = execution != NULL &&
	    retry_start(core_engine(world->core), loop_random(world->loop),
		execution, events, count, "retry:uid=0,pid=4711", &name,
		retrying->error);
	if (retrying->ok)
		store_settle(
		    core_store(world->core), execution->name, NULL, NULL);
}

bool
world_retry(struct world *world, size_t number, struct error *error)
{
	struct retrying retrying = { world, false, error };

	world_settle(world);
	if (number < 1 || number > world->count)
		return error_set(error, "Scenario.Failed", "no such execution");
	store_show(core_store(world->core), world->names[number - 1],
	    on_retried, &retrying);
	world_settle(world);
	return retrying.ok;
}
