/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What engine_wake has to do, and when the host must call it for that: runs
 * that have ended, times that have come, tasks to start. Contain first: who is
 * in a lane starts before everybody else.
 */
#ifndef KG_MACHINE_AGENDA_H
#define KG_MACHINE_AGENDA_H

#include <stdbool.h>
#include <stdint.h>

#include "machine/due.h"
#include "machine/execution.h"

struct engine_host;

struct agenda {
	const struct engine_host *host;
	struct execution_queue ended;  /* their run has */
	struct execution_queue urgent; /* to be started: in a lane state */
	struct execution_queue ready;  /* to be started: the others */
	struct due due;
	bool held;        /* nothing is to be started */
	bool busy;        /* engine_wake is at it: no need to ask for it */
	int64_t asked_ms; /* what the host was asked for last */
};

/* Held to begin with. */
void agenda_init(struct agenda *agenda, const struct engine_host *host);
void agenda_done(struct agenda *agenda);

/* While held, nobody is started; they stay on the agenda. */
void agenda_hold(struct agenda *agenda, bool held);

/* Put an execution on its engine's agenda: its run has ended; it is to be
 * started; its time comes at `mono_ms`. */
void agenda_ended(struct execution *execution);
void agenda_ready(struct execution *execution);
void agenda_due(struct execution *execution, int64_t mono_ms);

/* Takes an execution's time off the agenda; all of it. */
void agenda_undue(struct execution *execution);
void agenda_forget(struct execution *execution);

/* engine_wake begins and ends. */
void agenda_begin(struct agenda *agenda);
void agenda_end(struct agenda *agenda);

/* Takes the next off the agenda; NULL when there is none. */
struct execution *agenda_next_ended(struct agenda *agenda);
struct execution *agenda_next_due(struct agenda *agenda, int64_t mono_ms);
struct execution *agenda_next_ready(struct agenda *agenda);

#endif
