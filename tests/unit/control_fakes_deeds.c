/* SPDX-License-Identifier: Apache-2.0 */
/* What control does to engine, store and breaker, in its tests: noted. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "machine/operate.h"
#include "unit/control_world.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "workflow/breaker.h"
#include "workflow/retry.h"

static void
note(const char *verb, const char *what, const char *by)
{
	size_t len = strlen(world.deeds);

	snprintf(world.deeds + len, sizeof world.deeds - len, "%s%s %s%s%s",
	    len > 0 ? "; " : "", verb, what, by == NULL ? "" : " by ",
	    by == NULL ? "" : by);
}

static bool
acted(struct error *error)
{
	*error = world.not_acted;
	return error->name[0] == '\0';
}

bool
engine_running(const struct engine *engine, const char *name)
{
	(void)engine;
	ck_assert_str_eq(name, world.asked);
	return world.runs;
}

bool
engine_redrive(struct engine *engine, const char *name,
    const struct standing *standing, const struct event *events, size_t count,
    const char *by, struct error *error)
{
	(void)engine;
	ck_assert_ptr_nonnull(standing);
	ck_assert_uint_gt(count, 0);
	ck_assert_ptr_nonnull(events);
	note("redrive", name, by);
	world.runs |= acted(error);
	return acted(error);
}

bool
engine_stop(struct engine *engine, const char *name, const char *by)
{
	(void)engine;
	if (world.runs && !world.ending)
		note("stop", name, by);
	return world.runs && !world.ending;
}

bool
retry_start(struct engine *engine, struct random *random,
    const struct store_execution *of, const struct event *events, size_t count,
    const char *by, char **ret_name, struct error *error)
{
	(void)engine;
	ck_assert_ptr_nonnull(random);
	ck_assert_uint_gt(count, 0);
	ck_assert_ptr_nonnull(events);
	note("retry", of->name, by);
	if (!acted(error))
		return false;
	*ret_name = xasprintf("%s-again", of->name);
	return true;
}

void
store_settle(struct store *store, const char *name, store_done *done, void *arg)
{
	(void)store;
	note("settle", name, NULL);
	world.settled = done;
	world.settled_arg = arg;
}

bool
breaker_begun(const struct breaker *breaker)
{
	ck_assert_ptr_eq(breaker, &world);
	return !world.starting;
}

int64_t
breaker_resume(struct breaker *breaker, const char *account, const char *by)
{
	ck_assert_ptr_eq(breaker, &world);
	note("resume", account == NULL ? "all" : account, by);
	return world.held;
}

void
breaker_await(struct breaker *breaker, struct breaker_waiter *waiter,
    void (*durable)(void *arg, const struct error *error), void *arg)
{
	ck_assert_ptr_eq(breaker, &world);
	ck_assert_int_ge(world.held, 0);
	waiter->durable = durable;
	waiter->arg = arg;
	world.waiter = waiter;
}

void
breaker_unawait(struct breaker_waiter *waiter)
{
	if (world.waiter == waiter)
		world.waiter = NULL;
}

struct store_backup *
store_backup_new(struct store *store, const struct store_backup_events *events)
{
	(void)store;
	ck_assert(!world.copying);
	world.copying = true;
	world.backup = *events;
	return (void *)&world;
}

void
store_backup_next(struct store_backup *backup)
{
	ck_assert_ptr_eq(backup, &world);
	ck_assert(world.copying);
	world.pieces++;
}

void
store_backup_free(struct store_backup *backup)
{
	if (backup == NULL)
		return;
	ck_assert_ptr_eq(backup, &world);
	ck_assert(world.copying);
	world.copying = false;
}
