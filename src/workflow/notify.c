/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tells security, by one message to the SNS topic. SNS knows no idempotency on
 * standard topics: when an answer is lost, security hears twice. What comes of
 * a retry that nobody asked for is told when it is news.
 */
#include "workflow/notify.h"

#include <string.h>

#include "aws/sns.h"
#include "util/clock.h"
#include "util/doc.h"
#include "util/stamp.h"
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

/* By which execution security has heard already of all that there is to tell;
 * NULL: they have not. */
static const char *
told_by(struct json_object *data)
{
	struct json_object *retry = doc_at(data, "keyguard.Retry");
	const char *error = doc_string(data, "error-info.Error");
	const char *before = doc_string(retry, "Error");

	if (!doc_bool(retry, "ByItself", false) || error == NULL ||
	    before == NULL || strcmp(error, before) != 0)
		return NULL;
	return doc_string(retry, "ToldBy");
}

static void
leave_it(struct attempt *attempt, const char *told_by)
{
	struct json_object *result = doc_object();

	doc_put_string(result, "ToldBy", told_by);
	attempt_settle(attempt, result);
}

/* When the event came, also in a retry of what it had started. */
static int64_t
received_ms(const struct attempt *attempt)
{
	const char *date =
	    doc_string(attempt->input, "keyguard.Retry.FirstDate");
	int64_t wall_ms;

	if (date != NULL && stamp_parse(date, &wall_ms))
		return wall_ms;
	return run_received_ms(attempt->run);
}

static void
publish(struct attempt *attempt)
{
	struct workflow *workflow = attempt->workflow;
	struct run *run = attempt->run;
	struct aws_options options = attempt_options(AWS_RANK_REST);
	struct message_facts facts = {
		.data = attempt->input,
		.execution = run_name(run),
		.account = run_tag(run, TAG_ACCOUNT),
		.key_id = run_tag(run, TAG_KEY),
		.user = run_tag(run, TAG_USER),
		.received_wall_ms = received_ms(attempt),
		.again_ms = run_again_ms(run),
		.hours = workflow->settings.hours,
		.details = workflow->settings.details,
	};
	CLEANUP(message_done) struct message message;

	message_compose(&facts, &message);
	attempt->call = sns_publish(workflow->aws, workflow->settings.topic_arn,
	    message.subject, message.body, run_name(run), &options,
	    on_published, attempt);
}

static void *
start(void *context, struct run *run)
{
	struct attempt *attempt =
	    attempt_new(sizeof *attempt, context, run, cancel);
	const char *told = told_by(attempt->input);

	if (told == NULL)
		publish(attempt);
	else
		leave_it(attempt, told);
	return attempt;
}

const struct task notify = {
	.resource = "sns:publish",
	.asl_resource = "arn:aws:states:::sns:publish",
	.service = "SNS",
	.start = start,
	.cancel = cancel,
};
