/* SPDX-License-Identifier: Apache-2.0 */
/* The neighbours' functions are defined here, in place of the real ones. */
#include "unit/due_world.h"

#include <stdio.h>
#include <string.h>

#include "fake/fake_loop.h"
#include "machine/engine.h"
#include "util/alloc.h"
#include "util/clock.h"
#include "util/log.h"
#include "workflow/retry.h"

struct due_world world;

static size_t
find(const char *name)
{
	for (size_t i = 0; i < world.count; i++)
		if (strcmp(world.rows[i].name, name) == 0)
			return i;
	return world.count;
}

struct store_read *
store_due(struct store *store, enum status status, size_t limit,
    store_due_listed *done, void *arg)
{
	(void)store;
	ck_assert(!world.read.open);
	ck_assert_int_eq(status, STATUS_FAILED);
	world.read = (struct store_read){
		.limit = limit, .listed = done, .arg = arg, .open = true
	};
	return &world.read;
}

struct store_read *
store_show(struct store *store, const char *name, store_shown *done, void *arg)
{
	(void)store;
	ck_assert(!world.read.open);
	world.read =
	    (struct store_read){ .shown = done, .arg = arg, .open = true };
	strcpy(world.read.name, name);
	return &world.read;
}

void
store_read_cancel(struct store_read *read)
{
	ck_assert(read->open);
	read->open = false;
}

void
store_settle(struct store *store, const char *name, store_done *done, void *arg)
{
	(void)store;
	ck_assert_ptr_eq(arg, &world.line);
	strcpy(world.settling, name);
	world.settled = done;
}

bool
engine_running(const struct engine *engine, const char *name)
{
	(void)engine;
	return find(name) < world.count && world.rows[find(name)].runs;
}

size_t
engine_count_in(const struct engine *engine, int state)
{
	(void)engine;
	ck_assert_int_eq(state, DUE_STATE);
	return world.in_state;
}

int64_t
retry_first_ms(
    const struct store_execution *of, const struct event *events, size_t count)
{
	(void)events, (void)count;
	return of->start_wall_ms;
}

static bool
take(const struct due_host *host, const struct due_past *past, char **ret_name,
    struct error *error)
{
	ck_assert_ptr_eq(host, &world.host);
	if (world.rows[find(past->of->name)].useless)
		return error_set(error, "Daemon.BadHistory", "no events");
	strcpy(world.taken[world.takes++], past->of->name);
	if (world.awaits != NULL)
		*ret_name = xstrdup(
		    *world.awaits == '\0' ? past->of->name : world.awaits);
	return true;
}

/* ---- what they answer ---- */

static const struct error *
store_error(void)
{
	return world.store_error.name[0] == '\0' ? NULL : &world.store_error;
}

void
due_list(struct store_read *read)
{
	struct store_execution rows[DUE_ROWS];
	size_t count = 0;

	for (size_t i = 0; i < world.count && count < read->limit; i++)
		if (world.rows[i].due_ms != 0 && !world.rows[i].gone &&
		    !world.rows[i].ended)
			rows[count++] = (struct store_execution){
				.name = world.rows[i].name,
				.standing.due_wall_ms = world.rows[i].due_ms,
			};
	if (store_error() != NULL)
		read->listed(read->arg, NULL, 0, store_error());
	else
		read->listed(read->arg, rows, count, NULL);
}

static void
answer_show(struct store_read *read)
{
	size_t i = find(read->name);
	struct store_execution execution = {
		.name = world.rows[i].name,
		.start_wall_ms = FAKE_LOOP_EPOCH_MS,
		.standing = { .status = world.rows[i].ended ? STATUS_SUCCEEDED
							    : STATUS_FAILED,
		    .due_wall_ms = world.rows[i].due_ms },
	};
	struct error error;

	world.rows[i].reads++;
	error_set(&error, "Store.Io", "disk I/O error");
	if (world.rows[i].unreadable)
		read->shown(read->arg, NULL, NULL, 0, &error);
	else if (world.rows[i].gone)
		read->shown(read->arg, NULL, NULL, 0, NULL);
	else
		read->shown(read->arg, &execution, NULL, 0, NULL);
}

void
due_answer(void)
{
	while (world.read.open) {
		struct store_read read = world.read;

		world.read.open = false;
		if (read.listed != NULL)
			due_list(&read);
		else
			answer_show(&read);
	}
}

void
due_pass(int64_t ms)
{
	fake_loop_pass(world.loop, ms);
	due_answer();
}

void
due_durable(const char *name, enum status status, int64_t due_ms)
{
	const struct standing standing = { .status = status,
		.due_wall_ms = due_ms };
	size_t i = find(name);

	if (i < world.count)
		world.rows[i].due_ms = due_ms;
	due_line_event(&world.line, name, &standing);
	due_answer();
}

void
due_settled(const struct error *error)
{
	store_done *done = world.settled;

	ck_assert_ptr_nonnull(done);
	world.settled = NULL;
	if (error == NULL)
		world.rows[find(world.settling)].due_ms = 0;
	done(&world.line, error);
	due_answer();
}

void
due_row(const char *name, int64_t due_ms)
{
	size_t i = world.count++;

	strcpy(world.rows[i].name, name);
	world.rows[i].due_ms = due_ms;
}

void
due_begin(void)
{
	due_line_begin(&world.line);
	due_answer();
}

/* ---- the fixture ---- */

const struct due_kind due_kind = {
	.status = STATUS_FAILED,
	.state = DUE_STATE,
	.take = take,
	.over = "it is over",
	.message_id = "id",
};
const struct due_kind due_kind_settling = {
	.status = STATUS_FAILED,
	.state = DUE_STATE,
	.take = take,
	.settles = true,
	.over = "it is over",
	.message_id = "id",
};

static void
keep(void *self, enum log_level level, const char *text,
    const struct log_field *fields, size_t count)
{
	(void)self, (void)level, (void)fields, (void)count;
	snprintf(world.log, sizeof world.log, "%s", text);
}

void
due_setup(void)
{
	static const struct log_sink sink = { NULL, keep };

	memset(&world, 0, sizeof world);
	log_bind(&sink);
	world.awaits = "";
	world.loop = loop_new();
	world.host = (struct due_host){ .loop = world.loop };
	due_line_init(&world.line, &world.host, &due_kind);
}

void
due_teardown(void)
{
	due_line_done(&world.line);
	loop_free(world.loop);
	log_bind(NULL);
}
