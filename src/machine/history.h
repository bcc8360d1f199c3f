/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an execution leaves behind: its events, in Step Functions' vocabulary,
 * and its standing, the one row that says where it is now. Both are written in
 * one transaction. Pure data; strings are borrowed unless a function says so.
 */
#ifndef KG_MACHINE_HISTORY_H
#define KG_MACHINE_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "util/error.h"

enum status {
	STATUS_RUNNING,
	STATUS_SUCCEEDED,
	STATUS_FAILED,  /* also while it waits to be redriven */
	STATUS_ABORTED, /* stopped by hand */
};

/* Persisted by their Step Functions names, never by number. */
enum event_type {
	EVENT_EXECUTION_STARTED,   /* data: input; resource: origin */
	EVENT_EXECUTION_SUCCEEDED, /* output: as the StateExited before */
	EVENT_EXECUTION_FAILED,    /* error */
	EVENT_EXECUTION_ABORTED,   /* error */
	EVENT_EXECUTION_REDRIVEN,  /* resource: by whom, "redrive:uid=0,..." */
	EVENT_STATE_ENTERED,  /* TaskStateEntered; input: as the StateExited
				  or ExecutionStarted before */
	EVENT_STATE_EXITED,   /* TaskStateExited; data: output */
	EVENT_TASK_SCHEDULED, /* resource */
	EVENT_TASK_STARTED,   /* resource; causes no commit of its own */
	EVENT_TASK_SUBMITTED, /* data: the intent of what cannot be undone */
	EVENT_TASK_SUCCEEDED, /* data: the task's result */
	EVENT_TASK_FAILED,    /* error */
	EVENT_TASK_TIMED_OUT, /* error States.Timeout */
	EVENT_STATE_ABORTED,  /* TaskStateAborted; error */
	EVENT_TYPES,          /* how many there are */
};

/* What an execution is about; opaque to the machine. */
enum tag {
	TAG_ACCOUNT,
	TAG_KEY,  /* access key id */
	TAG_USER, /* its owner, once known */
	TAG_LANE, /* executions of one lane take turns */
	TAGS,
};

struct event {
	int64_t id; /* from 1, no gaps; the event before is id - 1 */
	int64_t wall_ms;
	enum event_type type;
	const char *state;    /* name; NULL for Execution* events */
	const char *resource; /* "iam:deleteAccessKey"; of ExecutionStarted the
				 origin: "sqs:<MessageId>", "retry:...",
				 "inject:uid=0,user=root,pid=4711" */
	const char *data;     /* JSON text, or NULL */
	/* Of StateExited: the path at which the outcome of the event before was
	 * put into the state's input, which made `data`. That can be had again
	 * by history_output, so the store keeps only this. NULL: `data` is no
	 * such thing and kept as it is. */
	const char *path;
	const struct error *error; /* or NULL */
};

struct standing {
	enum status status;
	const char *state;   /* name of the state it is in, or ended in */
	const char *outcome; /* NULL: not known yet */
	/* When it goes on by itself; 0: it does not. RUNNING: the next attempt.
	 * FAILED: to be redriven. SUCCEEDED, but its key was not contained for
	 * a passing cause: to be retried by a new execution. */
	int64_t due_wall_ms;
	int retries; /* executions in a row before it that came to no better */
	const char *tags[TAGS]; /* each may be NULL */
};

/*
 * The data of a StateExited that has a path: the state's input with the result
 * of `end` (TaskSucceeded), or with its error as {"Error","Cause"} (TaskFailed,
 * TaskTimedOut), put at that path. The caller frees it. NULL and
 * `States.ResultPathMatchFailure` if the input is no object.
 */
char *history_output(const char *input, const struct event *end,
    const char *path, struct error *error);

/* "RUNNING", ... and back; false for an unknown name. */
const char *status_name(enum status status);
bool status_parse(const char *name, enum status *ret_status);

/* "TaskStateEntered", ... and back; false for an unknown name. */
const char *event_type_name(enum event_type type);
bool event_type_parse(const char *name, enum event_type *ret_type);

#endif
