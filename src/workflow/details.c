/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything that others have chosen is cleaned when it is printed, and quoted
 * where it stands in a command.
 */
#include "workflow/details.h"

#include <string.h>

#include "util/alloc.h"
#include "util/buf.h"
#include "util/clock.h"
#include "util/doc.h"
#include "util/stamp.h"
#include "workflow/message.h"
#include "workflow/text.h"

#define LINE 1024 /* characters of a value */

/* What to do first, by the error that kept us from deleting the key. */
static const struct advice {
	const char *error;
	const char *text;
	bool by_hand; /* commands do not help */
} advice[] = {
	{ "Finding.NoUser",
	    "This is a key of the account's root user, and only the root user "
	    "can delete it: sign in as root, open Security credentials and "
	    "delete the key there.",
	    true },
	{ "Finding.OwnKey",
	    "This is the key that keyguard itself works with. Give keyguard "
	    "other credentials, then delete the key:",
	    false },
	{ "Finding.ForeignAccount",
	    "keyguard can act in its own account alone. With credentials of "
	    "the account above:",
	    false },
	{ "Finding.BadKeyId",
	    "What the event names is no access key id. Find the keys in the "
	    "AWS Health Dashboard, then for each of them:",
	    false },
	{ "Finding.NoEntity",
	    "The event names no key. Find the keys in the AWS Health "
	    "Dashboard, then for each of them:",
	    false },
	{ "Finding.TooManyEntities",
	    "The event names more keys than keyguard takes from one. Find the "
	    "rest in the AWS Health Dashboard, then for each of them:",
	    false },
	{ "Finding.Unreadable",
	    "A message that seems to be about an exposed key could not be "
	    "read; keyguardctl rejected shows it. Find the keys in the AWS "
	    "Health Dashboard, then for each of them:",
	    false },
	{ "IAM.NoSuchEntity",
	    "IAM knows no such key in this account. Make sure that it is gone "
	    "and that the account is the right one:",
	    false },
	{ "IAM.AccessDenied",
	    "IAM knows no such key in this account, or keyguard lacks the "
	    "permissions iam:GetAccessKeyLastUsed and iam:DeleteAccessKey. "
	    "Make sure that the key is gone:",
	    false },
	{ NULL,
	    "The key may still be alive. Find out whose it is and delete it:",
	    false },
};

static void
add_field(struct buf *out, const char *label, const char *value)
{
	FREE_LATER char *clean = text_clean(value, LINE);

	if (clean != NULL)
		buf_printf(out, "%-15s %s\n", label, clean);
}

static void
add_time(struct buf *out, const char *label, int64_t wall_ms)
{
	char stamp[STAMP_RFC3339];

	stamp_rfc3339(wall_ms, stamp);
	add_field(out, label, stamp);
}

/* As a word of a shell command; a user's name has no control characters. */
static void
add_word(struct buf *out, const char *text)
{
	buf_puts(out, "'");
	for (const char *c = text; *c != '\0'; c++)
		if (*c == '\'')
			buf_puts(out, "'\\''");
		else
			buf_add(out, c, 1);
	buf_puts(out, "'");
}

/* ---- what happened ---- */

static void
add_last_use(struct buf *out, struct json_object *deletion)
{
	const char *date = doc_string(deletion, "LastUsedDate");
	const char *service = doc_string(deletion, "ServiceName");
	const char *region = doc_string(deletion, "Region");
	struct buf line = BUF_INIT(LINE);

	if (date == NULL)
		buf_puts(&line, "never");
	else
		buf_printf(&line, "%s, service %s, Region %s", date,
		    service == NULL ? "unknown" : service,
		    region == NULL ? "unknown" : region);
	add_field(out, "Key last used:", buf_text(&line));
	buf_done(&line);
}

static void
add_facts(const struct message_facts *facts, struct buf *out)
{
	struct json_object *detail = doc_at(facts->data, "detail");
	struct json_object *deletion = doc_at(facts->data, "deletion");

	buf_puts(out, "\n\nDETAILS\n\n");
	add_field(out, "Account:", facts->account);
	add_field(out, "Access key:", facts->key_id);
	add_field(out, "User:", facts->user);
	if (facts->user == NULL)
		add_field(out, "User by event:",
		    doc_string(detail, "eventMetadata.userName"));
	add_field(out, "Event type:", doc_string(detail, "eventTypeCode"));
	add_field(out, "Event ARN:", doc_string(detail, "eventArn"));
	add_field(
	    out, "Found at:", doc_string(detail, "eventMetadata.exposedUrl"));
	if (deletion != NULL)
		add_last_use(out, deletion);
	add_field(out, "Execution:", facts->execution);
	add_field(out, "Time of event:", doc_string(facts->data, "time"));
	add_time(out, "Received:", facts->received_wall_ms);
	add_field(out, "Contained:", doc_string(deletion, "DeletedDate"));
}

static void
add_error(struct buf *out, const char *state, struct json_object *info)
{
	add_field(out, "Failed state:", state);
	add_field(out, "Error:", doc_string(info, "Error"));
	add_field(out, "Cause:", doc_string(info, "Cause"));
}

static void
add_tries(struct buf *out, struct json_object *retry)
{
	if (retry != NULL)
		buf_printf(out,
		    "\nkeyguard had tried before and failed, first at %s by "
		    "execution %s.\n",
		    doc_string(retry, "FirstDate"), doc_string(retry, "First"));
}

