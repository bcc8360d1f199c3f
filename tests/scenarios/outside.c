/* SPDX-License-Identifier: Apache-2.0 */
/* The world around the daemon. */
#include "scenarios/outside.h"

#include <string.h>

#include "scenarios/cloud.h"
#include "util/alloc.h"
#include "util/cleanup.h"

bool
outside_aws(struct world *world, const struct step *step)
{
	cloud_load(world, step->block[0] != '\0' ? step->block : NULL);
	return world->problem.name[0] == '\0';
}

/* A rule a line. */
bool
outside_faults(struct world *world, const struct step *step)
{
	FREE_LATER char *rules = xstrdup(step->block), *state = NULL;

	for (char *end = rules; (end = strchr(end, '\n')) != NULL;)
		*end = ',';
	state = xasprintf("{\"faults\":[%s]}", rules);
	cloud_load(world, state);
	return world->problem.name[0] == '\0';
}

bool
outside_network(struct world *world, const struct step *step)
{
	static const char *const names[] = {
		[NETWORK_UP] = "back",
		[NETWORK_AWAY] = "away",
		[NETWORK_RESETS] = "resets",
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(step->words[1], names[i]) == 0) {
			world_settle(world);
			world_set_network(world, (enum network)i);
			return true;
		}
	return world_fail(world, "the network cannot be %s", step->words[1]);
}

bool
outside_disk(struct world *world, const struct step *step)
{
	bool full = strcmp(step->words[1], "full") == 0;

	if (!full && strcmp(step->words[1], "back") != 0)
		return world_fail(world, "a disk is full or back");
	world_settle(world);
	world_fill_disk(world, full);
	return true;
}
