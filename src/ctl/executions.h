/* SPDX-License-Identifier: Apache-2.0 */
/* A list of executions, as `list` and `inject` print it. */
#ifndef KG_CTL_EXECUTIONS_H
#define KG_CTL_EXECUTIONS_H

#include <stdbool.h>

struct ctl;
struct json_object;

/* A table of an array of them. */
void executions_print(const struct ctl *ctl, struct json_object *executions);

/* Whether each has SUCCEEDED and contained its key. */
bool executions_good(struct json_object *executions);

#endif
