/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The named reasons why the daemon cannot work. What keeps failing in the same
 * way is told once: its cause is renewed, the log stays quiet.
 */
#include "util/health.h"

#include <stddef.h>
#include <string.h>

#include "util/alloc.h"
#include "util/log.h"

static const char *const names[] = {
	[HEALTH_CREDENTIALS] = "credentials",
	[HEALTH_QUEUE] = "queue",
	[HEALTH_STORE] = "store",
	[HEALTH_NOTIFY] = "notify",
	[HEALTH_BREAKER] = "breaker",
	[HEALTH_ACKNOWLEDGE] = "acknowledge",
};

static void
changed(const struct health *health)
{
	if (health->on_change != NULL)
		health->on_change(health->arg);
}

void
health_set(
    struct health *health, enum health_reason reason, const struct error *error)
{
	struct error *had = &health->reason[reason].error;
	bool news =
	    !health->reason[reason].bad || strcmp(had->name, error->name) != 0;

	health->reason[reason].bad = health->reason[reason].known = true;
	*had = *error;
	if (!news)
		return;
	log_with(LEVEL_WARNING,
	    LOG_FIELDS({ "KEYGUARD_ERROR", error->name },
		{ "AWS_REQUEST_ID",
		    error->request_id[0] == '\0' ? NULL : error->request_id }),
	    "%s: %s: %s", health_name(reason), error->name, error->cause);
	changed(health);
}

void
health_clear(struct health *health, enum health_reason reason)
{
	if (health->reason[reason].bad)
		log_line(LEVEL_NOTICE, "%s: works again, after %s",
		    health_name(reason), health->reason[reason].error.name);
	health_drop(health, reason);
}

void
health_drop(struct health *health, enum health_reason reason)
{
	if (health->reason[reason].known && !health->reason[reason].bad)
		return;
	health->reason[reason].bad = false;
	health->reason[reason].known = true;
	health->reason[reason].error = (struct error){ 0 };
	changed(health);
}

void
health_doubt(struct health *health, enum health_reason reason)
{
	health->reason[reason].known = health->reason[reason].bad;
}

bool
health_good(const struct health *health)
{
	for (size_t i = 0; i < HEALTH_REASONS; i++)
		if (health->reason[i].bad)
			return false;
	return true;
}

const char *
health_name(enum health_reason reason)
{
	return names[reason];
}

char *
health_text(const struct health *health, enum health_reason reason)
{
	const struct error *error = &health->reason[reason].error;

	return xasprintf(
	    "%s: %s: %s", health_name(reason), error->name, error->cause);
}
