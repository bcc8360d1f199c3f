/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SNS, Query protocol: Publish, what was published, and queues that subscribe.
 */
#include "sandbox/model_call.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "sandbox/model_load.h"
#include "sandbox/model_queue.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"

#define MESSAGE_MAX 262144 /* bytes */
#define SUBJECT_MAX 99     /* characters */

static struct topic *
find_topic(const struct model *model, const char *arn)
{
	struct topic *topic;

	STAILQ_FOREACH (topic, &model->topics, next)
		if (strcmp(topic->arn, arn) == 0)
			return topic;
	return NULL;
}

/* One to 99 characters of UTF-8, none of them a control. */
static bool
good_subject(const char *subject)
{
	size_t characters = 0;

	for (const char *at = subject; *at != '\0'; at++) {
		unsigned char byte = (unsigned char)*at;

		if (byte < 0x20 || byte == 0x7f)
			return false;
		characters += (byte & 0xc0) != 0x80;
	}
	return characters >= 1 && characters <= SUBJECT_MAX;
}

static bool
check_publish(struct call *call)
{
	const char *subject = call_param(call, "Subject");
	const char *message = call_param(call, "Message");

	if (message == NULL || *message == '\0')
		return call_fail(call, "InvalidParameter",
		    "Invalid parameter: Empty message");
	if (strlen(message) > MESSAGE_MAX)
		return call_fail(call, "InvalidParameter",
		    "Invalid parameter: Message too long");
	if (subject != NULL && !good_subject(subject))
		return call_fail(
		    call, "InvalidParameter", "Invalid parameter: Subject");
	return true;
}

/* The envelope that a subscription without raw delivery sends. */
static char *
envelope(const struct topic *topic, const char *id, const char *subject,
    const char *message, int64_t now_ms)
{
	DOC_LATER struct json_object *out = doc_object();

	doc_put_string(out, "Type", "Notification");
	doc_put_string(out, "MessageId", id);
	doc_put_string(out, "TopicArn", topic->arn);
	doc_put_string(out, "Subject", subject);
	doc_put_string(out, "Message", message);
	doc_put_time(out, "Timestamp", now_ms);
	doc_put_string(out, "SignatureVersion", "1");
	doc_put_string(out, "Signature", "RVhBTVBMRQ==");
	doc_put_string(out, "SigningCertURL",
	    "https://sns.us-east-1.amazonaws.com/"
	    "SimpleNotificationService-0.pem");
	doc_put_string(out, "UnsubscribeURL",
	    "https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe");
	return doc_text(out);
}

static void
deliver(struct call *call, const struct topic *topic, const char *id)
{
	const char *message = call_param(call, "Message");
	FREE_LATER char *wrapped = envelope(
	    topic, id, call_param(call, "Subject"), message, call->now_ms);
	const struct subscription *subscription;

	STAILQ_FOREACH (subscription, &topic->subscriptions, next) {
		const char *body = subscription->raw ? message : wrapped;
		struct queue *queue = queue_find(call->model, topic->account,
		    topic->region, subscription->queue);

		if (queue != NULL)
			queue_put(call->model, queue, body, strlen(body),
			    call->now_ms);
	}
}

static bool
publish(struct call *call)
{
	const char *arn = call_param(call, "TopicArn");
	struct json_object *record;
	struct topic *topic;
	char id[37];

	if (arn == NULL)
		arn = call_param(call, "TargetArn");
	if (arn == NULL)
		return call_fail(call, "InvalidParameter",
		    "Invalid parameter: TopicArn or TargetArn Reason: no value "
		    "for required parameter");
	topic = find_topic(call->model, arn);
	if (topic == NULL)
		return call_fail(call, "NotFound", NULL);
	if (strcmp(topic->region, call->region) != 0)
		return call_fail(
		    call, "InvalidParameter", "Invalid parameter: TopicArn");
	if (!check_publish(call))
		return false;
	model_uuid(call->model, id);
	record = doc_object();
	doc_put_string(record, "messageId", id);
	doc_put_time(record, "time", call->now_ms);
	doc_put_string(record, "subject", call_param(call, "Subject"));
	doc_put_string(record, "message", call_param(call, "Message"));
	doc_push(topic->published, record);
	call->model->published++;
	deliver(call, topic, id);
	call_xml(call, "MessageId", id);
	return true;
}

