/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sd_notify(3). `Type=notify-reload` is newer than some systemd that we run
 * on, so RELOADING=1 and READY=1 are sent by hand.
 */
#include "daemon/supervise.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include <systemd/sd-daemon.h>

#include "util/alloc.h"
#include "util/clock.h"

static void
beat(void *arg)
{
	struct supervise *supervise = arg;

	sd_notify(0, "WATCHDOG=1");
	loop_timer_set(&supervise->watchdog, supervise->beat_ms);
}

static void
tell(void *arg)
{
	struct supervise *supervise = arg;
	char *line = supervise->line(supervise->arg);

	sd_notifyf(0, "STATUS=%s", line);
	free(line);
}

void
supervise_init(struct supervise *supervise, struct loop *loop,
    char *(*line)(void *arg), void *arg)
{
	uint64_t usec = 0;

	*supervise = (struct supervise){ .line = line, .arg = arg };
	loop_timer_init(&supervise->watchdog, loop, beat, supervise);
	loop_timer_init(&supervise->status, loop, tell, supervise);
	if (sd_watchdog_enabled(0, &usec) > 0) {
		supervise->beat_ms = (int64_t)(usec / 1000 / 2);
		beat(supervise);
	}
}

void
supervise_ready(struct supervise *supervise)
{
	sd_notify(0, "READY=1");
	tell(supervise);
}

void
supervise_reloading(struct supervise *supervise)
{
	struct timespec now;

	(void)supervise;
	clock_gettime(CLOCK_MONOTONIC, &now);
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
	    (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
}

void
supervise_stopping(struct supervise *supervise)
{
	sd_notify(0, "STOPPING=1");
	tell(supervise);
}

void
supervise_changed(struct supervise *supervise)
{
	if (!loop_timer_pending(&supervise->status))
		loop_timer_set(&supervise->status, SECONDS(1));
}

void
supervise_done(struct supervise *supervise)
{
	loop_timer_done(&supervise->watchdog);
	loop_timer_done(&supervise->status);
}
