/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way of a call through the model: which operation it is, whether a fault
 * strikes it, who signed it, the operation itself, and the log of it all.
 */
#include "sandbox/model.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <json-c/json.h>

#include "sandbox/model_answer.h"
#include "sandbox/model_canonical.h"
#include "sandbox/model_fault.h"
#include "sandbox/model_form.h"
#include "sandbox/model_load.h"
#include "sandbox/model_sign.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"

static const struct service *const services[] = { &sqs_service, &iam_service,
	&sns_service, &cloudtrail_service, &sts_service };

#define SERVICES (sizeof services / sizeof services[0])

struct model *
model_new(uint64_t seed)
{
	struct model *model = xzalloc(sizeof *model);

	model->seed = seed;
	model->random = random_seeded(seed);
	STAILQ_INIT(&model->principals);
	STAILQ_INIT(&model->keys);
	STAILQ_INIT(&model->queues);
	STAILQ_INIT(&model->topics);
	STAILQ_INIT(&model->events);
	STAILQ_INIT(&model->faults);
	STAILQ_INIT(&model->parked);
	model->calls = doc_array();
	model->counters = doc_object();
	return model;
}

static struct call *
call_free(struct call *call)
{
	doc_free(call->params);
	doc_free(call->result);
	doc_free(call->entry);
	buf_done(&call->xml);
	free(call->region);
	free(call);
	return NULL;
}

static void
call_free_at(struct call **call)
{
	if (*call != NULL)
		call_free(*call);
}

struct model *
model_free(struct model *model)
{
	struct call *call;

	if (model == NULL)
		return NULL;
	while ((call = STAILQ_FIRST(&model->parked)) != NULL) {
		STAILQ_REMOVE_HEAD(&model->parked, next);
		call_free(call);
	}
	fault_clear(model);
	users_free(model);
	queues_free(model);
	topics_free(model);
	events_free(model);
	doc_free(model->calls);
	doc_free(model->counters);
	free(model);
	return NULL;
}

void
model_uuid(struct model *model, char out[37])
{
	char hex[33];
	size_t from = 0;

	random_hex(&model->random, hex, 32);
	hex[12] = '4';
	hex[16] = 'a';
	for (size_t i = 0; i < 36; i++)
		out[i] =
		    i == 8 || i == 13 || i == 18 || i == 23 ? '-' : hex[from++];
	out[36] = '\0';
}

const char *
call_param(const struct call *call, const char *name)
{
	struct json_object *value;

	/* No path: names of the Query protocol have dots. */
	if (!json_object_object_get_ex(call->params, name, &value))
		return NULL;
	return doc_string(value, "");
}

bool
call_needs(struct call *call, const char *name)
{
	if (json_object_object_get_ex(call->params, name, NULL))
		return true;
	return call_fail(call, "MissingParameter",
	    "The request must contain the parameter %s.", name);
}

static const struct operation *
find_operation(const struct service *service, const char *name)
{
	const struct operation *operation = service->operations;

	for (; operation->name != NULL; operation++)
		if (strcmp(operation->name, name) == 0)
			return operation;
	return NULL;
}

/* AWS JSON: by the target header. */
static bool
by_target(
    struct call *call, const struct model_request *request, const char *target)
{
	for (size_t i = 0; i < SERVICES; i++) {
		const char *prefix = services[i]->target;

		if (prefix == NULL ||
		    strncmp(target, prefix, strlen(prefix)) != 0)
			continue;
		call->service = services[i];
		call->operation =
		    find_operation(services[i], target + strlen(prefix));
	}
	if (call->operation == NULL)
		return call_fail(call, "InvalidAction", NULL);
	call->params = doc_parse(request->body, request->body_len, NULL);
	if (!json_object_is_type(call->params, json_type_object))
		return call_fail(call, "MalformedQueryString", NULL);
	return true;
}

/* Query: by the version and the action in the form. */
static bool
by_action(struct call *call, const struct model_request *request)
{
	const char *action, *version;

	call->params = form_parse(request->body, request->body_len);
	if (call->params == NULL)
		return call_fail(call, "MalformedQueryString", NULL);
	action = call_param(call, "Action");
	version = call_param(call, "Version");
	for (size_t i = 0; i < SERVICES && action != NULL && version != NULL;
	     i++)
		if (services[i]->version != NULL &&
		    strcmp(services[i]->version, version) == 0) {
			call->service = services[i];
			call->operation = find_operation(services[i], action);
		}
	if (call->operation == NULL)
		return call_fail(call, "InvalidAction",
		    "Could not find operation %s for version %s",
		    action == NULL ? "(none)" : action,
		    version == NULL ? "(none)" : version);
	return true;
}

static bool
identify(struct call *call, const struct model_request *request)
{
	const char *target = header_value(request, "X-Amz-Target");

	return target != NULL ? by_target(call, request, target)
			      : by_action(call, request);
}

