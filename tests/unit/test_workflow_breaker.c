/* SPDX-License-Identifier: Apache-2.0 */
/* How many deletions the breaker allows, whom it holds and for how long. */
#include "workflow/breaker.h"

#include <string.h>

#include "fake/fake_loop.h"
#include "unit/breaker_world.h"
#include "util/clock.h"
#include "util/doc.h"

/* ---- counting ---- */

START_TEST(one_more_than_allowed_trips_it)
{
	ck_assert_int_eq(allowed(OWN), MAX);
	ck_assert(health.reason[HEALTH_BREAKER].bad);
	ck_assert_str_eq(store.key, "breaker/" OWN);
}
END_TEST

START_TEST(the_window_slides)
{
	for (int i = 0; i < 30; i++) {
		ck_assert(allow(OWN));
		fake_loop_pass(loop, MINUTES(10) / MAX + 1);
	}
	ck_assert(!health.reason[HEALTH_BREAKER].bad);
}
END_TEST

START_TEST(accounts_are_apart)
{
	ck_assert_int_eq(allowed(OWN), MAX);
	ck_assert_int_eq(allowed(OTHER), MAX);
}
END_TEST

START_TEST(what_is_done_while_we_are_unknown_counts_for_all)
{
	ck_assert(allow(""));
	ck_assert(allow(OWN));
	ck_assert_int_eq(allowed(OTHER), MAX - 1);
	ck_assert(!allow(""));
	ck_assert_str_eq(store.key, "breaker/" OTHER);
}
END_TEST

START_TEST(a_trip_while_we_are_unknown_holds_all)
{
	ck_assert_int_eq(allowed(""), MAX);
	ck_assert_str_eq(store.key, "breaker/unknown");
	ck_assert(!allow(OWN));
	ck_assert_int_eq(breaker_resume(breaker, "unknown", "by"), 0);
	ck_assert_int_eq(allowed(OWN), MAX);
}
END_TEST

/* ---- telling ---- */

START_TEST(security_is_told_once_it_is_durable)
{
	ck_assert_int_eq(allowed(OWN), MAX);
	ck_assert_uint_eq(engine.told_count, 0);
	note_is_durable();
	ck_assert_uint_eq(engine.told_count, 1);
	ck_assert_int_eq(strncmp(engine.told[0], OWN "-Response.TooMany-",
			     strlen(OWN "-Response.TooMany-")),
	    0);
	ck_assert_uint_eq(
	    strlen(engine.told[0]), strlen(OWN "-Response.TooMany-") + 12);

	DOC_LATER struct json_object *input =
	    doc_parse(engine.input, strlen(engine.input), NULL);
	ck_assert_str_eq(
	    doc_string(input, "keyguard.Error"), "Response.TooMany");
	ck_assert_int_eq(doc_int(input, "keyguard.MaxPerWindow", 0), MAX);
	ck_assert_str_eq(doc_string(input, "keyguard.Window"), "10min");
	ck_assert_ptr_nonnull(doc_string(input, "keyguard.ResumeDate"));
}
END_TEST

/* Held they are all the same, and somebody has to let them go on. */
START_TEST(what_cannot_be_made_durable_is_told_as_well)
{
	struct error error;

	ck_assert_int_eq(allowed(OWN), MAX);
	error_set(&error, "Store.Io", "disk I/O error");
	store.done(store.arg, &error);
	ck_assert_uint_eq(engine.told_count, 1);
}
END_TEST

START_TEST(what_is_over_before_it_is_durable_is_not_told)
{
	store_done *done;
	void *arg;

	ck_assert_int_eq(allowed(OWN), MAX);
	done = store.done;
	arg = store.arg;
	ck_assert_int_eq(breaker_resume(breaker, NULL, "by"), 0);
	done(arg, NULL);
	ck_assert_uint_eq(engine.told_count, 0);
}
END_TEST

/* ---- going on ---- */

