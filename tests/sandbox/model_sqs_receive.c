/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ReceiveMessage: the long poll, and all that can be odd about what it brings.
 */
#include "sandbox/model_sqs.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "sandbox/model_fault.h"
#include "sandbox/model_queue.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/digest.h"
#include "util/doc.h"

struct wish {
	int64_t max;
	int64_t wait_s;
	int64_t visibility_s;
};

static bool
read_wish(struct call *call, const struct queue *queue, struct wish *ret)
{
	return sqs_integer(call, "MaxNumberOfMessages", 1, 1, 10, &ret->max) &&
	    sqs_integer(
		call, "WaitTimeSeconds", queue->wait_s, 0, 20, &ret->wait_s) &&
	    sqs_integer(call, "VisibilityTimeout", queue->visibility_s, 0,
		VISIBILITY_MAX_S, &ret->visibility_s);
}

static void
put_attribute(const struct call *call, struct json_object *attributes,
    const char *name, const char *text)
{
	struct json_object *params = call->params;

	if (sqs_asked(doc_at(params, "MessageSystemAttributeNames"), name) ||
	    sqs_asked(doc_at(params, "AttributeNames"), name))
		doc_put_string(attributes, name, text);
}

static void
put_number(const struct call *call, struct json_object *attributes,
    const char *name, int64_t number)
{
	FREE_LATER char *text = xasprintf("%lld", (long long)number);

	put_attribute(call, attributes, name, text);
}

/* All values are strings. */
static struct json_object *
attributes_of(const struct call *call, const struct message *message)
{
	struct json_object *attributes = doc_object();

	put_attribute(call, attributes, "SenderId", "AIDAIENQZJOLO23YVJ4VO");
	put_number(call, attributes, "SentTimestamp", message->sent_ms);
	put_number(
	    call, attributes, "ApproximateReceiveCount", message->receives);
	put_number(call, attributes, "ApproximateFirstReceiveTimestamp",
	    message->first_ms);
	if (message->from != NULL) {
		FREE_LATER char *arn = sqs_arn(message->from);

		put_attribute(
		    call, attributes, "DeadLetterQueueSourceArn", arn);
	}
	return attributes;
}

static struct json_object *
describe(
    const struct call *call, const struct message *message, const char *handle)
{
	struct json_object *out = doc_object();
	struct json_object *attributes = attributes_of(call, message);
	char md5[DIGEST_MD5_HEX];

	digest_md5_hex(message->body, message->len, md5);
	if (fault_is(call, FAULT_WRONG_MD5))
		md5[0] = md5[0] == '0' ? '1' : '0';
	doc_put_string(out, "MessageId", message->id);
	doc_put_string(out, "ReceiptHandle", handle);
	doc_put_string(out, "MD5OfBody", md5);
	/* With its length: a NUL may be in it. */
	doc_put(out, "Body",
	    json_object_new_string_len(message->body, (int)message->len));
	if (json_object_object_length(attributes) > 0)
		doc_put(out, "Attributes", attributes);
	else
		doc_free(attributes);
	return out;
}

/* Hands a message out, as often and as badly as the fault wants. */
static void
hand_out(struct call *call, struct queue *queue, struct message *message,
    int64_t hidden_ms)
{
	int times = fault_is(call, FAULT_DUPLICATE) ? 2 : 1;

	for (int i = 0; i < times; i++) {
		FREE_LATER char *handle = queue_receive(
		    call->model, queue, message, call->now_ms, hidden_ms);

		if (fault_is(call, FAULT_STALE))
			message->receipt = ++call->model->receipts_made;
		doc_push(doc_at(call->result, "Messages"),
		    describe(call, message, handle));
	}
}

/* What is visible now, and what becomes so while we hand it out with no time
 * to be hidden, but never the same message twice. */
static void
collect(struct call *call, struct queue *queue, const struct wish *wish)
{
	struct message *taken[10];
	struct message *message;
	int64_t hidden_ms = wish->visibility_s * 1000, count = 0;

	while (count < wish->max &&
	    (message = queue_next(call->model, queue, call->now_ms)) != NULL) {
		if (call->result == NULL) {
			call->result = doc_object();
			doc_put(call->result, "Messages", doc_array());
		}
		/* Hidden even if for no time, until all are taken. */
		hand_out(call, queue, message, hidden_ms > 0 ? hidden_ms : 1);
		taken[count++] = message;
	}
	if (hidden_ms == 0 || fault_is(call, FAULT_REDELIVER))
		while (count-- > 0)
			taken[count]->visible_ms = call->now_ms;
}

bool
sqs_do_receive(struct call *call)
{
	struct queue *queue = sqs_queue(call);
	struct wish wish;
	int64_t wake_ms;

	if (queue == NULL || !read_wish(call, queue, &wish))
		return false;
	if (queue_in_flight(queue, call->now_ms) >= queue->max_in_flight)
		return call_fail(call, "OverLimit", NULL);
	if (call->deadline_ms == 0)
		call->deadline_ms = call->now_ms + wish.wait_s * 1000;
	collect(call, queue, &wish);
	if (call->result == NULL && call->now_ms < call->deadline_ms) {
		wake_ms = queue_wake_ms(queue, call->now_ms);
		call->wake_ms =
		    wake_ms < call->deadline_ms ? wake_ms : call->deadline_ms;
		call->park = true;
	} else if (call->result == NULL) {
		call->result = doc_object();
	}
	return true;
}
