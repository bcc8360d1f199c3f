/* SPDX-License-Identifier: Apache-2.0 */
/* Whole executions: their way, and what they write. */
#include "machine/engine.h"

#include <string.h>

#include "unit/machine_rig.h"
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

static const struct fake_event *
event(const char *name, size_t id)
{
	return &fake_find(&rig.journal, name)->events[id - 1];
}

/* Until the deletion has succeeded. */
static void
delete_key(const char *name)
{
	rig_start(&rig, name);
	rig_wake(&rig);
	run_left(rig_attempt(&rig)->run);
	run_submit(rig_attempt(&rig)->run, "{\"UserName\":\"u\"}");
	rig_succeed_next(&rig, "{\"user\":\"u\"}");
}

START_TEST(the_story)
{
	delete_key("x");
	rig_succeed_next(&rig, "[1]");
	rig_succeed_next(&rig, "{\"id\":7}");
	rig_assert_story(&rig, "x",
	    "started >Delete scheduled out intent ok <Delete "
	    ">Lookup scheduled ok <Lookup >Notify scheduled ok <Notify "
	    "SUCCEEDED");
	ck_assert(!engine_running(rig.engine, "x"));
	ck_assert(engine_quiet(rig.engine));
	ck_assert_uint_eq(engine_count(rig.engine), 0);
}
END_TEST

START_TEST(nothing_is_quiet_before_it_is_durable)
{
	ck_assert(engine_quiet(rig.engine));
	rig_start(&rig, "x");
	ck_assert(!engine_quiet(rig.engine));
	engine_drain(rig.engine);
	rig_settle(&rig);
	ck_assert(engine_quiet(rig.engine));
}
END_TEST

/* Data policy: input, intent, result and output, and nothing twice. */
START_TEST(what_the_events_carry)
{
	static const char *const data[] = { "{}", NULL, NULL, NULL,
		"{\"UserName\":\"u\"}", "{\"user\":\"u\"}",
		"{\"deletion\":{\"user\":\"u\"}}", NULL, NULL, "[1]",
		"{\"deletion\":{\"user\":\"u\"},\"summary\":[1]}", NULL };
	static const char *const resources[] = { "test", NULL, "iam:delete",
		"iam:delete", "iam:delete", "iam:delete", NULL, NULL,
		"trail:lookup", "trail:lookup", NULL, NULL };
	static const char *const states[] = { NULL, "Delete", "Delete",
		"Delete", "Delete", "Delete", "Delete", "Lookup", "Lookup",
		"Lookup", "Lookup", "Notify" };

	delete_key("x");
	rig_succeed_next(&rig, "[1]");
	rig_succeed_next(&rig, "{}");
	for (size_t i = 0; i < sizeof data / sizeof data[0]; i++) {
		const struct event *got = &event("x", i + 1)->event;

		ck_assert_int_eq(got->id, (int64_t)i + 1);
		ck_assert_int_eq(got->wall_ms, rig.wall_ms);
		ck_assert_pstr_eq(got->data, data[i]);
		ck_assert_pstr_eq(got->resource, resources[i]);
		ck_assert_pstr_eq(got->state, states[i]);
		ck_assert_ptr_null(got->error);
	}
	ck_assert_str_eq(event("x", 7)->event.path, "$.deletion");
	ck_assert_ptr_null(fake_last(&rig.journal, "x")->event.data);
	ck_assert_ptr_null(fake_last(&rig.journal, "x")->event.state);
}
END_TEST

START_TEST(what_the_standing_says)
{
	const struct standing *standing;

	delete_key("x");
	standing = &event("x", 1)->standing;
	ck_assert_str_eq(standing->state, "Delete");
	ck_assert_ptr_null(standing->outcome);
	ck_assert_str_eq(standing->tags[TAG_LANE], "L");
	ck_assert_ptr_null(standing->tags[TAG_USER]);
	ck_assert_ptr_null(event("x", 6)->standing.outcome);
	standing = &event("x", 7)->standing;
	ck_assert_str_eq(standing->state, "Delete");
	ck_assert_str_eq(standing->outcome, "contained");
	ck_assert_str_eq(event("x", 8)->standing.state, "Lookup");
	rig_succeed_next(&rig, "1");
	rig_succeed_next(&rig, "1");
	standing = &fake_last(&rig.journal, "x")->standing;
	ck_assert_int_eq(standing->status, STATUS_SUCCEEDED);
	ck_assert_str_eq(standing->state, "Notify");
	ck_assert_str_eq(standing->outcome, "contained");
}
END_TEST

