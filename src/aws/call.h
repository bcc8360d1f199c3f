/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One call of an operation, whichever: it waits for its place and its rate,
 * asks for credentials, signs, sends, and ends by one callback. It is sent
 * once, and once more only signed anew, when the answer says that our clock
 * was wrong or the session has expired. All other retrying is the table's.
 *
 * States of a call, told by its fields: `begin` set: just started; `place` not
 * held: waits for the limiter; `waits_for_credentials`: just that; `sent`: on
 * the wire. It holds its place from the second to the end.
 */
#ifndef KG_AWS_CALL_H
#define KG_AWS_CALL_H

#include "aws/client.h"
#include "aws/request.h"

struct http_answer;

/* A typed callback of an operation on its way through a call. */
typedef void call_any(void);

/* How a call ended. All borrowed; the call itself is no more. */
struct call_end {
	enum aws_service service;
	const struct http_answer *answer; /* a good one; NULL on failure */
	const struct error *error;        /* NULL on success */
	size_t count;                     /* as given to call_start */
	call_any *done;
	void *arg;
};

/* Reads the answer and tells whoever asked. */
typedef void call_finish(const struct call_end *end);

struct call_operation {
	struct request request; /* its body is taken; NULL: it was too large */
	call_finish *finish;
	size_t count; /* entries in a batch, for `finish` */
};

/* Starts a call. */
struct aws_call *call_start(struct aws *aws,
    const struct call_operation *operation, const struct aws_options *options,
    call_any *done, void *arg);

/* A call that only fails, later, with `error`. */
struct aws_call *call_refuse(struct aws *aws,
    const struct call_operation *operation, const struct error *error,
    call_any *done, void *arg);

#endif
