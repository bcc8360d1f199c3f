/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who the daemon is: its account and its credentials' source. Nothing waits
 * for the answer; until it is there, whatever names another account is acted
 * on as if it were ours.
 */
#include <stdio.h>
#include <string.h>

#include "aws/sts.h"
#include "daemon/core_private.h"
#include "util/clock.h"
#include "util/log.h"

static const struct aws_options politely = { .rank = AWS_RANK_REST };

static void
on_credentials(
    void *arg, const struct credentials *credentials, const struct error *error)
{
	struct core *core = arg;
	struct identity *identity = &core->identity;

	identity->waiting = false;
	if (error != NULL)
		return;
	snprintf(identity->source, sizeof identity->source, "%s",
	    credentials->source);
	identity->expires_wall_ms = credentials->expires_wall_ms;
}

static void
on_identified(
    void *arg, const struct sts_identity *found, const struct error *error)
{
	struct core *core = arg;
	struct identity *identity = &core->identity;

	identity->call = NULL;
	if (error != NULL) {
		loop_timer_set(&identity->timer,
		    backoff_next(&identity->backoff, loop_random(core->loop)));
		log_line(LEVEL_INFO, "not known yet who we are: %s: %s",
		    error->name, error->cause);
		return;
	}
	backoff_reset(&identity->backoff);
	snprintf(core->workflow.account, sizeof core->workflow.account, "%s",
	    found->account);
	snprintf(
	    core->workflow.arn, sizeof core->workflow.arn, "%s", found->arn);
	log_line(LEVEL_NOTICE, "acting as %s", core->workflow.arn);
	if (!identity->waiting) {
		identity->waiting = true;
		core->credentials->get(
		    core->credentials->self, &identity->wait);
	}
}

static void
ask(void *arg)
{
	struct core *core = arg;

	core->identity.call =
	    sts_caller_identity(core->aws, &politely, on_identified, core);
}

void
core_identity_init(struct core *core)
{
	core->identity.backoff =
	    (struct backoff){ .base_ms = SECONDS(1), .cap_ms = MINUTES(1) };
	core->identity.wait.found = on_credentials;
	core->identity.wait.arg = core;
	loop_timer_init(&core->identity.timer, core->loop, ask, core);
}

void
core_identity_ask(struct core *core)
{
	loop_timer_clear(&core->identity.timer);
	if (core->identity.call != NULL)
		aws_call_cancel(core->identity.call);
	ask(core);
}

void
core_identity_done(struct core *core)
{
	struct identity *identity = &core->identity;

	if (identity->call != NULL)
		aws_call_cancel(identity->call);
	if (identity->waiting)
		core->credentials->cancel(
		    core->credentials->self, &identity->wait);
	loop_timer_done(&identity->timer);
}
