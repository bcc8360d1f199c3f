/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tells security, by one message to the SNS topic. SNS knows no idempotency on
 * standard topics: when an answer is lost, security hears twice. What is no
 * news, or is true no longer, is left to the execution that told, or will tell,
 * how it is.
 */
#include "workflow/notify.h"

#include <string.h>

#include "aws/sns.h"
#include "util/clock.h"
#include "util/doc.h"
#include "workflow/attempt.h"
#include "workflow/delete_key.h"
#include "workflow/earlier.h"
#include "workflow/message.h"
#include "workflow/workflow.h"

/* How often a deletion is looked for that is being tried just now, and for how
 * long. */
#define LOOK_MS     250
#define PATIENCE_MS SECONDS(10)

struct telling {
	struct attempt attempt;
	struct earlier *earlier; /* being asked for, or NULL */
	struct loop_timer again; /* when it is asked for again */
	int64_t patient_ms;      /* until then, monotonic */
};

/* ---- the message ---- */

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
cancel(void *arg)
{
	struct telling *telling = arg;

	if (telling->earlier != NULL)
		earlier_cancel(telling->earlier);
	loop_timer_done(&telling->again);
	attempt_free(&telling->attempt);
}

/* When the event came, also in a retry of what it had started. */
static int64_t
received_ms(const struct attempt *attempt)
{
	int64_t first_ms = doc_time(attempt->input, "keyguard.Retry.FirstDate");

	return first_ms != 0 ? first_ms : run_received_ms(attempt->run);
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

/* ---- what need not be told ---- */

static struct json_object *
left_to(const char *execution)
{
	struct json_object *result = doc_object();

	doc_put_string(result, "ToldBy", execution);
	return result;
}

/* A retry that nobody asked for, and that failed as the one before it: whose
 * message says all of that. NULL: there is something to tell. */
static const char *
told_by(struct json_object *data)
{
	struct json_object *retry = doc_at(data, "keyguard.Retry");
	const char *error = doc_string(data, "error-info.Error");

	if (!doc_bool(retry, "ByItself", false) || error == NULL ||
	    strcmp(error, doc_string(retry, "Error")) != 0)
		return NULL;
	return doc_string(retry, "ToldBy");
}

/* Who injects an event about a key that is not there wants to hear that. */
static bool
asked_for(const struct attempt *attempt)
{
	const char *error = doc_string(attempt->input, "error-info.Error");

	return strncmp(run_origin(attempt->run), "inject:", 7) == 0 &&
	    error != NULL && delete_key_unknown(error);
}

/* Whether security knows, or will hear, from another execution that the key is
 * dead. */
static bool
dead(const struct attempt *attempt, struct json_object *deletion)
{
	return deletion != NULL &&
	    (doc_time(deletion, "DeletedDate") > received_ms(attempt) ||
		!asked_for(attempt));
}

/* An alarm may be false in a moment if another execution is about to delete
 * the key, such as a retry that began together with this one. */
static bool
wait_a_while(struct telling *telling)
{
	const struct attempt *attempt = &telling->attempt;
	const struct clock *clock = loop_clock(attempt->workflow->loop);

	if (!run_lane_taken(attempt->run) ||
	    clock_mono_ms(clock) >= telling->patient_ms)
		return false;
	loop_timer_set(&telling->again, LOOK_MS);
	return true;
}

/* What cannot be found out does not keep security from hearing. */
static void
on_earlier(void *arg, struct json_object *deletion, const struct error *error)
{
	struct telling *telling = arg;
	struct attempt *attempt = &telling->attempt;
	DOC_LATER struct json_object *found = deletion;

	(void)error;
	telling->earlier = NULL;
	if (dead(attempt, found))
		attempt_succeed(
		    attempt, left_to(doc_string(found, "DeletedBy")));
	else if (!wait_a_while(telling))
		publish(attempt);
}

static void
look(void *arg)
{
	struct telling *telling = arg;
	const struct attempt *attempt = &telling->attempt;

	telling->earlier = earlier_find(attempt->workflow->store,
	    run_tag(attempt->run, TAG_KEY), on_earlier, telling);
}

/* ---- the task ---- */

static void *
start(void *context, struct run *run)
{
	struct telling *telling =
	    attempt_new(sizeof *telling, context, run, cancel);
	struct attempt *attempt = &telling->attempt;
	struct loop *loop = attempt->workflow->loop;
	const char *told = told_by(attempt->input);

	loop_timer_init(&telling->again, loop, look, telling);
	telling->patient_ms = clock_mono_ms(loop_clock(loop)) + PATIENCE_MS;
	if (told != NULL)
		attempt_settle(attempt, left_to(told));
	else if (doc_at(attempt->input, "deletion") == NULL &&
	    run_tag(run, TAG_KEY) != NULL)
		look(telling);
	else
		publish(attempt);
	return telling;
}

bool
notify_published(const struct event *event)
{
	return event->type == EVENT_TASK_SUCCEEDED &&
	    strcmp(event->resource, notify.resource) == 0 &&
	    strstr(event->data, "\"ToldBy\"") == NULL;
}

const struct task notify = {
	.resource = "sns:publish",
	.asl_resource = "arn:aws:states:::sns:publish",
	.service = "SNS",
	.start = start,
	.cancel = cancel,
};
