/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What may change while an execution runs, our own key and the rules of
 * [response], is asked again right before each deletion.
 */
#include "workflow/permit.h"

#include <string.h>

#include "aws/client.h"
#include "machine/task.h"
#include "util/doc.h"
#include "workflow/attempt.h"
#include "workflow/breaker.h"
#include "workflow/text.h"
#include "workflow/workflow.h"

#define USER_NAME 128 /* characters */

/* Admission says so of an event that names no usable key. */
static bool
check_admitted(struct json_object *input, struct error *error)
{
	const char *name = doc_string(input, "keyguard.Error");

	if (name == NULL)
		return true;
	return error_set(
	    error, name, "%s", doc_string(input, "keyguard.Cause"));
}

/* A key whose owner IAM has named to us is of our account. */
static bool
check_account(const struct attempt *attempt, bool owned, struct error *error)
{
	const char *own = attempt->workflow->account;
	const char *affected =
	    doc_string(attempt->input, "detail.affectedAccount");

	if (affected == NULL || *own == '\0' || strcmp(affected, own) == 0 ||
	    owned)
		return true;
	return error_set(error, "Finding.ForeignAccount",
	    "the key is of account %s, keyguard acts in %s", affected, own);
}

static bool
check_own_key(const struct attempt *attempt, struct error *error)
{
	const char *key_id = run_tag(attempt->run, TAG_KEY);

	if (!aws_own_key(attempt->workflow->aws, key_id))
		return true;
	return error_set(error, "Finding.OwnKey",
	    "%s is the key that keyguard itself signs with", key_id);
}

bool
permit_start(const struct attempt *attempt, bool owned, struct error *error)
{
	return check_admitted(attempt->input, error) &&
	    check_account(attempt, owned, error) &&
	    check_own_key(attempt, error);
}

bool
permit_owner(const char *user_name, struct error *error)
{
	if (user_name == NULL || *user_name == '\0')
		return error_set(error, "Finding.NoUser",
		    "IAM names no user: this is a key of the root user");
	if (!text_plain(user_name) || text_length(user_name) > USER_NAME)
		return error_set(error, "Finding.BadUser",
		    "IAM answered a user name that cannot be one");
	return true;
}

bool
permit_deletion(
    const struct attempt *attempt, const char *user_name, struct error *error)
{
	return check_own_key(attempt, error) &&
	    response_allows(&attempt->workflow->settings.response, user_name,
		run_tag(attempt->run, TAG_KEY), error);
}

/* The key is one of ours, whatever account the event names: each account that
 * somebody thinks of would have a count of its own. */
bool
permit_intent(const struct attempt *attempt, struct error *error)
{
	const struct workflow *workflow = attempt->workflow;

	if (doc_at(attempt->input, "keyguard.Retry.Intent") != NULL)
		return true;
	return breaker_allow(workflow->breaker, workflow->account, error);
}
