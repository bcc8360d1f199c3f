/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A line of ended executions of one kind that are due to go on: they are taken
 * up one after the other, the first due first, and the next when it is durable
 * that the one before goes on. For the redriver alone.
 */
#ifndef KG_WORKFLOW_DUE_LINE_H
#define KG_WORKFLOW_DUE_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loop/loop.h"
#include "machine/history.h"
#include "util/backoff.h"
#include "util/error.h"

struct engine;
struct store;
struct store_execution;
struct store_read;

/* What lines share. */
struct due_host {
	struct loop *loop;
	struct engine *engine;
	struct store *store;
	int64_t retention_ms; /* a row is over so long after it began; 0: not */
};

/* An execution that is due, as the store has it. */
struct due_past {
	const struct store_execution *of;
	const struct event *events;
	size_t count;
};

struct due_kind {
	enum status status; /* of what stands in the line */
	int state;          /* that it goes on in; a few may be there */
	bool settles;       /* what has been taken up is due no more */
	/* Lets one go on. `ret_name` is whose next event will be durable then,
	 * and the caller's to free; not set: it goes on already. False: its
	 * history is of no use. */
	bool (*take)(const struct due_host *host, const struct due_past *past,
	    char **ret_name, struct error *error);
	const char *over;       /* what is said when a row is over, */
	const char *message_id; /* and by which id */
};

struct due_line {
	const struct due_host *host;
	const struct due_kind *kind;
	bool stopped;
	struct store_read *read; /* under way, or NULL */
	char *name;              /* of what is being taken up, or NULL */
	char *awaited;           /* whose next event is, or NULL */
	size_t skip;             /* so many of the first were put off */
	bool full; /* a few are in the state: waits until there is room */
	struct loop_timer timer; /* the next look */
	int64_t wake_mono_ms;    /* when it fires, while it is set */
	struct backoff backoff;
};

/* Prepares a line; both are borrowed. */
void due_line_init(struct due_line *line, const struct due_host *host,
    const struct due_kind *kind);

/* Looks for what is due. */
void due_line_begin(struct due_line *line);

/* As the observers of the engine hear it. */
void due_line_event(
    struct due_line *line, const char *name, const struct standing *standing);
void due_line_exists(struct due_line *line, const char *name);
void due_line_held(struct due_line *line, const char *name);

/* Takes up nothing more. */
void due_line_stop(struct due_line *line);

/* Gives back what it holds. */
void due_line_done(struct due_line *line);

#endif
