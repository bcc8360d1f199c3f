/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the store has on the disk, read by plain SQL: by no code of the
 * daemon's, and as a start after a loss of power would find it.
 */
#ifndef KG_TESTS_SIMULATION_DURABLE_H
#define KG_TESTS_SIMULATION_DURABLE_H

#include <stdbool.h>

struct json_object;

/* The intents to delete that key, as an array. */
struct json_object *durable_intents(const char *path, const char *key);

/* How all executions stand, and which messages were refused. */
struct json_object *durable_all(const char *path);

/* All executions and their histories, as an array. */
struct json_object *durable_histories(const char *path);

/* Whether nothing there runs, or is to go on by itself. */
bool durable_over(const char *path);

#endif