START_TEST(tasks_see_their_execution)
{
	struct run *run;

	rig_start(&rig, "x");
	rig_wake(&rig);
	run = rig_attempt(&rig)->run;
	ck_assert_str_eq(run_name(run), "x");
	ck_assert_str_eq(run_input(run), "{}");
	ck_assert_ptr_null(run_intent(run));
	ck_assert_str_eq(run_origin(run), "test");
	ck_assert_int_eq(run_received_ms(run), rig.wall_ms);
	ck_assert_str_eq(run_tag(run, TAG_LANE), "L");
	ck_assert_ptr_null(run_tag(run, TAG_USER));
	run_set_tag(run, TAG_USER, "root");
	run_set_tag(run, TAG_USER, "u");
	ck_assert_str_eq(run_tag(run, TAG_USER), "u");
	rig_pass(&rig, 500);
	rig_succeed_next(&rig, "1");
	ck_assert_str_eq(event("x", 4)->standing.tags[TAG_USER], "u");
	run = rig_attempt(&rig)->run;
	ck_assert_str_eq(run_input(run), "{\"deletion\":1}");
	ck_assert_str_eq(run_tag(run, TAG_USER), "u");
	ck_assert_int_eq(run_received_ms(run), rig.wall_ms - 500);
}
END_TEST

/* By itself at first, then by another one; without a lane there is none. */
START_TEST(tasks_see_whether_their_lane_is_taken)
{
	struct run *run;

	rig_start(&rig, "x");
	rig_settle(&rig);
	ck_assert(run_lane_taken(rig_attempt(&rig)->run));
	rig_succeed_next(&rig, "1");
	run = rig_attempt(&rig)->run;
	ck_assert(!run_lane_taken(run));
	rig_start(&rig, "y");
	rig_settle(&rig);
	ck_assert(run_lane_taken(run));
	rig_start_with(&rig, "z", "{}", NULL);
	rig_settle(&rig);
	ck_assert(!run_lane_taken(rig_attempt(&rig)->run));
}
END_TEST

/* 8.3: the counter of one retrier, then the catcher. */
START_TEST(retries_and_then_the_catcher)
{
	rig_start(&rig, "x");
	for (int i = 0; i < 3; i++) {
		int64_t pause = 1000 << i;

		rig_fail_next(&rig, "IAM.Throttling", CLASS_THROTTLED);
		ck_assert_int_eq(
		    fake_last(&rig.journal, "x")->standing.due_wall_ms,
		    rig.wall_ms + pause);
		ck_assert_int_eq(rig.wake_ms, rig.mono_ms + pause);
		rig_pass(&rig, pause - 1);
		ck_assert_uint_eq(rig.attempt_count, (size_t)i + 1);
		rig_pass(&rig, 1);
		ck_assert_uint_eq(rig.attempt_count, (size_t)i + 2);
		ck_assert_int_eq(
		    fake_last(&rig.journal, "x")->standing.due_wall_ms, 0);
	}
	rig_fail_next(&rig, "IAM.Throttling", CLASS_THROTTLED);
	rig_assert_story(&rig, "x",
	    "started >Delete scheduled failed(IAM.Throttling) "
	    "scheduled failed(IAM.Throttling) "
	    "scheduled failed(IAM.Throttling) "
	    "scheduled failed(IAM.Throttling) <Delete >Notify scheduled");
	ck_assert_str_eq(run_input(rig_attempt(&rig)->run),
	    "{\"error-info\":{\"Error\":\"IAM.Throttling\","
	    "\"Cause\":\"by the test\"}}");
	ck_assert_str_eq(
	    fake_last(&rig.journal, "x")->standing.outcome, "uncontained");
	rig_succeed_next(&rig, "1");
	ck_assert_int_eq(
	    fake_last(&rig.journal, "x")->standing.status, STATUS_SUCCEEDED);
}
END_TEST

