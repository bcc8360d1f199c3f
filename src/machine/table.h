/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state table: a machine as Amazon States Language describes one, as const
 * data, and the pure functions that read it: is it sound, which retrier or
 * catcher matches an error, how long to wait.
 */
#ifndef KG_MACHINE_TABLE_H
#define KG_MACHINE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/error.h"

struct random;
struct task;

#define TABLE_NAMES    4 /* names in one ErrorEquals */
#define TABLE_RETRIERS 4
#define STATE_END      (-1) /* `next` of a state that ends the execution */

enum jitter {
	JITTER_NONE,
	JITTER_FULL,
};

/*
 * A retrier's fields are ASL's. A 0 means that the field is not given:
 * interval 1 s, rate 2.0, no maximum delay. `max_attempts` is always given.
 * Names are error names, `States.ALL`, `States.TaskFailed`, or
 * a class: `Class.Throttled`, `Class.Transient`.
 */
struct retrier {
	const char *error_equals[TABLE_NAMES]; /* [0] NULL ends the list */
	int interval_seconds;
	double backoff_rate;
	int max_delay_seconds;
	int max_attempts;
	enum jitter jitter;
};

struct catcher {
	const char *error_equals[TABLE_NAMES]; /* [0] NULL ends the list */
	int next;
	const char *result_path; /* "$.name" or "$" */
	const char *outcome;     /* set when taken; NULL: unchanged */
	bool again; /* once it has ended, a new execution is due (redrive) */
};

struct state {
	const char *name;
	const struct task *task;
	int timeout_seconds;
	const struct retrier *retry; /* ended by an empty row, or NULL */
	const struct catcher *catch; /* likewise */
	int next;                    /* index, or STATE_END */
	const char *result_path;     /* "$.name" or "$" */
	const char *outcome;         /* set when it succeeds; NULL: unchanged */
	const char *held;  /* an error by which its task asks to be started
			      anew once engine_release says so; NULL: none */
	bool lane;         /* one execution of a lane (TAG_LANE) at a time */
	bool after_commit; /* starts when all earlier events are durable */
};

struct machine {
	const char *name;
	const char *comment;
	const struct state *states;
	int count;
	int start_at;
	const char *aborted_outcome; /* when stopped before any was set */
	/* What has ended FAILED, or by a catcher that says `again`, is due
	 * after its first, second, ... time: interval, rate, maximum delay.
	 * interval 0: never. */
	struct retrier redrive;
};

/*
 * Whether the table is sound: names given and unique, indices in range, every
 * state reachable, every field in ASL's range, States.ALL alone and last,
 * result paths of the form "$" or "$.name", `again` only where redrive says
 * when. False and `Daemon.BadTable`.
 */
bool table_check(const struct machine *machine, struct error *error);

/* The index of a state by name; -1 when the table has none. */
int table_find(const struct machine *machine, const char *name);

/* The index of the first retrier / catcher that matches; -1 for none. */
int table_retrier(const struct state *state, const struct error *error);
int table_catcher(const struct state *state, const struct error *error);

/* Whether the state holds an execution whose task failed with the error. */
bool table_holds(const struct state *state, const struct error *error);

/*
 * Counts in `fired` that the matching retrier fires once more, and returns its
 * index; -1 when none matches or it is used up: then the catchers decide.
 */
int table_fire(const struct state *state, const struct error *error,
    int fired[TABLE_RETRIERS]);

/* Milliseconds before retry number `n` (from 1) of this retrier, and the most
 * that it can be: they differ by the jitter. */
int64_t table_delay(
    const struct retrier *retrier, int n, struct random *random);
int64_t table_longest_delay(const struct retrier *retrier, int n);

/*
 * Puts `result` (JSON text) where a path says into `input` (JSON text):
 * "$" replaces it, "$.name" adds or replaces a member. The caller frees the
 * text. NULL and `States.ResultPathMatchFailure` if the input is no object.
 */
char *table_result(const char *input, const char *path, const char *result,
    struct error *error);

#endif
