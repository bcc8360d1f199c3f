/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the engine asks of a task, and what a task may ask of the engine while
 * one attempt of it runs. An attempt ends exactly once, always later than
 * `start` returns: by run_succeed, run_fail, or by the engine's `cancel`.
 */
#ifndef KG_MACHINE_TASK_H
#define KG_MACHINE_TASK_H

#include <stdbool.h>
#include <stdint.h>

#include "machine/history.h"

struct run; /* one attempt of one execution's state */

struct task {
	const char *resource; /* "iam:deleteAccessKey", for history and ASL */
	const char *asl_resource; /* "arn:aws:states:::aws-sdk:iam:..." */
	const char *service;      /* prefix of its errors: "IAM" */
	/* Begins an attempt; returns what `submitted` and `cancel` get. */
	void *(*start)(void *context, struct run *run);
	/* The intent of run_submit is durable. NULL: it has none. */
	void (*submitted)(void *attempt);
	/* Ends the attempt without a word; the run is dead when it returns. */
	void (*cancel)(void *attempt);
};

/* The execution's name. */
const char *run_name(const struct run *run);

/* The state's input: JSON text. Borrowed for the attempt. */
const char *run_input(const struct run *run);

/* The last intent that is durable in this visit of the state (JSON text), by
 * whichever attempt; NULL when there is none. Borrowed for the attempt. */
const char *run_intent(const struct run *run);

/* Where the execution came from (history.h, struct event), and when. */
const char *run_origin(const struct run *run);
int64_t run_received_ms(const struct run *run);

/* How long after its success a new execution is due, since it went by a catcher
 * that says `again`, in ms; 0: none is. */
int64_t run_again_ms(const struct run *run);

/* A tag of the execution; NULL when not given. */
const char *run_tag(const struct run *run, enum tag tag);

/* Whether one is in the lane of its tags now, in a state that takes turns. */
bool run_lane_taken(const struct run *run);

/* Sets a tag; written with the next event. */
void run_set_tag(struct run *run, enum tag tag, const char *value);

/*
 * The deadline (TimeoutSeconds) runs from the first run_left, which records
 * TaskStarted, and stands still between run_waits (a call waits for a rate or
 * a place) and the next run_left (a call goes out).
 */
void run_left(struct run *run);
void run_waits(struct run *run);

/* Records an intent (TaskSubmitted); `submitted` is called once it is durable.
 * Until then the deadline stands still. */
void run_submit(struct run *run, const char *intent);

/* End the attempt. The run is dead when they return; the engine acts on it
 * later. */
void run_succeed(struct run *run, const char *result);
void run_fail(struct run *run, const struct error *error);

#endif
