/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A line of what is due: who is taken up when, and who is not.
 */
#include "workflow/due_line.h"

#include <stdlib.h>
#include <string.h>

#include "fake/fake_loop.h"
#include "unit/due_world.h"
#include "util/clock.h"

#define NOW FAKE_LOOP_EPOCH_MS

#define TAKEN(n, name)                                                         \
	do {                                                                   \
		ck_assert_uint_eq(world.takes, n);                             \
		ck_assert_str_eq(world.taken[(n)-1], name);                    \
	} while (0)

START_TEST(takes_the_next_when_the_one_before_is_durable)
{
	due_row("a", NOW - 1);
	due_row("b", NOW);
	due_begin();
	TAKEN(1, "a");
	due_durable("x", STATUS_RUNNING, 0);
	TAKEN(1, "a");
	due_durable("a", STATUS_RUNNING, 0);
	TAKEN(2, "b");
}
END_TEST

START_TEST(sleeps_until_one_is_due)
{
	due_row("a", NOW + MINUTES(5));
	due_begin();
	ck_assert_int_eq(fake_loop_next(world.loop), MINUTES(5));
	due_pass(MINUTES(5) - 1);
	ck_assert_uint_eq(world.takes, 0);
	due_pass(1);
	TAKEN(1, "a");
}
END_TEST

START_TEST(without_any_nothing_is_awaited)
{
	due_begin();
	ck_assert_int_eq(fake_loop_next(world.loop), -1);
}
END_TEST

START_TEST(hears_of_new_ones)
{
	due_begin();
	due_row("late", 0);
	due_row("soon", 0);
	due_durable("late", STATUS_FAILED, NOW + MINUTES(20));
	due_durable("soon", STATUS_FAILED, NOW + MINUTES(5));
	due_durable("other", STATUS_SUCCEEDED, NOW + MINUTES(1));
	ck_assert_int_eq(fake_loop_next(world.loop), MINUTES(5));
	world.rows[0].due_ms = 0;
	due_pass(MINUTES(5));
	TAKEN(1, "soon");
}
END_TEST

START_TEST(what_cannot_be_read_holds_up_nobody)
{
	due_row("bad", NOW);
	due_row("b", NOW);
	due_row("c", NOW);
	world.rows[0].unreadable = true;
	due_begin();
	TAKEN(1, "b");
	due_durable("b", STATUS_RUNNING, 0);
	TAKEN(2, "c");
	due_durable("c", STATUS_RUNNING, 0);
	ck_assert_int_eq(world.rows[0].reads, 1);
	ck_assert_int_le(fake_loop_next(world.loop), SECONDS(1));
	world.rows[0].unreadable = false;
	due_pass(SECONDS(1));
	TAKEN(3, "bad");
}
END_TEST

START_TEST(many_that_cannot_be_read_are_asked_for_seldom)
{
	int reads = 0;

	for (int i = 0; i < DUE_ROWS; i++) {
		due_row((char[]){ 'A' + i % 26, 'a' + i / 26, 0 }, NOW);
		world.rows[i].unreadable = true;
	}
	due_begin();
	for (int i = 0; i < 6; i++)
		due_pass(MINUTES(10));
	for (int i = 0; i < DUE_ROWS; i++)
		reads += world.rows[i].reads;
	ck_assert_int_le(reads, 16 * 20);
}
END_TEST

START_TEST(asks_a_broken_store_again)
{
	due_row("a", NOW);
	error_set(&world.store_error, "Store.Io", "disk I/O error");
	due_begin();
	ck_assert_int_gt(fake_loop_next(world.loop), 0);
	world.store_error.name[0] = '\0';
	due_pass(SECONDS(1));
	TAKEN(1, "a");
}
END_TEST

START_TEST(what_is_of_no_use_is_settled)
{
	due_row("a", NOW);
	due_row("b", NOW);
	world.rows[0].useless = true;
	due_begin();
	ck_assert_str_eq(world.settling, "a");
	ck_assert_str_eq(world.log,
	    "a: can not go on by itself: Daemon.BadHistory: no events");
	ck_assert_uint_eq(world.takes, 0);
	due_settled(NULL);
	TAKEN(1, "b");
}
END_TEST

START_TEST(a_row_ends)
{
	world.host.retention_ms = HOURS(1);
	due_row("a", NOW + HOURS(1));
	due_row("b", NOW + HOURS(1) + 1);
	due_begin();
	due_pass(HOURS(1));
	TAKEN(1, "a");
	due_pass(1);
	due_durable("a", STATUS_RUNNING, 0);
	TAKEN(1, "a");
	ck_assert_str_eq(world.settling, "b");
	ck_assert_str_eq(world.log, "b: it is over");
}
END_TEST

START_TEST(waits_until_there_is_room)
{
	due_row("a", NOW);
	world.in_state = 16;
	due_begin();
	due_durable("x", STATUS_RUNNING, 0);
	ck_assert_uint_eq(world.takes, 0);
	ck_assert_int_eq(fake_loop_next(world.loop), -1);
	world.in_state = 15;
	due_durable("x", STATUS_FAILED, NOW + MINUTES(5));
	TAKEN(1, "a");
}
END_TEST

