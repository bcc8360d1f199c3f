/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The matrix, cell by cell: whatever an execution waits for, and then each
 * thing that can happen to it.
 */
#include "machine/lifecycle.h"

#include <signal.h>

#include "machine/inside.h"
#include "unit/machine_waits.h"
#include "unit/unit.h"

static struct rig rig;

static void
set_up(void)
{
	rig_init(&rig);
}

static void
tear_down(void)
{
	rig_done(&rig);
}

/* ---- what is durable, whatever is waited for ---- */

/* From each wait it goes on to its end once things are durable. */
START_TEST(everything_goes_on)
{
	wait_for(&rig, (enum waits)_i);
	rig_settle(&rig);
	engine_release(rig.engine, NULL, NULL, "test");
	rig_pass(&rig, 10000);
	for (size_t i = 0; i < rig.attempt_count; i++) {
		if (!rig.attempts[i]->over)
			rig_succeed(rig.attempts[i], "1");
		rig_settle(&rig);
	}
	ck_assert(!engine_running(rig.engine, "x"));
	ck_assert_uint_eq(rig.engine->count_in[DELETE], 0);
	ck_assert_uint_eq(rig.engine->held, 0);
	ck_assert_uint_eq(rig.engine->pending, 0);
	ck_assert_uint_eq(rig.engine->runs, 0);
}
END_TEST

/* ---- exists, held ---- */

/* Nothing of it is left but its name in the store. */
static void
assert_gone(const char *told)
{
	struct attempt *last = rig.attempt_count > 0 ? rig_attempt(&rig) : NULL;
	bool of_other = execution(&rig, "w") != NULL;

	ck_assert_ptr_null(execution(&rig, "x"));
	ck_assert(of_other || last == NULL || last->over);
	ck_assert_uint_eq(rig.engine->runs, of_other ? 1 : 0);
	ck_assert_uint_eq(engine_count(rig.engine), of_other ? 1 : 0);
	ck_assert_uint_eq(rig.engine->count_in[LOOKUP], 0);
	ck_assert_uint_eq(rig.engine->count_in[NOTIFY], 0);
	ck_assert_uint_eq(rig.engine->held, 0);
	ck_assert_ptr_null(due_first(&rig.engine->agenda.due));
	rig_assert_heard(&rig, told);
}

START_TEST(it_exists)
{
	struct journal_listener to = engine_listener(rig.engine);

	wait_for(&rig, (enum waits)_i);
	buf_clear(&rig.heard);
	to.on_exists(to.arg, "x", STATUS_SUCCEEDED);
	assert_gone("x exists SUCCEEDED\n");
}
END_TEST

START_TEST(it_is_held)
{
	struct journal_listener to = engine_listener(rig.engine);
	struct error error;

	wait_for(&rig, (enum waits)_i);
	buf_clear(&rig.heard);
	error_set(&error, "Store.TooLarge", "for the test");
	to.on_held(to.arg, "x", &error);
	assert_gone("x held Store.TooLarge\n");
}
END_TEST

START_TEST(one_that_exists_as_running_is_held)
{
	struct journal_listener to = engine_listener(rig.engine);

	wait_for(&rig, WAITS_TASK);
	to.on_exists(to.arg, "x", STATUS_RUNNING);
	ck_assert(rig_attempt(&rig)->cancelled);
	assert_gone("x held Daemon.NotResumed\n");
}
END_TEST

START_TEST(a_name_that_nobody_has)
{
	struct journal_listener to = engine_listener(rig.engine);
	struct error error;

	error_set(&error, "Store.TooLarge", "for the test");
	to.on_exists(to.arg, "nobody", STATUS_FAILED);
	to.on_held(to.arg, "nobody", &error);
	rig_assert_heard(&rig,
	    "nobody exists FAILED\n"
	    "nobody held Store.TooLarge\n");
}
END_TEST

/* The next in the lane goes on, in the same moment. */
START_TEST(who_is_gone_frees_the_lane)
{
	struct journal_listener to = engine_listener(rig.engine);

	wait_for(&rig, WAITS_LANE);
	to.on_exists(to.arg, "w", STATUS_SUCCEEDED);
	rig_settle(&rig);
	ck_assert_str_eq(run_name(rig_attempt(&rig)->run), "x");
	ck_assert_uint_eq(rig.attempt_count, 2);
}
END_TEST

/* Its run has ended, and before that is acted on it is gone. */
START_TEST(an_ended_run_of_one_that_is_gone)
{
	struct journal_listener to = engine_listener(rig.engine);

	wait_for(&rig, WAITS_TASK);
	rig_succeed(rig_attempt(&rig), "1");
	to.on_exists(to.arg, "x", STATUS_SUCCEEDED);
	ck_assert(!rig_attempt(&rig)->cancelled);
	rig_settle(&rig);
	ck_assert(engine_quiet(rig.engine) || rig.journal.queued > 0);
}
END_TEST

/* ---- drain ---- */

