/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deletes the exposed key: look up whose it is, make that durable (the intent),
 * delete under that name. With a durable intent, of this attempt or of one
 * before, the look-up is skipped: once the key is gone it could answer
 * nothing. A key that is not there is contained only if we know why: an intent
 * of ours is durable, or an earlier execution here deleted it. A rule that has
 * come since the intent is obeyed, and IAM asked whether the key is there.
 */
#include "workflow/delete_key.h"

#include <string.h>

#include "aws/iam.h"
#include "util/alloc.h"
#include "util/clock.h"
#include "util/doc.h"
#include "workflow/attempt.h"
#include "workflow/earlier.h"
#include "workflow/permit.h"
#include "workflow/workflow.h"

struct deletion {
	struct attempt attempt;
	struct json_object *intent; /* whose key it is; NULL: not looked up */
	bool forbidden;             /* by attempt.error, since the intent */
	bool looked_again;
	struct earlier *earlier; /* being asked for, or NULL */
};

static const char *
key_of(const struct deletion *deletion)
{
	return run_tag(deletion->attempt.run, TAG_KEY);
}

static const char *
owner_of(const struct deletion *deletion)
{
	return doc_string(deletion->intent, "UserName");
}

/* AWS says so by 403, others by 404. */
bool
delete_key_unknown(const char *error)
{
	return strcmp(error, "IAM.AccessDenied") == 0 ||
	    strcmp(error, "IAM.NoSuchEntity") == 0;
}

/* ---- the end ---- */

/* Ends with what the intent says and when the key was seen to be dead. */
static void
contained(struct deletion *deletion)
{
	const struct clock *clock =
	    loop_clock(deletion->attempt.workflow->loop);

	doc_put_time(deletion->intent, "DeletedDate", clock_wall_ms(clock));
	attempt_succeed(&deletion->attempt, STEAL(deletion->intent));
}

static void
deleted(struct deletion *deletion, const char *request_id)
{
	doc_put_string(deletion->intent, "RequestId", request_id);
	contained(deletion);
}

/* By an attempt whose answer was lost, or by somebody else. */
static void
already_gone(struct deletion *deletion)
{
	doc_put_bool(deletion->intent, "AlreadyGone", true);
	contained(deletion);
}

/* ---- the intent ---- */

/* Takes it over; delete_it follows when it is durable. */
static void
intend(struct deletion *deletion, struct json_object *intent)
{
	FREE_LATER char *text = doc_text(intent);
	struct attempt *attempt = &deletion->attempt;
	bool first = deletion->intent == NULL;

	doc_free(deletion->intent);
	deletion->intent = intent;
	run_set_tag(attempt->run, TAG_USER, owner_of(deletion));
	if (first && !permit_intent(attempt, &attempt->error))
		attempt_fail(attempt, &attempt->error);
	else
		run_submit(attempt->run, text);
}

/* ---- IAM knows no such key ---- */

/* What the execution meant to do that this one is a retry of: with an answer
 * lost, it may have done so. NULL: nothing, or this is no retry. */
static struct json_object *
intent_before(const struct deletion *deletion)
{
	struct json_object *before =
	    doc_at(deletion->attempt.input, "keyguard.Retry.Intent");
	FREE_LATER char *text = NULL;

	if (doc_string(before, "UserName") == NULL)
		return NULL;
	text = doc_text(before);
	return doc_parse(text, strlen(text), NULL);
}

/* A store that cannot be read has not said that we never deleted the key: it is
 * asked again. "Unknown" and "not allowed to know" are one answer to a look-up;
 * not so to a deletion, so what was meant before is done again. */
static void
on_earlier(void *arg, struct json_object *result, const struct error *error)
{
	struct deletion *deletion = arg;
	struct attempt *attempt = &deletion->attempt;
	struct json_object *before;

	deletion->earlier = NULL;
	if (error != NULL) {
		attempt->error = *error;
		attempt->error.class = CLASS_TRANSIENT;
		attempt_fail(attempt, &attempt->error);
	} else if (result != NULL) {
		run_set_tag(
		    attempt->run, TAG_USER, doc_string(result, "UserName"));
		attempt_succeed(attempt, result);
	} else if ((before = intent_before(deletion)) != NULL)
		intend(deletion, before);
	else
		attempt_fail(attempt, &attempt->error);
}

/* A finding that comes twice, or is tried again, must not raise a false alarm;
 * who injects one wants to hear that there is no such key. */
static void
no_such_key(struct deletion *deletion, const struct error *error)
{
	struct attempt *attempt = &deletion->attempt;

	if (strncmp(run_origin(attempt->run), "inject:", 7) == 0) {
		attempt_fail(attempt, error);
		return;
	}
	attempt->error = *error;
	deletion->earlier = earlier_find(
	    attempt->workflow->store, key_of(deletion), on_earlier, deletion);
}

/* ---- look up, record, delete ---- */

