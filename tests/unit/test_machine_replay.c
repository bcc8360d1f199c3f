/* SPDX-License-Identifier: Apache-2.0 */
/* Histories: where each prefix of one stands, and those that cannot be. */
#include "machine/replay.h"

#include <string.h>

#include "unit/machine_rig.h"
#include "unit/unit.h"

#define MOST 32

/* A history in the making. */
static struct event events[MOST];
static size_t count;
static struct error errors[MOST];

static void
set_up(void)
{
	count = 0;
	memset(events, 0, sizeof events);
}

static struct event *
add(enum event_type type, const char *state, const char *data)
{
	struct event *event = &events[count++];

	*event = (struct event){ .id = (int64_t)count,
		.wall_ms = 1000 * (int64_t)count,
		.type = type,
		.state = state,
		.resource = "test",
		.data = data };
	return event;
}

static void
add_failure(const char *state, const char *name, enum error_class class)
{
	struct event *event = add(EVENT_TASK_FAILED, state, NULL);

	error_set_class(&errors[count - 1], class, name, "for the test");
	event->error = &errors[count - 1];
}

static struct replay
read(void)
{
	struct replay past;
	struct error error = { 0 };

	ck_assert_msg(replay_read(&rig_machine, events, count, &past, &error),
	    "%s", error.cause);
	return past;
}

static void
assert_bad(const char *name, const char *cause)
{
	struct replay past;
	struct error error;

	ck_assert(!replay_read(&rig_machine, events, count, &past, &error));
	ck_assert_str_eq(error.name, name);
	ck_assert_str_eq(error.cause, cause);
}

/* Up to within the first attempt of Delete. */
static void
begin(void)
{
	add(EVENT_EXECUTION_STARTED, NULL, "{}");
	add(EVENT_STATE_ENTERED, "Delete", NULL);
	add(EVENT_TASK_SCHEDULED, "Delete", NULL);
}

START_TEST(each_step_of_a_visit)
{
	add(EVENT_EXECUTION_STARTED, NULL, "{}");
	ck_assert_int_eq(read().phase, PHASE_STARTED);
	ck_assert_int_eq(read().state, -1);
	ck_assert_int_eq(read().received_ms, 1000);
	ck_assert_str_eq(read().origin, "test");
	add(EVENT_STATE_ENTERED, "Delete", NULL);
	ck_assert_int_eq(read().phase, PHASE_ENTERED);
	ck_assert_int_eq(read().state, DELETE);
	ck_assert_int_eq(read().entered_id, 2);
	ck_assert_str_eq(read().input, "{}");
	ck_assert(!read().scheduled);
	add(EVENT_TASK_SCHEDULED, "Delete", NULL);
	ck_assert_int_eq(read().phase, PHASE_INSIDE);
	ck_assert(read().scheduled);
	add(EVENT_TASK_STARTED, "Delete", NULL);
	ck_assert_int_eq(read().phase, PHASE_INSIDE);
	ck_assert_ptr_null(read().intent);
	add(EVENT_TASK_SUBMITTED, "Delete", "[1]");
	ck_assert_int_eq(read().phase, PHASE_INSIDE);
	ck_assert_str_eq(read().intent, "[1]");
	add(EVENT_TASK_SUBMITTED, "Delete", "[2]");
	ck_assert_str_eq(read().intent, "[2]");
	add(EVENT_TASK_SUCCEEDED, "Delete", "7");
	ck_assert_int_eq(read().phase, PHASE_SUCCEEDED);
	ck_assert_str_eq(read().result, "7");
	add(EVENT_STATE_EXITED, "Delete", "{\"deletion\":7}");
	ck_assert_int_eq(read().phase, PHASE_EXITED);
	ck_assert_int_eq(read().next, LOOKUP);
	ck_assert_str_eq(read().input, "{\"deletion\":7}");
	add(EVENT_STATE_ENTERED, "Lookup", NULL);
	ck_assert_int_eq(read().state, LOOKUP);
	ck_assert_ptr_null(read().intent);
	ck_assert(!read().scheduled);
}
END_TEST

START_TEST(counters_are_those_of_the_visit)
{
	begin();
	for (int i = 1; i <= 3; i++) {
		add_failure("Delete", "IAM.Throttling", CLASS_THROTTLED);
		ck_assert_int_eq(read().phase, PHASE_FAILED);
		ck_assert_int_eq(read().retrier, 0);
		ck_assert_int_eq(read().fired[0], i);
		add(EVENT_TASK_SCHEDULED, "Delete", NULL);
	}
	add_failure("Delete", REPLAY_RESTARTED, CLASS_NONE);
	ck_assert_int_eq(read().retrier, -1);
	ck_assert_int_eq(read().fired[0], 3);
	add(EVENT_TASK_SCHEDULED, "Delete", NULL);
	add(EVENT_TASK_STARTED, "Delete", NULL);
	add_failure("Delete", "States.Timeout", CLASS_NONE);
	events[count - 1].type = EVENT_TASK_TIMED_OUT;
	ck_assert_int_eq(read().retrier, 1);
	ck_assert_int_eq(read().fired[1], 1);
	add(EVENT_TASK_SCHEDULED, "Delete", NULL);
	add_failure("Delete", "IAM.Throttling", CLASS_THROTTLED);
	ck_assert_int_eq(read().retrier, -1);
	ck_assert_int_eq(read().fired[0], 3);
	ck_assert_str_eq(read().error->name, "IAM.Throttling");
	add(EVENT_STATE_EXITED, "Delete", "{}");
	ck_assert_int_eq(read().next, NOTIFY);
	add(EVENT_STATE_ENTERED, "Notify", NULL);
	ck_assert_int_eq(read().fired[0], 0);
	ck_assert_int_eq(read().fired[1], 0);
}
END_TEST

