/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One call of a client, as the method that answers it sees it. It ends by one
 * call_reply or call_fail, at once or later, or in silence when the client goes
 * or never wanted an answer; from then on it must not be touched. What the
 * method holds for it is released whichever way it ends.
 */
#ifndef KG_CONTROL_CALL_H
#define KG_CONTROL_CALL_H

#include <stdbool.h>

struct control_host;
struct error;
struct json_object;
struct stream;

/* The errors of io.keyguard.Control. */
#define CONTROL_ERROR(name)       "io.keyguard.Control." name
#define CONTROL_NO_SUCH_EXECUTION CONTROL_ERROR("NoSuchExecution")
#define CONTROL_INVALID_EVENT     CONTROL_ERROR("InvalidEvent")
#define CONTROL_BAD_TOKEN         CONTROL_ERROR("BadToken")
#define CONTROL_STORE_FAILED      CONTROL_ERROR("StoreFailed")

struct call {
	const struct control_host *host;
	struct stream *stream; /* to the client */
	bool more;             /* it takes more replies than one */
	/* The connection's own. */
	bool oneway;
	void *held;
	void (*release)(void *held);
	void (*ended)(struct call *call);
};

/* From now on the call holds `held`; what it held before is released. */
void call_hold(struct call *call, void *held, void (*release)(void *held));

/* A reply that is not the last; only if the client takes more than one.
 * Takes `parameters`, as do all of these. */
void call_continue(struct call *call, struct json_object *parameters);

/* The last reply. */
void call_reply(struct call *call, struct json_object *parameters);

/* Ends with an error by its full name; NULL: it has no parameters. */
void call_fail(
    struct call *call, const char *error, struct json_object *parameters);

/* As call_fail, with an error that tells one string. */
void call_fail_with(struct call *call, const char *error, const char *parameter,
    const char *value);

/* Ends with CONTROL_STORE_FAILED or another that tells of `reason`. */
void call_fail_for(
    struct call *call, const char *error, const struct error *reason);

/* Ends without a word: the client has gone, or wanted no answer. */
void call_end(struct call *call);

#endif
