/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A JSON document with one of its values changed into another, of another type
 * or of a strange kind, or left out.
 */
#ifndef KG_TESTS_SCENARIOS_MUTATE_H
#define KG_TESTS_SCENARIOS_MUTATE_H

#include <stdbool.h>
#include <stddef.h>

struct json_object;

/* What a value is changed into; NULL: nothing at all. */
extern const char *const mutate_values[];
extern const size_t mutate_count;

/* Whether one of these is a string. */
bool mutate_is_string(const char *value);

/* Changes the value that has so many before it, at any depth; says where it
 * was, "detail.affectedEntities[0]". False when there is no such value. */
bool mutate(
    struct json_object *doc, size_t skip, const char *value, char path[128]);

#endif
