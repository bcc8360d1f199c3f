/* SPDX-License-Identifier: Apache-2.0 */
/* Executions that failed and are sent on. */
#include "machine/inside.h"
#include "unit/machine_waits.h"
#include "unit/unit.h"

#define MINUTE 60000

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

#define FAILED_IN_NOTIFY                                                       \
	"started >Delete scheduled ok <Delete >Lookup scheduled ok <Lookup "   \
	">Notify scheduled failed(SNS.NotFound) FAILED(SNS.NotFound)"

/* "x" that failed in Delete, under an intent: its error has no place. */
static void
fail_in_delete(void)
{
	rig_start_with(&rig, "x", "[]", "L");
	rig_settle(&rig);
	run_submit(rig_attempt(&rig)->run, "{\"UserName\":\"u\"}");
	rig_fail_next(&rig, "IAM.AccessDenied", CLASS_NONE);
	ck_assert_int_eq(standing(&rig, "x")->status, STATUS_FAILED);
	ck_assert_str_eq(standing(&rig, "x")->state, "Delete");
}

START_TEST(it_goes_on_where_it_failed)
{
	int64_t received = rig.wall_ms;
	struct run *run;

	fail_in_notify(&rig);
	rig_pass(&rig, 7 * MINUTE);
	redrive(&rig, "x");
	ck_assert(engine_running(rig.engine, "x"));
	rig_settle(&rig);
	rig_assert_story(&rig, "x", FAILED_IN_NOTIFY " redriven scheduled");
	ck_assert_int_eq(standing(&rig, "x")->status, STATUS_RUNNING);
	ck_assert_str_eq(standing(&rig, "x")->outcome, "contained");
	ck_assert_int_eq(standing(&rig, "x")->due_wall_ms, 0);
	ck_assert_uint_eq(engine_count_in(rig.engine, NOTIFY), 1);
	run = rig_attempt(&rig)->run;
	ck_assert_str_eq(run_input(run), "{\"deletion\":1,\"summary\":2}");
	ck_assert_str_eq(run_origin(run), "test");
	ck_assert_int_eq(run_received_ms(run), received);
	ck_assert_str_eq(run_tag(run, TAG_LANE), "L");
	rig_succeed_next(&rig, "3");
	rig_assert_story(&rig, "x",
	    FAILED_IN_NOTIFY " redriven scheduled ok <Notify SUCCEEDED");
	ck_assert_int_eq(standing(&rig, "x")->due_wall_ms, 0);
	ck_assert_uint_eq(engine_count(rig.engine), 0);
}
END_TEST

START_TEST(who_redrove_it_is_recorded)
{
	const struct event *last;

	fail_in_notify(&rig);
	redrive(&rig, "x");
	last = &fake_last(&rig.journal, "x")->event;
	ck_assert_int_eq(last->type, EVENT_EXECUTION_REDRIVEN);
	ck_assert_str_eq(last->resource, "redrive:test");
	ck_assert_ptr_null(last->state);
}
END_TEST

START_TEST(its_counters_begin_anew)
{
	rig_start(&rig, "x");
	rig_succeed_next(&rig, "1");
	rig_succeed_next(&rig, "2");
	rig_fail_next(&rig, "SNS.Throttled", CLASS_THROTTLED);
	rig_pass(&rig, 1000);
	rig_fail_next(&rig, "SNS.Throttled", CLASS_THROTTLED);
	ck_assert_int_eq(standing(&rig, "x")->status, STATUS_FAILED);
	redrive(&rig, "x");
	rig_fail_next(&rig, "SNS.Throttled", CLASS_THROTTLED);
	ck_assert_int_eq(standing(&rig, "x")->status, STATUS_RUNNING);
	ck_assert_int_eq(standing(&rig, "x")->due_wall_ms, rig.wall_ms + 1000);
}
END_TEST

/* Notify tells of what is durable, its own redriving included. */
START_TEST(it_waits_for_the_commit)
{
	size_t attempts;

	fail_in_notify(&rig);
	attempts = rig.attempt_count;
	redrive(&rig, "x");
	rig_wake(&rig);
	ck_assert_int_eq(execution(&rig, "x")->waits, WAITS_COMMIT);
	fake_commit(&rig.journal);
	rig_wake(&rig);
	ck_assert_uint_eq(rig.attempt_count, attempts + 1);
}
END_TEST

/* What cannot be undone may have been done: nothing is looked up anew. */
START_TEST(its_intent_stays_valid)
{
	fail_in_delete();
	redrive(&rig, "x");
	rig_settle(&rig);
	ck_assert_str_eq(
	    run_intent(rig_attempt(&rig)->run), "{\"UserName\":\"u\"}");
	rig_restart(&rig);
	ck_assert_str_eq(
	    run_intent(rig_attempt(&rig)->run), "{\"UserName\":\"u\"}");
}
END_TEST

#define FAILED_IN_DELETE                                                       \
	"started >Delete scheduled intent failed(IAM.AccessDenied) "           \
	"FAILED(States.ResultPathMatchFailure)"

START_TEST(it_queues_for_its_lane)
{
	fail_in_delete();
	rig_start(&rig, "b");
	rig_settle(&rig);
	redrive(&rig, "x");
	rig_settle(&rig);
	rig_assert_story(&rig, "x", FAILED_IN_DELETE " redriven");
	ck_assert_str_eq(run_name(rig_attempt(&rig)->run), "b");
	/* It is older than "b", but has the lane no more. */
	rig_restart(&rig);
	ck_assert_str_eq(run_name(rig_attempt(&rig)->run), "b");
	rig_succeed_next(&rig, "1");
	rig_assert_story(&rig, "x", FAILED_IN_DELETE " redriven scheduled");
}
END_TEST

