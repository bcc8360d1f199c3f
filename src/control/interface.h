/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a Varlink interface definition to hold values against it: what a client
 * sends is checked by the very text that it was promised. The text is our own,
 * so it is trusted to be well-formed and without types that contain themselves.
 */
#ifndef KG_CONTROL_INTERFACE_H
#define KG_CONTROL_INTERFACE_H

#include <stdbool.h>

struct json_object;

#define INTERFACE_NAME 64 /* room for a name, with its NUL */

/* Calls back with the name of each "method", "error" or "type". */
void interface_each(const char *text, const char *kind,
    void (*each)(void *arg, const char *name), void *arg);

/* Whether there is a `kind` of that name. */
bool interface_has(const char *text, const char *kind, const char *name);

/*
 * Whether an object (NULL: empty) is what a method takes, what it answers, or
 * what an error tells. False, with the field that is missing, not known, or of
 * another type; the innermost that has a name.
 */
bool interface_takes(const char *text, const char *method,
    struct json_object *object, char ret_wrong[INTERFACE_NAME]);
bool interface_answers(const char *text, const char *method,
    struct json_object *object, char ret_wrong[INTERFACE_NAME]);
bool interface_tells(const char *text, const char *error,
    struct json_object *object, char ret_wrong[INTERFACE_NAME]);

#endif