START_TEST(nobody_catches)
{
	const struct fake_event *last;

	delete_key("x");
	rig_fail_next(&rig, "Trail.AccessDenied", CLASS_NONE);
	rig_assert_story(&rig, "x",
	    "started >Delete scheduled out intent ok <Delete "
	    ">Lookup scheduled failed(Trail.AccessDenied) "
	    "FAILED(Trail.AccessDenied)");
	last = fake_last(&rig.journal, "x");
	ck_assert_int_eq(last->standing.status, STATUS_FAILED);
	ck_assert_str_eq(last->standing.state, "Lookup");
	ck_assert_str_eq(last->standing.outcome, "contained");
	ck_assert_str_eq(last->error.cause, "by the test");
	ck_assert(!engine_running(rig.engine, "x"));
}
END_TEST

/* A catcher without an outcome leaves it as it was. */
START_TEST(a_catcher_keeps_the_outcome)
{
	delete_key("x");
	rig_fail_next(&rig, "Give.Up", CLASS_NONE);
	ck_assert_str_eq(
	    fake_last(&rig.journal, "x")->standing.outcome, "contained");
	ck_assert_ptr_nonnull(strstr(run_input(rig_attempt(&rig)->run),
	    "\"summary-error\":{\"Error\":\"Give.Up\""));
}
END_TEST

/* Counters are the state's visit's: another state begins with none. */
START_TEST(counters_are_reset_by_leaving)
{
	rig_start(&rig, "x");
	rig_fail_next(&rig, "IAM.Throttling", CLASS_THROTTLED);
	rig_pass(&rig, 1000);
	rig_fail_next(&rig, "IAM.AccessDenied", CLASS_NONE);
	rig_fail_next(&rig, "SNS.Throttled", CLASS_THROTTLED);
	rig_pass(&rig, 1000);
	ck_assert_int_eq(rig_attempt(&rig)->state, NOTIFY);
	ck_assert(!rig_attempt(&rig)->over);
	rig_fail_next(&rig, "SNS.Throttled", CLASS_THROTTLED);
	ck_assert_int_eq(
	    fake_last(&rig.journal, "x")->standing.status, STATUS_FAILED);
}
END_TEST

START_TEST(a_result_without_a_place_is_a_failure)
{
	rig_start(&rig, "x");
	rig_succeed_next(&rig, "no json");
	rig_assert_story(&rig, "x",
	    "started >Delete scheduled "
	    "failed(States.ResultPathMatchFailure) <Delete >Notify "
	    "scheduled");
}
END_TEST

/* The catcher's ResultPath is like the state's. */
START_TEST(an_error_without_a_place_fails_the_execution)
{
	rig_start_with(&rig, "x", "[]", NULL);
	rig_fail_next(&rig, "IAM.AccessDenied", CLASS_NONE);
	rig_assert_story(&rig, "x",
	    "started >Delete scheduled failed(IAM.AccessDenied) "
	    "FAILED(States.ResultPathMatchFailure)");
}
END_TEST

START_TEST(the_same_name_attaches)
{
	ck_assert_int_eq(rig_start(&rig, "x"), ENGINE_STARTED);
	ck_assert_int_eq(rig_start(&rig, "x"), ENGINE_ATTACHED);
	rig_settle(&rig);
	ck_assert_int_eq(rig_start(&rig, "x"), ENGINE_ATTACHED);
	ck_assert_uint_eq(rig.attempt_count, 1);
	ck_assert_uint_eq(engine_count(rig.engine), 1);
	/* Ended, but nobody knows that before it is durable. */
	rig_fail_next(&rig, "IAM.AccessDenied", CLASS_NONE);
	rig_fail(rig_attempt(&rig), "SNS.NotFound", CLASS_NONE);
	rig_wake(&rig);
	ck_assert_int_eq(rig_start(&rig, "x"), ENGINE_ATTACHED);
	ck_assert(engine_running(rig.engine, "x"));
	fake_commit(&rig.journal);
	ck_assert(!engine_running(rig.engine, "x"));
}
END_TEST

