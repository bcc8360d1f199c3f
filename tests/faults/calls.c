/* SPDX-License-Identifier: Apache-2.0 */
/* Results become text, which is all that is compared. */
#include "faults/calls.h"

#include <stdio.h>

#include "aws/cloudtrail.h"
#include "aws/iam.h"
#include "aws/sns.h"
#include "aws/sqs.h"
#include "aws/sts.h"
#include "loop/loop.h"
#include "util/doc.h"

#define QUEUE "https://sqs.us-east-1.amazonaws.com/123456789012/keyguard"
#define TOPIC "arn:aws:sns:us-east-1:123456789012:topic"
#define KEY   "AKIAI44QH8DHBEXAMPLE"

const char calls_state[] =
    "{\"users\":[{\"name\":\"keyguard\",\"keys\":[{\"id\":"
    "\"AKIAIOSFODNN7EXAMPLE\",\"secret\":"
    "\"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\"}]},"
    "{\"name\":\"alice\",\"keys\":[{\"id\":\"" KEY "\",\"lastUsed\":{\"date\":"
    "\"2026-01-02T03:04:05Z\",\"service\":\"s3\",\"region\":\"us-east-1\"}}]}],"
    "\"queues\":[{\"name\":\"keyguard\",\"messages\":[\"one\",\"two\"]}],"
    "\"topics\":[{\"arn\":\"" TOPIC "\"}],"
    "\"events\":[{\"Username\":\"alice\",\"EventName\":\"PutObject\"},"
    "{\"Username\":\"alice\",\"EventName\":\"GetObject\"}]}";

static void
end(struct outcome *outcome, const struct error *error)
{
	outcome->ended++;
	outcome->error = error != NULL ? *error : (struct error){ 0 };
	if (error != NULL)
		outcome->result[0] = '\0';
	loop_stop(outcome->loop);
}

static const char *
or_none(const char *text)
{
	return text != NULL ? text : "none";
}

/* ---- SQS ---- */

static void
on_received(void *arg, const struct sqs_message *messages, size_t count,
    const struct error *error)
{
	struct outcome *outcome = arg;
	size_t len = 0;

	outcome->result[0] = '\0';
	for (size_t i = 0; i < count && len < sizeof outcome->result; i++)
		len += (size_t)snprintf(outcome->result + len,
		    sizeof outcome->result - len, "%s %s %s%s;", messages[i].id,
		    messages[i].receipt_handle, messages[i].body,
		    messages[i].body_intact ? "" : " (spoilt)");
	end(outcome, error);
}

static void
receive(struct aws *aws, struct outcome *outcome)
{
	sqs_receive(aws, QUEUE, 10, 0, NULL, on_received, outcome);
}

static void
on_batched(void *arg, const struct error *const *results, size_t count,
    const struct error *error)
{
	struct outcome *outcome = arg;
	size_t len = 0;

	outcome->result[0] = '\0';
	for (size_t i = 0; i < count && len < sizeof outcome->result; i++)
		len += (size_t)snprintf(outcome->result + len,
		    sizeof outcome->result - len, "%s;",
		    results[i] != NULL ? results[i]->name : "done");
	end(outcome, error);
}

/* Handles of no message: the answer names them as failed, or as deleted. */
static const struct sqs_entry entries[] = {
	{ "one", 30 },
	{ "two", 30 },
};

static void
delete_batch(struct aws *aws, struct outcome *outcome)
{
	sqs_delete_batch(aws, QUEUE, entries, 2, NULL, on_batched, outcome);
}

static void
visibility_batch(struct aws *aws, struct outcome *outcome)
{
	sqs_visibility_batch(aws, QUEUE, entries, 2, NULL, on_batched, outcome);
}

