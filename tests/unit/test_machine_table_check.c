/* SPDX-License-Identifier: Apache-2.0 */
/* A sound table, and each of the ways in which one is not, one by one. */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "machine/table.h"
#include "machine/task.h"
#include "unit/unit.h"

/* A sound table to be spoilt: First -> Second -> end, and a catch from First
 * to Third. */
struct bench {
	struct task task;
	struct retrier retry[6];
	struct catcher catch[3];
	struct state states[3];
	struct machine machine;
};

static void *
start(void *context, struct run *run)
{
	(void)run;
	return context;
}

static void
cancel(void *attempt)
{
	(void)attempt;
}

static void
set_up(struct bench *bench)
{
	static const struct retrier retry = { { "A.B", "Class.Throttled" }, 1,
		2.0, 10, 3, JITTER_FULL };
	static const struct catcher catch = { { "States.ALL" }, 2, "$.error",
		NULL, false };
	struct state state = { .task = &bench->task,
		.timeout_seconds = 15,
		.next = STATE_END,
		.result_path = "$.result" };

	*bench = (struct bench){ 0 };
	bench->task =
	    (struct task){ "a:b", "arn:a:b", "A", start, NULL, cancel };
	bench->retry[0] = retry;
	bench->catch[0] = catch;
	for (int i = 0; i < 3; i++)
		bench->states[i] = state;
	bench->states[0].name = "First";
	bench->states[0].next = 1;
	bench->states[0].retry = bench->retry;
	bench->states[0].catch = bench->catch;
	bench->states[1].name = "Second";
	bench->states[2].name = "Third";
	bench->machine = (struct machine){
		.name = "bench", .states = bench->states, .count = 3
	};
}

/* Spoils a sound table by a statement about `b`; it must be refused, with a
 * cause. */
#define REFUSED(change, because)                                               \
	do {                                                                   \
		struct bench b;                                                \
		struct error error = { 0 };                                    \
		set_up(&b);                                                    \
		change;                                                        \
		ck_assert(!table_check(&b.machine, &error));                   \
		ck_assert_str_eq(error.name, "Daemon.BadTable");               \
		ck_assert_str_eq(error.cause, because);                        \
	} while (0)

/* As REFUSED, but it stays sound. */
#define ACCEPTED(change)                                                       \
	do {                                                                   \
		struct bench b;                                                \
		struct error error = { 0 };                                    \
		set_up(&b);                                                    \
		change;                                                        \
		ck_assert_msg(                                                 \
		    table_check(&b.machine, &error), "%s", error.cause);       \
	} while (0)

START_TEST(sound_tables)
{
	ACCEPTED((void)b);
	ACCEPTED(b.states[0].retry = NULL);
	ACCEPTED(b.states[0].result_path = "$");
	ACCEPTED(b.states[0].result_path = "$.a-B_9");
	ACCEPTED(b.states[0].result_path = "$._");
	ACCEPTED(b.retry[0] = ((struct retrier){
		     { "States.ALL" }, 0, 0, 0, 0, JITTER_NONE }));
	ACCEPTED(b.retry[0].error_equals[2] = "States.TaskFailed";
		 b.retry[0].error_equals[3] = "States.Timeout");
	ACCEPTED(b.machine.start_at = 1; b.states[1].next = 0;
		 b.states[0].next = STATE_END);
}
END_TEST

START_TEST(the_machine)
{
	REFUSED(b.machine.name = NULL, "the machine has no name");
	REFUSED(b.machine.name = "", "the machine has no name");
	REFUSED(b.machine.states = NULL, "bench has no states");
	REFUSED(b.machine.count = 0, "bench has no states");
	REFUSED(b.machine.start_at = 3, "bench starts nowhere");
	REFUSED(b.machine.start_at = -1, "bench starts nowhere");
}
END_TEST

START_TEST(names)
{
	char lengthy[] = "123456789 123456789 123456789 123456789 "
			 "123456789 123456789 123456789 123456789 x";

	REFUSED(b.states[1].name = NULL, "state 1 has no name");
	REFUSED(b.states[1].name = "", "state 1 has no name");
	REFUSED(
	    b.states[2].name = "First", "First: another state has that name");
	REFUSED(b.states[1].name = lengthy,
	    "123456789 123456789 123456789 123456789 123456789 123456789 "
	    "123456789 123456789 x: its name has more than 80 characters");
	lengthy[80] = '\0';
	ACCEPTED(b.states[1].name = lengthy);
}
END_TEST

START_TEST(ways)
{
	REFUSED(b.states[0].next = 3, "First: it leads nowhere");
	REFUSED(b.states[0].next = -2, "First: it leads nowhere");
	REFUSED(b.catch[0].next = STATE_END, "First: a catcher leads nowhere");
	REFUSED(b.catch[0].next = 3, "First: a catcher leads nowhere");
	REFUSED(b.states[0].catch = NULL, "Third: nothing leads to it");
	REFUSED(b.states[0].next = 2, "Second: nothing leads to it");
	REFUSED(b.states[1].next = 0;
		b.states[2].next = 1, "no state ends the machine");
}
END_TEST

START_TEST(times)
{
	REFUSED(b.states[1].timeout_seconds = 0,
	    "Second: TimeoutSeconds is out of range");
	REFUSED(b.states[1].timeout_seconds = 99999999,
	    "Second: TimeoutSeconds is out of range");
}
END_TEST

