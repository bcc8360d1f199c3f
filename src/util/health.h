/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The named reasons why the daemon cannot do its work at present. Whoever
 * notices sets one, whoever sees it pass clears it; the status, systemd's
 * STATUS= line and `state` in `keyguardctl status` are read from here.
 */
#ifndef KG_UTIL_HEALTH_H
#define KG_UTIL_HEALTH_H

#include <stdbool.h>

#include "util/error.h"

enum health_reason {
	HEALTH_CREDENTIALS, /* none to be had, or refused */
	HEALTH_QUEUE,       /* the queue does not answer or refuses us */
	HEALTH_STORE,       /* the store cannot be written or read */
	HEALTH_NOTIFY,      /* security could not be told of something */
	HEALTH_BREAKER,     /* too many keys at once: deletions are held */
	HEALTH_ACKNOWLEDGE, /* handled messages cannot be deleted */
	HEALTH_REASONS,     /* how many there are */
};

struct health {
	struct {
		bool bad;
		bool known; /* it was looked at, whatever was found */
		struct error error;
	} reason[HEALTH_REASONS];
	/* Called after each change of any reason; NULL: nobody. */
	void (*on_change)(void *arg);
	void *arg;
};

/* Something is wrong; `error` says what (copied). Logs when it is new. */
void health_set(struct health *health, enum health_reason reason,
    const struct error *error);

/* It has passed, or is seen to be good. Logs when it was set. */
void health_clear(struct health *health, enum health_reason reason);

/* Another reason has taken its place: as health_clear, but nothing works again,
 * and the log does not say so. */
void health_drop(struct health *health, enum health_reason reason);

/* It is not looked at for now: if it was good, that is no longer known. */
void health_doubt(struct health *health, enum health_reason reason);

/* Whether no reason is set. */
bool health_good(const struct health *health);

/* "credentials", "queue", "store", "notify", "breaker", "acknowledge". */
const char *health_name(enum health_reason reason);

/* "queue: SQS.AccessDenied: not authorized", of one that is set. The caller
 * frees it. */
char *health_text(const struct health *health, enum health_reason reason);

#endif
