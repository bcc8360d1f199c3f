/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQS, AWS JSON 1.0: the operations on one message, and those that others
 * than the daemon call.
 */
#include "sandbox/model_sqs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "sandbox/model_fault.h"
#include "sandbox/model_queue.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/digest.h"
#include "util/doc.h"

#define BODY_MAX ((size_t)1 << 20)

char *
sqs_url(const struct queue *queue)
{
	return xasprintf("https://sqs.%s.amazonaws.com/%s/%s", queue->region,
	    queue->account, queue->name);
}

char *
sqs_arn(const struct queue *queue)
{
	return xasprintf(
	    "arn:aws:sqs:%s:%s:%s", queue->region, queue->account, queue->name);
}

/* The last two segments of a queue URL, whatever the host. */
static bool
split_url(const char *url, char **ret_account, const char **ret_name)
{
	const char *name = strrchr(url, '/'), *account = name;

	if (name == NULL || name[1] == '\0')
		return false;
	while (account > url && account[-1] != '/')
		account--;
	*ret_account = xmemdup0(account, (size_t)(name - account));
	*ret_name = name + 1;
	return true;
}

struct queue *
sqs_queue(struct call *call)
{
	FREE_LATER char *account = NULL;
	const char *url = call_param(call, "QueueUrl"), *name;
	struct queue *queue;

	if (!call_needs(call, "QueueUrl"))
		return NULL;
	if (url == NULL || !split_url(url, &account, &name)) {
		call_fail(call, "InvalidAddress",
		    "The address %s is not valid for this endpoint.", url);
		return NULL;
	}
	queue = queue_find(call->model, account, call->region, name);
	if (queue == NULL)
		call_fail(
		    call, "AWS.SimpleQueueService.NonExistentQueue", NULL);
	return queue;
}

bool
sqs_integer(struct call *call, const char *name, int64_t otherwise, int64_t low,
    int64_t high, int64_t *ret)
{
	*ret = doc_int(call->params, name, otherwise);
	if (*ret >= low && *ret <= high)
		return true;
	return call_fail(call, "InvalidParameterValue",
	    "Value %" PRId64 " for parameter %s is invalid. Reason: Must be "
	    "between %" PRId64 " and %" PRId64 ", if provided.",
	    *ret, name, low, high);
}

bool
sqs_asked(struct json_object *names, const char *name)
{
	for (size_t i = 0; i < doc_count(names, ""); i++) {
		const char *wanted = doc_string(doc_element(names, i), "");

		if (wanted != NULL &&
		    (strcmp(wanted, name) == 0 || strcmp(wanted, "All") == 0))
			return true;
	}
	return false;
}

static bool
delete_message(struct call *call)
{
	struct queue *queue = sqs_queue(call);
	struct error error;

	if (queue == NULL || !call_needs(call, "ReceiptHandle"))
		return false;
	return queue_delete(call->model, queue,
		   call_param(call, "ReceiptHandle"),
		   fault_is(call, FAULT_REVIVE), &error) ||
	    call_fail(call, error.name, "%s", error.cause);
}

static bool
change_visibility(struct call *call)
{
	struct queue *queue = sqs_queue(call);
	struct error error;

	if (queue == NULL || !call_needs(call, "ReceiptHandle") ||
	    !call_needs(call, "VisibilityTimeout"))
		return false;
	return queue_hide(call->model, queue, call_param(call, "ReceiptHandle"),
		   doc_int(call->params, "VisibilityTimeout", -1), call->now_ms,
		   &error) ||
	    call_fail(call, error.name, "%s", error.cause);
}

static bool
send_message(struct call *call)
{
	struct queue *queue = sqs_queue(call);
	struct json_object *body = doc_at(call->params, "MessageBody");
	char md5[DIGEST_MD5_HEX];
	const char *text;
	size_t len;

	if (queue == NULL || !call_needs(call, "MessageBody"))
		return false;
	text = json_object_get_string(body);
	len = (size_t)json_object_get_string_len(body);
	if (len == 0 || len > BODY_MAX)
		return call_fail(call, "InvalidParameterValue",
		    "One or more parameters are invalid. Reason: Message must "
		    "be shorter than 1048576 bytes and not empty.");
	digest_md5_hex(text, len, md5);
	call->result = doc_object();
	doc_put_string(call->result, "MD5OfMessageBody", md5);
	doc_put_string(call->result, "MessageId",
	    queue_put(call->model, queue, text, len, call->now_ms)->id);
	return true;
}

static bool
get_url(struct call *call)
{
	FREE_LATER char *url = NULL;
	const char *name = call_param(call, "QueueName");
	struct queue *queue;

	if (!call_needs(call, "QueueName"))
		return false;
	queue = queue_find(call->model, call->key->owner->account, call->region,
	    name == NULL ? "" : name);
	if (queue == NULL)
		return call_fail(
		    call, "AWS.SimpleQueueService.NonExistentQueue", NULL);
	url = sqs_url(queue);
	call->result = doc_object();
	doc_put_string(call->result, "QueueUrl", url);
	return true;
}

static const struct operation operations[] = {
	{ "ReceiveMessage", sqs_do_receive },
	{ "DeleteMessage", delete_message },
	{ "DeleteMessageBatch", sqs_do_delete_batch },
	{ "ChangeMessageVisibility", change_visibility },
	{ "ChangeMessageVisibilityBatch", sqs_do_hide_batch },
	{ "GetQueueAttributes", sqs_do_get_attributes },
	{ "SendMessage", send_message },
	{ "GetQueueUrl", get_url },
	{ NULL, NULL },
};

const struct service sqs_service = {
	.name = "SQS",
	.signing_name = "sqs",
	.target = "AmazonSQS.",
	.namespace = "com.amazonaws.sqs#",
	.content_type = "application/x-amz-json-1.0",
	.throttled = "RequestThrottled",
	.query_mode = true,
	.operations = operations,
};

const char *
model_send(struct model *model, const char *name, const char *body, size_t len,
    int64_t now_ms, struct error *error)
{
	struct queue *queue = queue_find(model, NULL, NULL, name);

	if (queue == NULL) {
		error_set(error, "Sandbox.NoQueue", "no queue \"%s\"", name);
		return NULL;
	}
	return queue_put(model, queue, body, len, now_ms + model->skew_ms)->id;
}
