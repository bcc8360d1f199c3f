/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One attempt of a task from the engine's side; task.h has the task's.
 */
#ifndef KG_MACHINE_RUN_H
#define KG_MACHINE_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "machine/task.h"

struct execution;

struct run {
	struct execution *execution;
	void *attempt;        /* the task's own */
	bool left, waits;     /* run_left was called; run_waits after it */
	int64_t intent_id;    /* of the intent not yet durable; 0: none */
	bool ticking;         /* the deadline runs, */
	int64_t since_ms;     /* since then (monotonic), */
	int64_t remaining_ms; /* and this was left of it then */
	bool ended;           /* by the task, with */
	char *result;         /* this, */
	struct error *error;  /* or this */
};

/* Starts the task for an execution whose data is there. */
void run_begin(struct execution *execution);

/* The event that has an intent is durable. */
void run_submitted(struct execution *execution, int64_t event_id);

/* Frees the execution's run, if there is one; cancels it unless it ended. */
void run_end(struct execution *execution);

#endif
