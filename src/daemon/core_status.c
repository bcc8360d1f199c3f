/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the core tells of itself: the document of `keyguardctl status`, the
 * line of `systemctl status`, and the totals in both.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/config.h"
#include "daemon/core_private.h"
#include "daemon/voice.h"
#include "intake/intake.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"
#include "workflow/notify.h"

/* ---- totals ---- */

/* While the last one is being redriven, it may fail again: all is well when a
 * message has gone out. */
static void
tell_untold(struct core *core)
{
	struct error error;

	if (core->totals.failed == 0) {
		if (core->told)
			health_clear(&core->health, HEALTH_NOTIFY);
		return;
	}
	error_set(&error, "Daemon.NotNotified",
	    "nobody could be told of %lld execution%s: keyguardctl list "
	    "--status FAILED",
	    (long long)core->totals.failed,
	    core->totals.failed == 1 ? "" : "s");
	health_set(&core->health, HEALTH_NOTIFY, &error);
}

static void
on_counted(
    void *arg, const struct store_totals *totals, const struct error *error)
{
	struct core *core = arg;

	core->counting = NULL;
	if (error != NULL)
		return;
	if (core->miscounted)
		core_totals_load(core);
	core->totals = *totals;
	core->counted = true;
	tell_untold(core);
	core->events.on_change(core->events.arg);
}

void
core_totals_load(struct core *core)
{
	core->miscounted = core->counting != NULL;
	if (!core->miscounted)
		core->counting = store_count(core->store, on_counted, core);
}

void
core_totals_follow(struct core *core, const struct event *event,
    const struct standing *standing)
{
	enum status status = standing->status;

	if (status == STATUS_FAILED)
		core->told = false;
	else if (status == STATUS_ABORTED || notify_published(event))
		core->told = true;
	if (status != STATUS_RUNNING ||
	    event->type == EVENT_EXECUTION_STARTED ||
	    event->type == EVENT_EXECUTION_REDRIVEN)
		core_totals_load(core);
}

void
core_totals_done(struct core *core)
{
	if (core->counting != NULL)
		store_read_cancel(core->counting);
}

/* ---- the status ---- */

static const char *
state(const struct core *core)
{
	if (core->draining)
		return "draining";
	return health_good(&core->health) ? "running" : "degraded";
}

static struct json_object *
reasons(const struct core *core)
{
	struct json_object *list = doc_array();

	for (int i = 0; i < HEALTH_REASONS; i++) {
		FREE_LATER char *text =
		    health_text(&core->health, (enum health_reason)i);

		if (core->health.reason[i].bad)
			doc_push(list, doc_new_string(text));
	}
	return list;
}

static struct json_object *
queue(struct core *core)
{
	struct json_object *doc = doc_object();
	struct intake_status status;

	intake_status(core->intake, &status);
	doc_put_string(doc, "url", core->config->queue_url);
	if (status.depth >= 0)
		doc_put_int(doc, "depth", status.depth);
	if (status.dead_letters >= 0)
		doc_put_int(doc, "deadLetters", status.dead_letters);
	if (status.uncounted != NULL)
		doc_put_string(doc, "deadLettersError", status.uncounted->name);
	doc_put_int(doc, "received", status.received);
	doc_put_int(doc, "deleted", status.deleted);
	doc_put_int(doc, "inFlight", (int64_t)status.in_flight);
	doc_put_time(doc, "lastReceive", status.last_receive_wall_ms);
	if (status.error != NULL)
		doc_put_string(doc, "error", status.error->name);
	return doc;
}

static struct json_object *
store(const struct core *core)
{
	struct json_object *doc = doc_object();

	doc_put_string(doc, "path", core->config->store_path);
	if (core->health.reason[HEALTH_STORE].bad)
		doc_put_string(
		    doc, "error", core->health.reason[HEALTH_STORE].error.name);
	return doc;
}

static struct json_object *
credentials(const struct core *core)
{
	struct json_object *doc = doc_object();

	if (core->identity.source[0] != '\0')
		doc_put_string(doc, "source", core->identity.source);
	if (core->workflow.account[0] != '\0') {
		doc_put_string(doc, "account", core->workflow.account);
		doc_put_string(doc, "arn", core->workflow.arn);
	}
	doc_put_time(doc, "expiration", core->identity.expires_wall_ms);
	return doc;
}

void
core_ask(struct core *core, struct census_asker *asker)
{
	intake_ask(core->intake, asker);
}

struct json_object *
core_status(struct core *core)
{
	struct json_object *doc = doc_object();

	doc_put_string(doc, "version", PACKAGE_VERSION);
	doc_put_int(doc, "pid", getpid());
	doc_put_time(doc, "startDate", core->start_wall_ms);
	doc_put_string(doc, "state", state(core));
	doc_put_time(doc, "alarmDate", voice_alarm_since(core->voice));
	doc_put(doc, "reasons", reasons(core));
	doc_put(doc, "queue", queue(core));
	doc_put(doc, "store", store(core));
	doc_put(doc, "credentials", credentials(core));
	return doc;
}

/* The first reason, or nothing. The caller frees it. */
static char *
first_reason(const struct core *core)
{
	for (enum health_reason i = 0; i < HEALTH_REASONS; i++)
		if (core->health.reason[i].bad)
			return health_text(&core->health, i);
	return NULL;
}

/* The caller frees it. */
static char *
count_text(const struct core *core)
{
	const struct store_totals *totals = &core->totals;

	if (!core->counted)
		return xstrdup("not known");
	return xasprintf(
	    "%lld running, %lld ended, %lld uncontained, %lld not notified",
	    (long long)totals->running,
	    (long long)(totals->succeeded + totals->failed + totals->aborted),
	    (long long)totals->uncontained, (long long)totals->failed);
}

char *
core_summary(struct core *core)
{
	FREE_LATER char *count = count_text(core);
	FREE_LATER char *reason = first_reason(core);
	FREE_LATER char *alarm = voice_line(core->voice);

	return xasprintf("%s%s%s; executions: %s%s%s",
	    alarm != NULL ? alarm : "", alarm != NULL ? "; " : "", state(core),
	    count, reason != NULL ? "; " : "", reason != NULL ? reason : "");
}
