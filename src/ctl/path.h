/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The path that an execution took through the machine, read from its history:
 * each visit of a state, and each failure on the way.
 */
#ifndef KG_CTL_PATH_H
#define KG_CTL_PATH_H

#include <stddef.h>

struct json_object;

struct visit {
	const char *state;
	const char *entered, *left; /* stamps; left NULL: still in it */
	int tries;                  /* how often the task was scheduled */
	const char *end;            /* type of the last event of the task */
	const char *error;          /* of its last failure; NULL: none */
};

struct trouble {
	const char *state;
	int try; /* from 1 */
	struct json_object *event;
};

/* All borrowed from the history. */
struct path {
	struct visit *visit;
	size_t count;
	struct trouble *trouble;
	size_t trouble_count;
	const char *intent; /* JSON, recorded last; NULL: none */
};

/* The path of what Describe answers. The caller frees it by path_done. */
struct path path_of(struct json_object *execution);
void path_done(struct path *path);

/* How a visit went, in a few words. The caller frees them. */
char *path_result(const struct visit *visit);

#endif
