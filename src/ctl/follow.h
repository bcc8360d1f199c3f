/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sees executions through to their end: prints what happens to them as it
 * happens, and finds the daemon again when it restarts in between.
 */
#ifndef KG_CTL_FOLLOW_H
#define KG_CTL_FOLLOW_H

struct client;
struct ctl;
struct json_object;

/*
 * Goes on with a call that has told which executions it is about; returns how
 * to exit, with CTL_DONE an array of what became of them, which the caller
 * frees.
 */
int follow(const struct ctl *ctl, struct client *client,
    struct json_object *started, struct json_object **ret_ended);

#endif
