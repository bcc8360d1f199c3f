/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The start: what was unfinished goes on, then the queue is opened.
 */
#include <string.h>

#include "daemon/core_private.h"
#include "daemon/voice.h"
#include "intake/intake.h"
#include "util/clock.h"
#include "util/log.h"
#include "workflow/breaker.h"
#include "workflow/redriver.h"

#define READY_ANYWAY_MS SECONDS(10)
#define RESUME_PAUSE_MS SECONDS(2)

static void
become_ready(struct core *core)
{
	loop_timer_clear(&core->ready_timer);
	if (core->ready)
		return;
	core->ready = true;
	core->events.on_ready(core->events.arg);
}

static void
on_ready_timer(void *arg)
{
	become_ready(arg);
}

/* Whether no patience helps: somebody has to change something. */
static bool
hopeless(const struct error *error)
{
	static const char *const names[] = {
		"SQS.QueueDoesNotExist",
		"SQS.AccessDenied",
		"SQS.AccessDeniedException",
		"SQS.InvalidAddress",
		"SQS.InvalidSecurity",
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(error->name, names[i]) == 0)
			return true;
	return false;
}

static void
give_up(void *arg)
{
	struct core *core = arg;

	core->events.on_hopeless(core->events.arg, &core->hopeless);
}

static void
on_described(void *arg, const struct error *error)
{
	struct core *core = arg;

	if (error == NULL) {
		health_clear(&core->health, HEALTH_CREDENTIALS);
		health_clear(&core->health, HEALTH_QUEUE);
		become_ready(core);
	} else if (hopeless(error) && engine_count(core->engine) == 0) {
		core->hopeless = *error;
		health_set(&core->health, HEALTH_QUEUE, error);
		voice_last_words(core->voice, give_up, core);
	}
}

/* The store cannot be read, as it has told: again, in a while. */
static void
start_later(struct core *core)
{
	loop_timer_set(&core->resume_timer, RESUME_PAUSE_MS);
}

static void
on_resumed(void *arg, const struct error *error)
{
	struct core *core = arg;

	if (error != NULL) {
		start_later(core);
		return;
	}
	log_line(LEVEL_INFO, "%zu unfinished executions resumed",
	    engine_count(core->engine));
	breaker_begin(core->breaker, core->engine);
	core_totals_load(core);
	core_identity_ask(core);
	redriver_begin(core->redriver);
	intake_start(core->intake, on_described, core);
	rounds_begin(&core->rounds);
}

static void
on_breaker_loaded(void *arg, const struct error *error)
{
	struct core *core = arg;

	if (error != NULL)
		start_later(core);
	else
		engine_resume(core->engine, on_resumed, core);
}

static void
on_voice_loaded(void *arg, const struct error *error)
{
	struct core *core = arg;

	if (error != NULL)
		start_later(core);
	else
		breaker_load(core->breaker, on_breaker_loaded, core);
}

static void
resume(void *arg)
{
	core_resume(arg);
}

void
core_resume(struct core *core)
{
	voice_load(core->voice, on_voice_loaded, core);
}

void
core_start_init(struct core *core)
{
	loop_timer_init(&core->ready_timer, core->loop, on_ready_timer, core);
	loop_timer_init(&core->resume_timer, core->loop, resume, core);
	loop_timer_set(&core->ready_timer, READY_ANYWAY_MS);
}

void
core_start_done(struct core *core)
{
	loop_timer_done(&core->ready_timer);
	loop_timer_done(&core->resume_timer);
}
