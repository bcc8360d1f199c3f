/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a history: where does an unfinished execution stand, and what does it
 * need to go on? Pure: the events decide, by the same table that made them.
 */
#ifndef KG_MACHINE_REPLAY_H
#define KG_MACHINE_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "machine/history.h"
#include "machine/table.h"

/* What the last event leaves to be done. */
enum phase {
	PHASE_STARTED,   /* enter the first state */
	PHASE_ENTERED,   /* schedule the task */
	PHASE_INSIDE,    /* the task was under way: schedule it again */
	PHASE_SUCCEEDED, /* exit with the result */
	PHASE_FAILED,    /* hold, retry, exit by a catcher, or fail */
	PHASE_ABORTED,   /* end as ABORTED */
	PHASE_EXITED,    /* enter `next`, or succeed */
};

/* Strings are borrowed from the events. */
struct replay {
	enum phase phase;
	int state;           /* it is in, or has just left; -1 before any */
	int next;            /* of PHASE_EXITED */
	int64_t entered_id;  /* of the StateEntered of this visit */
	int64_t received_ms; /* when the execution was started */
	const char *origin;
	const char *input;         /* of the state; its output once exited */
	const char *intent;        /* the last of this visit, or NULL */
	const char *result;        /* of PHASE_SUCCEEDED */
	const struct error *error; /* of PHASE_FAILED and PHASE_ABORTED */
	int retrier;               /* that fired for it; -1: none */
	int fired[TABLE_RETRIERS]; /* in this visit */
	bool scheduled;            /* in this visit: it has had its lane */
	int failures;              /* how often it has ended FAILED */
	bool again;                /* it went by a catcher that says so */
};

/* What a task that was cut off by a restart is recorded to have failed with:
 * no retrier is counted for it. */
#define REPLAY_RESTARTED "Daemon.Restarted"

/*
 * Reads the events of an unfinished execution, which may have ended FAILED and
 * have been redriven. False and `Daemon.BadHistory` if the engine cannot have
 * written them, or `Daemon.UnknownState` if the table (any more) has no state
 * of that name, or no way out of it.
 */
bool replay_read(const struct machine *machine, const struct event *events,
    size_t count, struct replay *ret_replay, struct error *error);

#endif