/* The log's record of the call, before anything comes of it. */
static void
begin_entry(struct call *call)
{
	struct model *model = call->model;

	call->entry = doc_object();
	call->number = json_object_array_length(model->calls) + 1;
	doc_put_int(call->entry, "number", (int64_t)call->number);
	doc_put_time(call->entry, "time", call->now_ms);
	doc_put_string(call->entry, "requestId", call->request_id);
	doc_push(model->calls, json_object_get(call->entry));
}

static void
count(struct json_object *counters, const char *name)
{
	struct json_object *old = NULL;

	json_object_object_get_ex(counters, name, &old);
	doc_put_int(counters, name, json_object_get_int64(old) + 1);
}

static void
describe_entry(struct call *call)
{
	FREE_LATER char *name =
	    xasprintf("%s.%s", call->service->name, call->operation->name);

	doc_put_string(call->entry, "service", call->service->name);
	doc_put_string(call->entry, "operation", call->operation->name);
	doc_put(call->entry, "parameters", json_object_get(call->params));
	count(call->model->counters, name);
}

/* Whoever answers, also a fault, says what time it is. */
static void
stamp_date(struct call *call)
{
	int64_t skew_ms = fault_is(call, FAULT_DATE) ? call->fault->skew_ms : 0;
	time_t seconds = (call->now_ms + skew_ms) / 1000;
	char text[64];
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
	answer_header(call->answer, "Date", xstrdup(text));
}

static void
end_call(struct call *call)
{
	static const char *const ends[] = { [MODEL_CLOSE] = "close",
		[MODEL_RESET] = "reset",
		[MODEL_HANG] = "hang" };
	struct model_answer *answer = call->answer;

	if (call->fault != NULL) {
		doc_put_string(call->entry, "fault", call->fault->name);
		fault_apply(call);
	}
	stamp_date(call);
	if (answer->end != MODEL_ANSWER)
		doc_put_string(call->entry, "end", ends[answer->end]);
	if (answer->status != 0)
		doc_put_int(call->entry, "status", answer->status);
}

/* As if somebody on the way had sent it a second time. */
static bool
run_again(struct call *call)
{
	doc_put_bool(call->entry, "acted", true);
	doc_free(call->result);
	call->result = NULL;
	buf_clear(&call->xml);
	return call->operation->run(call);
}

/* Runs the operation; true when the call is over. */
static bool
run(struct call *call)
{
	bool good;

	call->park = false;
	good = call->operation->run(call);
	if (good && !call->park && fault_is(call, FAULT_TWICE))
		good = run_again(call);
	if (!good)
		return true;
	if (call->park)
		return false;
	doc_put_bool(call->entry, "acted", true);
	call_finish(call);
	return true;
}

static void
park(struct call *call)
{
	call->answer->end = MODEL_PARK;
	call->answer->ticket = call->number;
	call->answer->wake_ms = call->wake_ms - call->model->skew_ms;
	doc_put_bool(call->entry, "parked", true);
	call->answer = NULL;
}

void
model_request(struct model *model, const struct model_request *request,
    int64_t now_ms, struct model_answer *ret_answer)
{
	CLEANUP(call_free_at) struct call *call = xzalloc(sizeof *call);

	*ret_answer = (struct model_answer){ 0 };
	call->model = model;
	call->answer = ret_answer;
	call->now_ms = now_ms + model->skew_ms;
	call->xml = (struct buf)BUF_INIT(ANSWER_MAX);
	model_uuid(model, call->request_id);
	begin_entry(call);
	if (!identify(call, request)) {
		end_call(call);
		return;
	}
	describe_entry(call);
	call->fault = fault_pick(call);
	if ((call->fault == NULL || call->fault->act) &&
	    sign_check(call, request) && !run(call)) {
		park(call);
		STAILQ_INSERT_TAIL(&model->parked, call, next);
		call = NULL;
		return;
	}
	end_call(call);
}

static struct call *
take_parked(struct model *model, uint64_t ticket)
{
	struct call *call;

	STAILQ_FOREACH (call, &model->parked, next)
		if (call->number == ticket) {
			STAILQ_REMOVE(&model->parked, call, call, next);
			return call;
		}
	return NULL;
}

void
model_resume(struct model *model, uint64_t ticket, int64_t now_ms,
    struct model_answer *ret_answer)
{
	CLEANUP(call_free_at) struct call *call = NULL;
	struct call *parked;

	*ret_answer = (struct model_answer){ 0 };
	STAILQ_FOREACH (parked, &model->parked, next)
		if (parked->number == ticket)
			break;
	if (parked == NULL) {
		ret_answer->end = MODEL_CLOSE;
		return;
	}
	parked->answer = ret_answer;
	parked->now_ms = now_ms + model->skew_ms;
	if (!run(parked)) {
		park(parked);
		return;
	}
	call = take_parked(model, ticket);
	end_call(call);
}

void
model_forget(struct model *model, uint64_t ticket)
{
	CLEANUP(call_free_at) struct call *call = take_parked(model, ticket);

	if (call != NULL)
		doc_put_string(call->entry, "end", "forgotten");
}
