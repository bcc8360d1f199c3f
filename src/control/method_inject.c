/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inject: an event that came by hand instead of by the queue. When it is known
 * by whose hand, it is admitted. The client hears of its executions when each
 * has been recorded, and of a refusal when that is, so that what it was told of
 * can be looked up.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "control/call.h"
#include "control/control.h"
#include "control/methods.h"
#include "control/render.h"
#include "control/watch.h"
#include "control/who.h"
#include "loop/loop.h"
#include "machine/engine.h"
#include "store/store.h"
#include "util/alloc.h"
#include "util/clock.h"
#include "util/doc.h"
#include "util/log.h"
#include "workflow/admission.h"

/* A refused event on its way into the store, which cannot be called back. */
struct keeping {
	struct injection *injection; /* NULL: the client has gone */
};

struct injection {
	struct call *call;
	struct json_object *parameters; /* the call's own */
	struct who_asker who;
	struct engine_observer observer;
	struct admission admission;
	struct json_object **started; /* of each name; NULL: not recorded yet */
	size_t missing;
	struct keeping *keeping; /* NULL: nothing is being kept */
};

static void
release(void *held)
{
	struct injection *injection = held;

	who_unask(&injection->who);
	engine_unobserve(injection->call->host->engine, &injection->observer);
	doc_free(injection->parameters);
	if (injection->keeping != NULL)
		injection->keeping->injection = NULL;
	for (size_t i = 0; i < injection->admission.count; i++)
		doc_free(injection->started[i]);
	free(injection->started);
	admission_done(&injection->admission);
	free(injection);
}

/* The answer, once all are recorded. With `more` it goes on as a watch. */
static void
answer(struct injection *injection)
{
	struct call *call = injection->call;
	struct json_object *doc = doc_object(), *list = doc_array();

	for (size_t i = 0; i < injection->admission.count; i++)
		doc_push(list, STEAL(injection->started[i]));
	doc_put(doc, "executions", list);
	if (injection->admission.refused)
		doc_put(doc, "refused",
		    render_failure(&injection->admission.refusal));
	if (!call->more) {
		call_reply(call, doc);
		return;
	}
	call_continue(call, doc);
	watch_executions(call, (const char *const *)injection->admission.names,
	    NULL, injection->admission.count);
}

/* ---- what the engine tells ---- */

static struct json_object **
find(const struct injection *injection, const char *name)
{
	for (size_t i = 0; i < injection->admission.count; i++)
		if (strcmp(injection->admission.names[i], name) == 0)
			return &injection->started[i];
	return NULL;
}

static void
on_event(void *arg, const char *name, const struct event *event,
    const struct standing *standing)
{
	struct injection *injection = arg;
	struct json_object **started = find(injection, name);

	if (started == NULL || *started != NULL)
		return;
	*started = render_execution(&(struct store_execution){
	    .name = name,
	    .standing = *standing,
	    .start_wall_ms = event->wall_ms,
	});
	if (--injection->missing == 0)
		answer(injection);
}

static void
on_held(void *arg, const char *name, const struct error *error)
{
	struct injection *injection = arg;

	if (find(injection, name) != NULL)
		call_fail_for(injection->call, CONTROL_STORE_FAILED, error);
}

/* Names of injected executions are random. */
static void
on_exists(void *arg, const char *name, enum status status)
{
	struct error error;

	(void)status;
	error_set(&error, "Store.Exists", "an execution is named so already");
	on_held(arg, name, &error);
}

/* ---- what is refused ---- */

static void
on_kept(void *arg, const struct error *error)
{
	struct keeping *keeping = arg;
	struct injection *injection = keeping->injection;

	if (error != NULL)
		log_line(LEVEL_WARNING,
		    "control: a refused event could not be kept: %s: %s",
		    error->name, error->cause);
	free(keeping);
	if (injection == NULL)
		return;
	injection->keeping = NULL;
	if (injection->admission.count == 0)
		call_fail_for(injection->call, CONTROL_INVALID_EVENT,
		    &injection->admission.refusal);
}

static void
keep(struct injection *injection, const char *body)
{
	const struct control_host *host = injection->call->host;
	const struct error *refusal = &injection->admission.refusal;
	const struct rejected rejected = {
		.received_wall_ms = clock_wall_ms(loop_clock(host->loop)),
		.error = refusal->name,
		.cause = refusal->cause,
		.body = body,
		.body_len = strlen(body),
	};

	injection->keeping = xzalloc(sizeof *injection->keeping);
	injection->keeping->injection = injection;
	store_reject(host->store, &rejected, on_kept, injection->keeping);
}

/* ---- the call ---- */

static void
admit(void *arg, const char *by)
{
	struct injection *injection = arg;
	const struct control_host *host = injection->call->host;
	struct admission *admission = &injection->admission;
	const char *body = doc_string(injection->parameters, "event");
	const struct admission_message message = {
		.body = body,
		.body_len = strlen(body),
		.origin = by,
		.injected = true,
	};

	admission_admit(
	    host->engine, loop_random(host->loop), &message, admission);
	assert(admission->count > 0 || admission->refused);
	injection->missing = admission->count;
	injection->started =
	    xcalloc(admission->count, sizeof *injection->started);
	for (size_t i = 0; i < admission->count; i++)
		call_audit(admission->names[i], by);
	if (admission->refused)
		keep(injection, body);
}

void
method_inject(struct call *call, struct json_object *parameters)
{
	struct injection *injection = xzalloc(sizeof *injection);

	injection->call = call;
	injection->parameters = json_object_get(parameters);
	injection->observer = (struct engine_observer){
		.on_event = on_event,
		.on_exists = on_exists,
		.on_held = on_held,
		.arg = injection,
	};
	engine_observe(call->host->engine, &injection->observer);
	call_hold(call, injection, release);
	call_who(call, "inject", &injection->who, admit, injection);
}
