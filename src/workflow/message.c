/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sample's texts, with its spelling, and ours of what it does not know.
 * Nothing here may change by a byte: subscribers filter by them.
 */
#include "workflow/message.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/buf.h"
#include "util/doc.h"
#include "util/stamp.h"
#include "workflow/details.h"
#include "workflow/text.h"

#define ROOM ((size_t)4 << 20) /* more than anything we compose */
#define USER 31                /* characters of a user that is shortened */

static const char failure_subject[] =
    "Security Alert: Exposed IAM Key - Error Deleting Key";
static const char failure_body[] =
    "An error occured when attempting to delete an exposed IAM access key for "
    "one of your IAM users. Please login to your account and navigate to the "
    "Personal Health Dashboard for more details on this incident and how to "
    "resolve it.\n"
    "\n"
    "Personal Health Dashboard Link: https://phd.aws.amazon.com/phd/home"
    "?region=us-east-1#/dashboard/open-issues";

static const char success_subject[] =
    "Security Alert: Exposed IAM Key For User ";
static const char success_head[] =
    "At %s the IAM access key %s for user %s on account %s was deleted after "
    "it was found to have been publicly exposed on the internet.\n";
static const char untouched_subject[] =
    "Security Alert: Exposed IAM Key ALIVE: ";
static const char untouched_head[] =
    "At %s the IAM access key %s for user %s on account %s was found to have "
    "been publicly exposed on the internet. IT IS ALIVE: keyguard did not "
    "touch it, as it was told:\n"
    "\n"
    "%s\n"
    "\n"
    "Whoever has found the key can use it until you make it inactive or delete "
    "it.\n"
    "\n";
static const char held_subject[] =
    "Security Alert: TOO MANY EXPOSED IAM KEYS - Deletions HELD On Account %s";
static const char held_body[] =
    "keyguard has deleted %" PRId64
    " exposed IAM access key%s of account %s in "
    "%s, as many as it does by itself, and more are to be deleted. Since %s it "
    "HOLDS them all. THE KEYS THAT ARE HELD ARE ALIVE, and no message is sent "
    "about each of them.\n"
    "\n"
    "A HUMAN MUST JUDGE NOW: did so many keys leak, or does somebody who can "
    "send to the queue want keys to be deleted? This shows what is held, and "
    "where it came from:\n"
    "\n"
    "    keyguardctl list --status RUNNING\n"
    "    keyguardctl show NAME\n"
    "\n"
    "If the keys are to die, this lets all that is held go on:\n"
    "\n"
    "    keyguardctl resume --account %s\n"
    "\n"
    "If not, let nothing be deleted any more: action = notify-only in "
    "[response] of keyguardd.conf, then\n"
    "\n"
    "    systemctl reload keyguardd &&\n"
    "    keyguardctl resume --account %s\n"
    "\n"
    "and you are told of each key. Find out who sends to the queue.\n"
    "\n"
    "If nobody does anything, keyguard goes on by itself at %s, and holds "
    "again after %" PRId64 " more.\n";
static const char summary_head[] =
    "Below are summaries of the most recent actions, resource names, and "
    "resource types associated with this user over the last %d hours.\n";
static const char summary_tail[] =
    "\n"
    "These are summaries of only the most recent API calls made by this user. "
    "Please ensure your account remains secure by further reviewing the API "
    "calls made by this user in CloudTrail.";

/* The user is shortened if need be. */
static char *
fit_subject(const char *head, const struct message_facts *facts)
{
	static const char format[] = "%s%.*s%s On Account %s";
	int len = (int)strlen(facts->user);
	char *subject =
	    xasprintf(format, head, len, facts->user, "", facts->account);

	if (text_length(subject) <= MESSAGE_SUBJECT)
		return subject;
	free(subject);
	len = (int)text_first(facts->user, USER);
	return xasprintf(format, head, len, facts->user, "...", facts->account);
}

