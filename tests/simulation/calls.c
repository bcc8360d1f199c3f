/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Long polls that bring nothing are left out: there are hundreds an hour.
 */
#include "simulation/calls.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "fake/fake_cloud.h"
#include "sandbox/model.h"
#include "sandbox/model_form.h"
#include "scenarios/sent.h"
#include "simulation/durable.h"
#include "simulation/life.h"
#include "util/alloc.h"
#include "util/doc.h"

/* What is the same in each, or told in another way. */
static const char *const dull[] = { "Action", "Version", "QueueUrl", "TopicArn",
	"Entries", "ReceiptHandle" };

/* Whether the names of messages stand for its parameters. */
static bool
about_messages(const struct call *call)
{
	return strncmp(call->operation, "DeleteMessage", 13) == 0 ||
	    strncmp(call->operation, "ChangeMessage", 13) == 0;
}

/* ---- what is asked ---- */

static struct json_object *
parameters_of(const struct http_request *request)
{
	const struct http_message *message = &request->message;
	struct json_object *parameters =
	    strcmp(sent_service(request), "SQS") == 0 ||
		strcmp(sent_service(request), "CloudTrail") == 0
	    ? doc_parse(message->body, message->body_len, NULL)
	    : form_parse(message->body, message->body_len);

	if (parameters == NULL)
		abort();
	return parameters;
}

static void
name_message(const struct life *life, struct json_object *messages,
    struct json_object *entry)
{
	struct json_object *id = NULL;
	const char *handle = doc_string(entry, "ReceiptHandle");

	if (handle == NULL)
		return;
	json_object_object_get_ex(life->calls.receipts, handle, &id);
	doc_push(messages,
	    id != NULL ? json_object_get(id) : doc_new_string("unknown"));
}

static struct json_object *
messages_of(const struct life *life, struct json_object *parameters)
{
	struct json_object *messages = doc_array();
	struct json_object *entries = doc_at(parameters, "Entries");

	name_message(life, messages, parameters);
	for (size_t i = 0; i < doc_count(entries, ""); i++)
		name_message(life, messages, doc_element(entries, i));
	return messages;
}

/* Looks at the disk only if something has been done to it since. */
static struct json_object *
all_durable(struct life *life)
{
	struct calls *calls = &life->calls;
	struct fake_disk *disk = life->world.disk;
	uint64_t writes = fake_disk_count(disk, DISK_WRITE) +
	    fake_disk_count(disk, DISK_SYNC);

	if (calls->durable == NULL || calls->writes != writes) {
		calls->writes = writes;
		doc_free(calls->durable);
		calls->durable =
		    durable_all(disk, life->world.config.store_path);
	}
	return json_object_get(calls->durable);
}

/* What must be durable before it is done. */
static void
add_durable(struct call *call, struct json_object *parameters)
{
	struct life *life = call->life;

	if (strcmp(call->operation, "DeleteAccessKey") == 0) {
		life->intents -= life->intents > 0;
		doc_put(call->doc, "intents",
		    durable_intents(life->world.disk,
			life->world.config.store_path,
			doc_string(parameters, "AccessKeyId")));
	} else if (strncmp(call->operation, "DeleteMessage", 13) == 0) {
		doc_put(call->doc, "durable", all_durable(life));
	}
}

static void
name(struct call *call)
{
	call->doc = doc_object();
	doc_put_int(call->doc, "n", call->n);
	doc_put_string(call->doc, "service", call->service);
	doc_put_string(call->doc, "operation", call->operation);
}

static void
describe(struct call *call, const struct http_request *request)
{
	struct json_object *parameters = parameters_of(request);

	name(call);
	if (about_messages(call))
		doc_put(
		    call->doc, "messages", messages_of(call->life, parameters));
	add_durable(call, parameters);
	for (size_t i = 0; i < sizeof dull / sizeof dull[0]; i++)
		json_object_object_del(parameters, dull[i]);
	doc_put(call->doc, "parameters", parameters);
}

/* ---- what comes of it ---- */