START_TEST(draining_starts_nothing)
{
	size_t attempts;

	wait_for(&rig, (enum waits)_i);
	attempts = rig.attempt_count;
	engine_drain(rig.engine);
	rig_pass(&rig, 600000);
	ck_assert_uint_eq(rig.attempt_count, attempts);
	ck_assert_int_eq(rig.wake_ms, -1);
	ck_assert(_i == WAITS_END || engine_running(rig.engine, "x"));
	ck_assert_int_eq(
	    engine_quiet(rig.engine), _i != WAITS_TASK && _i != WAITS_LANE);
}
END_TEST

START_TEST(what_runs_may_end_while_draining)
{
	wait_for(&rig, WAITS_TASK);
	engine_drain(rig.engine);
	rig_succeed_next(&rig, "1");
	rig_assert_story(
	    &rig, "x", "started >Delete scheduled ok <Delete >Lookup");
	ck_assert(engine_quiet(rig.engine));
	ck_assert_int_eq(rig.wake_ms, -1);
}
END_TEST

START_TEST(what_runs_may_fail_while_draining)
{
	wait_for(&rig, WAITS_TASK);
	run_left(rig_attempt(&rig)->run);
	engine_drain(rig.engine);
	rig_pass(&rig, 20000);
	rig_assert_story(&rig, "x", "started >Delete scheduled out timeout");
	ck_assert(engine_quiet(rig.engine));
	ck_assert_int_ne(fake_last(&rig.journal, "x")->standing.due_wall_ms, 0);
}
END_TEST

START_TEST(what_comes_while_draining_is_recorded)
{
	engine_drain(rig.engine);
	rig_start(&rig, "x");
	rig_settle(&rig);
	rig_assert_story(&rig, "x", "started >Delete");
	ck_assert(engine_quiet(rig.engine));
}
END_TEST

/* ---- what cannot be ---- */

static const struct {
	enum waits waits;
	enum news news;
} impossible[] = {
	{ WAITS_LANE, NEWS_ENDED },
	{ WAITS_LANE, NEWS_DUE },
	{ WAITS_LOAD, NEWS_ENDED },
	{ WAITS_COMMIT, NEWS_ENDED },
	{ WAITS_COMMIT, NEWS_DUE },
	{ WAITS_RETRY, NEWS_ENDED },
	{ WAITS_HOLD, NEWS_ENDED },
	{ WAITS_HOLD, NEWS_DUE },
	{ WAITS_END, NEWS_ENDED },
	{ WAITS_END, NEWS_DUE },
	{ WAITS_LANE, NEWS_RELEASE },
	{ WAITS_LOAD, NEWS_RELEASE },
	{ WAITS_COMMIT, NEWS_RELEASE },
	{ WAITS_TASK, NEWS_RELEASE },
	{ WAITS_RETRY, NEWS_RELEASE },
	{ WAITS_END, NEWS_RELEASE },
};

START_TEST(it_cannot_happen)
{
	wait_for(&rig, impossible[_i].waits);
	lifecycle_news(execution(&rig, "x"), impossible[_i].news, NULL);
}
END_TEST

/* A lane that is clear is news for nobody but who waits for it. */
START_TEST(a_clear_lane_is_no_news)
{
	wait_for(&rig, (enum waits)_i);
	lifecycle_news(execution(&rig, "x"), NEWS_LANE, NULL);
	ck_assert_int_eq((int)execution(&rig, "x")->waits, _i);
	ck_assert(execution(&rig, "x")->queue == NULL || _i == WAITS_LANE);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("machine/lifecycle");
	TCase *durable = tcase_create("durable");
	TCase *gone = tcase_create("gone");
	TCase *drain = tcase_create("drain");
	TCase *never = tcase_create("never");

	tcase_add_checked_fixture(durable, set_up, tear_down);
	tcase_add_loop_test(durable, everything_goes_on, 0, WAITS);
	suite_add_tcase(suite, durable);
	tcase_add_checked_fixture(gone, set_up, tear_down);
	tcase_add_loop_test(gone, it_exists, 0, WAITS);
	tcase_add_loop_test(gone, it_is_held, 0, WAITS);
	tcase_add_test(gone, one_that_exists_as_running_is_held);
	tcase_add_test(gone, a_name_that_nobody_has);
	tcase_add_test(gone, who_is_gone_frees_the_lane);
	tcase_add_test(gone, an_ended_run_of_one_that_is_gone);
	suite_add_tcase(suite, gone);
	tcase_add_checked_fixture(drain, set_up, tear_down);
	tcase_add_loop_test(drain, draining_starts_nothing, 0, WAITS);
	tcase_add_test(drain, what_runs_may_end_while_draining);
	tcase_add_test(drain, what_runs_may_fail_while_draining);
	tcase_add_test(drain, what_comes_while_draining_is_recorded);
	suite_add_tcase(suite, drain);
	tcase_add_checked_fixture(never, set_up, tear_down);
	tcase_add_loop_test_raise_signal(never, it_cannot_happen, SIGABRT, 0,
	    sizeof impossible / sizeof impossible[0]);
	tcase_add_loop_test(never, a_clear_lane_is_no_news, 0, WAITS);
	suite_add_tcase(suite, never);
	return suite;
}