START_TEST(a_resume_lets_go_what_is_held_and_counts_anew)
{
	ck_assert_int_eq(allowed(OWN), MAX);
	for (int i = 0; i < 5; i++)
		hold(OWN);
	ck_assert_int_eq(breaker_resume(breaker, OWN, "resume:uid=0"), 5);
	ck_assert_uint_eq(engine.count, 0);
	ck_assert_str_eq(engine.by, "resume:uid=0");
	ck_assert(!health.reason[HEALTH_BREAKER].bad);
	ck_assert_int_eq(allowed(OWN), 5 + MAX);
}
END_TEST

START_TEST(nothing_tripped_is_nothing_resumed)
{
	ck_assert_int_eq(breaker_resume(breaker, NULL, "by"), -1);
	ck_assert_int_eq(allowed(OWN), MAX);
	ck_assert_int_eq(breaker_resume(breaker, OTHER, "by"), -1);
	ck_assert(!allow(OWN));
}
END_TEST

START_TEST(a_resume_is_of_one_account_or_of_all)
{
	ck_assert_int_eq(allowed(OWN), MAX);
	ck_assert_int_eq(allowed(OTHER), MAX);
	hold(OWN);
	hold(OTHER);
	hold(OWN);
	ck_assert_int_eq(breaker_resume(breaker, OWN, "by"), 2);
	ck_assert_uint_eq(engine.count, 1);
	ck_assert(health.reason[HEALTH_BREAKER].bad);
	ck_assert(!allow(OTHER));
	ck_assert_int_eq(allowed(OWN), 2 + MAX);
	hold(OWN);
	ck_assert_int_eq(breaker_resume(breaker, NULL, "by"), 2);
	ck_assert(!health.reason[HEALTH_BREAKER].bad);
}
END_TEST

/* An event may name any account; the key is one of ours all the same. */
START_TEST(what_is_filed_elsewhere_goes_on_as_well)
{
	ck_assert_int_eq(allowed(OWN), MAX);
	hold("999999999999");
	hold(NULL);
	ck_assert_int_eq(breaker_resume(breaker, OWN, "by"), 2);
}
END_TEST

/* ---- who waits until a resume cannot be forgotten ---- */

static struct breaker_waiter waiter;
static int kept, forgotten;

static void
on_kept(void *arg, const struct error *error)
{
	ck_assert_ptr_eq(arg, &waiter);
	if (error == NULL)
		kept++;
	else
		forgotten++;
}

/* Two accounts go on; each has a note of its own. */
static void
resume_two(void)
{
	kept = forgotten = 0;
	ck_assert_int_eq(allowed(OWN), MAX);
	ck_assert_int_eq(allowed(OTHER), MAX);
	ck_assert_int_eq(breaker_resume(breaker, NULL, "by"), 0);
	breaker_await(breaker, &waiter, on_kept, &waiter);
}

START_TEST(a_resume_is_kept_once_all_of_it_is)
{
	resume_two();
	store.before(store.before_arg, NULL);
	ck_assert_int_eq(kept, 0);
	note_is_durable();
	ck_assert_int_eq(kept, 1);
	ck_assert_int_eq(forgotten, 0);
}
END_TEST

START_TEST(a_resume_that_cannot_be_kept_is_said_to_be_forgotten)
{
	struct error error;

	resume_two();
	error_set(&error, "Store.Io", "disk I/O error");
	store.before(store.before_arg, &error);
	ck_assert_int_eq(forgotten, 1);
	note_is_durable();
	ck_assert_int_eq(kept + forgotten, 1);
}
END_TEST

START_TEST(who_waits_no_more_is_told_nothing)
{
	resume_two();
	breaker_unawait(&waiter);
	breaker_unawait(&waiter);
	store.before(store.before_arg, NULL);
	note_is_durable();
	ck_assert_int_eq(kept + forgotten, 0);
}
END_TEST

