/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process may die alone, and then nothing is lost: what it wrote is with
 * the kernel. When power is lost, what was not synced may be.
 */
#include "simulation/disk.h"

#include "fake/fake_disk.h"
#include "fake/fake_worker.h"
#include "simulation/life.h"
#include "util/clock.h"

/* ---- what may be wrong with it ---- */

static void
fill(struct life *life)
{
	world_fill_disk(&life->world, true);
}

/* One operation of a kind, soon; or a few of them, or all. */
static void
fail(struct life *life, enum disk_op op, enum disk_fault fault)
{
	fake_disk_fail(life->world.disk, op, 1 + life_any(life, 40),
	    (uint64_t)LIFE_ONE_OF(life, 1, 1, 3, 0), fault);
}

static void
break_some(struct life *life)
{
	static const enum disk_op ops[] = { DISK_OPEN, DISK_READ, DISK_WRITE,
		DISK_WRITE, DISK_SYNC, DISK_SYNC, DISK_TRUNCATE, DISK_SHARE };

	fail(life, ops[life_any(life, 8)], DISK_IO_ERROR);
}

static void
cut_short(struct life *life)
{
	fail(life, DISK_WRITE, DISK_SHORT);
}

static void
protect(struct life *life)
{
	fail(life, DISK_WRITE, DISK_READ_ONLY);
}

static void
lock(struct life *life)
{
	fail(life, DISK_LOCK, DISK_BUSY);
}

static void
lose_power(struct life *life)
{
	fail(life, LIFE_ONE_OF(life, DISK_WRITE, DISK_SYNC),
	    LIFE_ONE_OF(life, DISK_OFF, DISK_OFF_AFTER));
}

static void
slow_down(struct life *life)
{
	fake_worker_pace(life_any(life, 3000), life_any(life, 3000));
}

static void
stick(struct life *life)
{
	(void)life;
	fake_worker_pace(SECONDS(50), 0);
}

static void
nothing(struct life *life)
{
	(void)life;
}

static const struct trouble {
	const char *name;
	void (*begin)(struct life *life);
} troubles[] = {
	{ "full", fill },
	{ "broken", break_some },
	{ "short", cut_short },
	{ "read-only", protect },
	{ "locked", lock },
	{ "losing power", lose_power },
	{ "losing power", lose_power },
	{ "slow", slow_down },
	{ "stuck", stick },
	{ "ok", nothing },
};

/* ---- the disk ---- */

static void
change(struct life *life, const struct trouble *trouble)
{
	fake_disk_mend(life->world.disk);
	fake_worker_pace(0, 0);
	life_note(life, "disk", trouble->name);
	trouble->begin(life);
}

void
disk_trouble(struct life *life)
{
	change(life,
	    &troubles[life_any(life, sizeof troubles / sizeof troubles[0])]);
}

const char *
disk_lose(struct life *life)
{
	static const char *const names[] = {
		[LOSS_NONE] = "none", [LOSS_ALL] = "all", [LOSS_SOME] = "some"
	};
	enum disk_loss loss = (enum disk_loss)LIFE_ONE_OF(
	    life, LOSS_NONE, LOSS_NONE, LOSS_ALL, LOSS_SOME);

	fake_disk_crash(life->world.disk, loss);
	return names[loss];
}

void
disk_mend(struct life *life)
{
	change(life, &troubles[sizeof troubles / sizeof troubles[0] - 1]);
}