static void
add_remarks(const struct message_facts *facts, struct buf *out)
{
	struct json_object *deletion = doc_at(facts->data, "deletion");
	struct json_object *missing = doc_at(facts->data, "summary-error");
	const char *deleted_by = doc_string(deletion, "DeletedBy");

	add_tries(out, doc_at(facts->data, "keyguard.Retry"));
	if (deleted_by != NULL)
		buf_printf(out,
		    "\nThe key had been deleted already when this event was "
		    "handled: at %s, by execution %s.\n",
		    doc_string(deletion, "DeletedDate"), deleted_by);
	else if (doc_bool(deletion, "AlreadyGone", false))
		buf_puts(out,
		    "\nIAM answered that the key is gone already: an attempt "
		    "whose answer was lost, or somebody else, has deleted "
		    "it.\n");
	if (missing != NULL) {
		buf_puts(out,
		    "\nThe summary of recent actions is MISSING, the lists "
		    "above are empty for that reason:\n\n");
		add_error(out, "LookupCloudTrailEvents", missing);
	}
}

/* ---- what to do ---- */

static void
add_sessions(struct buf *out)
{
	buf_puts(out,
	    "\nTemporary sessions minted from the key outlive it, for up to "
	    "36 hours.");
}

/* IAM takes some seconds to forget a key: a minute covers what was minted in
 * them. */
static void
add_revocation(const struct message_facts *facts, struct buf *out)
{
	int64_t wall_ms = doc_time(facts->data, "deletion.DeletedDate");
	char until[STAMP_RFC3339];

	stamp_rfc3339(wall_ms + MINUTES(1), until);
	buf_puts(out,
	    " To end them, deny the user everything that was issued before "
	    "the key was gone:\n\n"
	    "    aws iam put-user-policy --user-name ");
	add_word(out, facts->user);
	buf_printf(out,
	    " --policy-name RevokeOlderSessions --policy-document "
	    "'{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\","
	    "\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{"
	    "\"DateLessThan\":{\"aws:TokenIssueTime\":\"%s\"}}}]}'\n",
	    until);
}

/* The AWS CLI takes a value with a comma for two, unless it is quoted. */
static void
add_aftercare(const struct message_facts *facts, struct buf *out)
{
	FREE_LATER char *user = xasprintf(
	    "AttributeKey=Username,AttributeValue=\"%s\"", facts->user);

	buf_puts(out, "\nWHAT IS LEFT TO DO\n");
	add_sessions(out);
	add_revocation(facts, out);
	buf_puts(out,
	    "\nCloudTrail lags by up to 15 minutes, so the latest calls may "
	    "be missing above. Look again:\n\n"
	    "    aws cloudtrail lookup-events --lookup-attributes ");
	add_word(out, user);
	buf_puts(out, "\n");
}

static const struct advice *
advice_for(const char *error)
{
	const struct advice *row = advice;

	while (row->error != NULL && strcmp(row->error, error) != 0)
		row++;
	return row;
}

static void
add_commands(const struct message_facts *facts, struct buf *out)
{
	const char *key = facts->key_id == NULL ? "KEY_ID" : facts->key_id;

	buf_printf(out,
	    "\n"
	    "    aws iam get-access-key-last-used --access-key-id %s\n"
	    "    aws iam delete-access-key --access-key-id %s --user-name ",
	    key, key);
	if (facts->user == NULL)
		buf_puts(out,
		    "USER_NAME\n\n"
		    "where USER_NAME is as the first command prints it.\n");
	else {
		add_word(out, facts->user);
		buf_puts(out, "\n");
	}
}

/* Of what may go on as long as the key lives. */
static void
add_warnings(struct buf *out)
{
	add_sessions(out);
	buf_puts(out,
	    " CloudTrail shows what is done with the key up to 15 minutes "
	    "late.\n");
}

static void
add_instructions(const struct message_facts *facts, struct buf *out)
{
	struct json_object *info = doc_at(facts->data, "error-info");
	const struct advice *row = advice_for(doc_string(info, "Error"));

	buf_puts(out, "\n");
	add_error(out, "DeleteAccessKeyPair", info);
	if (facts->again_ms > 0)
		buf_printf(out,
		    "\nSuch an error can pass. keyguard tries again by itself, "
		    "in %lld minutes and then after growing pauses, and tells "
		    "when it has succeeded or fails by another error.\n",
		    (long long)(facts->again_ms / MINUTES(1)));
	buf_printf(out, "\nWHAT TO DO NOW\n\n%s\n", row->text);
	if (!row->by_hand)
		add_commands(facts, out);
	add_warnings(out);
}

/* The key was left alone, and its user is known. */
static void
add_decision(const struct message_facts *facts, struct buf *out)
{
	static const char *const commands[] = {
		"update-access-key --status Inactive", "delete-access-key"
	};

	buf_puts(out,
	    "\nWHAT TO DO NOW\n\n"
	    "Make the key inactive (that can be undone), give what needs it "
	    "another one, then delete it:\n\n");
	for (int i = 0; i < 2; i++) {
		buf_printf(out,
		    "    aws iam %s --access-key-id %s --user-name ",
		    commands[i], facts->key_id);
		add_word(out, facts->user);
		buf_puts(out, "\n");
	}
	add_warnings(out);
}

void
details_add(const struct message_facts *facts, struct buf *out)
{
	add_facts(facts, out);
	add_remarks(facts, out);
	if (doc_at(facts->data, "error-info") != NULL)
		add_instructions(facts, out);
	else if (doc_at(facts->data, "untouched") != NULL)
		add_decision(facts, out);
	else
		add_aftercare(facts, out);
	buf_printf(out,
	    "\nEverything that keyguard did about it:\n\n"
	    "    keyguardctl show %s\n",
	    facts->execution);
}