/* It has failed: what it was about to do is forgotten, what it has done not. */
START_TEST(a_history_that_was_redriven)
{
	begin();
	add(EVENT_TASK_SUBMITTED, "Delete", "[1]");
	add_failure("Delete", "IAM.Throttling", CLASS_THROTTLED);
	add_failure(NULL, "Daemon.BadHistory", CLASS_NONE);
	events[count - 1].type = EVENT_EXECUTION_FAILED;
	assert_bad("Daemon.BadHistory", "it has ended");
	add(EVENT_EXECUTION_REDRIVEN, NULL, NULL);
	ck_assert_int_eq(read().phase, PHASE_ENTERED);
	ck_assert_int_eq(read().state, DELETE);
	ck_assert_int_eq(read().entered_id, 2);
	ck_assert_int_eq(read().fired[0], 0);
	ck_assert_int_eq(read().failures, 1);
	ck_assert_str_eq(read().intent, "[1]");
	ck_assert_str_eq(read().input, "{}");
	ck_assert(!read().scheduled);
	add(EVENT_STATE_ENTERED, "Delete", NULL);
	assert_bad(
	    "Daemon.BadHistory", "event 8 (TaskStateEntered) is not complete");
}
END_TEST

/* Before it had entered any state. */
START_TEST(a_history_that_was_redriven_at_its_start)
{
	add(EVENT_EXECUTION_STARTED, NULL, "{}");
	add_failure(NULL, "Daemon.BadHistory", CLASS_NONE);
	events[count - 1].type = EVENT_EXECUTION_FAILED;
	add(EVENT_EXECUTION_REDRIVEN, NULL, NULL);
	ck_assert_int_eq(read().phase, PHASE_STARTED);
	ck_assert_int_eq(read().state, -1);
	add(EVENT_TASK_SCHEDULED, "Delete", NULL);
	assert_bad(
	    "Daemon.BadHistory", "event 4 (TaskScheduled) is not complete");
}
END_TEST

START_TEST(a_history_that_was_held)
{
	begin();
	add_failure("Delete", "Hold.On", CLASS_THROTTLED);
	ck_assert_int_eq(read().phase, PHASE_FAILED);
	ck_assert_int_eq(read().retrier, -1);
	ck_assert_int_eq(read().fired[0], 0);
	add(EVENT_EXECUTION_REDRIVEN, NULL, NULL);
	ck_assert_int_eq(read().phase, PHASE_ENTERED);
	ck_assert_int_eq(read().failures, 0);
	ck_assert(read().scheduled);
}
END_TEST

START_TEST(a_history_that_is_being_stopped)
{
	begin();
	add_failure("Delete", "Daemon.Stopped", CLASS_NONE);
	events[count - 1].type = EVENT_STATE_ABORTED;
	ck_assert_int_eq(read().phase, PHASE_ABORTED);
	ck_assert_str_eq(read().error->name, "Daemon.Stopped");
	add(EVENT_TASK_SCHEDULED, "Delete", NULL);
	assert_bad(
	    "Daemon.BadHistory", "event 5 (TaskScheduled) is out of place");
}
END_TEST

/* Once by such a catcher is enough. */
START_TEST(a_history_that_says_again)
{
	begin();
	ck_assert(!read().again);
	add_failure("Delete", "Come.Back", CLASS_NONE);
	add(EVENT_STATE_EXITED, "Delete", "{}");
	ck_assert(read().again);
	add(EVENT_STATE_ENTERED, "Notify", NULL);
	add(EVENT_TASK_SCHEDULED, "Notify", NULL);
	add(EVENT_TASK_SUCCEEDED, "Notify", "1");
	add(EVENT_STATE_EXITED, "Notify", "{}");
	ck_assert(read().again);
}
END_TEST

/* Nor does a catcher after it take that back. */
START_TEST(a_history_that_said_again_before)
{
	static const struct catcher first[] = {
		{ { "States.ALL" }, 1, "$.a", NULL, true },
		{ .error_equals = { NULL } },
	};
	static const struct catcher second[] = {
		{ { "States.ALL" }, 2, "$.b", NULL, false },
		{ .error_equals = { NULL } },
	};
	static const struct state states[] = {
		{ .name = "First", .catch = first },
		{ .name = "Second", .catch = second },
		{ .name = "Third" },
	};
	static const struct machine machine = { .states = states, .count = 3 };
	struct replay past;

	add(EVENT_EXECUTION_STARTED, NULL, "{}");
	for (int i = 0; i < 2; i++) {
		add(EVENT_STATE_ENTERED, states[i].name, NULL);
		add(EVENT_TASK_SCHEDULED, states[i].name, NULL);
		add_failure(states[i].name, "A.B", CLASS_NONE);
		add(EVENT_STATE_EXITED, states[i].name, "{}");
	}
	ck_assert(replay_read(&machine, events, count, &past, NULL));
	ck_assert_int_eq(past.next, 2);
	ck_assert(past.again);
}
END_TEST

