/* SPDX-License-Identifier: Apache-2.0 */
/* What the daemon of a scenario has in its store. */
#include <stdio.h>
#include <string.h>

#include "daemon/core.h"
#include "scenarios/world.h"
#include "store/store.h"

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
