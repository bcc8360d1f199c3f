/* SPDX-License-Identifier: Apache-2.0 */
/* Executions that are stopped by hand, whatever they wait for. */
#include <string.h>

#include "machine/inside.h"
#include "unit/machine_waits.h"
#include "unit/unit.h"
#include "util/cleanup.h"

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

static bool
ends_with(const char *text, const char *end)
{
	return strlen(text) >= strlen(end) &&
	    strcmp(text + strlen(text) - strlen(end), end) == 0;
}

#define STOPPED " aborted(Daemon.Stopped) ABORTED(Daemon.Stopped)"

START_TEST(it_ends_where_it_is)
{
	const struct fake_event *last;
	FREE_LATER char *story = NULL;
	size_t attempts;

	wait_for(&rig, (enum waits)_i);
	attempts = rig.attempt_count;
	ck_assert(rig_stop(&rig, "x"));
	rig_pass(&rig, 600000);
	story = fake_story(&rig.journal, "x");
	ck_assert_msg(ends_with(story, STOPPED), "%s", story);
	ck_assert_uint_eq(rig.attempt_count, attempts);
	ck_assert(_i != WAITS_TASK || rig_attempt(&rig)->cancelled);
	last = fake_last(&rig.journal, "x");
	ck_assert_str_eq(last->error.cause, "stopped by stop:test");
	ck_assert_int_eq(last->standing.status, STATUS_ABORTED);
	ck_assert_int_eq(last->standing.due_wall_ms, 0);
	ck_assert_ptr_null(execution(&rig, "x"));
	ck_assert_uint_eq(rig.engine->runs, _i == WAITS_LANE ? 1 : 0);
	ck_assert_uint_eq(
	    rig.engine->count_in[DELETE], _i == WAITS_LANE ? 1 : 0);
	ck_assert_uint_eq(rig.engine->held, 0);
	ck_assert_uint_eq(rig.engine->count_in[LOOKUP], 0);
	ck_assert_uint_eq(rig.engine->count_in[NOTIFY], 0);
	ck_assert_uint_eq(rig.engine->pending, 0);
}
END_TEST

START_TEST(uncontained_if_nothing_was_known)
{
	wait_for(&rig, WAITS_TASK);
	rig_stop(&rig, "x");
	ck_assert_str_eq(
	    fake_last(&rig.journal, "x")->standing.outcome, "uncontained");
	ck_assert_str_eq(
	    fake_last(&rig.journal, "x")->standing.state, "Delete");
}
END_TEST

START_TEST(a_known_outcome_stays)
{
	wait_in_lookup(&rig);
	rig_stop(&rig, "x");
	ck_assert_str_eq(
	    fake_last(&rig.journal, "x")->standing.outcome, "contained");
}
END_TEST

START_TEST(the_lane_is_free)
{
	rig_start(&rig, "x");
	rig_start(&rig, "y");
	rig_settle(&rig);
	rig_stop(&rig, "x");
	rig_wake(&rig);
	rig_assert_story(&rig, "y", "started >Delete");
	rig_settle(&rig);
	ck_assert_str_eq(run_name(rig_attempt(&rig)->run), "y");
}
END_TEST

START_TEST(who_has_ended_is_not_stopped)
{
	wait_for(&rig, WAITS_END);
	ck_assert(!rig_stop(&rig, "x"));
	rig_settle(&rig);
	ck_assert_int_eq(
	    fake_last(&rig.journal, "x")->standing.status, STATUS_FAILED);
	ck_assert(!rig_stop(&rig, "x"));
	ck_assert(!rig_stop(&rig, "nobody"));
}
END_TEST

START_TEST(it_is_stopped_once)
{
	wait_for(&rig, WAITS_TASK);
	ck_assert(rig_stop(&rig, "x"));
	ck_assert(!rig_stop(&rig, "x"));
	rig_assert_story(&rig, "x", "started >Delete scheduled" STOPPED);
}
END_TEST

/* Its task has come to something, and nobody has looked yet. */
START_TEST(what_it_came_to_is_kept)
{
	rig_start(&rig, "x");
	rig_settle(&rig);
	rig_succeed(rig_attempt(&rig), "1");
	ck_assert(rig_stop(&rig, "x"));
	rig_settle(&rig);
	rig_assert_story(&rig, "x",
	    "started >Delete scheduled ok <Delete >Lookup scheduled" STOPPED);
	ck_assert_str_eq(
	    fake_last(&rig.journal, "x")->standing.outcome, "contained");
}
END_TEST

START_TEST(its_end_is_kept)
{
	rig_start(&rig, "x");
	rig_succeed_next(&rig, "1");
	rig_succeed_next(&rig, "1");
	rig_succeed(rig_attempt(&rig), "1");
	ck_assert(!rig_stop(&rig, "x"));
	rig_settle(&rig);
	ck_assert_int_eq(
	    fake_last(&rig.journal, "x")->standing.status, STATUS_SUCCEEDED);
}
END_TEST

START_TEST(an_intent_that_comes_too_late)
{
	struct attempt *attempt;

	rig_start(&rig, "x");
	rig_wake(&rig);
	attempt = rig_attempt(&rig);
	run_submit(attempt->run, "{}");
	rig_stop(&rig, "x");
	rig_settle(&rig);
	ck_assert_int_eq(attempt->submitted, 0);
	rig_assert_story(&rig, "x", "started >Delete scheduled intent" STOPPED);
}
END_TEST

START_TEST(also_while_draining)
{
	wait_for(&rig, WAITS_RETRY);
	engine_drain(rig.engine);
	ck_assert(rig_stop(&rig, "x"));
	rig_settle(&rig);
	ck_assert(engine_quiet(rig.engine));
	ck_assert_uint_eq(engine_count(rig.engine), 0);
}
END_TEST

/* So that it is not redriven any more: nothing starts in between. */
START_TEST(redriven_and_stopped)
{
	struct error error;

	rig_start(&rig, "x");
	rig_succeed_next(&rig, "1");
	rig_fail_next(&rig, "Trail.AccessDenied", CLASS_NONE);
	ck_assert(rig_redrive(&rig, "x", &error));
	ck_assert(rig_stop(&rig, "x"));
	rig_settle(&rig);
	rig_assert_story(&rig, "x",
	    "started >Delete scheduled ok <Delete >Lookup scheduled "
	    "failed(Trail.AccessDenied) FAILED(Trail.AccessDenied) "
	    "redriven" STOPPED);
	ck_assert_uint_eq(rig.attempt_count, 2);
	ck_assert_int_eq(fake_last(&rig.journal, "x")->standing.due_wall_ms, 0);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("machine/stop");
	TCase *stop = tcase_create("stop");

	tcase_add_checked_fixture(stop, set_up, tear_down);
	tcase_add_loop_test(stop, it_ends_where_it_is, 0, WAITS_END);
	tcase_add_test(stop, uncontained_if_nothing_was_known);
	tcase_add_test(stop, a_known_outcome_stays);
	tcase_add_test(stop, the_lane_is_free);
	tcase_add_test(stop, who_has_ended_is_not_stopped);
	tcase_add_test(stop, it_is_stopped_once);
	tcase_add_test(stop, what_it_came_to_is_kept);
	tcase_add_test(stop, its_end_is_kept);
	tcase_add_test(stop, an_intent_that_comes_too_late);
	tcase_add_test(stop, also_while_draining);
	tcase_add_test(stop, redriven_and_stopped);
	suite_add_tcase(suite, stop);
	return suite;
}
