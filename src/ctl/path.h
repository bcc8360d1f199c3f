/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The path that an execution took through the machine, read from its history:
 * each visit of a state, and what the history tells of the key.
 */
#ifndef KG_CTL_PATH_H
#define KG_CTL_PATH_H

#include <stdbool.h>
#include <stddef.h>

struct json_object;

struct visit {
	const char *state;
	const char *entered, *left; /* stamps; left NULL: still in it */
	size_t first, end; /* its events, and those up to the next visit's */
	int tries;         /* how often its task was scheduled */
	bool succeeded;    /* its task, in the end */
	struct json_object *failure; /* its task's last; NULL: none */
};

/* Strings and events are borrowed from the answer. */
struct path {
	struct json_object *events;
	struct visit *visit;
	size_t count;
	struct json_object *intent;   /* recorded last; NULL: none */
	struct json_object *deletion; /* result of it; NULL: none */
	struct json_object *told;     /* by whom else, if by another; or NULL */
};

/* The path of what Describe answers, of which no order or completeness is
 * expected. The caller ends it by path_done. */
struct path path_of(struct json_object *execution);
void path_done(struct path *path);

/* The last event; NULL if there is none. */
struct json_object *path_last(const struct path *path);

/* Whether it waits to be let go on: too many keys were to be deleted at once.
 * And whether it is about that, and no key. */
bool path_held(const struct path *path);
bool path_tells_of_hold(const struct path *path);

/* Whether a rule of [response] kept it from touching the key. */
bool path_forbidden(const struct path *path);

#endif
