/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An engine that writes down what is started, and what is done to others; in
 * place of the real one at link time.
 */
#ifndef KG_TESTS_UNIT_FAKE_ENGINE_H
#define KG_TESTS_UNIT_FAKE_ENGINE_H

#include "machine/engine.h"

struct json_object;

struct engine {
	struct json_object *input; /* of the last that was started */
	char *name, *origin, *tags[TAGS];
	int retries, starts;
	bool redrives_none;
	char deeds[128]; /* "redrive NAME by BY; stop NAME by BY; " */
};

/* As if nothing had been done. */
void fake_engine_forget(struct engine *engine);

#endif
