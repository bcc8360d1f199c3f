/* SPDX-License-Identifier: Apache-2.0 */
/* An engine on a bench. */
#include "unit/machine_rig.h"

#include <assert.h>
#include <check.h>
#include <stdlib.h>

#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/log.h"

#define WALL_MS 1700000000000 /* the wall clock at the beginning */

/* ---- the host ---- */

static int64_t
wall_ms(void *self)
{
	return ((struct rig *)self)->wall_ms;
}

static int64_t
mono_ms(void *self)
{
	return ((struct rig *)self)->mono_ms;
}

static void
wake_at(void *self, int64_t at_ms)
{
	struct rig *rig = self;

	rig->wake_ms = at_ms;
	rig->asked++;
}

/* ---- the observer ---- */

static void
on_event(void *arg, const char *name, const struct event *event,
    const struct standing *standing)
{
	struct rig *rig = arg;

	buf_printf(&rig->heard, "%s %s %s\n", name,
	    event_type_name(event->type), status_name(standing->status));
}

static void
on_exists(void *arg, const char *name, enum status status)
{
	struct rig *rig = arg;

	buf_printf(&rig->heard, "%s exists %s\n", name, status_name(status));
}

static void
on_held(void *arg, const char *name, const struct error *error)
{
	struct rig *rig = arg;

	buf_printf(&rig->heard, "%s held %s\n", name, error->name);
}

/* ---- the bench ---- */

/* A test that wants to see the log binds a sink of its own. */
static void
keep_quiet(void *self, enum log_level level, const char *text,
    const struct log_field *fields, size_t count)
{
	(void)self;
	(void)level;
	(void)text;
	(void)fields;
	(void)count;
}

static const struct log_sink quiet = { NULL, keep_quiet };

static void
make_engine(struct rig *rig)
{
	rig->wake_ms = -1;
	rig->engine =
	    engine_new(rig->machine, rig, &rig->host, &rig->journal.journal);
	rig->journal.listener = engine_listener(rig->engine);
	engine_observe(rig->engine, &rig->observer);
}

void
rig_init(struct rig *rig)
{
	rig_init_on(rig, &rig_machine);
}

void
rig_init_on(struct rig *rig, const struct machine *machine)
{
	*rig = (struct rig){
		.mono_ms = 1000,
		.wall_ms = WALL_MS,
		.clock = { rig, wall_ms, mono_ms },
		.random = random_seeded(1),
		.machine = machine,
		.host = { &rig->clock, &rig->random, wake_at, rig },
		.observer = { on_event, on_exists, on_held, rig, NULL },
		.heard = BUF_INIT((size_t)16 << 20),
	};
	log_bind(&quiet);
	fake_journal_init(&rig->journal);
	make_engine(rig);
	rig_resume(rig);
	fake_answer(&rig->journal);
}

static void
forget_attempts(struct rig *rig)
{
	for (size_t i = 0; i < rig->attempt_count; i++)
		free(rig->attempts[i]);
	free(rig->attempts);
	rig->attempts = NULL;
	rig->attempt_count = 0;
}

void
rig_done(struct rig *rig)
{
	engine_free(rig->engine);
	fake_journal_done(&rig->journal);
	forget_attempts(rig);
	buf_done(&rig->heard);
}

enum engine_admitted
rig_start(struct rig *rig, const char *name)
{
	return rig_start_with(rig, name, "{}", "L");
}

enum engine_admitted
rig_start_with(
    struct rig *rig, const char *name, const char *input, const char *lane)
{
	return engine_start(rig->engine,
	    &(struct engine_order){
		.name = name,
		.input = input,
		.origin = "test",
		.tags = { [TAG_LANE] = lane },
	    });
}

bool
rig_redrive(struct rig *rig, const char *name, struct error *error)
{
	const struct fake_history *history = fake_find(&rig->journal, name);
	CLEANUP(fake_view_done)
	struct fake_view view = fake_view_new(history);

	return engine_redrive(rig->engine, name,
	    &history->events[view.count - 1].standing, view.events, view.count,
	    "redrive:test", error);
}

bool
rig_stop(struct rig *rig, const char *name)
{
	return engine_stop(rig->engine, name, "stop:test");
}

bool
rig_wake(struct rig *rig)
{
	if (rig->wake_ms < 0 || rig->wake_ms > rig->mono_ms)
		return false;
	rig->wake_ms = -1;
	engine_wake(rig->engine);
	return true;
}

void
rig_settle(struct rig *rig)
{
	bool busy = true;

	while (busy) {
		busy = rig_wake(rig);
		busy = rig->journal.queued > 0 || busy;
		fake_commit(&rig->journal);
		busy = fake_answer(&rig->journal) || busy;
	}
}

void
rig_pass(struct rig *rig, int64_t ms)
{
	int64_t end = rig->mono_ms + ms;

	rig_settle(rig);
	while (rig->mono_ms < end) {
		int64_t next = rig->wake_ms >= 0 && rig->wake_ms < end
		    ? rig->wake_ms
		    : end;

		rig->wall_ms += next - rig->mono_ms;
		rig->mono_ms = next;
		rig_settle(rig);
	}
}

struct attempt *
rig_attempt(const struct rig *rig)
{
	ck_assert_uint_gt(rig->attempt_count, 0);
	return rig->attempts[rig->attempt_count - 1];
}

void
rig_succeed(struct attempt *attempt, const char *result)
{
	ck_assert(!attempt->over);
	attempt->over = true;
	run_succeed(attempt->run, result);
}

void
rig_fail(struct attempt *attempt, const char *name, enum error_class class)
{
	struct error error;

	ck_assert(!attempt->over);
	attempt->over = true;
	error_set_class(&error, class, name, "by the test");
	run_fail(attempt->run, &error);
}

void
rig_fail_next(struct rig *rig, const char *name, enum error_class class)
{
	rig_settle(rig);
	rig_fail(rig_attempt(rig), name, class);
	rig_settle(rig);
}

void
rig_succeed_next(struct rig *rig, const char *result)
{
	rig_settle(rig);
	rig_succeed(rig_attempt(rig), result);
	rig_settle(rig);
}

void
rig_crash(struct rig *rig)
{
	engine_free(rig->engine);
	forget_attempts(rig);
	fake_crash(&rig->journal);
	make_engine(rig);
}

static void
on_resumed(void *arg, const struct error *error)
{
	struct rig *rig = arg;

	rig->resumed = error == NULL;
	if (error != NULL)
		rig->resume_error = *error;
}

void
rig_resume(struct rig *rig)
{
	rig->resumed = false;
	engine_resume(rig->engine, on_resumed, rig);
}

void
rig_restart(struct rig *rig)
{
	rig_crash(rig);
	rig_resume(rig);
	rig_settle(rig);
	assert(rig->resumed);
}

void
rig_assert_story(const struct rig *rig, const char *name, const char *story)
{
	FREE_LATER char *told = fake_story(&rig->journal, name);

	ck_assert_str_eq(told, story);
}

void
rig_assert_heard(struct rig *rig, const char *lines)
{
	ck_assert_str_eq(buf_text(&rig->heard), lines);
	buf_clear(&rig->heard);
}
