/* SPDX-License-Identifier: Apache-2.0 */
/* A store with its threads on a real loop. */
#include "unit/store_stage.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "loop/loop.h"
#include "store/store.h"
#include "unit/store_kit.h"
#include "unit/unit.h"
#include "util/buf.h"
#include "util/clock.h"

struct loop *stage_loop;
struct store *stage_store;

static const char *awaited;
static struct buf story = BUF_INIT(1 << 20), told = BUF_INIT(1 << 20);

void
stage_tell(const char *format, ...)
{
	char word[256];
	va_list args;

	va_start(args, format);
	vsnprintf(word, sizeof word, format, args);
	va_end(args);
	buf_printf(&story, "%s%s", story.len > 0 ? " " : "", word);
	if (awaited != NULL && strcmp(word, awaited) == 0)
		loop_stop(stage_loop);
}

const char *
stage_story(void)
{
	buf_clear(&told);
	buf_puts(&told, buf_text(&story));
	buf_clear(&story);
	ck_assert(buf_ok(&told));
	return buf_text(&told);
}

static void
on_late(void *arg)
{
	ck_abort_msg("waiting for \"%s\", but was told: %s", (char *)arg,
	    buf_text(&story));
}

void
stage_wait(const char *word)
{
	struct loop_timer late;

	loop_timer_init(&late, stage_loop, on_late, (void *)(uintptr_t)word);
	loop_timer_set(&late, SECONDS(40));
	awaited = word;
	loop_run(stage_loop);
	awaited = NULL;
	loop_timer_done(&late);
}

/* ---- what the store tells ---- */

static void
on_open(void *arg, const struct error *error)
{
	(void)arg;
	stage_tell("open%s%s", error ? "!" : "", error ? error->name : "");
}

static void
on_trouble(void *arg, const struct error *error)
{
	(void)arg;
	stage_tell(
	    "%s%s", error ? "trouble!" : "well", error ? error->name : "");
}

static void
on_read(void *arg, const struct error *error)
{
	(void)arg;
	if (error != NULL)
		stage_tell("unread!%s", error->name);
}

static void
on_expired(void *arg, const char *name)
{
	(void)arg;
	stage_tell("expired:%s", name);
}

static void
on_pruned(void *arg, const struct error *error)
{
	(void)arg;
	stage_tell("pruned%s%s", error ? "!" : "", error ? error->name : "");
}

static void
on_durable(void *arg, const char *name, const struct event *event,
    const struct standing *standing)
{
	(void)arg;
	ck_assert_str_eq(standing->tags[TAG_KEY], name);
	ck_assert_int_eq(event->wall_ms, 1000 * event->id);
	ck_assert_str_eq(event->data, "{}");
	stage_tell("%s%d", name, (int)event->id);
}

static void
on_exists(void *arg, const char *name, enum status status)
{
	(void)arg;
	stage_tell("%s=%s", name, status_name(status));
}

static void
on_held(void *arg, const char *name, const struct error *error)
{
	(void)arg;
	stage_tell("%s!%s", name, error->name);
}

static void
on_loaded(void *arg, const char *name, const struct event *events, size_t count,
    const struct error *error)
{
	(void)arg;
	(void)events;
	if (error != NULL)
		stage_tell("%s:!%s", name, error->name);
	else
		stage_tell("%s:%zu", name, count);
}

static void
on_recovered(void *arg, const char *name, const struct standing *standing,
    const struct event *events, size_t count)
{
	(void)arg;
	ck_assert_str_eq(standing->tags[TAG_KEY], name);
	ck_assert_int_eq(events[count - 1].id, (int)count);
	stage_tell("%s>%zu", name, count);
}

static void
on_recovered_all(void *arg, const struct error *error)
{
	(void)arg;
	stage_tell("all%s%s", error ? "!" : "", error ? error->name : "");
}

static void
on_kept(void *arg, const struct error *error)
{
	(void)arg;
	stage_tell("R%s%s", error ? "!" : "", error ? error->name : "");
}

/* ---- the stage ---- */

void
stage_setup(void)
{
	kit_setup();
	stage_loop = loop_new();
}

void
stage_teardown(void)
{
	if (stage_store != NULL)
		stage_close();
	loop_free(stage_loop);
	buf_done(&story);
	buf_done(&told);
	kit_teardown();
}

void
stage_begin(void)
{
	static const struct store_events events = { .on_open = on_open,
		.on_trouble = on_trouble,
		.on_read = on_read,
		.on_expired = on_expired,
		.on_pruned = on_pruned };
	static const struct journal_listener listener = { on_durable, on_exists,
		on_held, on_loaded, on_recovered, on_recovered_all, NULL };

	stage_store = store_new(stage_loop, kit_path(), &events);
	store_listen(stage_store, &listener);
}

void
stage_open(void)
{
	stage_begin();
	stage_wait("open");
	ck_assert_str_eq(stage_story(), "open");
}

void
stage_close(void)
{
	store_close(stage_store);
	stage_store = NULL;
}

void
stage_abandon(void)
{
	store_abandon(stage_store);
	stage_store = NULL;
}

static void
append(const char *name, int64_t id, enum event_type type,
    const struct standing *standing)
{
	const struct journal *journal = store_journal(stage_store);
	struct event event = kit_event(id, type);

	journal->append(journal->self, name, &event, standing);
}

void
stage_append(const char *name, int64_t id, enum event_type type)
{
	struct standing standing = kit_running(name);

	append(name, id, type, &standing);
}

void
stage_end(const char *name, int64_t id, enum status status)
{
	struct standing standing = kit_ended(name, status, "contained");

	append(name, id, EVENT_EXECUTION_SUCCEEDED, &standing);
}

void
stage_reject(size_t size)
{
	struct rejected rejected = kit_rejected(1, "Finding.Malformed", size);

	store_reject(stage_store, &rejected, on_kept, NULL);
}