START_TEST(counts_by_state)
{
	rig_start(&rig, "x");
	rig_start(&rig, "y");
	ck_assert_uint_eq(engine_count_in(rig.engine, DELETE), 2);
	rig_succeed_next(&rig, "1");
	ck_assert_uint_eq(engine_count_in(rig.engine, DELETE), 1);
	ck_assert_uint_eq(engine_count_in(rig.engine, LOOKUP), 1);
	ck_assert_uint_eq(engine_count(rig.engine), 2);
	rig_fail(rig.attempts[1], "Trail.X", CLASS_NONE);
	rig_wake(&rig);
	ck_assert_uint_eq(engine_count_in(rig.engine, LOOKUP), 0);
	ck_assert_uint_eq(engine_count(rig.engine), 2);
	fake_commit(&rig.journal);
	ck_assert_uint_eq(engine_count(rig.engine), 1);
}
END_TEST

/* A task may end within its start: it is acted on later. */
static void
end_at_once(struct rig *on, struct attempt *attempt)
{
	(void)on;
	rig_succeed(attempt, "1");
}

START_TEST(a_task_that_ends_within_its_start)
{
	rig.script = end_at_once;
	rig_start(&rig, "x");
	rig_wake(&rig);
	rig_assert_story(&rig, "x", "started >Delete scheduled");
	rig_wake(&rig);
	rig_assert_story(&rig, "x",
	    "started >Delete scheduled ok <Delete >Lookup scheduled");
	rig_settle(&rig);
	ck_assert_int_eq(
	    fake_last(&rig.journal, "x")->standing.status, STATUS_SUCCEEDED);
}
END_TEST

/* Nothing is done but in engine_wake; when nothing is due, none is asked. */
START_TEST(wakes_only_for_a_reason)
{
	ck_assert_int_eq(rig.asked, 0);
	rig_start(&rig, "x");
	ck_assert_uint_eq(rig.attempt_count, 0);
	ck_assert_int_eq(rig.wake_ms, 0);
	ck_assert_int_eq(rig.asked, 1);
	rig_settle(&rig);
	ck_assert_int_eq(rig.wake_ms, -1);
	run_left(rig_attempt(&rig)->run);
	ck_assert_int_eq(rig.wake_ms, rig.mono_ms + 15000);
	rig_succeed(rig_attempt(&rig), "1");
	ck_assert_int_eq(rig.wake_ms, 0);
	rig_settle(&rig);
	ck_assert_int_eq(rig.wake_ms, -1);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("machine/engine");
	TCase *whole = tcase_create("whole");

	tcase_add_checked_fixture(whole, set_up, tear_down);
	tcase_add_test(whole, the_story);
	tcase_add_test(whole, nothing_is_quiet_before_it_is_durable);
	tcase_add_test(whole, what_the_events_carry);
	tcase_add_test(whole, what_the_standing_says);
	tcase_add_test(whole, tasks_see_their_execution);
	tcase_add_test(whole, tasks_see_whether_their_lane_is_taken);
	tcase_add_test(whole, retries_and_then_the_catcher);
	tcase_add_test(whole, nobody_catches);
	tcase_add_test(whole, a_catcher_keeps_the_outcome);
	tcase_add_test(whole, counters_are_reset_by_leaving);
	tcase_add_test(whole, a_result_without_a_place_is_a_failure);
	tcase_add_test(whole, an_error_without_a_place_fails_the_execution);
	tcase_add_test(whole, the_same_name_attaches);
	tcase_add_test(whole, counts_by_state);
	tcase_add_test(whole, a_task_that_ends_within_its_start);
	tcase_add_test(whole, wakes_only_for_a_reason);
	suite_add_tcase(suite, whole);
	return suite;
}
