/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk that neither fails nor answers: the thread that waits for it is
 * played here, on virtual time.
 */
#include <stdlib.h>
#include <string.h>

#include "fake/fake_loop.h"
#include "loop/loop.h"
#include "loop/worker.h"
#include "store/store.h"
#include "unit/store_kit.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/clock.h"

static struct loop *loop;
static struct store *store;
static struct buf story = BUF_INIT(1 << 16);

/* ---- threads that do what they are given when they are let ---- */

struct worker {
	struct job *first;
};

static struct worker *writing;

struct worker *
worker_new(struct loop *of, const char *name)
{
	struct worker *worker = xzalloc(sizeof *worker);

	(void)of;
	if (strcmp(name, "store-writer") == 0)
		writing = worker;
	return worker;
}

void
worker_run(struct worker *worker, struct job *job)
{
	ck_assert_ptr_null(worker->first);
	worker->first = job;
}

void
worker_free(struct worker *worker)
{
	free(worker);
}

/* The disk answers. */
static void
answer(void)
{
	struct job *job = writing->first;

	ck_assert_ptr_nonnull(job);
	writing->first = NULL;
	job->work(job->arg);
	job->done(job->arg);
	fake_loop_settle(loop);
}

/* ---- the store ---- */

static const char *
name_of(const struct error *error)
{
	return error == NULL ? "well" : error->name;
}

static void
on_open(void *arg, const struct error *error)
{
	(void)arg;
	buf_printf(&story, "open:%s ", name_of(error));
}

static void
on_trouble(void *arg, const struct error *error)
{
	(void)arg;
	buf_printf(&story, "%s ", name_of(error));
}

static void
on_noted(void *arg, const struct error *error)
{
	(void)arg;
	buf_printf(&story, "noted:%s ", name_of(error));
}

static void
setup(void)
{
	const struct store_events events = {
		.on_open = on_open,
		.on_trouble = on_trouble,
	};

	kit_setup();
	loop = loop_new();
	store = store_new(loop, kit_path(), &events);
}

static void
teardown(void)
{
	store_close(store);
	loop_free(loop);
	buf_done(&story);
	kit_teardown();
}

START_TEST(a_write_that_does_not_end_is_trouble_until_it_does)
{
	answer();
	store_note(store, "key", "text", on_noted, NULL);
	fake_loop_pass(loop, SECONDS(30) - 1);
	ck_assert_str_eq(buf_text(&story), "open:well ");
	fake_loop_pass(loop, MINUTES(60));
	ck_assert_str_eq(buf_text(&story), "open:well Store.Stuck ");
	answer();
	ck_assert_str_eq(
	    buf_text(&story), "open:well Store.Stuck well noted:well ");
}
END_TEST

START_TEST(so_is_one_at_rest)
{
	answer();
	store_note(store, "key", "text", NULL, NULL);
	fake_loop_settle(loop);
	answer();
	fake_loop_pass(loop, MINUTES(1)); /* brings the log home */
	ck_assert_str_eq(buf_text(&story), "open:well Store.Stuck ");
	answer();
	ck_assert_str_eq(buf_text(&story), "open:well Store.Stuck well ");
}
END_TEST

START_TEST(a_file_that_cannot_even_be_opened_is_told_of)
{
	fake_loop_pass(loop, MINUTES(60));
	ck_assert_str_eq(buf_text(&story), "open:Store.Stuck ");
	answer();
	ck_assert_str_eq(buf_text(&story), "open:Store.Stuck open:well ");
}
END_TEST

START_TEST(one_that_is_slow_is_no_trouble)
{
	for (int i = 0; i < 10; i++) {
		fake_loop_pass(loop, SECONDS(29));
		answer();
		store_note(store, "key", "text", NULL, NULL);
		fake_loop_settle(loop);
	}
	ck_assert_str_eq(buf_text(&story), "open:well ");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("store/stuck");
	TCase *tests = tcase_create("stuck");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(
	    tests, a_write_that_does_not_end_is_trouble_until_it_does);
	tcase_add_test(tests, so_is_one_at_rest);
	tcase_add_test(tests, a_file_that_cannot_even_be_opened_is_told_of);
	tcase_add_test(tests, one_that_is_slow_is_no_trouble);
	suite_add_tcase(suite, tests);
	return suite;
}
