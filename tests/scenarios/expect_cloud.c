/* SPDX-License-Identifier: Apache-2.0 */
/* What the sandbox has seen of the daemon. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "scenarios/cloud.h"
#include "scenarios/expect.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"

static struct json_object *
state_now(struct world *world)
{
	world_settle(world);
	if (world->model != NULL)
		return cloud_state(world);
	world_fail(world, "AWS is not the sandbox's");
	return doc_object();
}

/* Whether a number is in the range that two words say. */
static bool
in_range(
    struct world *world, const char *what, int64_t count, char *const *range)
{
	int64_t least = atoll(range[0]);
	int64_t most = range[1] != NULL ? atoll(range[1]) : least;

	if (count >= least && count <= most)
		return true;
	return world_fail(world, "%s: %" PRId64, what, count);
}

bool
expect_published(struct world *world, const struct step *step)
{
	DOC_LATER struct json_object *state = state_now(world);

	return in_range(world, "published",
	    doc_int(state, "counters.published", 0), step->words + 1);
}

bool
expect_told(struct world *world, const struct step *step)
{
	DOC_LATER struct json_object *state = state_now(world);
	struct json_object *message;
	int64_t count = 0;

	for (size_t i = 0; (message = cloud_published(state, i)) != NULL; i++)
		count +=
		    strcmp(doc_string(message, "subject"), step->words[2]) == 0;
	return count == atoll(step->words[1]) ||
	    world_fail(world, "told so %" PRId64 " times", count);
}

/* Then it counts anew. */
bool
expect_calls(struct world *world, const struct step *step)
{
	FREE_LATER char *name =
	    xasprintf("%s/%s", step->words[1], step->words[2]);
	int64_t count;

	world_settle(world);
	count = doc_int(world->sent, name, 0);
	doc_put_int(world->sent, name, 0);
	return in_range(world, name, count, step->words + 3);
}

static struct json_object *
find_key(struct json_object *state, const char *id)
{
	struct json_object *users = doc_at(state, "users"), *key = NULL;

	for (size_t i = 0; key == NULL && i < doc_count(users, ""); i++)
		key = cloud_named(doc_at(doc_element(users, i), "keys"), id);
	return key;
}

bool
expect_key(struct world *world, const struct step *step)
{
	DOC_LATER struct json_object *state = state_now(world);
	const char *status =
	    doc_string(find_key(state, step->words[1]), "status");

	if (status != NULL && strcmp(status, step->words[2]) == 0)
		return true;
	return world_fail(world, "it is %s", status == NULL ? "none" : status);
}

bool
expect_left(struct world *world, const struct step *step)
{
	DOC_LATER struct json_object *state = state_now(world);
	struct json_object *queue =
	    cloud_named(doc_at(state, "queues"), step->words[1]);

	return in_range(world, step->words[1],
	    (int64_t)doc_count(queue, "messages"), step->words + 2);
}