static const struct operation operations[] = {
	{ "Publish", publish },
	{ NULL, NULL },
};

const struct service sns_service = {
	.name = "SNS",
	.signing_name = "sns",
	.version = "2010-03-31",
	.namespace = "http://sns.amazonaws.com/doc/2010-03-31/",
	.throttled = "Throttled",
	.operations = operations,
};

/* "arn:aws:sns:us-east-1:123456789012:name" */
static struct topic *
new_topic(struct model *model, const char *arn)
{
	FREE_LATER char *copy = xstrdup(arn);
	const char *parts[6] = { NULL };
	char *rest = copy;
	struct topic *topic;

	for (size_t i = 0; i < 6; i++)
		parts[i] = strsep(&rest, ":");
	if (parts[5] == NULL || strcmp(parts[2], "sns") != 0)
		return NULL;
	topic = xzalloc(sizeof *topic);
	topic->arn = xstrdup(arn);
	topic->region = xstrdup(parts[3]);
	topic->account = xstrdup(parts[4]);
	topic->published = doc_array();
	STAILQ_INIT(&topic->subscriptions);
	STAILQ_INSERT_TAIL(&model->topics, topic, next);
	return topic;
}

static bool
subscribe(struct topic *topic, struct json_object *element, struct error *error)
{
	static const char *const members[] = { "queue", "raw", NULL };
	struct subscription *subscription;

	if (!load_members(element, "a subscription", members, error))
		return false;
	subscription = xzalloc(sizeof *subscription);
	subscription->queue = load_string(element, "queue");
	subscription->raw = doc_bool(element, "raw", false);
	STAILQ_INSERT_TAIL(&topic->subscriptions, subscription, next);
	return subscription->queue != NULL ||
	    error_set(
		error, "Sandbox.BadDocument", "a subscription has no queue");
}

bool
load_topic(struct model *model, struct json_object *element, int64_t now_ms,
    struct error *error)
{
	static const char *const members[] = { "arn", "subscriptions", NULL };
	struct json_object *list = doc_at(element, "subscriptions");
	const char *arn = doc_string(element, "arn");
	struct topic *topic;

	(void)now_ms;
	if (!load_members(element, "a topic", members, error))
		return false;
	if (arn == NULL)
		return error_set(
		    error, "Sandbox.BadDocument", "a topic has no arn");
	topic = find_topic(model, arn);
	if (topic == NULL)
		topic = new_topic(model, arn);
	if (topic == NULL)
		return error_set(error, "Sandbox.BadDocument",
		    "\"%s\" is no topic's ARN", arn);
	for (size_t i = 0; i < doc_count(list, ""); i++)
		if (!subscribe(topic, doc_element(list, i), error))
			return false;
	return true;
}

struct json_object *
dump_topics(const struct model *model)
{
	struct json_object *list = doc_array();
	const struct topic *topic;

	STAILQ_FOREACH (topic, &model->topics, next) {
		struct json_object *out = doc_object();

		doc_put_string(out, "arn", topic->arn);
		doc_put(out, "published", json_object_get(topic->published));
		doc_push(list, out);
	}
	return list;
}

void
topics_free(struct model *model)
{
	struct topic *topic;
	struct subscription *subscription;

	while ((topic = STAILQ_FIRST(&model->topics)) != NULL) {
		STAILQ_REMOVE_HEAD(&model->topics, next);
		while ((subscription = STAILQ_FIRST(&topic->subscriptions)) !=
		    NULL) {
			STAILQ_REMOVE_HEAD(&topic->subscriptions, next);
			free(subscription->queue);
			free(subscription);
		}
		doc_free(topic->published);
		free(topic->arn);
		free(topic->region);
		free(topic->account);
		free(topic);
	}
}
