/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each step does, or expects. A step runs when all that was due before it
 * has run.
 */
#include "scenarios/steps.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/core.h"
#include "fake/fake_loop.h"
#include "scenarios/expect.h"
#include "scenarios/sent.h"
#include "unit/file.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/clock.h"

/* ---- what comes from outside ---- */

static bool
do_config(struct world *world, const struct step *step)
{
	struct config *config = &world->config;
	const char *key = step->words[1], *value = step->words[2];

	if (world->core != NULL && strcmp(key, "identity") != 0)
		return world_fail(world, "it has started already");
	if (strcmp(key, "details") == 0)
		config->details = strcmp(value, "yes") == 0;
	else if (strcmp(key, "max_events") == 0)
		config->max_events = atoi(value);
	else if (strcmp(key, "hours") == 0)
		config->hours = atoi(value);
	else if (strcmp(key, "identity") == 0)
		world->anonymous = strcmp(value, "unknown") == 0;
	else
		return world_fail(world, "there is no key %s", key);
	return true;
}

static void
start(struct world *world)
{
	if (world->core == NULL)
		world_start(world);
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

	start(world);
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

	start(world);
	if (!world_inject(world, body, &error))
		return world_fail(
		    world, "refused: %s: %s", error.name, error.cause);
	return true;
}

static bool
do_inject_refused(struct world *world, const struct step *step)
{
	struct error error;

	start(world);
	if (world_inject(world, step->block, &error))
		return world_fail(world, "it was not refused");
	if (strcmp(error.name, step->words[1]) != 0)
		return world_fail(
		    world, "refused by %s: %s", error.name, error.cause);
	return true;
}

