/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The old history is read backwards: what it did last is what counts. What it
 * knew of those before it is handed on.
 */
#include "workflow/retry.h"

#include <string.h>

#include "machine/engine.h"
#include "machine/operate.h"
#include "util/alloc.h"
#include "util/doc.h"
#include "workflow/exposed_key.h"
#include "workflow/name.h"

/* An execution that has ended. */
struct past {
	const struct store_execution *of;
	const struct event *events;
	size_t count;
	struct json_object *input; /* parsed */
};

/* ---- what the old one leaves behind ---- */

static struct json_object *
input_of(const struct event *events, size_t count)
{
	const char *text = count == 0 ? NULL : events[0].data;

	return text == NULL ? NULL : doc_parse(text, strlen(text), NULL);
}

static bool
of_state(const struct event *event, enum exposed_key_state state)
{
	return event->state != NULL &&
	    strcmp(event->state, exposed_key.states[state].name) == 0;
}

/* NULL when there is none of that type and state. */
static const struct event *
last(
    const struct past *past, enum event_type type, enum exposed_key_state state)
{
	for (size_t i = past->count; i-- > 0;)
		if (past->events[i].type == type &&
		    of_state(&past->events[i], state))
			return &past->events[i];
	return NULL;
}

/* Of the deletion; where that never failed, of what stopped it all. */
static const char *
error_of(const struct past *past)
{
	const char *name = NULL;

	for (size_t i = past->count; i-- > 0;) {
		const struct event *event = &past->events[i];

		if (event->error == NULL)
			continue;
		if (of_state(event, DELETE_KEY))
			return event->error->name;
		if (name == NULL)
			name = event->error->name;
	}
	return name;
}

/* It told by itself, or will once it can and is let, or left it to another. */
static void
put_told_by(struct json_object *retry, const struct past *past, bool by_itself)
{
	const struct event *told = last(past, EVENT_TASK_SUCCEEDED, NOTIFY);
	DOC_LATER struct json_object *result = NULL;
	const char *by = NULL;

	if (told == NULL && (past->of->standing.due_wall_ms == 0 || !by_itself))
		return;
	if (told != NULL)
		result = doc_parse(told->data, strlen(told->data), NULL);
	by = doc_string(result, "ToldBy");
	doc_put_string(retry, "ToldBy", by == NULL ? past->of->name : by);
}

static void
put_intent(struct json_object *retry, const struct past *past)
{
	const struct event *own = last(past, EVENT_TASK_SUBMITTED, DELETE_KEY);
	struct json_object *before =
	    doc_at(past->input, "keyguard.Retry.Intent");
	FREE_LATER char *text = NULL;

	if (own != NULL)
		text = xstrdup(own->data);
	else if (before != NULL)
		text = doc_text(before);
	if (text != NULL)
		doc_put(retry, "Intent", doc_parse(text, strlen(text), NULL));
}

int64_t
retry_first_ms(
    const struct store_execution *of, const struct event *events, size_t count)
{
	DOC_LATER struct json_object *input = input_of(events, count);
	int64_t first_ms = doc_time(input, "keyguard.Retry.FirstDate");

	return first_ms != 0 ? first_ms : of->start_wall_ms;
}

static struct json_object *
describe(const struct past *past, bool by_itself)
{
	struct json_object *retry = doc_object();
	const char *first = doc_string(past->input, "keyguard.Retry.First");

	doc_put_string(retry, "Of", past->of->name);
	doc_put_string(retry, "First", first == NULL ? past->of->name : first);
	doc_put_time(retry, "FirstDate",
	    retry_first_ms(past->of, past->events, past->count));
	doc_put_string(retry, "Error", error_of(past));
	put_told_by(retry, past, by_itself);
	doc_put_bool(retry, "ByItself", by_itself);
	put_intent(retry, past);
	return retry;
}

bool
retry_passing(
    const struct store_execution *of, const struct event *events, size_t count)
{
	const struct state *state = &exposed_key.states[DELETE_KEY];
	const char *outcome = of->standing.outcome;
	int catcher = -1;

	for (size_t i = 0; i < count; i++)
		if (events[i].error != NULL && of_state(&events[i], DELETE_KEY))
			catcher = table_catcher(state, events[i].error);
	return outcome != NULL && strcmp(outcome, OUTCOME_UNCONTAINED) == 0 &&
	    catcher >= 0 && state->catch[catcher].again;
}

/* ---- the new one ---- */

static bool
check(const struct past *past, struct error *error)
{
	const struct standing *standing = &past->of->standing;

	if (standing->status == STATUS_RUNNING)
		return error_set(error, "Daemon.NotUncontained",
		    "%s is running", past->of->name);
	if (standing->outcome != NULL &&
	    strcmp(standing->outcome, OUTCOME_CONTAINED) == 0)
		return error_set(error, "Daemon.NotUncontained",
		    "%s contained its key", past->of->name);
	if (!doc_is_object(past->input))
		return error_set(error, "Daemon.BadHistory",
		    "%s has no input that can be read", past->of->name);
	return true;
}

static void
start(struct engine *engine, const struct past *past, const char *name,
    const char *by)
{
	struct json_object *keyguard = doc_at(past->input, "keyguard");
	struct json_object *retry = describe(past, by == NULL);
	FREE_LATER char *text = NULL;
	struct engine_order order = {
		.name = name,
		.origin = by == NULL ? "retry:automatic" : by,
		.retries = by == NULL ? past->of->standing.retries + 1 : 0,
	};

	if (keyguard == NULL) {
		keyguard = doc_object();
		doc_put(past->input, "keyguard", keyguard);
	}
	doc_put(keyguard, "Retry", retry);
	text = doc_text(past->input);
	order.input = text;
	memcpy(order.tags, past->of->standing.tags, sizeof order.tags);
	engine_start(engine, &order);
}

/* Had nobody been told of the old one, the new one tells; what it would tell by
 * then may be long over. */
static void
supersede(struct engine *engine, const struct past *past, const char *by)
{
	const struct store_execution *of = past->of;
	struct error ignored;

	if (of->standing.status == STATUS_FAILED &&
	    engine_redrive(engine, of->name, &of->standing, past->events,
		past->count, by, &ignored))
		engine_stop(engine, of->name, by);
}

bool
retry_start(struct engine *engine, struct random *random,
    const struct store_execution *of, const struct event *events, size_t count,
    const char *by, char **ret_name, struct error *error)
{
	DOC_LATER struct json_object *input = input_of(events, count);
	const struct past past = { of, events, count, input };

	if (!check(&past, error))
		return false;
	*ret_name = by == NULL ? name_after(of->name)
			       : name_new_after(of->name, random);
	start(engine, &past, *ret_name, by);
	if (by != NULL)
		supersede(engine, &past, by);
	return true;
}
