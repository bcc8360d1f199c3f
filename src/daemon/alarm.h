/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decides when it is alarming that the daemon cannot do its work: when
 * credentials, queue or store have kept it from it for so long, without a
 * moment in between in which it could (and received what had waited). The
 * alarm is over when all has been well for a while. Says both in the journal.
 */
#ifndef KG_DAEMON_ALARM_H
#define KG_DAEMON_ALARM_H

#include <stdbool.h>
#include <stdint.h>

#include "loop/loop.h"

struct health;

struct alarm {
	const struct health *health;
	int64_t after_ms;
	enum alarm_state {
		ALARM_UNSEEN, /* nothing has failed, not all has worked yet */
		ALARM_ILL,    /* it cannot work */
		ALARM_WELL,   /* it can */
	} state;
	bool raised;
	int64_t since_wall_ms; /* it has not worked; of the last time */
	int64_t until_wall_ms; /* it works again; as long as it does */
	struct loop_timer due; /* for the alarm, or its end */
	/* One of these has changed. */
	void (*on_change)(void *arg);
	void *arg;
};

/* The time begins to run: that it works has yet to be seen. */
void alarm_init(struct alarm *alarm, struct loop *loop,
    const struct health *health, int64_t after_ms, void (*on_change)(void *arg),
    void *arg);

/* In an earlier life it had not worked since then, and the alarm had been
 * raised or not. Of no interest once it has worked in this one. */
void alarm_recall(struct alarm *alarm, int64_t since_wall_ms, bool raised);

/* A reason of the health has changed. */
void alarm_hear(struct alarm *alarm);

/* Raises it at once if it is due by now. */
void alarm_hurry(struct alarm *alarm);

void alarm_done(struct alarm *alarm);

#endif