static void
on_described(void *arg, const struct sqs_attributes *attributes,
    const struct error *error)
{
	struct outcome *outcome = arg;

	if (attributes != NULL)
		snprintf(outcome->result, sizeof outcome->result, "%d %d %d",
		    (int)attributes->depth, (int)attributes->in_flight,
		    attributes->visibility_seconds);
	end(outcome, error);
}

static void
describe(struct aws *aws, struct outcome *outcome)
{
	sqs_describe(aws, QUEUE, NULL, on_described, outcome);
}

/* ---- the others ---- */

static void
on_last_used(
    void *arg, const struct iam_last_used *used, const struct error *error)
{
	struct outcome *outcome = arg;

	if (used != NULL)
		snprintf(outcome->result, sizeof outcome->result,
		    "%s %s %s %s %s", or_none(used->user_name),
		    or_none(used->date), or_none(used->service),
		    or_none(used->region), or_none(used->request_id));
	end(outcome, error);
}

static void
last_used(struct aws *aws, struct outcome *outcome)
{
	iam_last_used(aws, KEY, NULL, on_last_used, outcome);
}

static void
on_deleted(void *arg, const char *request_id, const struct error *error)
{
	struct outcome *outcome = arg;

	snprintf(
	    outcome->result, sizeof outcome->result, "%s", or_none(request_id));
	end(outcome, error);
}

static void
delete_key(struct aws *aws, struct outcome *outcome)
{
	iam_delete_access_key(aws, "alice", KEY, NULL, on_deleted, outcome);
}

static void
on_looked_up(void *arg, struct json_object *events, const char *next_token,
    const char *request_id, const struct error *error)
{
	struct outcome *outcome = arg;

	snprintf(outcome->result, sizeof outcome->result, "%zu %s %s",
	    doc_count(events, ""), or_none(next_token), or_none(request_id));
	end(outcome, error);
}

static void
look_up(struct aws *aws, struct outcome *outcome)
{
	static const struct cloudtrail_query query = {
		.user_name = "alice",
		.start_wall_ms = 1000,
		.end_wall_ms = INT64_C(4102444800000),
		.max_results = 50,
	};

	cloudtrail_lookup(aws, &query, NULL, on_looked_up, outcome);
}

static void
on_published(void *arg, const char *message_id, const char *request_id,
    const struct error *error)
{
	struct outcome *outcome = arg;

	snprintf(outcome->result, sizeof outcome->result, "%s %s",
	    or_none(message_id), or_none(request_id));
	end(outcome, error);
}

static void
publish(struct aws *aws, struct outcome *outcome)
{
	sns_publish(aws, TOPIC, "subject", "message", "dedup", NULL,
	    on_published, outcome);
}

static void
on_identified(
    void *arg, const struct sts_identity *identity, const struct error *error)
{
	struct outcome *outcome = arg;

	if (identity != NULL)
		snprintf(outcome->result, sizeof outcome->result, "%s %s %s",
		    identity->account, identity->arn,
		    or_none(identity->user_id));
	end(outcome, error);
}

static void
identify(struct aws *aws, struct outcome *outcome)
{
	sts_caller_identity(aws, NULL, on_identified, outcome);
}

const struct call_kind call_kinds[] = {
	{ "SQS", "ReceiveMessage", "QueueDoesNotExist", receive },
	{ "SQS", "DeleteMessageBatch", "QueueDoesNotExist", delete_batch },
	{ "SQS", "ChangeMessageVisibilityBatch", "QueueDoesNotExist",
	    visibility_batch },
	{ "SQS", "GetQueueAttributes", "QueueDoesNotExist", describe },
	{ "IAM", "GetAccessKeyLastUsed", "AccessDenied", last_used },
	{ "IAM", "DeleteAccessKey", "NoSuchEntity", delete_key },
	{ "CloudTrail", "LookupEvents", "AccessDeniedException", look_up },
	{ "SNS", "Publish", "NotFound", publish },
	{ "STS", "GetCallerIdentity", "AccessDenied", identify },
	{ NULL, NULL, NULL, NULL },
};
