/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls that start executions, or change one: what all such verbs have in
 * common. Once such a call is sent, only the daemon knows whether it was done.
 */
#ifndef KG_CTL_ACT_H
#define KG_CTL_ACT_H

#include <stdbool.h>

struct ctl;
struct json_object;
struct words;

/*
 * Calls a method of io.keyguard.Control (takes `parameters`) and prints the
 * executions that it answers with; if it `waits`, what happens to them until
 * all have ended, and then how. Returns how to exit. `look` is what to do when
 * the answer does not come: "keyguardctl list".
 */
int act(const struct ctl *ctl, const char *method,
    struct json_object *parameters, bool waits, const char *look);

/* act for a method that takes the name of an execution, as the words say. */
int act_on(
    const struct ctl *ctl, const char *method, const struct words *words);

#endif
