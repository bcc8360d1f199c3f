/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sd_notify(3), but for its waiting: nothing blocks on the loop, so what a
 * systemd that is too busy to read does not take is told again later. And
 * `Type=notify-reload` is newer than some systemd that we run on, so
 * RELOADING=1 and READY=1 are sent by hand.
 */
#include "daemon/supervise.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/clock.h"

#define AGAIN_MS SECONDS(1)

/* False when it was not taken; true also where nobody wants to know. */
static bool
notify(const char *text)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t len = path == NULL ? 0 : strlen(path);
	ssize_t sent;
	int fd;

	if (len == 0 || len > sizeof address.sun_path)
		return true;
	memcpy(address.sun_path, path, len);
	if (address.sun_path[0] == '@')
		address.sun_path[0] = '\0'; /* an abstract name */
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	sent = sendto(fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL,
	    (struct sockaddr *)&address,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
	close(fd);
	return sent >= 0;
}

static void
beat(void *arg)
{
	struct supervise *supervise = arg;

	notify("WATCHDOG=1");
	loop_timer_set(&supervise->watchdog, supervise->beat_ms);
}

static void
tell(void *arg)
{
	struct supervise *supervise = arg;
	FREE_LATER char *line = supervise->line(supervise->arg);
	FREE_LATER char *status = xasprintf("STATUS=%s", line);

	if (supervise->owed != NULL && notify(supervise->owed))
		supervise->owed = NULL;
	if (!notify(status) || supervise->owed != NULL)
		loop_timer_set(&supervise->status, AGAIN_MS);
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
	supervise->owed = "READY=1";
	tell(supervise);
}

void
supervise_reloading(struct supervise *supervise)
{
	FREE_LATER char *text = NULL;
	struct timespec now;

	(void)supervise;
	clock_gettime(CLOCK_MONOTONIC, &now);
	text = xasprintf("RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
	    (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
	notify(text);
}

void
supervise_stopping(struct supervise *supervise)
{
	supervise->owed = "STOPPING=1";
	tell(supervise);
}

void
supervise_changed(struct supervise *supervise)
{
	if (!loop_timer_pending(&supervise->status))
		loop_timer_set(&supervise->status, AGAIN_MS);
}

void
supervise_done(struct supervise *supervise)
{
	loop_timer_done(&supervise->watchdog);
	loop_timer_done(&supervise->status);
}
