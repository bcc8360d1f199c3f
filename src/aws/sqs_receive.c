/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQS: ReceiveMessage, the long poll. Bodies are checked against the checksum
 * that SQS sends with them, over their bytes after unescaping.
 */
#include <string.h>

#include <json-c/json.h>

#include "aws/answer.h"
#include "aws/sqs.h"
#include "aws/sqs_start.h"
#include "util/clock.h"
#include "util/digest.h"
#include "util/doc.h"

/* Ten messages of 1 MiB, escaped; those that need more come one by one. */
#define MAX_ANSWER ((size_t)24 << 20)

static bool
is_intact(const struct sqs_message *message, const char *md5)
{
	char computed[DIGEST_MD5_HEX];

	if (md5 == NULL ||
	    !digest_md5_hex(message->body, message->body_len, computed))
		return true;
	return strcmp(md5, computed) == 0;
}

/* Fills a message; false when it lacks what cannot be done without. */
static bool
read_message(struct json_object *doc, struct sqs_message *message)
{
	struct json_object *body = doc_at(doc, "Body");

	message->id = doc_string(doc, "MessageId");
	message->receipt_handle = doc_string(doc, "ReceiptHandle");
	if (message->id == NULL || message->receipt_handle == NULL ||
	    !json_object_is_type(body, json_type_string))
		return false;
	/* Not doc_string: a body may hold NULs. */
	message->body = json_object_get_string(body);
	message->body_len = (size_t)json_object_get_string_len(body);
	message->body_intact = is_intact(message, doc_string(doc, "MD5OfBody"));
	message->sent_wall_ms = sqs_number(doc, "Attributes.SentTimestamp");
	message->receive_count =
	    sqs_small_number(doc, "Attributes.ApproximateReceiveCount");
	return true;
}

static bool
read_messages(struct json_object *doc, struct sqs_message messages[SQS_BATCH],
    size_t *ret_count)
{
	struct json_object *list = doc_at(doc, "Messages");
	size_t count = doc_count(doc, "Messages");

	if (count > SQS_BATCH)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!read_message(doc_element(list, i), &messages[i]))
			return false;
	*ret_count = count;
	return true;
}

static void
finish_receive(const struct call_end *end)
{
	sqs_received *done = (sqs_received *)end->done;
	struct error error;
	DOC_LATER struct json_object *doc = answer_json(end, &error);
	struct sqs_message messages[SQS_BATCH];
	size_t count = 0;

	if (doc == NULL) {
		done(end->arg, NULL, 0, &error);
	} else if (!read_messages(doc, messages, &count)) {
		answer_malformed(end,
		    "a message without id, receipt handle "
		    "or body, or too many",
		    &error);
		done(end->arg, NULL, 0, &error);
	} else {
		done(end->arg, messages, count, NULL);
	}
}

struct aws_call *
sqs_receive(struct aws *aws, const char *queue_url, int max, int wait_seconds,
    const struct aws_options *options, sqs_received *done, void *arg)
{
	DOC_LATER struct json_object *doc = sqs_document(queue_url);
	struct json_object *names = doc_array();

	doc_put_int(doc, "MaxNumberOfMessages", max);
	doc_put_int(doc, "WaitTimeSeconds", wait_seconds);
	doc_push(names, doc_new_string("All"));
	doc_put(doc, "MessageSystemAttributeNames", names);
	return sqs_start(aws, doc,
	    (struct call_operation){
		.request = {
			.target = "AmazonSQS.ReceiveMessage",
			.timeout_ms = SECONDS(wait_seconds + 10),
			.max_answer = MAX_ANSWER,
			.long_poll = true,
		},
		.finish = finish_receive,
	    },
	    options, (call_any *)done, arg);
}