START_TEST(it_goes_on_by_itself)
{
	ck_assert_int_eq(allowed(OWN), MAX);
	hold(OWN);
	fake_loop_pass(loop, HOURS(1) - 1);
	ck_assert(!allow(OWN));
	ck_assert_uint_eq(engine.count, 1);
	fake_loop_pass(loop, 1);
	ck_assert_uint_eq(engine.count, 0);
	ck_assert_str_eq(engine.by, "resume:hold_timeout");
	ck_assert_int_eq(allowed(OWN), MAX);
	note_is_durable();
	ck_assert_uint_eq(engine.told_count, 1);
}
END_TEST

static void
assert_told_of(const char *account)
{
	ck_assert_ptr_nonnull(
	    strstr(health.reason[HEALTH_BREAKER].error.cause, account));
}

/* The first one that it has met is not the first one to go on. */
START_TEST(each_account_goes_on_in_its_time)
{
	ck_assert(allow(OWN));
	ck_assert_int_eq(allowed(OTHER), MAX);
	fake_loop_pass(loop, MINUTES(1));
	ck_assert_int_eq(allowed(OWN), MAX - 1);
	assert_told_of(OTHER);
	hold(OWN);
	hold(OTHER);
	fake_loop_pass(loop, HOURS(1) - MINUTES(1));
	ck_assert_uint_eq(engine.count, 1);
	ck_assert(!allow(OWN));
	assert_told_of(OWN);
	fake_loop_pass(loop, MINUTES(1));
	ck_assert_uint_eq(engine.count, 0);
	ck_assert(!health.reason[HEALTH_BREAKER].bad);
}
END_TEST

START_TEST(an_allowance_ends)
{
	ck_assert_int_eq(allowed(OWN), MAX);
	hold(OWN);
	ck_assert_int_eq(breaker_resume(breaker, OWN, "by"), 1);
	fake_loop_pass(loop, HOURS(1) + 1);
	ck_assert_int_eq(allowed(OWN), MAX);
}
END_TEST

START_TEST(settings_can_change)
{
	const struct breaker_settings fewer = { 1, MINUTES(10), MINUTES(2) };

	ck_assert(allow(OWN));
	breaker_set(breaker, &fewer);
	ck_assert(!allow(OWN));
	hold(OWN);
	fake_loop_pass(loop, MINUTES(2));
	ck_assert_uint_eq(engine.count, 0);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("workflow/breaker");
	TCase *tcase = tcase_create("breaker");

	tcase_add_checked_fixture(tcase, breaker_setup, breaker_teardown);
	tcase_add_test(tcase, one_more_than_allowed_trips_it);
	tcase_add_test(tcase, the_window_slides);
	tcase_add_test(tcase, accounts_are_apart);
	tcase_add_test(tcase, what_is_done_while_we_are_unknown_counts_for_all);
	tcase_add_test(tcase, a_trip_while_we_are_unknown_holds_all);
	tcase_add_test(tcase, security_is_told_once_it_is_durable);
	tcase_add_test(tcase, what_cannot_be_made_durable_is_told_as_well);
	tcase_add_test(tcase, what_is_over_before_it_is_durable_is_not_told);
	tcase_add_test(tcase, a_resume_lets_go_what_is_held_and_counts_anew);
	tcase_add_test(tcase, nothing_tripped_is_nothing_resumed);
	tcase_add_test(tcase, a_resume_is_of_one_account_or_of_all);
	tcase_add_test(tcase, what_is_filed_elsewhere_goes_on_as_well);
	tcase_add_test(tcase, a_resume_is_kept_once_all_of_it_is);
	tcase_add_test(
	    tcase, a_resume_that_cannot_be_kept_is_said_to_be_forgotten);
	tcase_add_test(tcase, who_waits_no_more_is_told_nothing);
	tcase_add_test(tcase, it_goes_on_by_itself);
	tcase_add_test(tcase, each_account_goes_on_in_its_time);
	tcase_add_test(tcase, an_allowance_ends);
	tcase_add_test(tcase, settings_can_change);
	suite_add_tcase(suite, tcase);
	return suite;
}