/* A state that the table has lost matters only while one is in it. */
START_TEST(states_of_an_older_table)
{
	add(EVENT_EXECUTION_STARTED, NULL, "{}");
	add(EVENT_STATE_ENTERED, "Quarantine", NULL);
	assert_bad("Daemon.UnknownState",
	    "the table no longer leads on from Quarantine");
	add(EVENT_TASK_SCHEDULED, "Quarantine", NULL);
	add_failure("Quarantine", "IAM.X", CLASS_NONE);
	assert_bad("Daemon.UnknownState",
	    "the table no longer leads on from Quarantine");
	add(EVENT_STATE_EXITED, "Quarantine", "{}");
	assert_bad("Daemon.UnknownState",
	    "the table no longer leads on from Quarantine");
	add(EVENT_STATE_ENTERED, "Notify", NULL);
	ck_assert_int_eq(read().state, NOTIFY);
}
END_TEST

START_TEST(a_catcher_that_the_table_has_lost)
{
	add(EVENT_EXECUTION_STARTED, NULL, "{}");
	add(EVENT_STATE_ENTERED, "Lookup", NULL);
	add(EVENT_TASK_SCHEDULED, "Lookup", NULL);
	add_failure("Lookup", "No.Longer.Caught", CLASS_NONE);
	add(EVENT_STATE_EXITED, "Lookup", "{}");
	assert_bad(
	    "Daemon.UnknownState", "the table no longer leads on from Lookup");
	add(EVENT_STATE_ENTERED, "Notify", NULL);
	ck_assert_int_eq(read().state, NOTIFY);
}
END_TEST

/* ---- what the engine cannot have written ---- */

START_TEST(no_events)
{
	assert_bad("Daemon.BadHistory", "no events");
}
END_TEST

START_TEST(a_gap)
{
	begin();
	events[1].id = 3;
	assert_bad("Daemon.BadHistory", "event 3 where 2 belongs");
}
END_TEST

START_TEST(out_of_place)
{
	begin();
	events[2].type = EVENT_TASK_SUCCEEDED;
	assert_bad(
	    "Daemon.BadHistory", "event 3 (TaskSucceeded) is out of place");
	events[0].type = EVENT_STATE_ENTERED;
	assert_bad(
	    "Daemon.BadHistory", "event 1 (TaskStateEntered) is out of place");
}
END_TEST

START_TEST(incomplete)
{
	begin();
	add(EVENT_TASK_SUBMITTED, "Delete", NULL);
	assert_bad(
	    "Daemon.BadHistory", "event 4 (TaskSubmitted) is not complete");
	events[3].type = EVENT_TASK_FAILED;
	assert_bad("Daemon.BadHistory", "event 4 (TaskFailed) is not complete");
	events[0].data = NULL;
	assert_bad(
	    "Daemon.BadHistory", "event 1 (ExecutionStarted) is not complete");
}
END_TEST

START_TEST(of_another_state)
{
	begin();
	events[2].state = "Lookup";
	assert_bad(
	    "Daemon.BadHistory", "event 3 (TaskScheduled) is not complete");
	events[2].state = NULL;
	assert_bad(
	    "Daemon.BadHistory", "event 3 (TaskScheduled) is not complete");
	events[0].state = "Delete";
	assert_bad(
	    "Daemon.BadHistory", "event 1 (ExecutionStarted) is not complete");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("machine/replay");
	TCase *good = tcase_create("good");
	TCase *bad = tcase_create("bad");

	tcase_add_checked_fixture(good, set_up, NULL);
	tcase_add_test(good, each_step_of_a_visit);
	tcase_add_test(good, counters_are_those_of_the_visit);
	tcase_add_test(good, a_history_that_was_redriven);
	tcase_add_test(good, a_history_that_was_redriven_at_its_start);
	tcase_add_test(good, a_history_that_was_held);
	tcase_add_test(good, a_history_that_is_being_stopped);
	tcase_add_test(good, a_history_that_says_again);
	tcase_add_test(good, a_history_that_said_again_before);
	tcase_add_test(good, states_of_an_older_table);
	tcase_add_test(good, a_catcher_that_the_table_has_lost);
	suite_add_tcase(suite, good);
	tcase_add_checked_fixture(bad, set_up, NULL);
	tcase_add_test(bad, no_events);
	tcase_add_test(bad, a_gap);
	tcase_add_test(bad, out_of_place);
	tcase_add_test(bad, incomplete);
	tcase_add_test(bad, of_another_state);
	suite_add_tcase(suite, bad);
	return suite;
}
