/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Message n is "m<n>"; the receipt handle of its k-th delivery "m<n>#<k>".
 */
#include "scenarios/queue.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenarios/sent.h"
#include "util/alloc.h"
#include "util/clock.h"
#include "util/digest.h"
#include "util/doc.h"

#define LONG_POLL_MS SECONDS(20)

static void
answer_poll(struct queue *queue, const char *body)
{
	struct http_request *poll = queue->poll;

	queue->poll = NULL;
	loop_timer_clear(&queue->timeout);
	sent_answer(poll, 200, body);
}

static void
on_timeout(void *arg)
{
	answer_poll(arg, "{}");
}

void
queue_init(struct queue *queue, struct loop *loop)
{
	*queue = (struct queue){ 0 };
	loop_timer_init(&queue->timeout, loop, on_timeout, queue);
}

void
queue_done(struct queue *queue)
{
	for (size_t i = 0; i < queue->count; i++)
		free(queue->messages[i].body);
	loop_timer_done(&queue->timeout);
}

void
queue_send(struct queue *queue, const char *body)
{
	assert(queue->count < QUEUE_MESSAGES);
	queue->messages[queue->count++].body = xstrdup(body);
	queue_send_again(queue, queue->count);
}

void
queue_send_again(struct queue *queue, size_t number)
{
	assert(number >= 1 && number <= queue->count);
	queue->messages[number - 1].waiting = true;
	queue->messages[number - 1].deleted = false;
}

/* ---- receiving ---- */

static struct json_object *
message(struct queue *queue, size_t i)
{
	struct json_object *doc = doc_object();
	const char *body = queue->messages[i].body;
	FREE_LATER char *id = xasprintf("m%zu", i + 1);
	FREE_LATER char *receipt =
	    xasprintf("%s#%d", id, ++queue->messages[i].deliveries);
	char md5[DIGEST_MD5_HEX];

	doc_put_string(doc, "MessageId", id);
	doc_put_string(doc, "ReceiptHandle", receipt);
	if (digest_md5_hex(body, strlen(body), md5))
		doc_put_string(doc, "MD5OfBody", md5);
	doc_put_string(doc, "Body", body);
	queue->messages[i].waiting = false;
	return doc;
}

bool
queue_deliver(struct queue *queue)
{
	DOC_LATER struct json_object *doc = doc_object();
	FREE_LATER char *text = NULL;
	struct json_object *messages = doc_array();

	if (queue->poll != NULL)
		for (size_t i = 0; i < queue->count; i++)
			if (queue->messages[i].waiting)
				doc_push(messages, message(queue, i));
	doc_put(doc, "Messages", messages);
	if (doc_count(messages, "") == 0)
		return false;
	text = doc_text(doc);
	answer_poll(queue, text);
	return true;
}

/* ---- all the rest ---- */

static void
delete_message(struct queue *queue, const char *receipt)
{
	size_t number = 0;
	int delivery = 0;

	assert(sscanf(receipt, "m%zu#%d", &number, &delivery) == 2);
	assert(number >= 1 && number <= queue->count);
	if (delivery == queue->messages[number - 1].deliveries)
		queue->messages[number - 1].deleted = true;
}

/* DeleteMessageBatch and ChangeMessageVisibilityBatch: all entries succeed. */
static void
serve_batch(struct queue *queue, struct http_request *request, bool delete)
{
	const struct http_message *sent = &request->message;
	DOC_LATER struct json_object *in =
	    doc_parse(sent->body, sent->body_len, NULL);
	DOC_LATER struct json_object *out = doc_object();
	FREE_LATER char *text = NULL;
	struct json_object *entries = doc_at(in, "Entries"), *entry;
	struct json_object *done = doc_array();

	for (size_t i = 0; (entry = doc_element(entries, i)) != NULL; i++) {
		struct json_object *result = doc_object();

		if (delete)
			delete_message(
			    queue, doc_string(entry, "ReceiptHandle"));
		doc_put_string(result, "Id", doc_string(entry, "Id"));
		doc_push(done, result);
	}
	doc_put(out, "Successful", done);
	doc_put(out, "Failed", doc_array());
	text = doc_text(out);
	sent_answer(request, 200, text);
}

void
queue_serve(struct queue *queue, struct http_request *request)
{
	FREE_LATER char *action = sent_action(request);

	if (strcmp(action, "ReceiveMessage") == 0) {
		queue->poll = request;
		loop_timer_set(&queue->timeout, LONG_POLL_MS);
	} else if (strcmp(action, "GetQueueAttributes") == 0)
		sent_answer(request, 200,
		    "{\"Attributes\":{\"VisibilityTimeout\":\"30\","
		    "\"MessageRetentionPeriod\":\"345600\","
		    "\"ApproximateNumberOfMessages\":\"0\","
		    "\"ApproximateNumberOfMessagesNotVisible\":\"0\"}}");
	else if (strcmp(action, "DeleteMessageBatch") == 0)
		serve_batch(queue, request, true);
	else if (strcmp(action, "ChangeMessageVisibilityBatch") == 0)
		serve_batch(queue, request, false);
	else
		sent_answer_error(request, 400, "InvalidAction", action);
}

void
queue_forget(struct queue *queue, const struct http_request *request)
{
	if (queue->poll != request)
		return;
	queue->poll = NULL;
	loop_timer_clear(&queue->timeout);
}
