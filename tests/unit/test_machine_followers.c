/* SPDX-License-Identifier: Apache-2.0 */
/* Histories: which event may follow which. */
#include <string.h>

#include "machine/replay.h"
#include "unit/machine_rig.h"
#include "unit/unit.h"

static struct event events[16];
static size_t count;

static bool
is_of_execution(enum event_type type)
{
	return type <= EVENT_EXECUTION_REDRIVEN;
}

/* Adds one of whatever type, as complete as it can be. */
static void
add_any(enum event_type type)
{
	static const struct error error = { .name = "A.B" };

	events[count] = (struct event){ .id = (int64_t)count + 1,
		.type = type,
		.state = is_of_execution(type) ? NULL : "Delete",
		.data = "{}",
		.error = &error };
	count++;
}

/* Whether an event of that type may stand next: 'x'; 'f': it may, but the
 * history has ended by that. */
static char
may_follow(enum event_type type)
{
	struct replay past;
	struct error error = { 0 };
	char may = '-';

	add_any(type);
	if (replay_read(&rig_machine, events, count, &past, &error))
		may = 'x';
	else if (strcmp(error.cause, "it has ended") == 0)
		may = 'f';
	count--;
	return may;
}

/* The full matrix: after each type, which may follow? */
START_TEST(which_follows_which)
{
	static const char follows[EVENT_TYPES][EVENT_TYPES + 1] = {
		/* by column: the follower, as in enum event_type */
		[EVENT_EXECUTION_STARTED] = "--f--x--------",
		[EVENT_EXECUTION_FAILED] = "----x---------",
		[EVENT_EXECUTION_REDRIVEN] = "--f----x-----x",
		[EVENT_STATE_ENTERED] = "--f----x-----x",
		[EVENT_TASK_SCHEDULED] = "--f-----xxxxxx",
		[EVENT_TASK_STARTED] = "--f------xxxxx",
		[EVENT_TASK_SUBMITTED] = "--f-----xxxxxx",
		[EVENT_TASK_SUCCEEDED] = "--f---x-------",
		[EVENT_TASK_FAILED] = "--f-x-xx-----x",
		[EVENT_TASK_TIMED_OUT] = "--f---xx-----x",
		[EVENT_STATE_EXITED] = "--f--x--------",
	};
	static const enum event_type way[] = { EVENT_EXECUTION_STARTED,
		EVENT_STATE_ENTERED, EVENT_TASK_SCHEDULED, EVENT_TASK_STARTED,
		EVENT_TASK_SUBMITTED, EVENT_TASK_FAILED, EVENT_TASK_SCHEDULED,
		EVENT_TASK_TIMED_OUT, EVENT_EXECUTION_FAILED,
		EVENT_EXECUTION_REDRIVEN, EVENT_TASK_SCHEDULED,
		EVENT_TASK_SUCCEEDED, EVENT_STATE_EXITED };

	for (size_t i = 0; i < sizeof way / sizeof way[0]; i++) {
		add_any(way[i]);
		for (int next = 0; next < EVENT_TYPES; next++)
			ck_assert_msg(may_follow((enum event_type)next) ==
				follows[way[i]][next],
			    "%s after %s",
			    event_type_name((enum event_type)next),
			    event_type_name(way[i]));
	}
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("machine/followers");
	TCase *followers = tcase_create("followers");

	tcase_add_test(followers, which_follows_which);
	suite_add_tcase(suite, followers);
	return suite;
}
