/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What systemd is told: ready, reloading, stopping, one line of status, and
 * the watchdog's sign of life, which comes from the loop itself, so that a
 * wedged loop is noticed. Silent where there is no systemd.
 */
#ifndef KG_DAEMON_SUPERVISE_H
#define KG_DAEMON_SUPERVISE_H

#include "loop/loop.h"

struct supervise {
	struct loop_timer watchdog;
	int64_t beat_ms;          /* 0: no watchdog is asked for */
	struct loop_timer status; /* gathers changes of a second */
	const char *owed;         /* READY=1 or STOPPING=1, not yet taken */
	/* The line to tell; the caller of it frees it. */
	char *(*line)(void *arg);
	void *arg;
};

/* Begins to feed the watchdog, if there is one. */
void supervise_init(struct supervise *supervise, struct loop *loop,
    char *(*line)(void *arg), void *arg);

void supervise_ready(struct supervise *supervise);
void supervise_reloading(struct supervise *supervise);
void supervise_stopping(struct supervise *supervise);

/* The line has changed: it is told within a second. */
void supervise_changed(struct supervise *supervise);

void supervise_done(struct supervise *supervise);

#endif
