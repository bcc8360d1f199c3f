/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steps of scenarios, by their first word.
 */
#ifndef KG_TESTS_SCENARIOS_STEPS_H
#define KG_TESTS_SCENARIOS_STEPS_H

#include <stdbool.h>
#include <stddef.h>

#include "scenarios/world.h"

#define STEP_WORDS 16

struct step {
	/* Its words; NULL past the last. */
	char *words[STEP_WORDS + 1];
	/* The lines below it that begin with a tab, without that; "" for none,
	 * no line feed at the end. */
	const char *block;
};

struct verb {
	const char *name; /* NULL ends the list */
	bool (*run)(struct world *world, const struct step *step);
	size_t words; /* it needs, itself included */
};

/* Those about the configuration or the world around the daemon, and those for
 * which it has to run. */
extern const struct verb verbs_around[], verbs[];

/* What must hold at the end: nothing is left over. */
bool steps_end(struct world *world);

#endif
