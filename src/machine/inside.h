/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine from inside, for its own files.
 */
#ifndef KG_MACHINE_INSIDE_H
#define KG_MACHINE_INSIDE_H

#include <stdbool.h>
#include <stddef.h>

#include "machine/agenda.h"
#include "machine/engine.h"
#include "machine/lanes.h"

struct engine {
	const struct machine *machine;
	void *context;
	struct engine_host host;
	const struct journal *journal;
	struct agenda agenda;
	struct lanes lanes;
	void *executions; /* by name: tsearch(3) */
	size_t count;
	size_t *count_in; /* by state, but for these two */
	size_t held;
	size_t behind;  /* in the lane of one that is held */
	size_t runs;    /* attempts under way */
	size_t pending; /* events that are not durable yet */
	struct engine_observer *observers;
	struct engine_observer *telling; /* the next to be told */
	bool draining;
	void (*resumed)(void *arg, const struct error *error);
	void *resumed_arg;
};

/* An execution by its name; NULL when none of that name runs. */
struct execution *engine_find(const struct engine *engine, const char *name);

/* Adds a new one; as execution_new. */
struct execution *engine_add(
    struct engine *engine, const char *name, const struct standing *standing);

#endif