/* What has come, by which receipts. */
static void
note_receipts(struct call *call, const struct model_answer *answer)
{
	struct json_object *doc = answer->body == NULL
	    ? NULL
	    : doc_parse(answer->body, answer->body_len, NULL);
	struct json_object *list = doc_at(doc, "Messages"), *ids, *message;

	if (doc_count(list, "") > 0) {
		ids = doc_array();
		for (size_t i = 0; (message = doc_element(list, i)); i++) {
			struct json_object *id = doc_at(message, "MessageId");

			json_object_object_add(call->life->calls.receipts,
			    doc_string(message, "ReceiptHandle"),
			    json_object_get(id));
			doc_push(ids, json_object_get(id));
		}
		name(call);
		doc_put(call->doc, "messages", ids);
		life_record(call->life, "call", call->doc);
	}
	doc_free(doc);
}

static void
on_answer(
    void *arg, struct json_object *entry, const struct model_answer *answer)
{
	static const char *const copied[] = { "acted", "status", "error",
		"fault", "end", "requestId" };
	struct call *call = arg;
	struct json_object *value;

	call->acted = doc_bool(entry, "acted", false);
	if (strcmp(call->operation, "ReceiveMessage") == 0)
		note_receipts(call, answer);
	if (call->doc == NULL)
		return;
	doc_put_int(call->doc, "arrived", life_now(call->life));
	for (size_t i = 0; i < sizeof copied / sizeof copied[0]; i++)
		if (json_object_object_get_ex(entry, copied[i], &value))
			doc_put(call->doc, copied[i], json_object_get(value));
}

static void
on_gone(void *arg, const struct http_request *request)
{
	struct life *life = arg;
	struct call *call = TAILQ_FIRST(&life->calls.live);

	life->calls.gone(&life->world, request);
	while (call->request != request)
		call = TAILQ_NEXT(call, next);
	call->request = NULL;
	TAILQ_REMOVE(&life->calls.live, call, next);
	TAILQ_INSERT_TAIL(&life->calls.dead, call, next);
	if (call->doc == NULL)
		return;
	if (request->told)
		doc_put_int(call->doc, "ended", life_now(life));
	doc_put_bool(call->doc, "answered",
	    request->told && request->answer.status != 0 &&
		request->error.name[0] == '\0');
}

/* ---- on the way ---- */

/* Usually as long as a call to AWS takes, sometimes longer. */
static int64_t
travel(struct life *life)
{
	struct random *random = &life->calls.random;
	int64_t ms = 2 + (int64_t)(random_next(random) % 30);

	if (random_next(random) % 16 == 0)
		ms += (int64_t)(random_unit(random) *
		    (double)life->calls.slow_ms);
	return ms;
}

static void
on_sent(void *arg, struct http_request *request)
{
	struct life *life = arg;
	struct call *call = xzalloc(sizeof *call);
	struct fake_way way = { .on_answer = on_answer, .arg = call };

	call->life = life;
	call->request = request;
	call->service = sent_service(request);
	call->operation = sent_action(request);
	call->n = ++life->calls.count;
	TAILQ_INSERT_TAIL(&life->calls.live, call, next);
	if (strcmp(call->operation, "ReceiveMessage") != 0) {
		describe(call, request);
		life_record(life, "call", call->doc);
	}
	way.there_ms = travel(life);
	way.back_ms = travel(life);
	if (life->world.network == NETWORK_UP) {
		request->seen = true;
		fake_cloud_serve(life->world.cloud, request, &way);
		return;
	}
	if (call->doc != NULL)
		doc_put_string(call->doc, "fault", "network");
	life->calls.sent(&life->world, request);
}

/* ---- the whole ---- */

void
calls_begin(struct life *life)
{
	struct calls *calls = &life->calls;

	TAILQ_INIT(&calls->live);
	TAILQ_INIT(&calls->dead);
	calls->random = random_seeded(life->seed ^ 0xca11);
	calls->receipts = doc_object();
	calls->sent = life->world.wire.on_sent;
	calls->gone = life->world.wire.on_gone;
	life->world.wire.on_sent = on_sent;
	life->world.wire.on_gone = on_gone;
	life->world.wire.arg = life;
}

void
calls_end(struct life *life)
{
	struct call *call;

	while ((call = TAILQ_FIRST(&life->calls.dead)) != NULL) {
		TAILQ_REMOVE(&life->calls.dead, call, next);
		free(call->operation);
		free(call);
	}
	doc_free(life->calls.receipts);
	doc_free(life->calls.durable);
}

const struct call *
calls_find(const struct life *life, const char *operation)
{
	const struct call *call;

	TAILQ_FOREACH (call, &life->calls.live, next)
		if (strcmp(call->operation, operation) == 0)
			return call;
	return NULL;
}
