/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One execution in memory, for the files of the engine. It knows where it
 * stands, what it waits for, and how much of what it wrote is durable; its data
 * only while somebody needs it, so that one that waits is small.
 */
#ifndef KG_MACHINE_EXECUTION_H
#define KG_MACHINE_EXECUTION_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "machine/history.h"
#include "machine/table.h"
#include "util/backoff.h"
#include "util/log.h"

struct engine;
struct lane;
struct run;

/* In the order in which a state's visit goes through them. */
enum waits {
	WAITS_LANE,   /* for its turn in the lane */
	WAITS_LOAD,   /* for its data from the store */
	WAITS_COMMIT, /* for its earlier events to be durable */
	WAITS_TASK,   /* for its task to end */
	WAITS_RETRY,  /* for the next attempt to be due */
	WAITS_HOLD,   /* to be released */
	WAITS_END,    /* for its own end to be durable */
	WAITS,        /* how many there are */
};

TAILQ_HEAD(execution_queue, execution);

struct execution {
	const char *name; /* first: names.h */
	struct engine *engine;
	enum status status;
	enum waits waits;
	int state;      /* index in the table; -1: `stranger` */
	char *stranger; /* a state that the table does not know */
	char *outcome;
	char *tags[TAGS];
	char *origin;
	int64_t received_ms;

	int64_t last_id;     /* of the last event */
	int64_t durable_id;  /* of the last event that is durable */
	int64_t entered_id;  /* of this visit's StateEntered; 0: in none */
	int64_t exit_id;     /* of the event that frees its lane; 0: none yet */
	int64_t due_wall_ms; /* as in its standing, */
	int retries;         /* likewise */
	int failures;        /* how often it has ended FAILED */
	bool again;          /* it went by a catcher that says so */
	bool scheduled;      /* the next attempt's TaskScheduled is written */
	int fired[TABLE_RETRIERS]; /* by retrier, in this visit */
	struct backoff loading;

	char *data;   /* the state's raw input, or NULL: in the store alone */
	char *intent; /* the last durable one of this visit, or NULL */
	struct run *run; /* the attempt under way, or NULL */

	struct execution_queue *queue; /* of the agenda, or NULL */
	TAILQ_ENTRY(execution) in_queue;
	struct lane *lane; /* or NULL */
	TAILQ_ENTRY(execution) in_lane;
	int64_t due_ms;   /* monotonic */
	size_t due_place; /* in the heap; 0: not in it */
};

/* A running execution before its first state, without data; nothing of it is
 * recorded. Name, and what lasts of the standing, are copied. */
struct execution *execution_new(
    struct engine *engine, const char *name, const struct standing *standing);

/* Frees its memory. It must be in no queue and have no run. */
void execution_free(struct execution *execution);

/* The state it is in; NULL if the table has none of that name. */
const struct state *execution_state(const struct execution *execution);

/* The name of the state it is in. */
const char *execution_place(const struct execution *execution);

/* Replaces one of its strings by a copy of `text`. */
void execution_set(char **member, const char *text);

/* Appends an event, with the standing that it leads to, to the journal. Its id,
 * time and state are filled in, and its resource where that is the task's. */
void execution_record(struct execution *execution, const struct event *what);

/* Logs "<name>: <what>: <error>: <cause>"; `error` may be NULL. */
void execution_tell(const struct execution *execution, enum log_level level,
    const char *what, const struct error *error);

/* Whether all that it wrote is durable. */
bool execution_durable(const struct execution *execution);

/* Drops its data if that can be loaded again, before the next attempt. Who is
 * in a lane state keeps it, unless held there: nothing may delay that. */
void execution_shed(struct execution *execution);

#endif