START_TEST(nothing_starts_while_draining)
{
	size_t attempts;

	fail_in_notify(&rig);
	attempts = rig.attempt_count;
	engine_drain(rig.engine);
	redrive(&rig, "x");
	rig_settle(&rig);
	ck_assert_uint_eq(rig.attempt_count, attempts);
	ck_assert(engine_quiet(rig.engine));
	rig_restart(&rig);
	rig_assert_story(&rig, "x", FAILED_IN_NOTIFY " redriven scheduled");
}
END_TEST

START_TEST(the_store_cannot_keep_it)
{
	struct error error;

	fail_in_notify(&rig);
	redrive(&rig, "x");
	error_set(&error, "Store.TooLarge", "for the test");
	fake_hold(&rig.journal, "x", &error);
	ck_assert(engine_quiet(rig.engine));
	ck_assert_uint_eq(engine_count(rig.engine), 0);
	rig_assert_story(&rig, "x", FAILED_IN_NOTIFY);
}
END_TEST

/* ---- what cannot be redriven ---- */

static void
assert_refused(const char *name, const char *cause)
{
	struct error error;
	size_t count = fake_find(&rig.journal, "x")->count;

	ck_assert(!rig_redrive(&rig, "x", &error));
	ck_assert_str_eq(error.name, name);
	ck_assert_str_eq(error.cause, cause);
	ck_assert_uint_eq(fake_find(&rig.journal, "x")->count, count);
}

START_TEST(only_what_failed_is_redriven)
{
	fail_in_notify(&rig);
	redrive(&rig, "x");
	assert_refused("Daemon.NotFailed", "it is running");
	rig_succeed_next(&rig, "1");
	assert_refused("Daemon.NotFailed", "it is SUCCEEDED");
}
END_TEST

START_TEST(a_history_that_cannot_be_read)
{
	fail_in_notify(&rig);
	fake_find(&rig.journal, "x")->events[4].event.id = 9;
	assert_refused("Daemon.BadHistory", "event 9 where 5 belongs");
	ck_assert_uint_eq(engine_count(rig.engine), 0);
}
END_TEST

START_TEST(a_history_that_is_not_there)
{
	const struct standing failed = { .status = STATUS_FAILED };
	struct error error;

	ck_assert(!engine_redrive(
	    rig.engine, "x", &failed, NULL, 0, "redrive:test", &error));
	ck_assert_str_eq(error.name, "Daemon.BadHistory");
	ck_assert_uint_eq(engine_count(rig.engine), 0);
}
END_TEST

static void
mistake_first_for(enum event_type type)
{
	fake_find(&rig.journal, "x")->events[0].event.type = type;
}

/* One that could not be resumed, and can be now. */
static void
fail_to_resume(size_t at)
{
	rig_start(&rig, "x");
	rig_succeed_next(&rig, "1");
	fake_keep(&rig.journal, "x", at);
	mistake_first_for(EVENT_STATE_ENTERED);
	rig_restart(&rig);
	mistake_first_for(EVENT_EXECUTION_STARTED);
	redrive(&rig, "x");
	rig_settle(&rig);
}

START_TEST(from_between_two_states)
{
	fail_to_resume(5);
	rig_assert_story(&rig, "x",
	    "started >Delete scheduled ok <Delete FAILED(Daemon.BadHistory) "
	    "redriven >Lookup scheduled");
}
END_TEST

START_TEST(from_before_the_first_task)
{
	fail_to_resume(2);
	rig_assert_story(&rig, "x",
	    "started >Delete FAILED(Daemon.BadHistory) redriven scheduled");
}
END_TEST

START_TEST(from_before_the_first_state)
{
	fail_to_resume(1);
	rig_assert_story(&rig, "x",
	    "started FAILED(Daemon.BadHistory) redriven >Delete scheduled");
	rig_done(&rig);
	rig_init(&rig);
	rig_start(&rig, "x");
	rig_settle(&rig);
	fake_keep(&rig.journal, "x", 1);
	rig_restart(&rig);
	rig_assert_story(&rig, "x", "started >Delete scheduled");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("machine/redrive");
	TCase *on = tcase_create("on");
	TCase *not = tcase_create("not");

	tcase_add_checked_fixture(on, set_up, tear_down);
	tcase_add_test(on, it_goes_on_where_it_failed);
	tcase_add_test(on, who_redrove_it_is_recorded);
	tcase_add_test(on, its_counters_begin_anew);
	tcase_add_test(on, it_waits_for_the_commit);
	tcase_add_test(on, its_intent_stays_valid);
	tcase_add_test(on, it_queues_for_its_lane);
	tcase_add_test(on, nothing_starts_while_draining);
	tcase_add_test(on, the_store_cannot_keep_it);
	tcase_add_test(on, from_between_two_states);
	tcase_add_test(on, from_before_the_first_task);
	tcase_add_test(on, from_before_the_first_state);
	suite_add_tcase(suite, on);
	tcase_add_checked_fixture(not, set_up, tear_down);
	tcase_add_test(not, only_what_failed_is_redriven);
	tcase_add_test(not, a_history_that_cannot_be_read);
	tcase_add_test(not, a_history_that_is_not_there);
	suite_add_tcase(suite, not );
	return suite;
}
