/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is told of, by a directory that is the test's own: it can say anything,
 * and hang.
 */
#include "control/who.h"

#include <pwd.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "unit/unit.h"

#define ASKERS 4

static struct loop *loop;
static struct who *who;
static struct who_asker askers[ASKERS];
static char told[ASKERS][512]; /* "": not yet */
static int awaited;            /* how many are still to be told */

/* What the directory says; it hangs until it may go. */
static const char *name;
static atomic_bool may_go;
static atomic_int asked;

int __real_getpwuid_r(uid_t uid, struct passwd *passwd, char *buffer,
    size_t len, struct passwd **ret);
int __wrap_getpwuid_r(uid_t uid, struct passwd *passwd, char *buffer,
    size_t len, struct passwd **ret);

int
__wrap_getpwuid_r(uid_t uid, struct passwd *passwd, char *buffer, size_t len,
    struct passwd **ret)
{
	(void)uid;
	(void)len;
	atomic_fetch_add(&asked, 1);
	while (!atomic_load(&may_go))
		sched_yield();
	*ret = NULL;
	if (name == NULL)
		return 0;
	strcpy(buffer, name);
	passwd->pw_name = buffer;
	*ret = passwd;
	return 0;
}

static void
setup(void)
{
	loop = loop_new();
	who = who_new(loop);
	memset(askers, 0, sizeof askers);
	memset(told, 0, sizeof told);
	awaited = 0;
	name = "alice";
	atomic_store(&may_go, true);
	atomic_store(&asked, 0);
}

static void
teardown(void)
{
	for (int i = 0; i < ASKERS; i++)
		who_unask(&askers[i]);
	atomic_store(&may_go, true);
	who_free(who);
	who_free(NULL);
	loop_free(loop);
}

static void
on_told(void *arg, const char *by)
{
	char *text = arg;

	ck_assert_str_eq(text, "");
	strcpy(text, by);
	if (--awaited == 0)
		loop_stop(loop);
}

static void
ask(int i, long uid)
{
	awaited++;
	told[i][0] = '\0';
	who_ask(who, "redrive", uid, 4711, &askers[i], on_told, told[i]);
	ck_assert_str_eq(told[i], "");
}

START_TEST(a_user_has_a_name)
{
	ask(0, 1000);
	loop_run(loop);
	ck_assert_str_eq(told[0], "redrive:uid=1000,user=alice,pid=4711");
}
END_TEST

START_TEST(a_name_that_is_not_known_is_left_out)
{
	name = NULL;
	ask(0, 1000);
	ask(1, -1);
	loop_run(loop);
	ck_assert_str_eq(told[0], "redrive:uid=1000,pid=4711");
	ck_assert_str_eq(told[1], "redrive:uid=-1,pid=4711");
}
END_TEST

/* It must not look like more than it is. */
START_TEST(a_name_that_could_be_misread_is_left_out)
{
	static char long_name[300];
	static const char *const bad[] = { "", "alice,pid=1", "al ice",
		"al\nice", "al\033[2Jice", "al\x7fice", "al\xffice",
		long_name };

	memset(long_name, 'a', sizeof long_name - 1);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		name = bad[i];
		ask(0, 1000);
		loop_run(loop);
		ck_assert_str_eq(told[0], "redrive:uid=1000,pid=4711");
	}
	name = "EXAMPLE\\zo\xc3\xab@example.com";
	ask(0, 1000);
	loop_run(loop);
	ck_assert_str_eq(told[0],
	    "redrive:uid=1000,user=EXAMPLE\\zo\xc3\xab@example.com,pid=4711");
}
END_TEST

START_TEST(users_are_looked_up_once_for_all_who_ask)
{
	atomic_store(&may_go, false);
	ask(0, 1000);
	ask(1, 1000);
	ask(2, 1001);
	atomic_store(&may_go, true);
	loop_run(loop);
	ck_assert_int_eq(atomic_load(&asked), 2);
	ck_assert_str_eq(told[1], "redrive:uid=1000,user=alice,pid=4711");
	ck_assert_str_eq(told[2], "redrive:uid=1001,user=alice,pid=4711");
}
END_TEST

/* The first waits for a second, the next not at all; once it has come back,
 * names are there again. */
START_TEST(a_directory_that_hangs_holds_nobody)
{
	struct loop_timer patience;

	atomic_store(&may_go, false);
	ask(0, 1000);
	loop_run(loop);
	ck_assert_str_eq(told[0], "redrive:uid=1000,pid=4711");
	loop_timer_init(&patience, loop, (loop_callback *)loop_stop, loop);
	loop_timer_set(&patience, 500);
	ask(1, 1000);
	ask(2, 1001);
	loop_run(loop);
	ck_assert(loop_timer_pending(&patience));
	loop_timer_done(&patience);
	ck_assert_str_eq(told[1], "redrive:uid=1000,pid=4711");
	ck_assert_str_eq(told[2], "redrive:uid=1001,pid=4711");
	ck_assert_int_eq(atomic_load(&asked), 1);

	atomic_store(&may_go, true);
	do {
		ask(3, 1000);
		loop_run(loop);
	} while (strstr(told[3], "alice") == NULL);
}
END_TEST

static void
never(void *arg, const char *by)
{
	(void)arg;
	ck_abort_msg("told: %s", by);
}

START_TEST(who_does_not_wait_is_not_told)
{
	who_ask(who, "stop", 1000, 1, &askers[0], never, NULL);
	ask(1, 1000);
	who_unask(&askers[0]);
	loop_run(loop);
	ck_assert_str_eq(told[1], "redrive:uid=1000,user=alice,pid=4711");
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		a_user_has_a_name,
		a_name_that_is_not_known_is_left_out,
		a_name_that_could_be_misread_is_left_out,
		users_are_looked_up_once_for_all_who_ask,
		a_directory_that_hangs_holds_nobody,
		who_does_not_wait_is_not_told,
	};
	Suite *suite = suite_create("control/who");
	TCase *tcase = tcase_create("who");

	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
