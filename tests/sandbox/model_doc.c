/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model's state from JSON and back, as far as it belongs to no service.
 */
#include "sandbox/model_load.h"

#include <string.h>

#include <json-c/json.h>

#include "sandbox/model.h"
#include "sandbox/model_fault.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"
#include "util/stamp.h"

bool
load_members(struct json_object *object, const char *what,
    const char *const *names, struct error *error)
{
	if (!json_object_is_type(object, json_type_object))
		return error_set(
		    error, "Sandbox.BadDocument", "%s must be an object", what);
	json_object_object_foreach (object, name, value) {
		const char *const *known = names;

		(void)value;
		while (*known != NULL && strcmp(*known, name) != 0)
			known++;
		if (*known == NULL)
			return error_set(error, "Sandbox.BadDocument",
			    "%s has no member \"%s\"", what, name);
	}
	return true;
}

char *
load_string(struct json_object *object, const char *name)
{
	return xstrdup(doc_string(object, name));
}

void
load_replace(struct json_object *object, const char *name, char **text)
{
	const char *value = doc_string(object, name);

	if (value == NULL)
		return;
	free(*text);
	*text = xstrdup(value);
}

int64_t
load_time(struct json_object *object, const char *name, int64_t otherwise)
{
	const char *text = doc_string(object, name);
	double seconds = doc_double(object, name, -1);
	int64_t ms;

	if (text != NULL && stamp_parse(text, &ms))
		return ms;
	return seconds >= 0 ? (int64_t)(seconds * 1000) : otherwise;
}

bool
load_each(struct model *model, struct json_object *document, const char *name,
    int64_t now_ms,
    bool (*one)(struct model *model, struct json_object *element,
	int64_t now_ms, struct error *error),
    struct error *error)
{
	struct json_object *list = doc_at(document, name);

	if (list != NULL && !json_object_is_type(list, json_type_array))
		return error_set(error, "Sandbox.BadDocument",
		    "\"%s\" must be an array", name);
	for (size_t i = 0; i < doc_count(list, ""); i++)
		if (!one(model, doc_element(list, i), now_ms, error))
			return false;
	return true;
}

bool
model_load(struct model *model, struct json_object *document, int64_t now_ms,
    struct error *error)
{
	static const char *const members[] = { "clockSkewSeconds", "emulator",
		"users", "queues", "topics", "events", "faults", NULL };
	struct json_object *faults = doc_at(document, "faults");

	if (!load_members(document, "the document", members, error))
		return false;
	model->skew_ms =
	    doc_int(document, "clockSkewSeconds", model->skew_ms / 1000) * 1000;
	model->emulator = doc_bool(document, "emulator", model->emulator);
	now_ms += model->skew_ms;
	return load_each(model, document, "users", now_ms, load_user, error) &&
	    load_each(model, document, "queues", now_ms, load_queue, error) &&
	    load_each(model, document, "topics", now_ms, load_topic, error) &&
	    load_each(model, document, "events", now_ms, load_event, error) &&
	    (faults == NULL || fault_load(model, faults, now_ms, error));
}

struct json_object *
model_calls(const struct model *model, uint64_t from)
{
	struct json_object *calls = doc_array();
	size_t count = json_object_array_length(model->calls);

	for (size_t i = from == 0 ? 0 : from - 1; i < count; i++)
		doc_push(calls, json_object_get(doc_element(model->calls, i)));
	return calls;
}

struct json_object *
model_last_call(const struct model *model)
{
	return doc_element(
	    model->calls, json_object_array_length(model->calls) - 1);
}

static uint64_t
count_parked(const struct model *model)
{
	const struct call *call;
	uint64_t count = 0;

	STAILQ_FOREACH (call, &model->parked, next)
		count++;
	return count;
}

struct json_object *
model_counters(const struct model *model, int64_t now_ms)
{
	struct json_object *counters = doc_object();
	int64_t messages = 0, hidden = 0;
	uint64_t acknowledged = 0;
	const struct queue *queue;
	const struct message *message;

	json_object_object_foreach (model->counters, name, value)
		doc_put(counters, name, json_object_get(value));
	STAILQ_FOREACH (queue, &model->queues, next) {
		acknowledged += queue->deleted;
		STAILQ_FOREACH (message, &queue->messages, next) {
			messages++;
			hidden += message->visible_ms > now_ms + model->skew_ms;
		}
	}
	doc_put_int(
	    counters, "calls", (int64_t)json_object_array_length(model->calls));
	doc_put_int(counters, "published", (int64_t)model->published);
	doc_put_int(counters, "deletedKeys", (int64_t)model->deleted_keys);
	doc_put_int(counters, "acknowledged", (int64_t)acknowledged);
	doc_put_int(counters, "messages", messages);
	doc_put_int(counters, "inFlight", hidden);
	doc_put_int(counters, "parked", (int64_t)count_parked(model));
	return counters;
}

struct json_object *
model_dump(const struct model *model, int64_t now_ms)
{
	struct json_object *document = doc_object();

	now_ms += model->skew_ms;
	doc_put_time(document, "time", now_ms);
	doc_put_int(document, "clockSkewSeconds", model->skew_ms / 1000);
	doc_put_bool(document, "emulator", model->emulator);
	doc_put(document, "users", dump_users(model));
	doc_put(document, "queues", dump_queues(model, now_ms));
	doc_put(document, "topics", dump_topics(model));
	doc_put(document, "events", dump_events(model));
	doc_put(document, "faults", fault_dump(model));
	doc_put(document, "calls", model_calls(model, 1));
	doc_put(document, "counters",
	    model_counters(model, now_ms - model->skew_ms));
	return document;
}
