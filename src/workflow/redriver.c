/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two lines, since a key that lives must not wait behind mails that cannot be
 * sent.
 */
#include "workflow/redriver.h"

#include <string.h>

#include "loop/loop.h"
#include "machine/engine.h"
#include "machine/operate.h"
#include "store/read.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/log.h"
#include "util/message_id.h"
#include "workflow/due_line.h"
#include "workflow/exposed_key.h"
#include "workflow/name.h"
#include "workflow/retry.h"

#define LINES     2
#define AUTOMATIC "redrive:automatic"

struct redriver {
	struct due_host host;
	struct engine_observer observer;
	bool observes;
	struct due_line lines[LINES];
};

/* Its retry runs already if a restart came before it was settled. */
static bool
retry(const struct due_host *host, const struct due_past *past, char **ret_name,
    struct error *error)
{
	FREE_LATER char *name = name_after(past->of->name);

	if (engine_running(host->engine, name))
		return true;
	log_with(LEVEL_NOTICE,
	    LOG_FIELDS({ "KEYGUARD_EXECUTION", past->of->name }),
	    "%s: its key may be alive: retried by %s", past->of->name, name);
	return retry_start(host->engine, loop_random(host->loop), past->of,
	    past->events, past->count, NULL, ret_name, error);
}

static bool
redriven_before(const struct due_past *past)
{
	for (size_t i = 0; i < past->count; i++)
		if (past->events[i].type == EVENT_EXECUTION_REDRIVEN &&
		    strcmp(past->events[i].resource, AUTOMATIC) == 0)
			return true;
	return false;
}

/* A key that lives must not wait for SNS either: its retry goes on ahead. */
static bool
redrive(const struct due_host *host, const struct due_past *past,
    char **ret_name, struct error *error)
{
	const struct store_execution *of = past->of;
	FREE_LATER char *ahead = NULL;

	if (retry_passing(of, past->events, past->count) &&
	    !redriven_before(past))
		retry(host, past, &ahead, NULL);
	if (!engine_redrive(host->engine, of->name, &of->standing, past->events,
		past->count, AUTOMATIC, error))
		return false;
	*ret_name = xstrdup(of->name);
	return true;
}

static const struct due_kind kinds[LINES] = {
	{
	    .status = STATUS_FAILED,
	    .state = NOTIFY,
	    .take = redrive,
	    .over = "nobody could be told of it in all that time, and it is "
		    "not redriven any more",
	    .message_id = MESSAGE_ID_UNTOLD,
	},
	{
	    .status = STATUS_SUCCEEDED,
	    .state = DELETE_KEY,
	    .settles = true,
	    .take = retry,
	    .over = "its key could not be deleted in all that time, and it is "
		    "not retried any more",
	    .message_id = MESSAGE_ID_UNCONTAINED,
	},
};

static void
on_event(void *arg, const char *name, const struct event *event,
    const struct standing *standing)
{
	struct redriver *redriver = arg;

	(void)event;
	for (int i = 0; i < LINES; i++)
		due_line_event(&redriver->lines[i], name, standing);
}

static void
on_exists(void *arg, const char *name, enum status status)
{
	struct redriver *redriver = arg;

	(void)status;
	for (int i = 0; i < LINES; i++)
		due_line_exists(&redriver->lines[i], name);
}

static void
on_held(void *arg, const char *name, const struct error *error)
{
	struct redriver *redriver = arg;

	(void)error;
	for (int i = 0; i < LINES; i++)
		due_line_held(&redriver->lines[i], name);
}

struct redriver *
redriver_new(struct loop *loop, struct engine *engine, struct store *store,
    int64_t retention_ms)
{
	struct redriver *redriver = xzalloc(sizeof *redriver);

	redriver->host = (struct due_host){ loop, engine, store, retention_ms };
	redriver->observer = (struct engine_observer){
		.on_event = on_event,
		.on_exists = on_exists,
		.on_held = on_held,
		.arg = redriver,
	};
	for (int i = 0; i < LINES; i++)
		due_line_init(&redriver->lines[i], &redriver->host, &kinds[i]);
	return redriver;
}

void
redriver_begin(struct redriver *redriver)
{
	redriver->observes = true;
	engine_observe(redriver->host.engine, &redriver->observer);
	for (int i = 0; i < LINES; i++)
		due_line_begin(&redriver->lines[i]);
}

void
redriver_stop(struct redriver *redriver)
{
	if (redriver->observes)
		engine_unobserve(redriver->host.engine, &redriver->observer);
	redriver->observes = false;
	for (int i = 0; i < LINES; i++)
		due_line_stop(&redriver->lines[i]);
}

void
redriver_free(struct redriver *redriver)
{
	if (redriver == NULL)
		return;
	redriver_stop(redriver);
	for (int i = 0; i < LINES; i++)
		due_line_done(&redriver->lines[i]);
	free(redriver);
}
