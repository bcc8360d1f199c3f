/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sandbox's AWS in a scenario's world: it answers every call as AWS does,
 * on the scenario's time, and remembers what was done to it.
 */
#ifndef KG_TESTS_SCENARIOS_CLOUD_H
#define KG_TESTS_SCENARIOS_CLOUD_H

#include <stddef.h>
#include <stdint.h>

#include "scenarios/world.h"

struct json_object;

/*
 * Makes AWS the sandbox's, if it is not yet: with the daemon's own key, alice
 * whose key is exposed, the queue and the topic; and adds `state`, a document
 * as sandbox/README.md has it (NULL: nothing).
 */
void cloud_load(struct world *world, const char *state);

/* Puts a message into the queue. Returns its MessageId, or NULL. */
const char *cloud_send(struct world *world, const char *body, size_t len);

/* All that the sandbox knows, as a new document. */
struct json_object *cloud_state(const struct world *world);

/* The element of a list of that document which has this name, or id. */
struct json_object *cloud_named(struct json_object *list, const char *name);

/* The n-th notification, from 0: an object with `subject` and `message`; NULL
 * past the last. Borrowed of the document. */
struct json_object *cloud_published(struct json_object *state, size_t n);

/* That all is well after an event about alice's key: it is dead, the queue is
 * empty, and there were so many executions, of which only the last contained
 * it; security was told the truth, each of success and failure once at least
 * and so often at most. Notes what is not so. */
void cloud_check_contained(
    struct world *world, size_t executions, size_t most_told);

/* The same after an event about two keys that tripped the breaker once: both
 * are dead, three executions have ended, one of which told of the trip, so
 * often at most. */
void cloud_check_trip(struct world *world, size_t most_told);

#endif
