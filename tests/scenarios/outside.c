/* SPDX-License-Identifier: Apache-2.0 */
/* The world around the daemon. */
#include "scenarios/outside.h"

#include <string.h>

#include "fake/fake_disk.h"
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
	const char *state = step->words[1];

	world_settle(world);
	if (strcmp(state, "full") == 0 || strcmp(state, "back") == 0)
		world_fill_disk(world, strcmp(state, "full") == 0);
	else if (strcmp(state, "unreadable") == 0)
		fake_disk_fail(world->disk, DISK_READ, 1, 0, DISK_IO_ERROR);
	else
		return world_fail(world, "a disk cannot be %s", state);
	return true;
}
