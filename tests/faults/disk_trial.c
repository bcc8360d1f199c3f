/* SPDX-License-Identifier: Apache-2.0 */
/* The daemon is also stopped and started once, since that is work, too. */
#include "faults/disk_trial.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/core.h"
#include "fake/fake_loop.h"
#include "faults/disk_check.h"
#include "scenarios/cloud.h"
#include "unit/file.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/log.h"

#define BROKEN_MS  MINUTES(3)
#define RECOVER_MS MINUTES(7) /* old executions go every five */

static int64_t
now(const struct trial *trial)
{
	return clock_mono_ms(loop_clock(trial->world.loop));
}

/* ---- what happens to the disk ---- */

static void
lose_power_later(struct trial *trial)
{
	if (trial->blow->then > 0)
		fake_disk_fail(trial->world.disk, DISK_SYNC, trial->blow->then,
		    1, DISK_OFF);
}

static void
on_mended(void *arg)
{
	struct trial *trial = arg;

	disk_check_told(trial);
	fake_disk_mend(trial->world.disk);
	lose_power_later(trial);
}

static void
last(struct trial *trial)
{
	const struct blow *blow = trial->blow;

	loop_timer_set(&trial->mended, BROKEN_MS);
	trial->well_ms = now(trial) + BROKEN_MS + RECOVER_MS;
	for (int op = 0; blow->all && op < DISK_OPS; op++)
		fake_disk_fail(
		    trial->world.disk, (enum disk_op)op, 1, 0, blow->fault);
}

/* Power is back at once. The core is NULL while it is being closed. */
static void
lose_power(struct trial *trial)
{
	struct world *world = &trial->world;

	fake_disk_crash(
	    world->disk, trial->crashed ? LOSS_ALL : trial->blow->loss);
	trial->crashed = true;
	disk_check_loss(trial);
	if (world->core == NULL)
		return;
	core_abandon(world->core);
	world_create(world);
}

static void
look(struct trial *trial)
{
	const struct fake_disk *disk = trial->world.disk;

	if (!trial->hit && fake_disk_failed(disk) > 0) {
		trial->hit = true;
		if (trial->blow->count == 0)
			last(trial);
		else
			lose_power_later(trial);
	}
	if (fake_disk_is_off(disk))
		lose_power(trial);
}

/* ---- life ---- */

static void
live(struct trial *trial, int64_t ms)
{
	int64_t until = now(trial) + ms;

	while (fake_loop_step_by(trial->world.loop, until)) {
		look(trial);
		if (until < trial->well_ms)
			until = trial->well_ms;
	}
}

static void
stop(struct trial *trial)
{
	struct world *world = &trial->world;
	struct core *core = world->core;

	world->core = NULL;
	core_close(core);
	look(trial);
}

/* The process dies as soon as an intent is durable. */
static void
die_with_an_intent(struct trial *trial)
{
	struct world *world = &trial->world;

	world->awaited = EVENT_TASK_SUBMITTED;
	while (world->awaited != EVENT_TYPES)
		fake_loop_step(world->loop);
	fake_disk_crash(world->disk, LOSS_NONE);
	core_abandon(world->core);
}

static void
send_event(struct trial *trial, const char *event)
{
	FREE_LATER char *path = xasprintf("scenarios/events/%s", event);
	FREE_LATER char *text =
	    event[0] == '{' ? xstrdup(event) : file_read(path);

	cloud_send(&trial->world, text, strlen(text));
}

/* From here on operations count. */
static void
arm(struct trial *trial)
{
	const struct blow *blow = trial->blow;

	for (int op = 0; op < DISK_OPS; op++)
		trial->counts[op] =
		    fake_disk_count(trial->world.disk, (enum disk_op)op);
	if (blow->nth > 0)
		fake_disk_fail(trial->world.disk, blow->op, blow->nth,
		    blow->count, blow->fault);
}

static void
act(struct trial *trial)
{
	const struct disk_case *it = trial->it;
	struct world *world = &trial->world;

	if (it->earlier != NULL) {
		send_event(trial, it->earlier);
		world_create(world);
		live(trial, MINUTES(1));
	}
	send_event(trial, it->event);
	if (it->begun) {
		world_create(world);
		die_with_an_intent(trial);
	}
	arm(trial);
	if (it->earlier == NULL)
		world_create(world);
	live(trial, MINUTES(it->minutes));
	stop(trial);
	world_create(world);
	live(trial, MINUTES(1));
	disk_check_running(trial);
	stop(trial);
	for (int op = 0; op < DISK_OPS; op++)
		trial->counts[op] =
		    fake_disk_count(world->disk, (enum disk_op)op) -
		    trial->counts[op];
	fake_disk_mend(world->disk);
}

/* ---- around it ---- */

static void
on_sent(void *arg, struct http_request *request)
{
	struct trial *trial = arg;

	disk_check_call(trial, request);
	trial->sent(&trial->world, request);
}

static void
on_line(void *self, enum log_level level, const char *text,
    const struct log_field *fields, size_t count)
{
	struct trial *trial = self;

	(void)level, (void)text, (void)fields, (void)count;
	trial->lines++;
}

static void
begin(struct trial *trial)
{
	const struct disk_case *it = trial->it;
	struct world *world = &trial->world;

	world_init(world);
	cloud_load(world, it->state);
	trial->begun_ms = now(trial);
	trial->sent = world->wire.on_sent;
	world->wire.on_sent = on_sent;
	loop_timer_init(&trial->mended, world->loop, on_mended, trial);
	world->config.window_ms = HOURS(1);
	world->config.hold_timeout_ms = MINUTES(4);
	if (it->most > 0)
		world->config.max_per_window = it->most;
	if (it->kept > 0)
		world->config.max_executions = it->kept;
}

void
trial_run(
    struct trial *trial, const struct disk_case *it, const struct blow *blow)
{
	const struct log_sink lines = { trial, on_line };

	*trial = (struct trial){ .it = it, .blow = blow };
	if (getenv("KG_LOG") == NULL)
		log_bind(&lines);
	begin(trial);
	act(trial);
	disk_check_end(trial);
}

void
trial_done(struct trial *trial)
{
	loop_timer_done(&trial->mended);
	world_done(&trial->world);
}
