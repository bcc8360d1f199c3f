/* SPDX-License-Identifier: Apache-2.0 */
/* Its thread has a pace. */
#include "simulation/disk.h"

#include <string.h>

#include "fake/fake_worker.h"
#include "simulation/life.h"
#include "util/clock.h"

static void
set(struct life *life, const char *how)
{
	world_fill_disk(&life->world, strcmp(how, "full") == 0);
	fake_worker_pace(0, 0);
	if (strcmp(how, "slow") == 0)
		fake_worker_pace(life_any(life, 2000), life_any(life, 2000));
	else if (strcmp(how, "stuck") == 0)
		fake_worker_pace(SECONDS(50), 0);
	life_note(life, "disk", how);
}

void
disk_trouble(struct life *life)
{
	static const char *const hows[] = { "full", "slow", "stuck", "ok" };

	set(life, hows[life_any(life, 4)]);
}

const char *
disk_lose(struct life *life)
{
	(void)life;
	return "none";
}

void
disk_mend(struct life *life)
{
	set(life, "ok");
}
