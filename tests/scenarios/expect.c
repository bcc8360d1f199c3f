/* SPDX-License-Identifier: Apache-2.0 */
/* The steps that only look. */
#include "scenarios/expect.h"

#include <stdlib.h>
#include <string.h>

#include "scenarios/sent.h"
#include "unit/file.h"
#include "util/alloc.h"
#include "util/cleanup.h"

/* ---- executions ---- */

static bool
show(struct world *world, const struct step *step,
    struct world_execution *ret_execution)
{
	world_settle(world);
	world_show(world, (size_t)atoi(step->words[1]), ret_execution);
	if (ret_execution->known)
		return true;
	return world_fail(world, "there is no execution %s, only %zu",
	    step->words[1], world->count);
}

/* Where two texts begin to differ, as a line of each. */
static bool
differ(struct world *world, const char *there, const char *expected)
{
	int line = 1;
	size_t len = 0, start = 0;

	for (; there[len] != '\0' && there[len] == expected[len]; len++)
		if (there[len] == '\n') {
			line++;
			start = len + 1;
		}
	return world_fail(world, "line %d is \"%.*s\", not \"%.*s\"", line,
	    (int)strcspn(there + start, "\n"), there + start,
	    (int)strcspn(expected + start, "\n"), expected + start);
}

bool
expect_history(struct world *world, const struct step *step)
{
	struct world_execution execution;
	FREE_LATER char *expected = xasprintf("%s\n", step->block);
	bool ok = show(world, step, &execution);

	if (ok && strcmp(buf_text(&execution.history), expected) != 0)
		ok = differ(world, buf_text(&execution.history), expected);
	buf_done(&execution.history);
	return ok;
}

bool
expect_ended(struct world *world, const struct step *step)
{
	struct world_execution execution;
	bool ok = show(world, step, &execution);

	buf_done(&execution.history);
	if (!ok ||
	    (strcmp(status_name(execution.status), step->words[2]) == 0 &&
		strcmp(execution.outcome, step->words[3]) == 0))
		return ok;
	return world_fail(world, "it is %s, %s", status_name(execution.status),
	    execution.outcome);
}

bool
expect_running(struct world *world, const struct step *step)
{
	struct world_execution execution;
	bool ok = show(world, step, &execution);

	buf_done(&execution.history);
	if (ok && execution.status != STATUS_RUNNING)
		return world_fail(
		    world, "it is %s", status_name(execution.status));
	return ok;
}

bool
expect_named(struct world *world, const struct step *step)
{
	size_t number = (size_t)atoi(step->words[1]);

	world_settle(world);
	if (number < 1 || number > world->count)
		return world_fail(world, "there are only %zu", world->count);
	if (strcmp(world->names[number - 1], step->words[2]) == 0)
		return true;
	return world_fail(world, "its name is %s", world->names[number - 1]);
}

bool
expect_executions(struct world *world, const struct step *step)
{
	world_settle(world);
	if (world->count == (size_t)atoi(step->words[1]))
		return true;
	return world_fail(world, "there are %zu", world->count);
}

/* ---- the message ---- */

/* A parameter of the Publish; the caller frees it. */
static char *
published(struct world *world, const char *name)
{
	char *text = NULL;

	if (world->current != NULL)
		text = sent_param(world->current, name);
	if (text == NULL)
		world_fail(world, "no Publish was expected just before");
	return text;
}

bool
expect_message(struct world *world, const struct step *step)
{
	FREE_LATER char *subject = published(world, "Subject");
	FREE_LATER char *body = published(world, "Message");
	FREE_LATER char *path =
	    xasprintf("scenarios/messages/%s", step->words[1]);
	FREE_LATER char *expected = file_read(path);
	FREE_LATER char *message = NULL;

	if (subject == NULL || body == NULL)
		return false;
	message = xasprintf("%s\n\n%s", subject, body);
	return strcmp(message, expected) == 0 ||
	    differ(world, message, expected);
}

bool
expect_subject(struct world *world, const struct step *step)
{
	FREE_LATER char *subject = published(world, "Subject");

	if (subject == NULL || strcmp(subject, step->words[1]) == 0)
		return subject != NULL;
	return world_fail(world, "the subject is \"%s\"", subject);
}

bool
expect_says(struct world *world, const struct step *step)
{
	FREE_LATER char *body = published(world, "Message");

	if (body == NULL || strstr(body, step->block) != NULL)
		return body != NULL;
	return world_fail(world, "the message is:\n%s", body);
}

bool
expect_lacks(struct world *world, const struct step *step)
{
	FREE_LATER char *body = published(world, "Message");

	if (body == NULL || strstr(body, step->block) == NULL)
		return body != NULL;
	return world_fail(world, "the message is:\n%s", body);
}

/* ---- messages of the queue ---- */

static bool
is_deleted(struct world *world, const struct step *step)
{
	size_t number = (size_t)atoi(step->words[1]);

	world_settle(world);
	return number >= 1 && number <= world->queue.count &&
	    world->queue.messages[number - 1].deleted;
}

bool
expect_deleted(struct world *world, const struct step *step)
{
	return is_deleted(world, step) ||
	    world_fail(world, "it is not deleted");
}

bool
expect_kept(struct world *world, const struct step *step)
{
	return !is_deleted(world, step) || world_fail(world, "it is deleted");
}

bool
expect_refused(struct world *world, const struct step *step)
{
	char name[128];

	world_settle(world);
	world_refused(world, name, sizeof name);
	if (strcmp(name, step->words[1]) == 0)
		return true;
	return world_fail(world, "refused last: \"%s\"", name);
}
