/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The daemon's own voice: when it cannot do its work it tells security by a
 * message to the topic, of its own, which needs neither an execution nor the
 * store; and tells again when it works again, also of what it could not tell
 * meanwhile. Each message is tried for as long as it is true. The journal is
 * told by daemon/alarm, which decides when.
 */
#ifndef KG_DAEMON_VOICE_H
#define KG_DAEMON_VOICE_H

#include <stdint.h>

#include "daemon/voice_text.h"

struct aws;
struct error;
struct loop;
struct store;
struct voice;

struct voice_settings {
	struct voice_self self;
	const char *topic_arn;
	int64_t alarm_after_ms; /* [notify] alarm_after */
	/* voice_line says something else. */
	void (*on_change)(void *arg);
	void *arg;
};

/* A voice that is silent so far. Borrows all but the settings' frame. */
struct voice *voice_new(struct loop *loop, struct aws *aws, struct store *store,
    const struct health *health, const struct voice_settings *settings);

/* Reads what the next life has to know of the last: since when it could not
 * work, why, and whether security was told. `done` once, with an error of the
 * store when that failed: ask again. */
void voice_load(struct voice *voice,
    void (*done)(void *arg, const struct error *error), void *arg);

/* A reason of the health has changed. */
void voice_hear(struct voice *voice);

/* What kept a message from going out may have been mended: it is tried now. */
void voice_hurry(struct voice *voice);

/* Since when it has not been able to work, while that is alarming, by the wall
 * clock; else 0. */
int64_t voice_alarm_since(const struct voice *voice);

/* "alarm: has not been able to work since 2026-06-05T06:30:00.000Z" while that
 * is so, else NULL. The caller frees it. */
char *voice_line(const struct voice *voice);

/* The daemon gives up. If it could not work for too long, counted from earlier
 * lives, and security does not know it: tells them first, within seconds or
 * not at all. Then, in any case, `done`. */
void voice_last_words(struct voice *voice, void (*done)(void *arg), void *arg);

/* NULL is fine. */
void voice_free(struct voice *voice);

#endif
