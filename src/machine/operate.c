/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Redriving reads the history as if ExecutionRedriven stood at its end already;
 * then it goes on as after a restart.
 */
#include "machine/operate.h"

#include <search.h>
#include <string.h>

#include "machine/inside.h"
#include "machine/lifecycle.h"
#include "machine/replay.h"
#include "machine/resume.h"
#include "util/alloc.h"
#include "util/cleanup.h"

/* The events and one more, which the caller frees. */
static struct event *
redriven(const struct event *events, size_t count, const char *by)
{
	struct event *all = xcalloc(count + 1, sizeof *all);

	if (count > 0)
		memcpy(all, events, count * sizeof *all);
	all[count] = (struct event){
		.id = (int64_t)count + 1,
		.type = EVENT_EXECUTION_REDRIVEN,
		.resource = by,
	};
	return all;
}

bool
engine_redrive(struct engine *engine, const char *name,
    const struct standing *standing, const struct event *events, size_t count,
    const char *by, struct error *error)
{
	FREE_LATER struct event *all = NULL;
	struct execution *execution;
	struct replay past;

	if (engine_find(engine, name) != NULL)
		return error_set(error, "Daemon.NotFailed", "it is running");
	if (standing->status != STATUS_FAILED)
		return error_set(error, "Daemon.NotFailed", "it is %s",
		    status_name(standing->status));
	all = redriven(events, count, by);
	if (!replay_read(engine->machine, all, count + 1, &past, error))
		return false;
	execution = engine_add(engine, name, standing);
	execution->last_id = (int64_t)count;
	execution->durable_id = execution->last_id;
	resume_redriven(execution, &past, by);
	return true;
}

bool
engine_stop(struct engine *engine, const char *name, const char *by)
{
	struct execution *execution = engine_find(engine, name);
	struct error error;

	if (execution == NULL || execution->status != STATUS_RUNNING)
		return false;
	error_set(&error, "Daemon.Stopped", "stopped by %s", by);
	lifecycle_news(
	    execution, NEWS_STOP, &(struct report){ .error = &error });
	return execution->status == STATUS_ABORTED;
}

struct release {
	bool (*which)(void *arg, const char *const *tags);
	void *arg;
	const char *by;
};

static void
release_one(const void *node, VISIT visit, void *arg)
{
	const struct release *all = arg;
	struct execution *execution = *(struct execution *const *)node;
	const char *const *tags = (const char *const *)execution->tags;

	if ((visit != preorder && visit != leaf) ||
	    execution->waits != WAITS_HOLD)
		return;
	if (all->which == NULL || all->which(all->arg, tags))
		lifecycle_news(
		    execution, NEWS_RELEASE, &(struct report){ .by = all->by });
}

size_t
engine_release(struct engine *engine,
    bool (*which)(void *arg, const char *const *tags), void *arg,
    const char *by)
{
	struct release all = { which, arg, by };
	size_t held = engine->held;

	twalk_r(engine->executions, release_one, &all);
	return held - engine->held;
}
