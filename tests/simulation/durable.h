/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the store at a path has on the disk, read by plain SQL: by no code of
 * the daemon's, and as a start after a loss of power would find it.
 */
#ifndef KG_TESTS_SIMULATION_DURABLE_H
#define KG_TESTS_SIMULATION_DURABLE_H

#include <stdbool.h>

struct fake_disk;
struct json_object;

/* The intents to delete that key, as an array. */
struct json_object *durable_intents(
    struct fake_disk *disk, const char *path, const char *key);

/* How all executions stand, and which messages were refused. */
struct json_object *durable_all(struct fake_disk *disk, const char *path);

/* All executions and their histories, as an array. */
struct json_object *durable_histories(struct fake_disk *disk, const char *path);

/* Whether nothing there runs, or is to go on by itself. */
bool durable_over(struct fake_disk *disk, const char *path);

#endif
