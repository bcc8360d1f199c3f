/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One row on its way to the disk: an event with its standing, a refused
 * message, a note, or that an execution is settled; a copy of what was given,
 * and how writing it went.
 */
#ifndef KG_STORE_RECORD_H
#define KG_STORE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

#include "store/keep.h"
#include "store/store.h"

struct line;

enum fate {
	FATE_WRITTEN,
	FATE_EXISTS,  /* an execution's first, but its name is taken */
	FATE_HELD,    /* it cannot be written: see `why` */
	FATE_DROPPED, /* it follows one of those two */
};

enum record_kind {
	RECORD_EVENT,
	RECORD_REJECTED,
	RECORD_NOTE,
	RECORD_SETTLED,
};

struct record {
	enum record_kind kind;
	const char *name; /* of the execution; a note's key; or NULL */
	struct event event;
	struct standing standing;

	struct rejected rejected;
	const char *text; /* a note's; NULL: it is forgotten */
	store_done *done; /* of all but events; NULL: no one is told */
	void *arg;

	enum fate fate;
	enum status exists; /* the status of who has the name */
	struct error *why;
	bool in_doubt; /* a commit of it failed: it may be on the disk */

	/* Where it waits: batch's own. */
	TAILQ_ENTRY(record) among_all, among_intents, in_line;
	struct line *line;
	bool chosen;

	struct keep keep;
};

/* Copies an event of the execution `name`. */
struct record *record_event(const char *name, const struct event *event,
    const struct standing *standing);

/* Copies a refused message. */
struct record *record_rejected(
    const struct rejected *rejected, store_done *done, void *arg);

/* Copies a note, or that there is none of that key any more (text NULL). */
struct record *record_note(
    const char *key, const char *text, store_done *done, void *arg);

/* That the execution of that name is settled. */
struct record *record_settled(const char *name, store_done *done, void *arg);

/* Says why it cannot be written (copied). */
void record_hold(struct record *record, const struct error *why);

/* An event's data as it is kept: not that of a StateExited with a path, which
 * reads can make again. */
const char *record_data(const struct record *record);

/* The bytes of what is kept of its data, body or text. */
size_t record_size(const struct record *record);

void record_free(struct record *record);

#endif
