/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each step does, or expects. A step runs when all that was due before it
 * has run.
 */
#include "scenarios/steps.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core.h"
#include "daemon/schema.h"
#include "fake/fake_loop.h"
#include "scenarios/call.h"
#include "scenarios/cloud.h"
#include "scenarios/expect.h"
#include "scenarios/outside.h"
#include "unit/file.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "workflow/breaker.h"

/* ---- what comes from outside ---- */

/* The row of a key that can be set now: once it runs, one that it reloads. */
static const struct schema_row *
settable(const struct world *world, const char *key)
{
	const struct schema_row *row = schema;

	while (row->section != NULL &&
	    ((world->core != NULL && !row->reloads) ||
		strcmp(row->key, key) != 0))
		row++;
	return row->section == NULL ? NULL : row;
}

static bool
do_config(struct world *world, const struct step *step)
{
	const char *key = step->words[1], *value = step->words[2];
	const struct schema_row *row = settable(world, key);
	struct error error;

	if (strcmp(key, "identity") == 0) {
		world->anonymous = strcmp(value, "unknown") == 0;
		return true;
	}
	if (strcmp(key, "signer") == 0)
		setenv("AWS_ACCESS_KEY_ID", value, 1);
	else if (row == NULL)
		return world_fail(world, "there is no key %s", key);
	else if (!schema_set(row, &world->config, value))
		return world_fail(world, "it takes %s", row->accepts);
	return world->core == NULL || core_reload(world->core, &error) ||
	    world_fail(world, "%s", error.cause);
}

/* The event of a step: a file, or the block. The caller frees it. */
static char *
body_of(const struct step *step)
{
	FREE_LATER char *path = NULL;

	if (step->words[1] == NULL)
		return xstrdup(step->block);
	path = xasprintf("scenarios/events/%s", step->words[1]);
	return file_read(path);
}

static bool
do_event(struct world *world, const struct step *step)
{
	FREE_LATER char *body = body_of(step);

	if (world->model != NULL)
		cloud_send(world, body, strlen(body));
	else
		queue_send(&world->queue, body);
	return true;
}

static bool
do_again(struct world *world, const struct step *step)
{
	queue_send_again(&world->queue, (size_t)atoi(step->words[1]));
	return true;
}

static bool
do_inject(struct world *world, const struct step *step)
{
	FREE_LATER char *body = body_of(step);
	struct error error;

	if (!world_inject(world, body, &error))
		return world_fail(
		    world, "refused: %s: %s", error.name, error.cause);
	return true;
}

static bool
do_inject_refused(struct world *world, const struct step *step)
{
	struct error error;

	if (world_inject(world, step->block, &error))
		return world_fail(world, "it was not refused");
	if (strcmp(error.name, step->words[1]) != 0)
		return world_fail(
		    world, "refused by %s: %s", error.name, error.cause);
	return true;
}

static bool
do_act(struct world *world, const struct step *step)
{
	return world_act(world, step->words[0], (size_t)atoi(step->words[1]));
}

/* As `keyguardctl resume` does. */
static bool
do_resume(struct world *world, const struct step *step)
{
	int64_t expected =
	    strcmp(step->words[1], "nothing") == 0 ? -1 : atoll(step->words[1]);
	int64_t released;

	world_settle(world);
	released = breaker_resume(
	    core_breaker(world->core), step->words[2], "resume:uid=0,pid=4711");
	return released == expected ||
	    world_fail(world, "%" PRId64 " go on", released);
}

/* "500ms", "10s", "5min"; -1 for anything else. */
static int64_t
duration(const char *text)
{
	char *unit;
	long n = strtol(text, &unit, 10);

	if (strcmp(unit, "ms") == 0)
		return n;
	if (strcmp(unit, "s") == 0)
		return SECONDS(n);
	return strcmp(unit, "min") == 0 ? MINUTES(n) : -1;
}

static bool
do_pass(struct world *world, const struct step *step)
{
	int64_t ms = duration(step->words[1]);

	if (ms < 0)
		return world_fail(world, "how long?");
	world_settle(world);
	fake_loop_pass(world->loop, ms);
	world_settle(world);
	return true;
}

/* Until the next call comes, but no longer. */
static bool
do_wait(struct world *world, const struct step *step)
{
	int64_t left = duration(step->words[1]), ms;

	world_settle(world);
	while (call_unseen(world) == NULL) {
		ms = fake_loop_next(world->loop);
		if (ms < 0 || ms > left)
			return world_fail(world, "no call comes");
		fake_loop_pass(world->loop, ms);
		world_settle(world);
		left -= ms;
	}
	return true;
}

static bool
do_restart(struct world *world, const struct step *step)
{
	const char *when = step->words[1];
	enum event_type type;

	if (when == NULL)
		world_restart(world);
	else if (event_type_parse(when, &type))
		world_restart_after(world, type);
	else
		return world_fail(world, "there is no event %s", when);
	return true;
}

/* ---- all of them ---- */

const struct verb verbs_around[] = {
	{ "config", do_config, 3 },
	{ "aws", outside_aws, 1 },
	{ "faults", outside_faults, 1 },
	{ "network", outside_network, 2 },
	{ "disk", outside_disk, 2 },
	{ NULL, NULL, 0 },
};

const struct verb verbs[] = {
	{ "event", do_event, 1 },
	{ "again", do_again, 2 },
	{ "inject", do_inject, 1 },
	{ "inject-refused", do_inject_refused, 2 },
	{ "retry", do_act, 2 },
	{ "redrive", do_act, 2 },
	{ "stop", do_act, 2 },
	{ "resume", do_resume, 2 },
	{ "pass", do_pass, 2 },
	{ "wait", do_wait, 2 },
	{ "restart", do_restart, 1 },
	{ "call", call_expect, 3 },
	{ "answer", call_answer, 2 },
	{ "quiet", call_quiet, 1 },
	{ "history", expect_history, 2 },
	{ "ended", expect_ended, 4 },
	{ "running", expect_running, 2 },
	{ "held", expect_held, 2 },
	{ "named", expect_named, 3 },
	{ "executions", expect_executions, 2 },
	{ "forgotten", expect_forgotten, 2 },
	{ "failures", expect_failures, 2 },
	{ "status", expect_status, 2 },
	{ "published", expect_published, 2 },
	{ "told", expect_told, 3 },
	{ "calls", expect_calls, 4 },
	{ "key", expect_key, 3 },
	{ "left", expect_left, 3 },
	{ "message", expect_message, 2 },
	{ "subject", expect_subject, 2 },
	{ "says", expect_says, 1 },
	{ "lacks", expect_lacks, 1 },
	{ "deleted", expect_deleted, 2 },
	{ "kept", expect_kept, 2 },
	{ "refused", expect_refused, 2 },
	{ NULL, NULL, 0 },
};

static const struct step nothing_left = {
	.words = { (char *)"left", (char *)"keyguard", (char *)"0" },
};

bool
steps_end(struct world *world)
{
	if (!call_quiet(world, NULL))
		return false;
	if (world->core == NULL)
		return world_fail(world, "nothing was begun");
	if (engine_count(core_engine(world->core)) > 0)
		return world_fail(world, "executions are left running");
	for (size_t i = 0; i < world->queue.count; i++)
		if (!world->queue.messages[i].deleted)
			return world_fail(
			    world, "message %zu is left in the queue", i + 1);
	if (world->model != NULL && !expect_left(world, &nothing_left))
		return false;
	return world->problem.name[0] == '\0';
}
