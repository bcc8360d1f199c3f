/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One question to the daemon and its answer; and what all verbs have in common
 * when there is none.
 */
#ifndef KG_CTL_ASK_H
#define KG_CTL_ASK_H

struct ctl;
struct error;
struct json_object;
struct varlink_reply;

/*
 * Calls a method of io.keyguard.Control and waits for its answer: CTL_DONE and
 * the parameters, which the caller frees. Otherwise it says what is wrong, and
 * returns how to exit. Takes `parameters`.
 */
int ask(const struct ctl *ctl, const char *method,
    struct json_object *parameters, struct json_object **ret);

/* The same for what does something: when its answer is lost, it says what
 * tells whether it was done: the command `look`. */
int ask_to(const struct ctl *ctl, const char *method,
    struct json_object *parameters, const char *look, struct json_object **ret);

/* Says that the answer to what was asked was lost, as above (`look` NULL: it
 * was a question); returns how to exit. */
int ask_lost(
    const struct ctl *ctl, const struct error *error, const char *look);

/* Say what is wrong, and return how to exit: that the daemon cannot be talked
 * to (of client.h), or what it has answered. */
int ask_failed(const struct ctl *ctl, const struct error *error);
int ask_refused(const struct ctl *ctl, const struct varlink_reply *reply);

#endif
