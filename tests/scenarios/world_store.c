/* SPDX-License-Identifier: Apache-2.0 */
/* What the daemon of a scenario has in its store, and does with it. */
#include <stdio.h>
#include <string.h>

#include "daemon/core.h"
#include "loop/loop.h"
#include "machine/operate.h"
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

/* ---- as the control socket would ---- */

#define BY ":uid=0,pid=4711"

static bool
retry(struct world *world, const struct store_execution *execution,
    const struct event *events, size_t count, struct error *error)
{
	FREE_LATER char *name = NULL;

	if (!retry_start(core_engine(world->core), loop_random(world->loop),
		execution, events, count, "retry" BY, &name, error))
		return false;
	store_settle(core_store(world->core), execution->name, NULL, NULL);
	return true;
}

static bool
redrive(struct world *world, const struct store_execution *execution,
    const struct event *events, size_t count, struct error *error)
{
	return engine_redrive(core_engine(world->core), execution->name,
	    &execution->standing, events, count, "redrive" BY, error);
}

/* What FAILED runs for a moment, to be stopped. */
static bool
stop(struct world *world, const struct store_execution *execution,
    const struct event *events, size_t count, struct error *error)
{
	struct engine *engine = core_engine(world->core);

	if (execution->standing.status == STATUS_FAILED &&
	    !engine_redrive(engine, execution->name, &execution->standing,
		events, count, "stop" BY, error))
		return false;
	return engine_stop(engine, execution->name, "stop" BY) ||
	    error_set(error, "Daemon.NotRunning", "it does not run");
}

bool
world_do(struct world *world, const char *what,
    const struct store_execution *execution, const struct event *events,
    size_t count, struct error *error)
{
	if (strcmp(what, "retry") == 0)
		return retry(world, execution, events, count, error);
	if (strcmp(what, "redrive") == 0)
		return redrive(world, execution, events, count, error);
	return stop(world, execution, events, count, error);
}

struct deed {
	struct world *world;
	const char *what;
	struct error error;
	bool ok;
};

static void
on_found(void *arg, const struct store_execution *execution,
    const struct event *events, size_t count, const struct error *error)
{
	struct deed *deed = arg;

	(void)error;
	if (execution != NULL)
		deed->ok = world_do(deed->world, deed->what, execution, events,
		    count, &deed->error);
}

bool
world_act(struct world *world, const char *what, size_t number)
{
	struct deed deed = { .world = world, .what = what };

	world_settle(world);
	if (number < 1 || number > world->count)
		return world_fail(world, "there are only %zu", world->count);
	store_show(
	    core_store(world->core), world->names[number - 1], on_found, &deed);
	world_settle(world);
	return deed.ok ||
	    world_fail(
		world, "refused: %s: %s", deed.error.name, deed.error.cause);
}
