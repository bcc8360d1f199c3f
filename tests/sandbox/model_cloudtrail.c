/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CloudTrail, AWS JSON 1.1: LookupEvents, newest first, in pages whose token
 * is only good for the same question.
 */
#include "sandbox/model_call.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "sandbox/model_load.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/digest.h"
#include "util/doc.h"

#define PAGE_MAX     50
#define RETENTION_MS (INT64_C(90) * 24 * 3600 * 1000)

/* What is asked for. */
struct question {
	const char *key; /* of the attribute; NULL: everything */
	const char *value;
	int64_t start_ms;
	int64_t end_ms;
	const char *region;
};

/* Attributes that are members of a record by their own or another name. */
static bool
known_key(const char *key)
{
	static const char *const keys[] = { "EventId", "EventName", "ReadOnly",
		"Username", "ResourceType", "ResourceName", "EventSource",
		"AccessKeyId" };

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

static bool
read_question(struct call *call, struct question *ret)
{
	struct json_object *list = doc_at(call->params, "LookupAttributes");
	struct json_object *attribute = doc_element(list, 0);
	bool asked = doc_count(list, "") > 0;

	ret->region = call->region;
	ret->start_ms =
	    load_time(call->params, "StartTime", call->now_ms - RETENTION_MS);
	ret->end_ms = load_time(call->params, "EndTime", call->now_ms);
	ret->key = doc_string(attribute, "AttributeKey");
	ret->value = doc_string(attribute, "AttributeValue");
	if (ret->start_ms > ret->end_ms)
		return call_fail(call, "InvalidTimeRangeException",
		    "StartTime must be before EndTime.");
	if (doc_count(list, "") > 1 ||
	    (asked &&
		(ret->key == NULL || !known_key(ret->key) ||
		    ret->value == NULL || *ret->value == '\0')))
		return call_fail(call, "InvalidLookupAttributesException",
		    "Exactly one known attribute with a value is allowed.");
	return true;
}

static bool
record_matches(struct json_object *record, const struct question *question)
{
	struct json_object *resources = doc_at(record, "Resources");
	const char *value;

	if (strncmp(question->key, "Resource", 8) != 0) {
		value = doc_string(record, question->key);
		return value != NULL && strcmp(value, question->value) == 0;
	}
	for (size_t i = 0; i < doc_count(resources, ""); i++) {
		value = doc_string(doc_element(resources, i), question->key);
		if (value != NULL && strcmp(value, question->value) == 0)
			return true;
	}
	return false;
}

static bool
matches(const struct trail_event *event, const struct question *question)
{
	return event->wall_ms >= question->start_ms &&
	    event->wall_ms <= question->end_ms &&
	    (event->region == NULL ||
		strcmp(event->region, question->region) == 0) &&
	    (question->key == NULL || record_matches(event->record, question));
}

/* What a token is bound to: all parameters but itself. */
static void
fingerprint(struct call *call, char out[17])
{
	DOC_LATER struct json_object *rest = doc_object();
	FREE_LATER char *text = NULL;
	char hex[DIGEST_SHA256_HEX];

	json_object_object_foreach (call->params, name, value)
		if (strcmp(name, "NextToken") != 0)
			doc_put(rest, name, json_object_get(value));
	text = doc_text(rest);
	digest_sha256_hex(text, strlen(text), hex);
	memcpy(out, hex, 16);
	out[16] = '\0';
}

static bool
read_token(struct call *call, size_t *ret_offset)
{
	const char *token = call_param(call, "NextToken");
	char print[17];
	int used = 0;

	*ret_offset = 0;
	if (token == NULL)
		return true;
	fingerprint(call, print);
	if (strncmp(token, print, 16) == 0 &&
	    sscanf(token + 16, "+%zu=%n", ret_offset, &used) == 1 && used > 0 &&
	    token[16 + used] == '\0')
		return true;
	return call_fail(call, "InvalidNextTokenException",
	    "Invalid token. Repeat the request without it.");
}

static void
put_token(struct call *call, size_t offset)
{
	char print[17];
	FREE_LATER char *token = NULL;

	fingerprint(call, print);
	token = xasprintf("%s+%zu=", print, offset);
	doc_put_string(call->result, "NextToken", token);
}

static bool
lookup_events(struct call *call)
{
	int64_t max = doc_int(call->params, "MaxResults", PAGE_MAX);
	struct json_object *page = doc_array();
	const struct trail_event *event;
	struct question question;
	size_t offset, at = 0;

	call->result = doc_object();
	doc_put(call->result, "Events", page);
	if (max < 1 || max > PAGE_MAX)
		return call_fail(call, "InvalidMaxResultsException",
		    "MaxResults must be between 1 and 50.");
	if (!read_question(call, &question) || !read_token(call, &offset))
		return false;
	STAILQ_FOREACH (event, &call->model->events, next) {
		if (!matches(event, &question) || at++ < offset)
			continue;
		if (at > offset + (size_t)max) {
			put_token(call, at - 1);
			break;
		}
		doc_push(page, json_object_get(event->record));
	}
	return true;
}

static const struct operation operations[] = {
	{ "LookupEvents", lookup_events },
	{ NULL, NULL },
};

const struct service cloudtrail_service = {
	.name = "CloudTrail",
	.signing_name = "cloudtrail",
	.target = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.",
	.namespace = "",
	.content_type = "application/x-amz-json-1.1",
	.throttled = "Throttling",
	.operations = operations,
};

/* The full record, which CloudTrail sends as a string. */
static void
put_full(struct json_object *record)
{
	DOC_LATER struct json_object *full = doc_object();
	FREE_LATER char *text = NULL;

	if (doc_at(record, "CloudTrailEvent") != NULL)
		return;
	doc_put_string(full, "eventVersion", "1.09");
	doc_put_string(full, "eventName", doc_string(record, "EventName"));
	doc_put_string(full, "eventSource", doc_string(record, "EventSource"));
	doc_put_string(full, "eventID", doc_string(record, "EventId"));
	text = doc_text(full);
	doc_put_string(record, "CloudTrailEvent", text);
}

/* Newest first; of the same time, the one that came later. */
static void
insert_event(struct model *model, struct trail_event *event)
{
	struct trail_event *at, *before = NULL;

	STAILQ_FOREACH (at, &model->events, next) {
		if (at->wall_ms <= event->wall_ms)
			break;
		before = at;
	}
	if (before == NULL)
		STAILQ_INSERT_HEAD(&model->events, event, next);
	else
		STAILQ_INSERT_AFTER(&model->events, before, event, next);
}

bool
load_event(struct model *model, struct json_object *element, int64_t now_ms,
    struct error *error)
{
	static const char *const members[] = { "ageSeconds", "region",
		"EventId", "EventName", "EventTime", "EventSource", "Username",
		"ReadOnly", "AccessKeyId", "Resources", "CloudTrailEvent",
		NULL };
	struct trail_event *event;
	struct json_object *record;
	char id[37];

	if (!load_members(element, "an event", members, error))
		return false;
	event = xzalloc(sizeof *event);
	event->region = load_string(element, "region");
	event->wall_ms = load_time(element, "EventTime",
	    now_ms - doc_int(element, "ageSeconds", 0) * 1000);
	record = event->record = doc_object();
	json_object_object_foreach (element, name, value)
		doc_put(record, name, json_object_get(value));
	json_object_object_del(record, "ageSeconds");
	json_object_object_del(record, "region");
	doc_put(record, "EventTime",
	    json_object_new_double((double)event->wall_ms / 1000));
	model_uuid(model, id);
	if (doc_at(record, "EventId") == NULL)
		doc_put_string(record, "EventId", id);
	put_full(record);
	insert_event(model, event);
	return true;
}

struct json_object *
dump_events(const struct model *model)
{
	struct json_object *list = doc_array();
	const struct trail_event *event;

	STAILQ_FOREACH (event, &model->events, next)
		doc_push(list, json_object_get(event->record));
	return list;
}

void
events_free(struct model *model)
{
	struct trail_event *event;

	while ((event = STAILQ_FIRST(&model->events)) != NULL) {
		STAILQ_REMOVE_HEAD(&model->events, next);
		doc_free(event->record);
		free(event->region);
		free(event);
	}
}