/* An empty list is one lone tab, as in the sample. */
static void
add_list(struct buf *body, const char *title, struct json_object *list)
{
	size_t count = doc_count(list, "");

	buf_printf(body, "\n%s:\n", title);
	for (size_t i = 0; i < count; i++) {
		struct json_object *row = doc_element(list, i);

		buf_printf(body, "\t%s: %" PRId64 "\n", doc_string(row, "Name"),
		    doc_int(row, "Count", 0));
	}
	if (count == 0)
		buf_puts(body, "\t\n");
}

static void
add_summary(const struct message_facts *facts, struct buf *body)
{
	struct json_object *summary = doc_at(facts->data, "summary");

	buf_printf(
	    body, summary_head, (int)doc_int(summary, "Hours", facts->hours));
	add_list(body, "Actions", doc_at(summary, "Actions"));
	add_list(body, "Resource Names", doc_at(summary, "ResourceNames"));
	add_list(body, "Resource Types", doc_at(summary, "ResourceTypes"));
	buf_puts(body, summary_tail);
}

/* The event's time, or else that of its arrival, in `room`. */
static const char *
time_of(const struct message_facts *facts, char room[STAMP_RFC3339])
{
	const char *time = doc_string(facts->data, "time");

	stamp_rfc3339(facts->received_wall_ms, room);
	return time == NULL ? room : time;
}

/* ---- what there is to tell ---- */

static char *
compose_success(const struct message_facts *facts, struct buf *body)
{
	char room[STAMP_RFC3339];

	buf_printf(body, success_head, time_of(facts, room), facts->key_id,
	    facts->user, facts->account);
	add_summary(facts, body);
	return fit_subject(success_subject, facts);
}

static char *
compose_untouched(const struct message_facts *facts, struct buf *body)
{
	char room[STAMP_RFC3339];

	buf_printf(body, untouched_head, time_of(facts, room), facts->key_id,
	    facts->user, facts->account,
	    doc_string(facts->data, "untouched.Cause"));
	add_summary(facts, body);
	return fit_subject(untouched_subject, facts);
}

static char *
compose_failure(struct buf *body)
{
	buf_puts(body, failure_body);
	return xstrdup(failure_subject);
}

/* The breaker has tripped. */
static char *
compose_held(const struct message_facts *facts, struct buf *body)
{
	struct json_object *trip = doc_at(facts->data, "keyguard");
	int64_t max = doc_int(trip, "MaxPerWindow", 0);

	buf_printf(body, held_body, max, max == 1 ? "" : "s", facts->account,
	    doc_string(trip, "Window"), doc_string(trip, "TrippedDate"),
	    facts->account, facts->account, doc_string(trip, "ResumeDate"),
	    max);
	return xasprintf(held_subject, facts->account);
}

static bool
is_trip(const struct message_facts *facts)
{
	const char *error = doc_string(facts->data, "error-info.Error");

	return error != NULL && strcmp(error, "Response.TooMany") == 0;
}

static char *
compose(const struct message_facts *facts, struct buf *body)
{
	if (doc_at(facts->data, "error-info") != NULL)
		return compose_failure(body);
	if (doc_at(facts->data, "untouched") != NULL)
		return compose_untouched(facts, body);
	return compose_success(facts, body);
}

void
message_compose(const struct message_facts *facts, struct message *ret_message)
{
	struct buf body = BUF_INIT(ROOM);
	bool trip = is_trip(facts);

	ret_message->subject =
	    trip ? compose_held(facts, &body) : compose(facts, &body);
	if (facts->details && !trip)
		details_add(facts, &body);
	ret_message->body = buf_take(&body);
	assert(ret_message->body != NULL);
	ret_message->body[text_fit(ret_message->body, MESSAGE_BODY)] = '\0';
}

void
message_done(struct message *message)
{
	free(message->subject);
	free(message->body);
	*message = (struct message){ 0 };
}
