/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Status: how the daemon is. It answers above all when things go wrong, so it
 * waits for what the queue says and the store counts, but not for long.
 */
#include <stdlib.h>

#include "control/call.h"
#include "control/control.h"
#include "control/methods.h"
#include "intake/census.h"
#include "loop/loop.h"
#include "machine/engine.h"
#include "store/read.h"
#include "util/alloc.h"
#include "util/clock.h"
#include "util/doc.h"

#define WAIT_MS SECONDS(1)

struct asking {
	struct call *call;
	struct census_asker queue;
	struct store_read *read; /* NULL: it has come back */
	bool counted;
	struct store_totals totals;
	struct loop_timer patience;
};

static void
release(void *held)
{
	struct asking *asking = held;

	loop_timer_done(&asking->patience);
	census_unask(&asking->queue);
	if (asking->read != NULL)
		store_read_cancel(asking->read);
	free(asking);
}

static void
add_totals(const struct store_totals *totals, const struct engine *engine,
    struct json_object *doc)
{
	struct json_object *executions = doc_object();

	doc_put_int(executions, "running", totals->running);
	doc_put_int(executions, "held", (int64_t)engine_held(engine));
	doc_put_int(executions, "succeeded", totals->succeeded);
	doc_put_int(executions, "failed", totals->failed);
	doc_put_int(executions, "uncontained", totals->uncontained);
	doc_put(doc, "executions", executions);
	doc_put_int(doc, "rejected", totals->rejected);
}

/* Who has not answered by now is left out. */
static void
answer(void *arg)
{
	struct asking *asking = arg;
	const struct control_host *host = asking->call->host;
	struct json_object *doc = host->status(host->arg);

	if (asking->counted)
		add_totals(&asking->totals, host->engine, doc);
	call_reply(asking->call, doc);
}

static void
answer_if_whole(struct asking *asking)
{
	if (asking->read == NULL && !asking->queue.waits)
		answer(asking);
}

static void
on_told(void *arg)
{
	answer_if_whole(arg);
}

static void
on_counted(
    void *arg, const struct store_totals *totals, const struct error *error)
{
	struct asking *asking = arg;

	asking->read = NULL;
	asking->counted = error == NULL;
	if (asking->counted)
		asking->totals = *totals;
	answer_if_whole(asking);
}

void
method_status(struct call *call, struct json_object *parameters)
{
	struct asking *asking = xzalloc(sizeof *asking);
	const struct control_host *host = call->host;

	(void)parameters;
	asking->call = call;
	asking->queue.told = on_told;
	asking->queue.arg = asking;
	loop_timer_init(&asking->patience, host->loop, answer, asking);
	loop_timer_set(&asking->patience, WAIT_MS);
	call_hold(call, asking, release);
	host->ask(host->arg, &asking->queue);
	asking->read = store_count(host->store, on_counted, asking);
}