static bool
do_retry(struct world *world, const struct step *step)
{
	struct error error = { 0 };

	return world_retry(world, (size_t)atoi(step->words[1]), &error) ||
	    world_fail(world, "refused: %s: %s", error.name, error.cause);
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

/* A call that nobody has looked at; NULL when there is none. */
static struct http_request *
unseen(const struct world *world)
{
	struct http_request *request;

	TAILQ_FOREACH (request, &world->wire.requests, next)
		if (!request->seen)
			break;
	return request;
}

/* Until the next call comes, but no longer. */
static bool
do_wait(struct world *world, const struct step *step)
{
	int64_t left = duration(step->words[1]), ms;

	world_settle(world);
	while (unseen(world) == NULL) {
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

/* ---- calls and answers ---- */

/* Whether each "Name=value" is a parameter; "Name=" is one not given. */
static bool
has_params(const struct http_request *request, char *const *words)
{
	for (; *words != NULL; words++) {
		size_t len = strcspn(*words, "=");
		FREE_LATER char *name = xmemdup0(*words, len);
		FREE_LATER char *value = sent_param(request, name);
		const char *wanted = *words + len + ((*words)[len] == '=');

		if (strcmp(value == NULL ? "" : value, wanted) != 0)
			return false;
	}
	return true;
}

static bool
is_call(const struct http_request *request, const struct step *step)
{
	FREE_LATER char *action = sent_action(request);

	return !request->seen &&
	    strcmp(sent_service(request), step->words[1]) == 0 &&
	    strcmp(action, step->words[2]) == 0 &&
	    has_params(request, step->words + 3);
}

static bool
do_call(struct world *world, const struct step *step)
{
	struct http_request *request;

	world_settle(world);
	TAILQ_FOREACH (request, &world->wire.requests, next)
		if (is_call(request, step)) {
			request->seen = true;
			world->current = request;
			return true;
		}
	request = unseen(world);
	if (request == NULL)
		return world_fail(world, "there is no call at all");
	FREE_LATER char *action = sent_action(request);

	return world_fail(world, "no such call; there is %s %s: %s",
	    sent_service(request), action, request->message.body);
}

static bool
do_quiet(struct world *world, const struct step *step)
{
	struct http_request *request;

	(void)step;
	world_settle(world);
	request = unseen(world);
	if (request == NULL)
		return true;
	FREE_LATER char *action = sent_action(request);

	return world_fail(
	    world, "there is a call: %s %s", sent_service(request), action);
}

static void
answer_ok(struct http_request *call, const struct step *step)
{
	(void)step;
	sent_answer_ok(call, "95df01b4-ee98-5cb9-9903-4c221d41eb5e");
}

static void
answer_owner(struct http_request *call, const struct step *step)
{
	char *const *words = step->words + 2;

	if (words[0] == NULL)
		sent_answer_owner(call, NULL, NULL, NULL, NULL);
	else if (words[1] == NULL)
		sent_answer_owner(call, words[0], NULL, NULL, NULL);
	else
		sent_answer_owner(call, words[0], words[1], words[2], words[3]);
}

static void
answer_error(struct http_request *call, const struct step *step)
{
	const char *message = step->words[4];

	sent_answer_error(call, atoi(step->words[2]), step->words[3],
	    message == NULL ? "no" : message);
}

static void
answer_events(struct http_request *call, const struct step *step)
{
	sent_answer_events(call, step->block, step->words[2]);
}

static void
answer_body(struct http_request *call, const struct step *step)
{
	sent_answer(call, atoi(step->words[2]), step->block);
}

static void
answer_reset(struct http_request *call, const struct step *step)
{
	struct error error;

	(void)step;
	error_set_class(
	    &error, CLASS_TRANSIENT, "Http.Reset", "connection closed");
	fake_http_fail(call, &error);
}

static const struct {
	const char *name;
	void (*answer)(struct http_request *call, const struct step *step);
	size_t words;
} answers[] = {
	{ "ok", answer_ok, 2 },
	{ "owner", answer_owner, 2 },
	{ "error", answer_error, 4 },
	{ "events", answer_events, 2 },
	{ "body", answer_body, 3 },
	{ "reset", answer_reset, 2 },
};

static bool
do_answer(struct world *world, const struct step *step)
{
	struct http_request *call = world->current;

	if (call == NULL)
		return world_fail(world, "nobody waits for an answer");
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
		if (strcmp(answers[i].name, step->words[1]) == 0 &&
		    step->words[answers[i].words - 1] != NULL) {
			world->current = NULL;
			answers[i].answer(call, step);
			return true;
		}
	return world_fail(world, "there is no such answer");
}

/* ---- all of them ---- */

const struct verb verbs[] = {
	{ "config", do_config, 3 },
	{ "event", do_event, 1 },
	{ "again", do_again, 2 },
	{ "inject", do_inject, 1 },
	{ "inject-refused", do_inject_refused, 2 },
	{ "retry", do_retry, 2 },
	{ "pass", do_pass, 2 },
	{ "wait", do_wait, 2 },
	{ "restart", do_restart, 1 },
	{ "call", do_call, 3 },
	{ "answer", do_answer, 2 },
	{ "quiet", do_quiet, 1 },
	{ "history", expect_history, 2 },
	{ "ended", expect_ended, 4 },
	{ "running", expect_running, 2 },
	{ "named", expect_named, 3 },
	{ "executions", expect_executions, 2 },
	{ "message", expect_message, 2 },
	{ "subject", expect_subject, 2 },
	{ "says", expect_says, 1 },
	{ "lacks", expect_lacks, 1 },
	{ "deleted", expect_deleted, 2 },
	{ "kept", expect_kept, 2 },
	{ "refused", expect_refused, 2 },
	{ NULL, NULL, 0 },
};

bool
steps_end(struct world *world)
{
	if (!do_quiet(world, NULL))
		return false;
	if (engine_count(core_engine(world->core)) > 0)
		return world_fail(world, "executions are left running");
	for (size_t i = 0; i < world->queue.count; i++)
		if (!world->queue.messages[i].deleted)
			return world_fail(
			    world, "message %zu is left in the queue", i + 1);
	return world->problem.name[0] == '\0';
}
