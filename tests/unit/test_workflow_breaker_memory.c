/* SPDX-License-Identifier: Apache-2.0 */
/* What the breaker still knows after a restart. */
#include <string.h>

#include "fake/fake_loop.h"
#include "loop/loop.h"
#include "unit/breaker_world.h"
#include "util/clock.h"

START_TEST(a_restart_tells_under_the_same_name)
{
	ck_assert_int_eq(allowed(OWN), MAX);
	fake_loop_pass(loop, MINUTES(1));
	breaker_restarts();
	fake_loop_pass(loop, MINUTES(1));
	breaker_restarts();
	ck_assert_uint_eq(engine.told_count, 2);
	ck_assert_str_eq(engine.told[0], engine.told[1]);
	ck_assert(health.reason[HEALTH_BREAKER].bad);
	ck_assert(!allow(OWN));
}
END_TEST

/* Not why something else would be held now. */
START_TEST(it_says_by_which_limit_it_tripped)
{
	const struct breaker_settings others = { 100, HOURS(1), HOURS(1) };
	const char *cause = health.reason[HEALTH_BREAKER].error.cause;
	const char expected[] = "more than 3 keys of account " OWN " in 10min:";

	ck_assert_int_eq(allowed(OWN), MAX);
	breaker_set(breaker, &others);
	ck_assert_int_eq(strncmp(cause, expected, strlen(expected)), 0);
	breaker_restarts();
	breaker_set(breaker, &others);
	ck_assert_int_eq(strncmp(cause, expected, strlen(expected)), 0);
}
END_TEST

START_TEST(the_time_goes_on_over_a_restart)
{
	ck_assert_int_eq(allowed(OWN), MAX);
	fake_loop_pass(loop, MINUTES(50));
	hold(OWN);
	breaker_restarts();
	ck_assert_uint_eq(engine.count, 1);
	fake_loop_pass(loop, MINUTES(10) - 1);
	ck_assert_uint_eq(engine.count, 1);
	fake_loop_pass(loop, 1);
	ck_assert_uint_eq(engine.count, 0);
}
END_TEST

START_TEST(what_nothing_holds_goes_on_at_a_restart)
{
	hold(OWN);
	breaker_restarts();
	ck_assert_uint_eq(engine.count, 0);
	ck_assert_str_eq(engine.by, "resume:restart");
}
END_TEST

START_TEST(deletions_before_a_restart_count)
{
	deleted(OWN, MINUTES(11));
	deleted(OWN, MINUTES(9));
	deleted("999999999999", MINUTES(1));
	breaker_restarts();
	ck_assert_int_eq(allowed(OWN), MAX - 2);
	ck_assert_int_eq(
	    store.since_ms, clock_wall_ms(loop_clock(loop)) - HOURS(1));
}
END_TEST

START_TEST(what_a_resume_let_go_does_not_count_after_a_restart)
{
	ck_assert_int_eq(allowed(OWN), MAX);
	for (int i = 0; i < 3; i++)
		hold(OWN);
	deleted(OWN, 0);
	fake_loop_pass(loop, 1);
	ck_assert_int_eq(breaker_resume(breaker, OWN, "by"), 3);
	fake_loop_pass(loop, 1);
	deleted(OWN, 0);
	deleted(OWN, 0);
	breaker_restarts();
	ck_assert_int_eq(allowed(OWN), 1 + MAX);
	fake_loop_pass(loop, 1);
	ck_assert_int_eq(breaker_resume(breaker, OWN, "by"), 0);

	fake_loop_pass(loop, 1);
	deleted(OWN, 0);
	breaker_restarts();
	ck_assert_int_eq(allowed(OWN), MAX - 1);
}
END_TEST

static void
on_durable(void *arg, const struct error *error)
{
	ck_assert_ptr_null(error);
	++*(int *)arg;
}

START_TEST(a_resume_is_waited_for_until_it_is_durable)
{
	struct breaker_waiter waiter, other;
	int told = 0;

	ck_assert_int_eq(allowed(OWN), MAX);
	note_is_durable();
	ck_assert_int_eq(breaker_resume(breaker, NULL, "by"), 0);
	breaker_await(breaker, &waiter, on_durable, &told);
	breaker_await(breaker, &other, on_durable, &told);
	breaker_unawait(&other);
	ck_assert_int_eq(told, 0);
	note_is_durable();
	ck_assert_int_eq(told, 1);
}
END_TEST

START_TEST(an_old_resume_is_forgotten)
{
	ck_assert_int_eq(allowed(OWN), MAX);
	ck_assert_int_eq(breaker_resume(breaker, OWN, "by"), 0);
	breaker_restarts();
	ck_assert_ptr_nonnull(store.text);
	fake_loop_pass(loop, HOURS(1) + 1);
	breaker_restarts();
	ck_assert_ptr_null(store.text);
}
END_TEST

START_TEST(a_store_that_cannot_be_read_is_asked_again)
{
	ck_assert_int_eq(allowed(OWN), MAX);
	store.broken = true;
	ck_assert(!breaker_reads());
	store.broken = false;
	ck_assert(breaker_reads());
	ck_assert(!breaker_begun(breaker));
	breaker_begin(breaker, &engine);
	ck_assert(breaker_begun(breaker));
	ck_assert(!allow(OWN));
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("workflow/breaker_memory");
	TCase *tcase = tcase_create("breaker");

	tcase_add_checked_fixture(tcase, breaker_setup, breaker_teardown);
	tcase_add_test(tcase, a_restart_tells_under_the_same_name);
	tcase_add_test(tcase, it_says_by_which_limit_it_tripped);
	tcase_add_test(tcase, the_time_goes_on_over_a_restart);
	tcase_add_test(tcase, what_nothing_holds_goes_on_at_a_restart);
	tcase_add_test(tcase, deletions_before_a_restart_count);
	tcase_add_test(
	    tcase, what_a_resume_let_go_does_not_count_after_a_restart);
	tcase_add_test(tcase, a_resume_is_waited_for_until_it_is_durable);
	tcase_add_test(tcase, an_old_resume_is_forgotten);
	tcase_add_test(tcase, a_store_that_cannot_be_read_is_asked_again);
	suite_add_tcase(suite, tcase);
	return suite;
}
