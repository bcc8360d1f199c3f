/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When what is too old or too many goes, on virtual time and without threads;
 * what goes is test_store_prune's.
 */
#include "store/store.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "fake/fake_loop.h"
#include "store/prune.h"
#include "store/sqlite.h"
#include "unit/store_kit.h"
#include "unit/store_stage.h"
#include "unit/unit.h"
#include "util/clock.h"

#define SCHEDULED EVENT_TASK_SCHEDULED
#define SUBMITTED EVENT_TASK_SUBMITTED

/* kit_fill's begin right after 1970, a third of a millisecond apart. */
#define AGE (FAKE_LOOP_EPOCH_MS - 1000)

static int64_t
left(void)
{
	return kit_number("SELECT count(*) FROM executions");
}

static void
open_filled(int count)
{
	kit_open();
	kit_fill(0, count);
	kit_close();
	stage_open();
	store_retain(stage_store, AGE, 0);
}

START_TEST(it_begins_after_minutes_and_pauses)
{
	open_filled(100);
	fake_loop_pass(stage_loop, MINUTES(5) - 1);
	ck_assert_int_eq(left(), 100);
	fake_loop_pass(stage_loop, 1);
	ck_assert_int_eq(left(), 100 - PRUNE_MOST);
	fake_loop_pass(stage_loop, 99);
	ck_assert_int_eq(left(), 100 - PRUNE_MOST);
	fake_loop_pass(stage_loop, 1);
	ck_assert_int_eq(left(), 100 - 2 * PRUNE_MOST);
	ck_assert_str_eq(stage_story(), "expired:N2 expired:N3");
	fake_loop_pass(stage_loop, SECONDS(5));
	ck_assert_int_eq(left(), 1);
	ck_assert_str_eq(stage_story(), "pruned");
}
END_TEST

START_TEST(it_looks_again_every_five_minutes)
{
	open_filled(100);
	fake_loop_pass(stage_loop, MINUTES(6));
	ck_assert_int_eq(left(), 1);
	stage_story();
	kit_fill(200, 1);
	fake_loop_pass(stage_loop, MINUTES(4));
	ck_assert_int_eq(left(), 2);
	fake_loop_pass(stage_loop, MINUTES(1));
	ck_assert_int_eq(left(), 1);
	fake_loop_pass(stage_loop, MINUTES(60));
	ck_assert_str_eq(stage_story(), "pruned");
}
END_TEST

/* Time goes on while it runs: what was young enough grows old. */
START_TEST(age_is_counted_from_now)
{
	open_filled(100);
	kit_sql("UPDATE executions SET start_ms = start_ms + 3600000");
	store_retain(stage_store, AGE, 0);
	fake_loop_pass(stage_loop, MINUTES(59));
	ck_assert_int_eq(left(), 100);
	fake_loop_pass(stage_loop, MINUTES(6));
	ck_assert_int_eq(left(), 1);
}
END_TEST

START_TEST(by_number_alone)
{
	open_filled(100);
	store_retain(stage_store, 0, 40);
	fake_loop_pass(stage_loop, MINUTES(6));
	ck_assert_int_eq(left(), 43);
	ck_assert_str_eq(stage_story(), "pruned");
}
END_TEST

/* Nor does it wake up. */
START_TEST(all_is_kept_unless_it_is_asked_for)
{
	open_filled(100);
	store_retain(stage_store, 0, 0);
	fake_loop_pass(stage_loop, MINUTES(60));
	ck_assert_int_eq(left(), 100);
	ck_assert_int_eq(fake_loop_next(stage_loop), -1);
}
END_TEST

/* ---- others first ---- */

