/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tells security, by one message to the SNS topic. SNS knows no idempotency on
 * standard topics: when an answer is lost, security hears twice.
 */
#include "workflow/notify.h"

#include "aws/sns.h"
#include "util/clock.h"
#include "util/doc.h"
#include "workflow/attempt.h"
#include "workflow/message.h"
#include "workflow/workflow.h"

static void
on_published(void *arg, const char *message_id, const char *request_id,
    const struct error *error)
{
	struct attempt *attempt = arg;
	struct json_object *result;

	attempt->call = NULL;
	if (error != NULL) {
		attempt_fail(attempt, error);
		return;
	}
	result = doc_object();
	doc_put_string(result, "MessageId", message_id);
	doc_put_string(result, "RequestId", request_id);
	attempt_succeed(attempt, result);
}

static void
cancel(void *attempt)
{
	attempt_free(attempt);
}

static void *
start(void *context, struct run *run)
{
	struct workflow *workflow = context;
	struct attempt *attempt =
	    attempt_new(sizeof *attempt, workflow, run, cancel);
	struct aws_options options = attempt_options(AWS_RANK_REST);
	struct message_facts facts = {
		.data = attempt->input,
		.execution = run_name(run),
		.account = run_tag(run, TAG_ACCOUNT),
		.key_id = run_tag(run, TAG_KEY),
		.user = run_tag(run, TAG_USER),
		.received_wall_ms = run_received_ms(run),
		.hours = workflow->settings.hours,
		.details = workflow->settings.details,
	};
	CLEANUP(message_done) struct message message;

	message_compose(&facts, &message);
	attempt->call = sns_publish(workflow->aws, workflow->settings.topic_arn,
	    message.subject, message.body, run_name(run), &options,
	    on_published, attempt);
	return attempt;
}

const struct task notify = {
	.resource = "sns:publish",
	.asl_resource = "arn:aws:states:::sns:publish",
	.service = "SNS",
	.start = start,
	.cancel = cancel,
};
