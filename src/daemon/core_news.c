/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ends of executions that call for a human, for whoever watches the
 * journal; and the last of what nobody was told of.
 */
#include <string.h>

#include "daemon/core_private.h"
#include "util/log.h"
#include "util/message_id.h"
#include "workflow/exposed_key.h"

static void
tell_untold(const char *name, const struct error *error)
{
	log_with(LEVEL_ERROR,
	    LOG_FIELDS({ "MESSAGE_ID", MESSAGE_ID_UNTOLD },
		{ "KEYGUARD_EXECUTION", name },
		{ "KEYGUARD_ERROR", error != NULL ? error->name : NULL }),
	    "%s: security could not be told, nobody knows of it%s%s", name,
	    error != NULL ? ": " : "", error != NULL ? error->cause : "");
}

static void
tell_uncontained(const char *name)
{
	log_with(LEVEL_WARNING,
	    LOG_FIELDS({ "MESSAGE_ID", MESSAGE_ID_UNCONTAINED },
		{ "KEYGUARD_EXECUTION", name }),
	    "%s: the key may be alive, a human must act", name);
}

/* One of a row of retries that go on by themselves is no news: of the first
 * it was told, and of the end of the row it will be. */
static bool
goes_on(const struct standing *standing)
{
	return standing->retries > 0 && standing->due_wall_ms != 0;
}

void
core_news(const char *name, const struct event *event,
    const struct standing *standing)
{
	const char *outcome = standing->outcome;

	if (standing->status == STATUS_FAILED)
		tell_untold(name, event->error);
	if (standing->status != STATUS_RUNNING && outcome != NULL &&
	    strcmp(outcome, OUTCOME_UNCONTAINED) == 0 && !goes_on(standing))
		tell_uncontained(name);
}

void
core_news_expired(const char *name)
{
	log_with(LEVEL_WARNING,
	    LOG_FIELDS({ "MESSAGE_ID", MESSAGE_ID_EXPIRED },
		{ "KEYGUARD_EXECUTION", name }),
	    "%s: its retention ends, it is deleted: security was never told",
	    name);
}
