/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One call of a client, as the method that answers it sees it. It ends by one
 * call_reply or call_fail, at once or later, or in silence when the client goes
 * or never wanted an answer; from then on it must not be touched. What the
 * method holds for it is released whichever way it ends. A lasting call does
 * not end in silence: what it was about is done whoever has gone.
 */
#ifndef KG_CONTROL_CALL_H
#define KG_CONTROL_CALL_H

#include <stdbool.h>

struct control_host;
struct error;
struct json_object;
struct stream;
struct who;
struct who_asker;

/* The errors of io.keyguard.Control. */
#define CONTROL_ERROR(name)       "io.keyguard.Control." name
#define CONTROL_NO_SUCH_EXECUTION CONTROL_ERROR("NoSuchExecution")
#define CONTROL_INVALID_EVENT     CONTROL_ERROR("InvalidEvent")
#define CONTROL_BAD_TOKEN         CONTROL_ERROR("BadToken")
#define CONTROL_STORE_FAILED      CONTROL_ERROR("StoreFailed")
#define CONTROL_NOT_FAILED        CONTROL_ERROR("NotFailed")
#define CONTROL_NOT_UNCONTAINED   CONTROL_ERROR("NotUncontained")
#define CONTROL_NOT_RUNNING       CONTROL_ERROR("NotRunning")
#define CONTROL_NOT_POSSIBLE      CONTROL_ERROR("NotPossible")
#define CONTROL_NOTHING_HELD      CONTROL_ERROR("NothingHeld")

struct call {
	const struct control_host *host;
	struct stream *stream; /* to the client */
	bool more;             /* it takes more replies than one */
	/* The connection's own. */
	struct who *who;
	bool oneway;
	bool lasting;
	bool deserted; /* the client of a lasting call has gone */
	void *held;
	void (*release)(void *held);
	void (*drained)(void *held);
	void (*ended)(struct call *call);
};

/* From now on the call holds `held`; what it held before is released. */
void call_hold(struct call *call, void *held, void (*release)(void *held));

/* Asks who it is that wants `deed` done, as who_ask does. */
void call_who(struct call *call, const char *deed, struct who_asker *asker,
    void (*told)(void *arg, const char *by), void *arg);

/* Tells the journal that this was done to an execution, and by whom. */
void call_audit(const char *name, const char *by);

/* What is still to come is for the client alone: it lasts no longer. False,
 * and the call has ended, if there is no such client. */
bool call_for_client(struct call *call);

/* A reply that is not the last; only if the client takes more than one.
 * Takes `parameters`, as do all of these. */
void call_continue(struct call *call, struct json_object *parameters);

/* Once all that was said has left: calls back once with what the call holds,
 * but not when that is released before. */
void call_when_drained(struct call *call, void (*drained)(void *held));

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
