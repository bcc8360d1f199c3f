/* SPDX-License-Identifier: Apache-2.0 */
/* From the question to the answer, whatever is done in between. */
#include "control/deed.h"

#include <stdlib.h>
#include <string.h>

#include "control/call.h"
#include "control/control.h"
#include "control/render.h"
#include "control/watch.h"
#include "machine/engine.h"
#include "store/read.h"
#include "store/store.h"
#include "util/alloc.h"
#include "util/doc.h"

static void
unobserve(struct deed *deed)
{
	if (deed->acted)
		engine_unobserve(deed->call->host->engine, &deed->observer);
	deed->acted = false;
}

static void
release(void *held)
{
	struct deed *deed = held;

	who_unask(&deed->who);
	if (deed->read != NULL)
		store_read_cancel(deed->read);
	unobserve(deed);
	doc_free(deed->answer);
	free(deed->name);
	free(deed->by);
	free(deed->result);
	free(deed);
}

/* ---- the answer ---- */

/* How it stands is why not. */
static void
refuse(struct deed *deed, enum status status, const char *outcome)
{
	struct json_object *doc = doc_object();

	doc_put_string(doc, "name", deed->name);
	doc_put_string(doc, "status", status_name(status));
	doc_put_string(doc, "outcome", outcome);
	call_fail(deed->call, deed->kind->refusal, doc);
}

/* Composes it as long as what it tells of is there. */
static void
compose(struct deed *deed, const struct event *event,
    const struct standing *standing)
{
	bool elsewhere = deed->result != NULL;
	bool runs = standing->status == STATUS_RUNNING;
	const struct store_execution execution = {
		.name = elsewhere ? deed->result : deed->name,
		.standing = *standing,
		.start_wall_ms =
		    elsewhere ? event->wall_ms : deed->start_wall_ms,
		.stop_wall_ms = runs ? 0 : event->wall_ms,
	};
	struct json_object *list = doc_array();

	doc_push(list, render_execution(&execution));
	deed->answer = doc_object();
	doc_put(deed->answer, "executions", list);
	deed->runs = runs;
	deed->before = event->id - 1;
}

/* What happens to one that runs now can be told on and on. */
static void
answer(struct deed *deed)
{
	struct call *call = deed->call;
	const char *name = deed->result != NULL ? deed->result : deed->name;

	if (!call->more || !deed->runs) {
		call_reply(call, STEAL(deed->answer));
		return;
	}
	call_continue(call, STEAL(deed->answer));
	watch_executions(call, &name, &deed->before, 1);
}

static void
on_settled(void *arg, const struct error *error)
{
	struct deed *deed = arg;

	if (error == NULL)
		answer(deed);
	else
		call_fail_for(deed->call, CONTROL_STORE_FAILED, error);
}

/* ---- what the engine tells ---- */

static bool
is_ours(const struct deed *deed, const char *name)
{
	const char *ours = deed->result != NULL ? deed->result : deed->name;

	return strcmp(name, ours) == 0;
}

/* A lasting call is there until it is answered, also for the store. */
static void
shown(struct deed *deed)
{
	if (!deed->kind->settles) {
		answer(deed);
		return;
	}
	unobserve(deed);
	store_settle(deed->call->host->store, deed->name, on_settled, deed);
}

static void
on_event(void *arg, const char *name, const struct event *event,
    const struct standing *standing)
{
	struct deed *deed = arg;

	if (!is_ours(deed, name))
		return;
	if (event->type == deed->kind->shows) {
		compose(deed, event, standing);
		shown(deed);
	} else if (standing->status != STATUS_RUNNING) {
		refuse(deed, standing->status, standing->outcome);
	}
}

static void
on_held(void *arg, const char *name, const struct error *error)
{
	struct deed *deed = arg;

	if (is_ours(deed, name))
		call_fail_for(deed->call, CONTROL_STORE_FAILED, error);
}

/* It had ended, and came by the queue once more: what was done was done to what
 * the store does not want. */
static void
on_exists(void *arg, const char *name, enum status status)
{
	struct deed *deed = arg;

	if (is_ours(deed, name))
		refuse(deed, status, NULL);
}

/* ---- what is done ---- */

static void
acted(struct deed *deed)
{
	deed->acted = true;
	deed->observer = (struct engine_observer){
		.on_event = on_event,
		.on_exists = on_exists,
		.on_held = on_held,
		.arg = deed,
	};
	engine_observe(deed->call->host->engine, &deed->observer);
	call_audit(deed->name, deed->by);
	if (deed->result != NULL)
		call_audit(deed->result, deed->by);
}

static void
act(struct deed *deed, const struct store_execution *execution,
    const struct event *events, size_t count)
{
	const struct deed_kind *kind = deed->kind;
	const struct engine *engine = deed->call->host->engine;
	struct error error;

	deed->start_wall_ms = execution->start_wall_ms;
	if (kind->act(deed, execution, events, count, &error))
		acted(deed);
	else if (strcmp(strrchr(error.name, '.'),
		     strrchr(kind->refusal, '.')) != 0)
		call_fail_for(deed->call, CONTROL_NOT_POSSIBLE, &error);
	else if (engine_running(engine, deed->name))
		refuse(deed, STATUS_RUNNING, execution->standing.outcome);
	else
		refuse(deed, execution->standing.status,
		    execution->standing.outcome);
}

static void
on_shown(void *arg, const struct store_execution *execution,
    const struct event *events, size_t count, const struct error *error)
{
	struct deed *deed = arg;

	deed->read = NULL;
	if (error != NULL)
		call_fail_for(deed->call, CONTROL_STORE_FAILED, error);
	else if (execution == NULL)
		call_fail_with(
		    deed->call, CONTROL_NO_SUCH_EXECUTION, "name", deed->name);
	else
		act(deed, execution, events, count);
}

static void
on_told(void *arg, const char *by)
{
	struct deed *deed = arg;

	deed->by = xstrdup(by);
	deed->read =
	    store_show(deed->call->host->store, deed->name, on_shown, deed);
}

void
deed_begin(struct call *call, const struct deed_kind *kind, const char *name)
{
	struct deed *deed = xzalloc(sizeof *deed);

	deed->call = call;
	deed->kind = kind;
	deed->name = xstrdup(name);
	call_hold(call, deed, release);
	call_who(call, kind->name, &deed->who, on_told, deed);
}