START_TEST(tasks)
{
	REFUSED(b.states[0].task = NULL, "First: it has no task");
	REFUSED(b.task.resource = NULL, "First: its task has no resource");
	REFUSED(b.task.asl_resource = NULL, "First: its task has no resource");
	REFUSED(
	    b.task.start = NULL, "First: its task does not start or cancel");
	REFUSED(
	    b.task.cancel = NULL, "First: its task does not start or cancel");
}
END_TEST

START_TEST(paths)
{
	static const char *const bad[] = { NULL, "", "x", "x.y", "$.", "$x",
		"$.a.b", "$.a b", "$$", "$[0]", "$.1", "$.-a" };

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		REFUSED(b.states[0].result_path = bad[i],
		    "First: ResultPath is not \"$\" or \"$.name\"");
		REFUSED(b.catch[0].result_path = bad[i],
		    "First: a catcher's ResultPath is not \"$\" or "
		    "\"$.name\"");
	}
}
END_TEST

START_TEST(error_names)
{
	REFUSED(
	    b.retry[0].error_equals[1] = "", "First: \"\" matches no error");
	REFUSED(b.retry[0].error_equals[1] = "States.Runtime",
	    "First: \"States.Runtime\" matches no error");
	REFUSED(b.retry[0].error_equals[1] = "States.All",
	    "First: \"States.All\" matches no error");
	REFUSED(b.catch[0].error_equals[0] = "Class.Throtled",
	    "First: \"Class.Throtled\" matches no error");
}
END_TEST

START_TEST(all_stands_alone_and_last)
{
	REFUSED(b.retry[0].error_equals[0] = "States.ALL",
	    "First: States.ALL stands alone");
	REFUSED(b.retry[0].error_equals[1] = "States.ALL",
	    "First: States.ALL stands alone");
	REFUSED(
	    b.retry[1] = b.retry[0]; b.retry[0].error_equals[0] = "States.ALL";
	    b.retry[0].error_equals[1] = NULL, "First: States.ALL comes last");
	REFUSED(b.catch[1] = b.catch[0]; b.catch[1].error_equals[0] = "A.B",
		"First: States.ALL comes last");
	ACCEPTED(b.catch[1] = b.catch[0]; b.catch[0].error_equals[0] = "A.B");
}
END_TEST

START_TEST(holds)
{
	ACCEPTED(b.states[0].held = "Response.Held");
	REFUSED(b.states[0].held = "", "First: \"\" holds nothing");
	REFUSED(b.states[0].held = "States.ALL",
	    "First: \"States.ALL\" holds nothing");
	REFUSED(b.states[0].held = "Class.Transient",
	    "First: \"Class.Transient\" holds nothing");
}
END_TEST

START_TEST(redrives)
{
	ACCEPTED(b.machine.redrive.interval_seconds = 300;
		 b.machine.redrive.backoff_rate = 2.0;
		 b.machine.redrive.max_delay_seconds = 3600;
		 b.catch[0].again = true);
	REFUSED(b.catch[0].again = true,
	    "First: a catcher says again, but nothing is redriven");
	REFUSED(b.machine.redrive.interval_seconds = -1,
	    "redrive: IntervalSeconds is out of range");
	REFUSED(b.machine.redrive.error_equals[0] = "A.B",
	    "redrive: it is by no error");
	REFUSED(b.machine.redrive.max_attempts = 1,
	    "redrive: MaxAttempts is not given");
	REFUSED(b.machine.redrive.jitter = JITTER_FULL,
	    "redrive: JitterStrategy is not given");
}
END_TEST

START_TEST(retriers)
{
	REFUSED(b.retry[0].interval_seconds = -1,
	    "First: IntervalSeconds is out of range");
	REFUSED(b.retry[0].interval_seconds = 99999999,
	    "First: IntervalSeconds is out of range");
	REFUSED(
	    b.retry[0].backoff_rate = 0.9, "First: BackoffRate is under 1.0");
	REFUSED(
	    b.retry[0].backoff_rate = NAN, "First: BackoffRate is under 1.0");
	REFUSED(b.retry[0].max_delay_seconds = -1,
	    "First: MaxDelaySeconds is out of range");
	REFUSED(b.retry[0].max_delay_seconds = 31622401,
	    "First: MaxDelaySeconds is out of range");
	REFUSED(
	    b.retry[0].max_attempts = -1, "First: MaxAttempts is out of range");
	REFUSED(b.retry[0].max_attempts = 99999999,
	    "First: MaxAttempts is out of range");
	REFUSED(b.retry[0].jitter = (enum jitter)7,
	    "First: JitterStrategy is unknown");
	REFUSED(for (int i = 1; i < 5; i++) b.retry[i] = b.retry[0],
	    "First: more than 4 retriers");
	ACCEPTED(for (int i = 1; i < 4; i++) b.retry[i] = b.retry[0]);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("machine/table_check");
	TCase *check = tcase_create("check");

	tcase_add_test(check, sound_tables);
	tcase_add_test(check, the_machine);
	tcase_add_test(check, names);
	tcase_add_test(check, ways);
	tcase_add_test(check, times);
	tcase_add_test(check, tasks);
	tcase_add_test(check, paths);
	tcase_add_test(check, error_names);
	tcase_add_test(check, all_stands_alone_and_last);
	tcase_add_test(check, retriers);
	tcase_add_test(check, holds);
	tcase_add_test(check, redrives);
	suite_add_tcase(suite, check);
	return suite;
}
