/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Queues as they are asked about: GetQueueAttributes, and the JSON they are
 * loaded from and dumped to.
 */
#include "sandbox/model_sqs.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "sandbox/model_load.h"
#include "sandbox/model_queue.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/doc.h"

static void
put_number(struct json_object *attributes, struct json_object *names,
    const char *name, int64_t number)
{
	FREE_LATER char *text = xasprintf("%lld", (long long)number);

	if (sqs_asked(names, name))
		doc_put_string(attributes, name, text);
}

static void
put_redrive(struct call *call, const struct queue *queue,
    struct json_object *attributes)
{
	DOC_LATER struct json_object *policy = doc_object();
	FREE_LATER char *arn = NULL, *text = NULL;
	const struct queue *dead;

	if (queue->dead_letters == NULL || queue->max_receives == 0)
		return;
	dead = queue_find(
	    call->model, queue->account, queue->region, queue->dead_letters);
	if (dead == NULL)
		return;
	arn = sqs_arn(dead);
	doc_put_string(policy, "deadLetterTargetArn", arn);
	doc_put_int(policy, "maxReceiveCount", queue->max_receives);
	text = doc_text(policy);
	doc_put_string(attributes, "RedrivePolicy", text);
}

static int64_t
count_messages(const struct queue *queue)
{
	const struct message *message;
	int64_t count = 0;

	STAILQ_FOREACH (message, &queue->messages, next)
		count++;
	return count;
}

bool
sqs_do_get_attributes(struct call *call)
{
	const struct queue *queue = sqs_queue(call);
	struct json_object *names = doc_at(call->params, "AttributeNames");
	struct json_object *out = doc_object();
	FREE_LATER char *arn = NULL;
	int64_t hidden;

	call->result = doc_object();
	doc_put(call->result, "Attributes", out);
	if (queue == NULL)
		return false;
	hidden = queue_in_flight(queue, call->now_ms);
	arn = sqs_arn(queue);
	if (sqs_asked(names, "QueueArn"))
		doc_put_string(out, "QueueArn", arn);
	if (sqs_asked(names, "RedrivePolicy"))
		put_redrive(call, queue, out);
	put_number(out, names, "VisibilityTimeout", queue->visibility_s);
	put_number(out, names, "ReceiveMessageWaitTimeSeconds", queue->wait_s);
	put_number(out, names, "ApproximateNumberOfMessages",
	    count_messages(queue) - hidden);
	put_number(out, names, "ApproximateNumberOfMessagesNotVisible", hidden);
	put_number(out, names, "ApproximateNumberOfMessagesDelayed", 0);
	put_number(out, names, "CreatedTimestamp", queue->created_ms / 1000);
	put_number(
	    out, names, "LastModifiedTimestamp", queue->created_ms / 1000);
	put_number(out, names, "DelaySeconds", 0);
	put_number(out, names, "MaximumMessageSize", 1048576);
	put_number(out, names, "MessageRetentionPeriod", 345600);
	return true;
}

static struct queue *
new_queue(struct model *model, const char *name, int64_t now_ms)
{
	struct queue *queue = xzalloc(sizeof *queue);

	queue->name = xstrdup(name);
	queue->account = xstrdup("123456789012");
	queue->region = xstrdup("us-east-1");
	queue->visibility_s = 30;
	queue->max_in_flight = 120000;
	queue->created_ms = now_ms;
	STAILQ_INIT(&queue->messages);
	STAILQ_INSERT_TAIL(&model->queues, queue, next);
	return queue;
}