START_TEST(leaves_alone_what_runs_already)
{
	due_row("a", NOW);
	due_row("b", NOW);
	world.rows[0].runs = true;
	due_begin();
	TAKEN(1, "b");
	due_durable("b", STATUS_RUNNING, 0);
	ck_assert_int_gt(fake_loop_next(world.loop), 0);
	ck_assert_uint_eq(world.takes, 1);
}
END_TEST

/* Listed, and then somebody else was quicker: it is settled, pruned, or has
 * gone on to its end. */
START_TEST(leaves_alone_what_has_changed)
{
	due_row("a", NOW);
	due_line_begin(&world.line);
	world.read.open = false;
	due_list(&(struct store_read){
	    .limit = 1, .listed = world.read.listed, .arg = &world.line });
	world.rows[0].gone = _i == 1;
	world.rows[0].ended = _i == 2;
	if (_i == 0)
		world.rows[0].due_ms = 0;
	due_answer();
	ck_assert_uint_eq(world.takes, 0);
	ck_assert_int_eq(fake_loop_next(world.loop), -1);
}
END_TEST

START_TEST(what_the_store_will_not_keep_is_put_off)
{
	due_row("a", NOW);
	due_row("b", NOW);
	due_begin();
	due_line_held(&world.line, "b");
	due_answer();
	TAKEN(1, "a");
	due_line_held(&world.line, "a");
	due_answer();
	TAKEN(2, "b");
	due_durable("b", STATUS_RUNNING, 0);
	due_pass(SECONDS(1));
	TAKEN(3, "a");
}
END_TEST

static void
settle_kind(const char *awaits)
{
	due_line_done(&world.line);
	due_line_init(&world.line, &world.host, &due_kind_settling);
	world.awaits = awaits;
	due_row("a", NOW);
	due_row("b", NOW);
	due_begin();
	TAKEN(1, "a");
}

START_TEST(settles_when_the_new_one_is_durable)
{
	struct error full;

	settle_kind("new");
	ck_assert_ptr_null(world.settled);
	due_durable("new", STATUS_RUNNING, 0);
	ck_assert_str_eq(world.settling, "a");
	world.settling[0] = '\0';
	due_durable("new", STATUS_RUNNING, 0);
	ck_assert_str_eq(world.settling, "");
	strcpy(world.settling, "a");
	TAKEN(1, "a");
	error_set(&full, "Store.Full", "disk full");
	due_settled(&full);
	TAKEN(2, "b");
}
END_TEST

START_TEST(settles_when_the_new_one_is_there)
{
	settle_kind("new");
	due_line_exists(&world.line, "other");
	ck_assert_ptr_null(world.settled);
	due_line_exists(&world.line, "new");
	ck_assert_str_eq(world.settling, "a");
	due_settled(NULL);
	TAKEN(2, "b");
}
END_TEST

START_TEST(settles_at_once_what_goes_on_already)
{
	settle_kind(NULL);
	ck_assert_str_eq(world.settling, "a");
	due_settled(NULL);
	TAKEN(2, "b");
}
END_TEST

START_TEST(stops)
{
	due_row("a", NOW);
	due_row("b", NOW);
	due_row("c", NOW + 1);
	due_line_begin(&world.line);
	due_line_stop(&world.line);
	ck_assert(!world.read.open);
	due_line_done(&world.line);
	due_line_init(&world.line, &world.host, &due_kind_settling);
	world.awaits = NULL;
	due_begin();
	due_line_stop(&world.line);
	due_settled(NULL);
	ck_assert(!world.read.open);
	ck_assert_int_eq(fake_loop_next(world.loop), -1);
	TAKEN(1, "a");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("workflow/due_line");
	TCase *tcase = tcase_create("all");

	tcase_add_checked_fixture(tcase, due_setup, due_teardown);
	tcase_add_test(tcase, takes_the_next_when_the_one_before_is_durable);
	tcase_add_test(tcase, sleeps_until_one_is_due);
	tcase_add_test(tcase, without_any_nothing_is_awaited);
	tcase_add_test(tcase, hears_of_new_ones);
	tcase_add_test(tcase, what_cannot_be_read_holds_up_nobody);
	tcase_add_test(tcase, many_that_cannot_be_read_are_asked_for_seldom);
	tcase_add_test(tcase, asks_a_broken_store_again);
	tcase_add_test(tcase, what_is_of_no_use_is_settled);
	tcase_add_test(tcase, a_row_ends);
	tcase_add_test(tcase, waits_until_there_is_room);
	tcase_add_test(tcase, leaves_alone_what_runs_already);
	tcase_add_loop_test(tcase, leaves_alone_what_has_changed, 0, 3);
	tcase_add_test(tcase, what_the_store_will_not_keep_is_put_off);
	tcase_add_test(tcase, settles_when_the_new_one_is_durable);
	tcase_add_test(tcase, settles_when_the_new_one_is_there);
	tcase_add_test(tcase, settles_at_once_what_goes_on_already);
	tcase_add_test(tcase, stops);
	suite_add_tcase(suite, tcase);
	return suite;
}
