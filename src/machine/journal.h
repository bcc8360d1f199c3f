/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store as the engine sees it. An append is accepted at once and becomes
 * durable later; whatever comes back comes by the listener, on the loop, never
 * within the call that caused it, and names its execution, so that nothing has
 * to be cancelled.
 */
#ifndef KG_MACHINE_JOURNAL_H
#define KG_MACHINE_JOURNAL_H

#include <stddef.h>

#include "machine/history.h"

struct journal_listener {
	/* One event is durable; called once for each, in the order of an
	 * execution's ids. Everything is borrowed. */
	void (*on_durable)(void *arg, const char *name,
	    const struct event *event, const struct standing *standing);
	/* The execution's first event met a stored execution of that name; it
	 * and all that was appended after it is dropped. */
	void (*on_exists)(void *arg, const char *name, enum status status);
	/* A row could not be written though the store works (too large, ...):
	 * that and what followed it of this execution is dropped. */
	void (*on_held)(void *arg, const char *name, const struct error *error);
	/* The answer to `load`: all events by id, or an error. */
	void (*on_loaded)(void *arg, const char *name,
	    const struct event *events, size_t count,
	    const struct error *error);
	/* One for each unfinished execution after `recover`, then
	 * on_recovered_all once. */
	void (*on_recovered)(void *arg, const char *name,
	    const struct standing *standing, const struct event *events,
	    size_t count);
	void (*on_recovered_all)(void *arg, const struct error *error);
	void *arg;
};

struct journal {
	void *self;
	/* Copies all it needs. Never fails. TASK_SUBMITTED goes first in the
	 * next transaction and takes the execution's earlier events along;
	 * TASK_STARTED causes no transaction of its own. */
	void (*append)(void *self, const char *name, const struct event *event,
	    const struct standing *standing);
	/* Reads an execution's history; one on_loaded. */
	void (*load)(void *self, const char *name);
	/* Reads all RUNNING executions; oldest first. */
	void (*recover)(void *self);
};

#endif
