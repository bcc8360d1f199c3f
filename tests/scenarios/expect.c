/* SPDX-License-Identifier: Apache-2.0 */
/* The steps that only look. */
#include "scenarios/expect.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/core.h"
#include "scenarios/cloud.h"
#include "scenarios/sent.h"
#include "unit/file.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"

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
expect_forgotten(struct world *world, const struct step *step)
{
	struct world_execution execution;
	size_t number = (size_t)atoi(step->words[1]);

	world_settle(world);
	world_show(world, number, &execution);
	buf_done(&execution.history);
	if (number < 1 || number > world->count)
		return world_fail(world, "there never was one");
	return !execution.known ||
	    world_fail(world, "it is still in the store");
}

bool
expect_executions(struct world *world, const struct step *step)
{
	world_settle(world);
	if (world->count == (size_t)atoi(step->words[1]))
		return true;
	return world_fail(world, "there are %zu", world->count);
}

bool
expect_held(struct world *world, const struct step *step)
{
	size_t held;

	world_settle(world);
	held = engine_held(core_engine(world->core));
	return held == (size_t)atoi(step->words[1]) ||
	    world_fail(world, "%zu are held", held);
}

/* An event of a history as a line has it: "TaskFailed IAM.Throttling". */
static const char *
error_of(const char *line)
{
	static const char *const types[] = { "TaskFailed ", "TaskTimedOut " };

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (strncmp(line, types[i], strlen(types[i])) == 0)
			return line + strlen(types[i]);
	return NULL;
}

/* "IAM.Throttling 3", a line for each error as long as it is the same. */
static void
count_failures(char *history, struct buf *out)
{
	const char *line, *error, *last = NULL;
	int times = 0;

	while ((line = strsep(&history, "\n")) != NULL) {
		error = error_of(line);
		if (error == NULL)
			continue;
		if (last != NULL && strcmp(last, error) != 0) {
			buf_printf(out, "%s %d\n", last, times);
			times = 0;
		}
		last = error;
		times++;
	}
	if (last != NULL)
		buf_printf(out, "%s %d\n", last, times);
}

bool
expect_failures(struct world *world, const struct step *step)
{
	struct world_execution execution;
	CLEANUP(buf_done) struct buf found = BUF_INIT((size_t)1 << 20);
	FREE_LATER char *expected =
	    xasprintf("%s%s", step->block, step->block[0] != '\0' ? "\n" : "");
	bool ok = show(world, step, &execution);
	FREE_LATER char *history = buf_take(&execution.history);

	if (!ok)
		return false;
	count_failures(history, &found);
	return strcmp(buf_text(&found), expected) == 0 ||
	    world_fail(world, "its attempts failed by\n%s", buf_text(&found));
}

bool
expect_status(struct world *world, const struct step *step)
{
	DOC_LATER struct json_object *status = NULL;
	FREE_LATER char *reasons = NULL;

	world_settle(world);
	status = core_status(world->core);
	reasons = doc_text(doc_at(status, "reasons"));
	if (strcmp(doc_string(status, "state"), step->words[1]) == 0 &&
	    strstr(reasons, step->block) != NULL)
		return true;
	return world_fail(
	    world, "it is %s: %s", doc_string(status, "state"), reasons);
}

/* ---- the message ---- */

/* What the sandbox got last, as Publish calls it. */
static char *
published_last(struct world *world, const char *name)
{
	DOC_LATER struct json_object *state = cloud_state(world);
	size_t count = (size_t)doc_int(state, "counters.published", 0);
	bool subject = strcmp(name, "Subject") == 0;

	return xstrdup(
	    doc_string(count == 0 ? NULL : cloud_published(state, count - 1),
		subject ? "subject" : "message"));
}

/* A parameter of the Publish; the caller frees it. */
static char *
published(struct world *world, const char *name)
{
	char *text = NULL;

	if (world->model != NULL)
		text = published_last(world, name);
	else if (world->current != NULL)
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
