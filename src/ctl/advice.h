/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an execution means for who is woken up by it: must a human act, and
 * how. That the key is dead or alive and that security was told or not is all
 * that decides.
 */
#ifndef KG_CTL_ADVICE_H
#define KG_CTL_ADVICE_H

struct json_object;
struct path;

/* A sentence that fits in 50 columns. The caller frees it. */
char *advice_headline(struct json_object *execution, const struct path *path);

/* What to do, if anything: else NULL. */
const char *advice_to_do(
    struct json_object *execution, const struct path *path);

#endif
