/* SPDX-License-Identifier: Apache-2.0 */
/* What stands below control in its tests: notes, and says what it is told. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/draw.h"
#include "machine/task.h"
#include "unit/control_world.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/buf.h"

/* ---- engine, admission ---- */

void
engine_observe(struct engine *engine, struct engine_observer *observer)
{
	(void)engine;
	observer->next = world.observers;
	world.observers = observer;
}

void
engine_unobserve(struct engine *engine, struct engine_observer *observer)
{
	struct engine_observer **link = &world.observers;

	(void)engine;
	while (*link != observer)
		link = &(*link)->next;
	*link = observer->next;
}

size_t
engine_held(const struct engine *engine)
{
	(void)engine;
	return 1;
}

void
world_event(const char *name, const struct event *event,
    const struct standing *standing)
{
	struct engine_observer *observer = world.observers, *next;

	for (; observer != NULL; observer = next) {
		next = observer->next;
		observer->on_event(observer->arg, name, event, standing);
	}
}

void
world_exists(const char *name, enum status status)
{
	struct engine_observer *observer = world.observers, *next;

	for (; observer != NULL; observer = next) {
		next = observer->next;
		if (observer->on_exists != NULL)
			observer->on_exists(observer->arg, name, status);
	}
}

void
world_held(const char *name, const struct error *error)
{
	struct engine_observer *observer = world.observers, *next;

	for (; observer != NULL; observer = next) {
		next = observer->next;
		observer->on_held(observer->arg, name, error);
	}
}

void
admission_admit(struct engine *engine, struct random *random,
    const struct admission_message *given, struct admission *ret)
{
	size_t count = 0;

	(void)engine;
	(void)random;
	ck_assert(given->injected);
	ck_assert_uint_eq(given->body_len, strlen(given->body));
	snprintf(world.body, sizeof world.body, "%s", given->body);
	snprintf(world.origin, sizeof world.origin, "%s", given->origin);
	*ret = (struct admission){ .refused = world.refuse };
	if (world.refuse)
		error_set(&ret->refusal, "Finding.Malformed", "byte 0");
	while (world.names != NULL && world.names[count] != NULL)
		count++;
	ret->names = xcalloc(count, sizeof *ret->names);
	ret->count = count;
	for (size_t i = 0; i < count; i++)
		ret->names[i] = xstrdup(world.names[i]);
}

void
admission_done(struct admission *admission)
{
	for (size_t i = 0; i < admission->count; i++)
		free(admission->names[i]);
	free(admission->names);
}

/* ---- store ---- */

static struct store_read *
begin_read(void *arg)
{
	ck_assert(!world.reading);
	world.reading = true;
	world.reads++;
	world.arg = arg;
	return (void *)&world;
}

struct store_read *
store_list(struct store *store, const struct store_query *query,
    store_listed *done, void *arg)
{
	(void)store;
	world.query = *query;
	if (query->outcome != NULL)
		world.query.outcome = strncpy(
		    world.outcome, query->outcome, sizeof world.outcome - 1);
	if (query->after != NULL)
		world.query.after =
		    strncpy(world.after, query->after, sizeof world.after - 1);
	world.done.list = done;
	return begin_read(arg);
}

struct store_read *
store_show(struct store *store, const char *name, store_shown *done, void *arg)
{
	(void)store;
	snprintf(world.asked, sizeof world.asked, "%s", name);
	world.done.show = done;
	return begin_read(arg);
}

struct store_read *
store_rejected(struct store *store, int64_t before, size_t limit,
    store_rejected_listed *done, void *arg)
{
	(void)store;
	ck_assert_uint_gt(limit, 0);
	world.before = before;
	world.done.rejected = done;
	return begin_read(arg);
}

struct store_read *
store_count(struct store *store, store_counted *done, void *arg)
{
	(void)store;
	world.done.count = done;
	return begin_read(arg);
}

void
store_read_cancel(struct store_read *read)
{
	ck_assert_ptr_eq(read, &world);
	ck_assert(world.reading);
	world.reading = false;
	world.cancelled++;
}

void
store_reject(struct store *store, const struct rejected *rejected,
    store_done *done, void *arg)
{
	(void)store;
	ck_assert_int_gt(rejected->received_wall_ms, 0);
	ck_assert_ptr_null(rejected->message_id);
	ck_assert_str_eq(rejected->error, "Finding.Malformed");
	snprintf(world.kept, sizeof world.kept, "%.*s", (int)rejected->body_len,
	    rejected->body);
	world.done.reject = done;
	world.arg = arg;
}

/* ---- drawings ---- */

const struct machine world_machine = { .name = "Fake" };

void
draw_text(const struct machine *drawn, struct buf *out)
{
	ck_assert_ptr_eq(drawn, &world_machine);
	buf_puts(out, "text");
}

void
draw_dot(const struct machine *drawn, struct buf *out)
{
	ck_assert_ptr_eq(drawn, &world_machine);
	buf_puts(out, "dot");
}

static void
add_name(void *arg, const char *name)
{
	buf_printf(arg, "<%s>", name);
}

void
draw_asl(const struct machine *drawn, draw_expand *expand, struct buf *out)
{
	static const struct task task = { .service = "IAM" };

	ck_assert_ptr_eq(drawn, &world_machine);
	expand("Class.Throttled", &task, add_name, out);
}
