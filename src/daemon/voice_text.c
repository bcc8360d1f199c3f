/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What AWS and the system have said is cleaned before it goes into a mail.
 */
#include "daemon/voice_text.h"

#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/stamp.h"
#include "workflow/text.h"

#define ROOM ((size_t)64 << 10)
#define LINE 1300 /* characters of a reason: name and cause */
#define HOST 50   /* of the host, so that the subject is one for SNS */

/* The reasons that keep it from its work, and what to do about each. */
static const char *const remedies[HEALTH_REASONS] = {
	[HEALTH_CREDENTIALS] =
	    "AWS does not take its credentials, or it has none. Give it "
	    "others, then: systemctl reload keyguardd.",
	[HEALTH_QUEUE] =
	    "It cannot receive from its queue. Is the queue there, and may "
	    "keyguard receive from it? Does this machine reach AWS: network, "
	    "name server, proxy, certificates, clock?",
	[HEALTH_STORE] =
	    "It cannot write or read its store, and does nothing it cannot "
	    "record. Is the disk full, read-only, broken?",
};

bool
voice_needs(enum health_reason reason)
{
	return remedies[reason] != NULL;
}

/* Where nothing has failed, what was never seen to work is the reason. */
static bool
lacking(const struct health *health, enum health_reason reason)
{
	bool failing = false;

	for (enum health_reason i = 0; i < HEALTH_REASONS; i++)
		failing |= voice_needs(i) && health->reason[i].bad;
	return voice_needs(reason) &&
	    (failing ? health->reason[reason].bad
		     : !health->reason[reason].known);
}

/* As one line. The caller frees it. */
static char *
text_of(const struct health *health, enum health_reason reason)
{
	FREE_LATER char *text = NULL;

	if (!health->reason[reason].bad)
		return xasprintf(
		    "%s: not seen to work yet", health_name(reason));
	text = health_text(health, reason);
	return text_clean(text, LINE);
}

char *
voice_text_why(const struct health *health)
{
	struct buf out = BUF_INIT(ROOM);

	for (enum health_reason i = 0; i < HEALTH_REASONS; i++)
		if (lacking(health, i)) {
			FREE_LATER char *text = text_of(health, i);

			buf_printf(&out, "%s%s", out.len > 0 ? "; " : "", text);
		}
	return buf_take(&out);
}

static void
add_reasons(const struct health *health, struct buf *out)
{
	for (enum health_reason i = 0; i < HEALTH_REASONS; i++)
		if (lacking(health, i)) {
			FREE_LATER char *text = text_of(health, i);

			buf_printf(out, "    %s\n", text);
		}
}

static void
add_remedies(const struct health *health, struct buf *out)
{
	for (enum health_reason i = 0; i < HEALTH_REASONS; i++)
		if (lacking(health, i))
			buf_printf(out, "\n%s\n", remedies[i]);
}

/* The caller frees it. */
static char *
name_of(const char *host)
{
	char *name = text_clean(host, HOST);

	return name != NULL ? name : xstrdup("an unnamed host");
}

static void
compose(const char *name, const char *what, struct buf *body,
    struct message *ret_message)
{
	ret_message->subject =
	    xasprintf("Security Alert: keyguard on %s %s", name, what);
	ret_message->body = buf_take(body);
}

void
voice_text_alarm(const struct voice_self *self, const struct health *health,
    int64_t since_wall_ms, struct message *ret_message)
{
	FREE_LATER char *name = name_of(self->host);
	struct buf body = BUF_INIT(ROOM);
	char since[STAMP_RFC3339];

	stamp_rfc3339(since_wall_ms, since);
	buf_printf(&body,
	    "keyguard on %s has not been able to do its work since %s:\n\n",
	    name, since);
	add_reasons(health, &body);
	buf_puts(&body,
	    "\nWhile this lasts, exposed IAM access keys are NOT deleted, and "
	    "nobody is told of them. The AWS Health Dashboard shows them. "
	    "Events wait in the queue, if there is one, for as long as it "
	    "keeps them.\n"
	    "\nWHAT TO DO NOW\n");
	add_remedies(health, &body);
	buf_printf(&body,
	    "\nOn %s, these say more:\n\n"
	    "    keyguardctl status\n"
	    "    journalctl -u keyguardd -p warning\n\n"
	    "Its queue: %s\n"
	    "Its store: %s\n\n"
	    "A second message will say when keyguard works again.\n",
	    name, self->queue_url, self->store_path);
	compose(name, "Cannot Do Its Work", &body, ret_message);
}

void
voice_text_over(const struct voice_self *self, int64_t since_wall_ms,
    int64_t until_wall_ms, const char *untold, struct message *ret_message)
{
	FREE_LATER char *name = name_of(self->host);
	struct buf body = BUF_INIT(ROOM);
	char since[STAMP_RFC3339], until[STAMP_RFC3339];

	stamp_rfc3339(since_wall_ms, since);
	stamp_rfc3339(until_wall_ms, until);
	buf_printf(&body,
	    "keyguard on %s can do its work again since %s. It had not been "
	    "able to since %s.\n\n",
	    name, until, since);
	if (untold != NULL)
		buf_printf(&body,
		    "As far as it knows, no message told you so while it "
		    "lasted. This was why, when the alarm was raised:\n\n"
		    "    %s\n\n",
		    untold);
	buf_printf(&body,
	    "Events that the queue has kept meanwhile are being handled now, "
	    "and each exposed key among them gets a message of its own. To "
	    "follow it:\n\n"
	    "    keyguardctl status\n"
	    "    keyguardctl list\n\n"
	    "Its queue: %s\n\n"
	    "A queue keeps events for some days only (4, unless it was made "
	    "otherwise). If it had been longer than that, look for exposed "
	    "keys in the AWS Health Dashboard.\n",
	    self->queue_url);
	compose(name, "Works Again", &body, ret_message);
}