/* A message is its body as a string, or as an array of bytes. */
static bool
load_message(struct model *model, struct queue *queue, struct json_object *body,
    int64_t now_ms, struct error *error)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT((size_t)1 << 20);

	if (json_object_is_type(body, json_type_string)) {
		buf_add(&bytes, json_object_get_string(body),
		    (size_t)json_object_get_string_len(body));
	} else if (json_object_is_type(body, json_type_array)) {
		for (size_t i = 0; i < doc_count(body, ""); i++) {
			char byte = (char)doc_int(doc_element(body, i), "", 0);

			buf_add(&bytes, &byte, 1);
		}
	} else {
		return error_set(error, "Sandbox.BadDocument",
		    "a message must be a string or an array of bytes");
	}
	if (!buf_ok(&bytes))
		return error_set(error, "Sandbox.BadDocument",
		    "a message has more than %zu bytes", bytes.max);
	queue_put(model, queue, buf_text(&bytes), bytes.len, now_ms);
	return true;
}

bool
load_queue(struct model *model, struct json_object *element, int64_t now_ms,
    struct error *error)
{
	static const char *const members[] = { "name", "account", "region",
		"visibilityTimeout", "waitSeconds", "maxInFlight",
		"maxReceiveCount", "deadLetterQueue", "shuffle", "messages",
		NULL };
	const char *name = doc_string(element, "name");
	struct json_object *messages = doc_at(element, "messages");
	struct queue *queue;

	if (!load_members(element, "a queue", members, error))
		return false;
	if (name == NULL)
		return error_set(
		    error, "Sandbox.BadDocument", "a queue has no name");
	queue = queue_find(model, doc_string(element, "account"),
	    doc_string(element, "region"), name);
	if (queue == NULL)
		queue = new_queue(model, name, now_ms);
	load_replace(element, "account", &queue->account);
	load_replace(element, "region", &queue->region);
	load_replace(element, "deadLetterQueue", &queue->dead_letters);
	queue->visibility_s =
	    doc_int(element, "visibilityTimeout", queue->visibility_s);
	queue->wait_s = doc_int(element, "waitSeconds", queue->wait_s);
	queue->max_in_flight =
	    doc_int(element, "maxInFlight", queue->max_in_flight);
	queue->max_receives =
	    doc_int(element, "maxReceiveCount", queue->max_receives);
	queue->shuffle = doc_bool(element, "shuffle", queue->shuffle);
	for (size_t i = 0; i < doc_count(messages, ""); i++)
		if (!load_message(
			model, queue, doc_element(messages, i), now_ms, error))
			return false;
	return true;
}

static struct json_object *
dump_message(const struct message *message, int64_t now_ms)
{
	struct json_object *out = doc_object();

	doc_put_string(out, "messageId", message->id);
	doc_put_string(out, "body", message->body);
	doc_put_time(out, "sent", message->sent_ms);
	doc_put_time(out, "visible", message->visible_ms);
	doc_put_int(out, "receives", message->receives);
	doc_put_bool(out, "inFlight", message->visible_ms > now_ms);
	return out;
}

struct json_object *
dump_queues(const struct model *model, int64_t now_ms)
{
	struct json_object *list = doc_array();
	const struct queue *queue;
	const struct message *message;

	STAILQ_FOREACH (queue, &model->queues, next) {
		struct json_object *out = doc_object();
		struct json_object *messages = doc_array();
		FREE_LATER char *url = sqs_url(queue);

		doc_put_string(out, "name", queue->name);
		doc_put_string(out, "account", queue->account);
		doc_put_string(out, "region", queue->region);
		doc_put_string(out, "url", url);
		doc_put_int(out, "acknowledged", (int64_t)queue->deleted);
		STAILQ_FOREACH (message, &queue->messages, next)
			doc_push(messages, dump_message(message, now_ms));
		doc_put(out, "messages", messages);
		doc_push(list, out);
	}
	return list;
}

void
queues_free(struct model *model)
{
	struct queue *queue;
	struct message *message;

	while ((queue = STAILQ_FIRST(&model->queues)) != NULL) {
		STAILQ_REMOVE_HEAD(&model->queues, next);
		while ((message = STAILQ_FIRST(&queue->messages)) != NULL) {
			STAILQ_REMOVE_HEAD(&queue->messages, next);
			message_free(message);
		}
		free(queue->account);
		free(queue->region);
		free(queue->name);
		free(queue->dead_letters);
		free(queue);
	}
}