/* Also while it cannot be written, here since somebody has a lock. */
START_TEST(what_is_to_be_written_goes_first)
{
	struct sqlite *other;

	open_filled(100);
	fake_loop_pass(stage_loop, MINUTES(5) - SECONDS(1));
	other = sqlite_open(kit_path(), SQLITE_FOR_WRITES, NULL);
	ck_assert(sqlite_script(other, "BEGIN IMMEDIATE", NULL));
	stage_append("A", 1, SCHEDULED);
	fake_loop_pass(stage_loop, SECONDS(10));
	ck_assert_str_eq(stage_story(), "trouble!Store.Locked");
	sqlite_close(other);
	fake_loop_pass(stage_loop, SECONDS(20));
	ck_assert_str_eq(stage_story(), "well A1 expired:N2 expired:N3 pruned");
	ck_assert_int_eq(left(), 2);
}
END_TEST

/* It may come when a few are being deleted: it waits for that one commit, and
 * for its own. */
START_TEST(an_intent_waits_for_one_step)
{
	int before;

	kit_count_commits();
	open_filled(10000);
	fake_loop_pass(stage_loop, MINUTES(5) + SECONDS(1));
	stage_story();
	before = kit_commits();
	while (kit_commits() == before)
		fake_loop_step(stage_loop);
	ck_assert(!store_idle(stage_store));
	stage_append("A", 1, SCHEDULED);
	stage_append("A", 2, SUBMITTED);
	fake_loop_settle(stage_loop);
	ck_assert_int_eq(kit_commits() - before, 2);
	ck_assert_ptr_nonnull(strstr(stage_story(), "A1 A2"));
	ck_assert_int_gt(left(), 9000);
}
END_TEST

/* Nor does it wait behind a long log that is brought home. */
START_TEST(the_log_stays_short)
{
	char log[128];
	struct stat file;

	open_filled(10000);
	fake_loop_pass(stage_loop, MINUTES(5) + SECONDS(60));
	ck_assert_int_lt(left(), 6000);
	snprintf(log, sizeof log, "%s-wal", kit_path());
	ck_assert_int_eq(stat(log, &file), 0);
	ck_assert_int_lt(file.st_size, 2 << 20);
}
END_TEST

/* ---- failures ---- */

START_TEST(a_failure_is_told_and_tried_again)
{
	open_filled(10);
	kit_sql("CREATE TRIGGER bad BEFORE DELETE ON events"
		" BEGIN SELECT RAISE(FAIL, 'bad'); END");
	kit_fill_events(1, "TaskScheduled");
	fake_loop_pass(stage_loop, MINUTES(11));
	ck_assert_str_eq(
	    stage_story(), "pruned!Store.Failed pruned!Store.Failed");
	ck_assert_int_eq(left(), 10);
	stage_append("A", 1, SCHEDULED);
	fake_loop_pass(stage_loop, SECONDS(1));
	ck_assert_str_eq(stage_story(), "A1");
	kit_sql("DROP TRIGGER bad");
	fake_loop_pass(stage_loop, MINUTES(5));
	ck_assert_str_eq(stage_story(), "expired:N2 expired:N3 pruned");
	ck_assert_int_eq(left(), 2);
}
END_TEST

/* It cannot go on, for nobody has it any more. */
START_TEST(what_is_gone_is_held)
{
	open_filled(10);
	fake_loop_pass(stage_loop, MINUTES(6));
	stage_story();
	stage_append("N2", 2, EVENT_EXECUTION_REDRIVEN);
	fake_loop_pass(stage_loop, SECONDS(1));
	ck_assert_str_eq(stage_story(), "N2!Store.Gone");
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		it_begins_after_minutes_and_pauses,
		it_looks_again_every_five_minutes,
		age_is_counted_from_now,
		by_number_alone,
		all_is_kept_unless_it_is_asked_for,
		what_is_to_be_written_goes_first,
		an_intent_waits_for_one_step,
		the_log_stays_short,
		a_failure_is_told_and_tried_again,
		what_is_gone_is_held,
	};
	Suite *suite = suite_create("store/retain");
	TCase *tcase = tcase_create("retain");

	tcase_add_checked_fixture(tcase, stage_setup, stage_teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
