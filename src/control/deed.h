/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an operator asks to be done to one execution: Redrive, Retry, Stop. All
 * take the same course. It is found out who asks; the execution is read; what
 * was asked for is done in one turn of the loop; and when the event that shows
 * it is durable, the client is answered. With `more`, what then happens is told
 * as Watch does. It is done, too, when the client has gone.
 */
#ifndef KG_CONTROL_DEED_H
#define KG_CONTROL_DEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/who.h"
#include "machine/history.h"
#include "machine/observer.h"

struct call;
struct deed;
struct store_execution;
struct store_read;

struct deed_kind {
	const char *name; /* "redrive" */
	/* Does it, or says why not: by an error that is named like `refusal`
	 * when the execution does not stand so that it could be. */
	bool (*act)(struct deed *deed, const struct store_execution *execution,
	    const struct event *events, size_t count, struct error *error);
	enum event_type shows; /* that it is done */
	const char *refusal;   /* CONTROL_NOT_FAILED */
	bool settles;          /* then it is not to go on by itself as well */
};

struct deed {
	struct call *call;
	const struct deed_kind *kind;
	char *name;   /* of the execution */
	char *by;     /* "redrive:uid=0,user=root,pid=4711" */
	char *result; /* where it shows, if `act` says that it is elsewhere */
	int64_t start_wall_ms; /* of the execution */
	struct who_asker who;
	struct store_read *read;
	struct engine_observer observer; /* once it is done */
	bool acted;
	struct json_object *answer; /* once it is shown, until it is given */
	bool runs;                  /* what the answer tells of */
	int64_t before;             /* of its events, the last not to be told */
};

/* Answers a call by doing it to the execution of that name. */
void deed_begin(
    struct call *call, const struct deed_kind *kind, const char *name);

#endif
