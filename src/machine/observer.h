/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who hears what becomes of executions: nothing is told before it is durable.
 */
#ifndef KG_MACHINE_OBSERVER_H
#define KG_MACHINE_OBSERVER_H

#include "machine/history.h"

struct engine;

/* Hears of what has become durable, in order. Linked in by engine_observe;
 * all observers hear the same. Functions may be NULL. */
struct engine_observer {
	void (*on_event)(void *arg, const char *name, const struct event *event,
	    const struct standing *standing);
	/* The name had been used by an execution that has ended (or is held:
	 * see on_held): nothing was started. */
	void (*on_exists)(void *arg, const char *name, enum status status);
	/* The store cannot keep this execution: it goes no further. */
	void (*on_held)(void *arg, const char *name, const struct error *error);
	void *arg;
	struct engine_observer *next; /* the engine's own */
};

/* Adds or removes an observer; both fine inside a callback. */
void engine_observe(struct engine *engine, struct engine_observer *observer);
void engine_unobserve(struct engine *engine, struct engine_observer *observer);

#endif
