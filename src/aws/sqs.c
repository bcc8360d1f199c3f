/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQS: what all calls share, and GetQueueAttributes.
 */
#include "aws/sqs.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "aws/answer.h"
#include "aws/sqs_start.h"
#include "util/doc.h"

struct json_object *
sqs_document(const char *queue_url)
{
	struct json_object *doc = doc_object();

	doc_put_string(doc, "QueueUrl", queue_url);
	return doc;
}

struct aws_call *
sqs_start(struct aws *aws, struct json_object *doc,
    struct call_operation operation, const struct aws_options *options,
    call_any *done, void *arg)
{
	operation.request.service = AWS_SQS;
	operation.request.body = doc_text(doc);
	/* The queue's own Region is signed; else the client's. */
	endpoint_queue_region(
	    doc_string(doc, "QueueUrl"), operation.request.region);
	return call_start(aws, &operation, options, done, arg);
}

int64_t
sqs_number(struct json_object *doc, const char *path)
{
	const char *text = doc_string(doc, path);
	char *end = NULL;
	long long value;

	if (text == NULL)
		return 0;
	value = strtoll(text, &end, 10);
	return *end == '\0' && value > 0 ? value : 0;
}

int
sqs_small_number(struct json_object *doc, const char *path)
{
	int64_t value = sqs_number(doc, path);

	return value > INT_MAX ? INT_MAX : (int)value;
}

/* The document within a string attribute; NULL when there is none. */
static struct json_object *
inner_document(struct json_object *attributes, const char *name)
{
	const char *text = doc_string(attributes, name);

	return text != NULL ? doc_parse(text, strlen(text), NULL) : NULL;
}

static void
finish_describe(const struct call_end *end)
{
	sqs_described *done = (sqs_described *)end->done;
	struct error error;
	DOC_LATER struct json_object *doc = answer_json(end, &error);
	struct json_object *from = doc_at(doc, "Attributes");
	DOC_LATER struct json_object *redrive =
	    inner_document(from, "RedrivePolicy");
	struct sqs_attributes attributes = {
		.depth = sqs_number(from, "ApproximateNumberOfMessages"),
		.in_flight =
		    sqs_number(from, "ApproximateNumberOfMessagesNotVisible"),
		.visibility_seconds =
		    sqs_small_number(from, "VisibilityTimeout"),
		.retention_seconds =
		    sqs_small_number(from, "MessageRetentionPeriod"),
		.dead_letter_arn = doc_string(redrive, "deadLetterTargetArn"),
		/* Sent as a number or as a string. */
		.max_receive_count = (int)doc_int(redrive, "maxReceiveCount",
		    sqs_small_number(redrive, "maxReceiveCount")),
	};

	if (doc != NULL && from == NULL)
		answer_malformed(end, "no Attributes", &error);
	done(end->arg, from != NULL ? &attributes : NULL,
	    from != NULL ? NULL : &error);
}

struct aws_call *
sqs_describe(struct aws *aws, const char *queue_url,
    const struct aws_options *options, sqs_described *done, void *arg)
{
	DOC_LATER struct json_object *doc = sqs_document(queue_url);
	struct json_object *names = doc_array();

	doc_push(names, doc_new_string("All"));
	doc_put(doc, "AttributeNames", names);
	return sqs_start(aws, doc,
	    (struct call_operation){
		.request.target = "AmazonSQS.GetQueueAttributes",
		.finish = finish_describe,
	    },
	    options, (call_any *)done, arg);
}
