/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of the alarm: what security is told when keyguard itself cannot do
 * its work, and when it can again. Pure.
 */
#ifndef KG_DAEMON_VOICE_TEXT_H
#define KG_DAEMON_VOICE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "util/health.h"
#include "workflow/message.h"

/* Whether a reason is one of those without which there is no work: credentials,
 * queue, store. */
bool voice_needs(enum health_reason reason);

/* What keeps it from its work, in one line for the journal: "queue:
 * SQS.AccessDenied: no". What was not yet seen to work counts. The caller
 * frees it. */
char *voice_text_why(const struct health *health);

/* Which of all keyguards speaks. */
struct voice_self {
	const char *host;
	const char *queue_url;
	const char *store_path;
};

/* It has not been able to work from one time on, and is not now. */
void voice_text_alarm(const struct voice_self *self,
    const struct health *health, int64_t since_wall_ms,
    struct message *ret_message);

/* It works again since `until`. `untold`: why it had not, if that could not be
 * told while it was so; else NULL. */
void voice_text_over(const struct voice_self *self, int64_t since_wall_ms,
    int64_t until_wall_ms, const char *untold, struct message *ret_message);

#endif
