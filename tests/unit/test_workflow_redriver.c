/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What goes on by itself, where a line (due_line) has found it due: whether it
 * is redriven, and whether a retry goes on ahead. Engine and store are played
 * here; one execution is FAILED and due.
 */
#include "workflow/redriver.h"

#include <string.h>

#include "fake/fake_loop.h"
#include "loop/loop.h"
#include "machine/engine.h"
#include "machine/operate.h"
#include "store/read.h"
#include "store/store.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/clock.h"
#include "workflow/retry.h"

#define OLD "123456789012-AKIAIOSFODNN7EXAMPLE-000000000000"

struct store_read {
	enum status status;
	store_due_listed *listed; /* or */
	store_shown *shown;
	void *arg;
};

static struct {
	struct store_read reads[4];
	const char *redriven_by; /* before */
	bool useless;
	int redrives, retries, settled;
	struct engine_observer *observer;
} world;
static struct loop *loop;
static struct redriver *redriver;

static struct store_read *
ask(struct store_read read)
{
	struct store_read *its = world.reads;

	while (its->arg != NULL)
		its++;
	*its = read;
	return its;
}

struct store_read *
store_due(struct store *store, enum status status, size_t limit,
    store_due_listed *done, void *arg)
{
	(void)store, (void)limit;
	return ask((struct store_read){ status, done, NULL, arg });
}

struct store_read *
store_show(struct store *store, const char *name, store_shown *done, void *arg)
{
	(void)store;
	ck_assert_str_eq(name, OLD);
	return ask((struct store_read){ STATUS_FAILED, NULL, done, arg });
}

void
store_read_cancel(struct store_read *read)
{
	*read = (struct store_read){ 0 };
}

void
store_settle(struct store *store, const char *name, store_done *done, void *arg)
{
	(void)store, (void)done, (void)arg;
	ck_assert_str_eq(name, OLD);
	world.settled++;
}

bool
engine_running(const struct engine *engine, const char *name)
{
	(void)engine, (void)name;
	return false;
}

size_t
engine_count_in(const struct engine *engine, int state)
{
	(void)engine, (void)state;
	return 0;
}

bool
engine_redrive(struct engine *engine, const char *name,
    const struct standing *standing, const struct event *events, size_t count,
    const char *by, struct error *error)
{
	(void)engine, (void)standing, (void)events, (void)count;
	ck_assert_str_eq(name, OLD);
	ck_assert_str_eq(by, "redrive:automatic");
	if (world.useless)
		return error_set(error, "Daemon.UnknownState", "no way on");
	world.redrives++;
	return true;
}

void
engine_observe(struct engine *engine, struct engine_observer *observer)
{
	(void)engine;
	world.observer = observer;
}

void
engine_unobserve(struct engine *engine, struct engine_observer *observer)
{
	(void)engine;
	ck_assert_ptr_eq(world.observer, observer);
	world.observer = NULL;
}

bool
retry_passing(
    const struct store_execution *of, const struct event *events, size_t count)
{
	(void)of, (void)events, (void)count;
	return true;
}

bool
retry_start(struct engine *engine, struct random *random,
    const struct store_execution *of, const struct event *events, size_t count,
    const char *by, char **ret_name, struct error *error)
{
	(void)engine, (void)random, (void)events, (void)count, (void)error;
	ck_assert_ptr_null(by);
	world.retries++;
	*ret_name = xstrdup(of->name);
	return true;
}

int64_t
retry_first_ms(
    const struct store_execution *of, const struct event *events, size_t count)
{
	(void)of, (void)events, (void)count;
	return FAKE_LOOP_EPOCH_MS;
}

static void
answer(struct store_read read)
{
	const struct event events[] = {
		{ .type = EVENT_EXECUTION_STARTED, .data = "{}" },
		{ .type = EVENT_EXECUTION_REDRIVEN,
		    .resource = world.redriven_by },
	};
	const struct store_execution old = {
		.name = OLD,
		.standing = { .status = STATUS_FAILED,
		    .due_wall_ms = FAKE_LOOP_EPOCH_MS },
	};

	if (read.listed != NULL)
		read.listed(read.arg, &old, read.status == STATUS_FAILED, NULL);
	else
		read.shown(read.arg, &old, events,
		    world.redriven_by == NULL ? 1 : 2, NULL);
}

/* Answers whatever is asked; of what is listed, the same each time. */
static void
settle(void)
{
	for (struct store_read *read = world.reads; read->arg != NULL;
	     read = world.reads) {
		struct store_read its = *read;

		memmove(read, read + 1, sizeof world.reads - sizeof *read);
		answer(its);
	}
}

static void
begin(void)
{
	redriver_begin(redriver);
	settle();
}

static void
setup(void)
{
	memset(&world, 0, sizeof world);
	loop = loop_new();
	redriver = redriver_new(loop, NULL, NULL, HOURS(24));
}

static void
teardown(void)
{
	redriver_free(redriver);
	ck_assert_ptr_null(world.observer);
	loop_free(loop);
}

static const struct {
	const char *redriven_by;
	int retries;
} rows[] = {
	{ NULL, 1 },
	{ "redrive:uid=0,user=root,pid=4711", 1 },
	{ "redrive:automatic", 0 },
};

/* Once: when it is redriven by itself again, there has been a retry. */
START_TEST(a_key_that_lives_does_not_wait_for_a_mail)
{
	world.redriven_by = rows[_i].redriven_by;
	begin();
	ck_assert_int_eq(world.redrives, 1);
	ck_assert_int_eq(world.retries, rows[_i].retries);
}
END_TEST

START_TEST(what_cannot_go_on_is_due_no_more)
{
	world.useless = true;
	begin();
	ck_assert_int_eq(world.redrives, 0);
	ck_assert_int_eq(world.settled, 1);
}
END_TEST

START_TEST(what_the_store_cannot_keep_is_redriven_later)
{
	struct error error;

	begin();
	error_set(&error, "Store.TooLarge", "for the test");
	world.observer->on_held(world.observer->arg, OLD, &error);
	settle();
	ck_assert_int_eq(world.redrives, 1);
	fake_loop_pass(loop, MINUTES(1));
	settle();
	ck_assert_int_eq(world.redrives, 2);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("workflow/redriver");
	TCase *tcase = tcase_create("redriver");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, a_key_that_lives_does_not_wait_for_a_mail, 0,
	    sizeof rows / sizeof rows[0]);
	tcase_add_test(tcase, what_cannot_go_on_is_due_no_more);
	tcase_add_test(tcase, what_the_store_cannot_keep_is_redriven_later);
	suite_add_tcase(suite, tcase);
	return suite;
}
