/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The daemon's life: bind, run, reload, drain.
 */
#include "daemon/wiring.h"

#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/control.h"
#include "daemon/config.h"
#include "daemon/core.h"
#include "daemon/socket.h"
#include "daemon/supervise.h"
#include "loop/loop.h"
#include "util/buf.h"
#include "util/clock.h"
#include "util/log.h"
#include "workflow/exposed_key.h"

/* Five seconds from SIGTERM to the end: four to drain, the rest to close. */
#define DRAIN_MS      SECONDS(4)
#define CLOSE_SECONDS 1
#define QUIET_MS      20 /* how often a draining daemon looks */

struct wiring {
	struct loop *loop;
	struct config *config;
	const char *file;
	char host[HOST_NAME_MAX + 1];
	struct core *core;
	struct control *control;
	struct supervise supervise;
	struct loop_watch *term, *interrupt, *hangup;
	struct loop_timer drain; /* looks whether it is quiet */
	int64_t drain_until;     /* monotonic ms; 0: not draining */
	int status;
};

/* ---- the end ---- */

/* The store must not be joined when a disk or a call is wedged: it resumes
 * what is cut off here. */
static void
leave(int signal)
{
	(void)signal;
	_exit(0);
}

static int64_t
now(const struct wiring *wiring)
{
	return clock_mono_ms(loop_clock(wiring->loop));
}

static void
look_whether_quiet(void *arg)
{
	struct wiring *wiring = arg;

	if (core_quiet(wiring->core)) {
		loop_stop(wiring->loop);
	} else if (now(wiring) >= wiring->drain_until) {
		log_line(LEVEL_NOTICE,
		    "stopping with work under way; it resumes at the next "
		    "start");
		_exit(wiring->status);
	} else {
		loop_timer_set(&wiring->drain, QUIET_MS);
	}
}

static void
on_term(void *arg)
{
	struct wiring *wiring = arg;

	if (wiring->drain_until != 0)
		return;
	log_line(LEVEL_NOTICE, "stopping");
	wiring->drain_until = now(wiring) + DRAIN_MS;
	core_drain(wiring->core);
	supervise_stopping(&wiring->supervise);
	loop_timer_set(&wiring->drain, 0);
}

static void
on_hopeless(void *arg, const struct error *error)
{
	struct wiring *wiring = arg;

	log_line(LEVEL_ERROR, "giving up: %s: %s", error->name, error->cause);
	wiring->status = 1;
	on_term(wiring);
}

/* ---- reload ---- */

static void
needs_restart(const char *key)
{
	log_line(LEVEL_WARNING, "reload: %s has changed: needs restart", key);
}

static void
log_lines(enum log_level level, const char *prefix, char *lines)
{
	char *line;

	while ((line = strsep(&lines, "\n")) != NULL)
		if (*line != '\0')
			log_line(level, "%s%s", prefix, line);
}

static void
on_hangup(void *arg)
{
	struct wiring *wiring = arg;
	struct buf complaints = BUF_INIT((size_t)64 << 10);
	struct config fresh;
	struct error error;

	supervise_reloading(&wiring->supervise);
	if (!config_load(&fresh, wiring->file, getenv, &complaints)) {
		log_lines(LEVEL_ERROR, "reload refused: ", complaints.data);
	} else {
		config_reload(wiring->config, &fresh, needs_restart);
		if (!core_reload(wiring->core, &error))
			log_line(LEVEL_ERROR, "reload: %s: %s", error.name,
			    error.cause);
		log_line(LEVEL_NOTICE, "reloaded %s", wiring->file);
	}
	buf_done(&complaints);
	config_done(&fresh);
	supervise_ready(&wiring->supervise);
}

/* ---- what the core tells ---- */

static void
ask(void *arg, struct census_asker *asker)
{
	struct wiring *wiring = arg;

	core_ask(wiring->core, asker);
}

static struct json_object *
status(void *arg)
{
	struct wiring *wiring = arg;

	return core_status(wiring->core);
}

static char *
summary(void *arg)
{
	struct wiring *wiring = arg;

	return core_summary(wiring->core);
}

static void
on_ready(void *arg)
{
	struct wiring *wiring = arg;

	log_line(LEVEL_NOTICE, "keyguardd %s ready", PACKAGE_VERSION);
	supervise_ready(&wiring->supervise);
}

static void
on_change(void *arg)
{
	struct wiring *wiring = arg;

	supervise_changed(&wiring->supervise);
}

/* ---- the life ---- */

static bool
start_core(struct wiring *wiring, struct error *error)
{
	const struct core_events events = {
		.on_ready = on_ready,
		.on_hopeless = on_hopeless,
		.on_change = on_change,
		.arg = wiring,
	};

	if (gethostname(wiring->host, sizeof wiring->host - 1) < 0)
		wiring->host[0] = '\0';
	wiring->core = core_new(
	    wiring->loop, wiring->config, wiring->host, &events, error);
	return wiring->core != NULL;
}

/* From the start, so that `status` can tell what is wrong with the store. The
 * socket comes first: two daemons on one store would be one too many. */
static bool
start(struct wiring *wiring, struct error *error)
{
	struct control_host host = {
		.loop = wiring->loop,
		.machine = &exposed_key,
		.ask = ask,
		.status = status,
		.arg = wiring,
	};
	int fd =
	    socket_bind(wiring->config->socket, wiring->config->group, error);

	if (fd < 0)
		return false;
	if (!start_core(wiring, error)) {
		close(fd);
		unlink(wiring->config->socket);
		return false;
	}
	host.engine = core_engine(wiring->core);
	host.store = core_store(wiring->core);
	host.breaker = core_breaker(wiring->core);
	wiring->control = control_new(&host, fd);
	return true;
}

static void
start_signals(struct wiring *wiring)
{
	signal(SIGPIPE, SIG_IGN);
	wiring->term = loop_signal_new(wiring->loop, SIGTERM, on_term, wiring);
	wiring->interrupt =
	    loop_signal_new(wiring->loop, SIGINT, on_term, wiring);
	wiring->hangup =
	    loop_signal_new(wiring->loop, SIGHUP, on_hangup, wiring);
}

/* The opposite order of the starts. */
static void
stop(struct wiring *wiring)
{
	loop_watch_free(wiring->hangup);
	loop_watch_free(wiring->interrupt);
	loop_watch_free(wiring->term);
	if (wiring->control != NULL)
		unlink(wiring->config->socket);
	control_free(wiring->control);
	if (wiring->core != NULL)
		core_close(wiring->core);
}

int
wiring_run(struct config *config, const char *file)
{
	struct wiring wiring = {
		.loop = loop_new(),
		.config = config,
		.file = file,
	};
	struct error error;

	loop_timer_init(
	    &wiring.drain, wiring.loop, look_whether_quiet, &wiring);
	supervise_init(&wiring.supervise, wiring.loop, summary, &wiring);
	if (start(&wiring, &error)) {
		start_signals(&wiring);
		loop_run(wiring.loop);
	} else {
		log_line(LEVEL_ERROR, "%s: %s", error.name, error.cause);
		wiring.status = 1;
	}
	signal(SIGALRM, leave);
	alarm(CLOSE_SECONDS);
	stop(&wiring);
	supervise_done(&wiring.supervise);
	loop_timer_done(&wiring.drain);
	loop_free(wiring.loop);
	return wiring.status;
}
