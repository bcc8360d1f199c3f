/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Live events come from the engine, all others from the store. An event that
 * is the next one is told as it comes. One that is not says that something is
 * missing: then the history is read, and again if more was missed meanwhile.
 * What became of an execution is read as well, when it has ended.
 */
#include "control/watch.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "control/call.h"
#include "control/control.h"
#include "control/render.h"
#include "machine/engine.h"
#include "store/read.h"
#include "util/alloc.h"
#include "util/doc.h"

struct watched {
	char *name;
	int64_t told;              /* id of the last event that was */
	bool behind;               /* the store may know more */
	struct json_object *ended; /* what became of it; NULL: it runs */
};

struct watch {
	struct call *call;
	struct engine_observer observer;
	struct store_read *read;
	struct watched *reading; /* whose history it is */
	struct watched *each;
	size_t count;
};

static void
tell(struct call *call, const char *name, const struct event *event)
{
	struct json_object *doc = doc_object();

	doc_put_string(doc, "name", name);
	doc_put(doc, "event", render_event(event));
	call_continue(call, doc);
}

static void
release(void *held)
{
	struct watch *watch = held;

	engine_unobserve(watch->call->host->engine, &watch->observer);
	if (watch->read != NULL)
		store_read_cancel(watch->read);
	for (size_t i = 0; i < watch->count; i++) {
		free(watch->each[i].name);
		doc_free(watch->each[i].ended);
	}
	free(watch->each);
	free(watch);
}

/* ---- history ---- */

static void catch_up(struct watch *watch);

static void
on_shown(void *arg, const struct store_execution *execution,
    const struct event *events, size_t count, const struct error *error)
{
	struct watch *watch = arg;
	struct watched *watched = watch->reading;

	watch->read = NULL;
	if (error != NULL) {
		call_fail_for(watch->call, CONTROL_STORE_FAILED, error);
		return;
	}
	if (execution == NULL) {
		call_fail_with(watch->call, CONTROL_NO_SUCH_EXECUTION, "name",
		    watched->name);
		return;
	}
	for (size_t i = 0; i < count; i++)
		if (events[i].id > watched->told) {
			tell(watch->call, watched->name, &events[i]);
			watched->told = events[i].id;
		}
	if (execution->standing.status != STATUS_RUNNING)
		watched->ended = render_execution(execution);
	catch_up(watch);
}

static void
end(struct watch *watch)
{
	struct json_object *doc = doc_object(), *list = doc_array();

	for (size_t i = 0; i < watch->count; i++)
		doc_push(list, STEAL(watch->each[i].ended));
	doc_put(doc, "executions", list);
	call_reply(watch->call, doc);
}

/* Reads the history of the next that is behind, one at a time. */
static void
catch_up(struct watch *watch)
{
	bool open = false;

	for (size_t i = 0; i < watch->count && watch->read == NULL; i++) {
		struct watched *watched = &watch->each[i];

		open |= watched->ended == NULL;
		if (watched->ended != NULL || !watched->behind)
			continue;
		watched->behind = false;
		watch->reading = watched;
		watch->read = store_show(
		    watch->call->host->store, watched->name, on_shown, watch);
	}
	if (!open && watch->read == NULL)
		end(watch);
}

/* ---- live ---- */

/* Whether there is something to read now. */
static bool
hear(struct watch *watch, struct watched *watched, const struct event *event,
    const struct standing *standing)
{
	if (event->id <= watched->told)
		return false;
	if (event->id == watched->told + 1) {
		tell(watch->call, watched->name, event);
		watched->told = event->id;
	} else {
		watched->behind = true;
	}
	if (standing->status != STATUS_RUNNING)
		watched->behind = true;
	return watched->behind;
}

static void
on_event(void *arg, const char *name, const struct event *event,
    const struct standing *standing)
{
	struct watch *watch = arg;
	bool behind = false;

	for (size_t i = 0; i < watch->count; i++)
		if (strcmp(watch->each[i].name, name) == 0)
			behind |= hear(watch, &watch->each[i], event, standing);
	if (behind)
		catch_up(watch);
}

static void
on_exists(void *arg, const char *name, enum status status)
{
	(void)arg;
	(void)name;
	(void)status;
}

static void
on_held(void *arg, const char *name, const struct error *error)
{
	struct watch *watch = arg;
	bool ours = false;

	for (size_t i = 0; i < watch->count; i++)
		ours |= strcmp(watch->each[i].name, name) == 0;
	if (ours)
		call_fail_for(watch->call, CONTROL_STORE_FAILED, error);
}

static struct watch *
start(struct call *call,
    void (*listen)(void *arg, const char *name, const struct event *event,
	const struct standing *standing))
{
	struct watch *watch = xzalloc(sizeof *watch);

	watch->call = call;
	watch->observer = (struct engine_observer){
		.on_event = listen,
		.on_exists = on_exists,
		.on_held = on_held,
		.arg = watch,
	};
	engine_observe(call->host->engine, &watch->observer);
	return watch;
}

void
watch_executions(struct call *call, const char *const *names,
    const int64_t *after, size_t count)
{
	struct watch *watch;

	if (!call_for_client(call))
		return;
	watch = start(call, on_event);
	watch->each = xcalloc(count, sizeof *watch->each);
	watch->count = count;
	for (size_t i = 0; i < count; i++) {
		watch->each[i].name = xstrdup(names[i]);
		watch->each[i].told = after == NULL ? 0 : after[i];
		watch->each[i].behind = true;
	}
	call_hold(call, watch, release);
	catch_up(watch);
}

/* ---- everything ---- */

static void
on_any_event(void *arg, const char *name, const struct event *event,
    const struct standing *standing)
{
	struct watch *watch = arg;

	(void)standing;
	tell(watch->call, name, event);
}

void
watch_all(struct call *call)
{
	struct json_object *doc = doc_object();

	call_hold(call, start(call, on_any_event), release);
	doc_put_bool(doc, "ready", true);
	call_continue(call, doc);
}
