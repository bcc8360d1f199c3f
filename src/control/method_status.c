/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Status: how the daemon is. It answers above all when things go wrong, so it
 * waits for what the store counts, but not for long.
 */
#include <stdlib.h>

#include "control/call.h"
#include "control/control.h"
#include "control/methods.h"
#include "loop/loop.h"
#include "store/read.h"
#include "util/alloc.h"
#include "util/clock.h"
#include "util/doc.h"
#include "util/error.h"

#define WAIT_MS SECONDS(1)

struct counting {
	struct call *call;
	struct store_read *read;
	struct loop_timer patience;
};

static void
release(void *held)
{
	struct counting *counting = held;

	loop_timer_done(&counting->patience);
	if (counting->read != NULL)
		store_read_cancel(counting->read);
	free(counting);
}

/* The store does not answer: what it counts is left out. */
static void
answer_alone(void *arg)
{
	struct counting *counting = arg;
	const struct control_host *host = counting->call->host;

	call_reply(counting->call, host->status(host->arg));
}

static void
on_counted(
    void *arg, const struct store_totals *totals, const struct error *error)
{
	struct counting *counting = arg;
	const struct control_host *host = counting->call->host;
	struct json_object *doc, *executions;

	counting->read = NULL;
	if (error != NULL) {
		answer_alone(counting);
		return;
	}
	doc = host->status(host->arg);
	executions = doc_object();
	doc_put_int(executions, "running", totals->running);
	doc_put_int(executions, "succeeded", totals->succeeded);
	doc_put_int(executions, "failed", totals->failed);
	doc_put_int(executions, "uncontained", totals->uncontained);
	doc_put(doc, "executions", executions);
	doc_put_int(doc, "rejected", totals->rejected);
	call_reply(counting->call, doc);
}

void
method_status(struct call *call, struct json_object *parameters)
{
	struct counting *counting = xzalloc(sizeof *counting);

	(void)parameters;
	counting->call = call;
	loop_timer_init(
	    &counting->patience, call->host->loop, answer_alone, counting);
	loop_timer_set(&counting->patience, WAIT_MS);
	call_hold(call, counting, release);
	counting->read = store_count(call->host->store, on_counted, counting);
}
