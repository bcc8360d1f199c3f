/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SNS: Publish. On a standard topic a repeat is a second message; nothing
 * here can tell.
 */
#include "aws/sns.h"

#include <stdio.h>
#include <string.h>

#include "aws/answer.h"
#include "aws/query.h"
#include "util/cleanup.h"
#include "util/xml.h"

#define DEDUP_MAX 128

static void
finish_publish(const struct call_end *end)
{
	sns_published *done = (sns_published *)end->done;
	struct error error;
	CLEANUP(xml_free_at)
	struct xml *xml = answer_xml(end, "PublishResponse", &error);
	const char *id = NULL;

	if (xml == NULL) {
		done(end->arg, NULL, NULL, &error);
		return;
	}
	id = xml_text(xml, "PublishResult/MessageId");
	if (id == NULL) {
		answer_malformed(end, "no MessageId", &error);
		done(end->arg, NULL, NULL, &error);
		return;
	}
	done(end->arg, id, answer_request_id(end, xml), NULL);
}

static bool
is_fifo(const char *topic_arn)
{
	size_t len = strlen(topic_arn);

	return len > 5 && strcmp(topic_arn + len - 5, ".fifo") == 0;
}

static char *
publish_body(const char *topic_arn, const char *subject, const char *message,
    const char *dedup)
{
	struct buf body = BUF_INIT(QUERY_MAX);

	query_begin(&body, "Publish", "2010-03-31");
	query_add(&body, "TopicArn", topic_arn);
	query_add(&body, "Subject", subject);
	query_add(&body, "Message", message);
	if (is_fifo(topic_arn)) {
		char id[DEDUP_MAX + 1];

		snprintf(id, sizeof id, "%s", dedup);
		query_add(&body, "MessageGroupId", id);
		query_add(&body, "MessageDeduplicationId", id);
	}
	return buf_take(&body);
}

struct aws_call *
sns_publish(struct aws *aws, const char *topic_arn, const char *subject,
    const char *message, const char *dedup, const struct aws_options *options,
    sns_published *done, void *arg)
{
	struct call_operation operation = {
		.request = { .service = AWS_SNS },
		.finish = finish_publish,
	};
	struct error error;

	if (!endpoint_topic_region(topic_arn, operation.request.region)) {
		error_set(&error, "Aws.BadTopicArn",
		    "\"%s\" is no ARN of a topic", topic_arn);
		return call_refuse(
		    aws, &operation, &error, (call_any *)done, arg);
	}
	operation.request.body =
	    publish_body(topic_arn, subject, message, dedup);
	return call_start(aws, &operation, options, (call_any *)done, arg);
}
