/* SPDX-License-Identifier: Apache-2.0 */
/* The calls that a scenario has to expect, and the answers it gives. */
#include "scenarios/call.h"

#include <stdlib.h>
#include <string.h>

#include "scenarios/sent.h"
#include "util/alloc.h"
#include "util/cleanup.h"

struct http_request *
call_unseen(const struct world *world)
{
	struct http_request *request;

	TAILQ_FOREACH (request, &world->wire.requests, next)
		if (!request->seen)
			break;
	return request;
}

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

bool
call_expect(struct world *world, const struct step *step)
{
	struct http_request *request;

	world_settle(world);
	TAILQ_FOREACH (request, &world->wire.requests, next)
		if (is_call(request, step)) {
			request->seen = true;
			world->current = request;
			return true;
		}
	request = call_unseen(world);
	if (request == NULL)
		return world_fail(world, "there is no call at all");
	FREE_LATER char *action = sent_action(request);

	return world_fail(world, "no such call; there is %s %s: %s",
	    sent_service(request), action, request->message.body);
}

bool
call_quiet(struct world *world, const struct step *step)
{
	struct http_request *request;

	(void)step;
	world_settle(world);
	request = call_unseen(world);
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

bool
call_answer(struct world *world, const struct step *step)
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