static void look_up(struct deletion *deletion);
static void look_again(struct deletion *deletion);

static void
on_deleted(void *arg, const char *request_id, const struct error *error)
{
	struct deletion *deletion = arg;

	deletion->attempt.call = NULL;
	if (error == NULL)
		deleted(deletion, request_id);
	else if (strcmp(error->name, "IAM.NoSuchEntity") != 0)
		attempt_fail(&deletion->attempt, error);
	else if (deletion->looked_again)
		already_gone(deletion);
	else
		look_again(deletion);
}

static void
look_again(struct deletion *deletion)
{
	deletion->looked_again = true;
	look_up(deletion);
}

static void
delete_it(void *arg)
{
	struct deletion *deletion = arg;
	struct attempt *attempt = &deletion->attempt;
	struct aws_options options = attempt_options(AWS_RANK_DELETE);

	/* An attempt before may have deleted it all the same. */
	if (!permit_deletion(attempt, owner_of(deletion), &attempt->error)) {
		deletion->forbidden = true;
		look_again(deletion);
		return;
	}
	attempt->call =
	    iam_delete_access_key(attempt->workflow->aws, owner_of(deletion),
		key_of(deletion), &options, on_deleted, deletion);
}

static void
record(struct deletion *deletion, const struct iam_last_used *used)
{
	struct json_object *intent = doc_object();

	doc_put_string(intent, "AccessKeyId", key_of(deletion));
	doc_put_string(intent, "UserName", used->user_name);
	doc_put_string(intent, "LastUsedDate", used->date);
	doc_put_string(intent, "ServiceName", used->service);
	doc_put_string(intent, "Region", used->region);
	doc_put_string(intent, "LookUpRequestId", used->request_id);
	intend(deletion, intent);
}

/* The owner is known, and stays known whatever becomes of it. */
static void
propose(struct deletion *deletion, const struct iam_last_used *used)
{
	struct attempt *attempt = &deletion->attempt;

	run_set_tag(attempt->run, TAG_USER, used->user_name);
	if (!permit_deletion(attempt, used->user_name, &attempt->error))
		attempt_fail(attempt, &attempt->error);
	else
		record(deletion, used);
}

/* The key was not there under the recorded owner: has it another one? Or it
 * may no longer be touched: is it still there? */
static void
looked_again(struct deletion *deletion, const struct iam_last_used *used,
    const struct error *error)
{
	if (error != NULL && !delete_key_unknown(error->name))
		attempt_fail(&deletion->attempt, error);
	else if (error == NULL && permit_owner(used->user_name, NULL) &&
	    strcmp(used->user_name, owner_of(deletion)) != 0)
		propose(deletion, used);
	else if (deletion->forbidden)
		attempt_fail(&deletion->attempt,
		    error != NULL ? error : &deletion->attempt.error);
	else
		already_gone(deletion);
}

static void
on_looked_up(
    void *arg, const struct iam_last_used *used, const struct error *error)
{
	struct deletion *deletion = arg;
	struct attempt *attempt = &deletion->attempt;

	attempt->call = NULL;
	if (deletion->looked_again)
		looked_again(deletion, used, error);
	else if (error != NULL && delete_key_unknown(error->name))
		no_such_key(deletion, error);
	else if (error != NULL)
		attempt_fail(attempt, error);
	else if (!permit_owner(used->user_name, &attempt->error))
		attempt_fail(attempt, &attempt->error);
	else
		propose(deletion, used);
}

static void
look_up(struct deletion *deletion)
{
	struct aws_options options = attempt_options(AWS_RANK_LOOK_UP);

	deletion->attempt.call = iam_last_used(deletion->attempt.workflow->aws,
	    key_of(deletion), &options, on_looked_up, deletion);
}

/* ---- the task ---- */

static void
cancel(void *arg)
{
	struct deletion *deletion = arg;

	if (deletion->earlier != NULL)
		earlier_cancel(deletion->earlier);
	doc_free(deletion->intent);
	attempt_free(&deletion->attempt);
}

static struct json_object *
durable_intent(const struct run *run)
{
	const char *text = run_intent(run);

	return text == NULL ? NULL : doc_parse(text, strlen(text), NULL);
}

static void *
start(void *context, struct run *run)
{
	struct deletion *deletion =
	    attempt_new(sizeof *deletion, context, run, cancel);
	struct attempt *attempt = &deletion->attempt;

	deletion->intent = durable_intent(run);
	if (!permit_start(attempt, owner_of(deletion) != NULL, &attempt->error))
		attempt_refuse(attempt);
	else if (owner_of(deletion) == NULL)
		look_up(deletion);
	else
		delete_it(deletion);
	return deletion;
}

const struct task delete_key = {
	.resource = "iam:deleteAccessKey",
	.asl_resource = "arn:aws:states:::aws-sdk:iam:deleteAccessKey",
	.service = "IAM",
	.start = start,
	.submitted = delete_it,
	.cancel = cancel,
};
