/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the attempts of all three tasks have in common: the run they are for,
 * one call under way, and an end. It is the first member of each task's own
 * attempt and is what the task's calls are given as `arg`.
 */
#ifndef KG_WORKFLOW_ATTEMPT_H
#define KG_WORKFLOW_ATTEMPT_H

#include "aws/client.h"
#include "loop/loop.h"
#include "util/error.h"

struct json_object;
struct run;
struct workflow;

struct attempt {
	struct workflow *workflow;
	struct run *run;
	struct json_object *input; /* the state's input, parsed */
	struct aws_call *call;     /* under way, or NULL */
	void (*cancel)(void *attempt);
	struct loop_defer end;      /* from within `start`: later, by */
	struct json_object *result; /* this, */
	struct error error;         /* or this */
};

/* A zeroed attempt of `size` bytes; `cancel` is the task's, which ends by
 * attempt_free. */
void *attempt_new(size_t size, struct workflow *workflow, struct run *run,
    void (*cancel)(void *attempt));

/* Cancels what is under way and frees. */
void attempt_free(struct attempt *attempt);

/* The options of a call that tells the engine when it leaves and waits. */
struct aws_options attempt_options(enum aws_rank rank);

/* End the attempt and the run, taking the result. The attempt is freed. */
void attempt_succeed(struct attempt *attempt, struct json_object *result);
void attempt_fail(struct attempt *attempt, const struct error *error);

/* The same, the latter with attempt->error, but later: from within `start`. */
void attempt_settle(struct attempt *attempt, struct json_object *result);
void attempt_refuse(struct attempt *attempt);

#endif
