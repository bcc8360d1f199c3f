/* SPDX-License-Identifier: Apache-2.0 */
/* The whole store, threads and all, while the disk is well. */
#include "store/store.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loop/loop.h"
#include "store/writes.h"
#include "unit/store_kit.h"
#include "unit/store_stage.h"
#include "unit/unit.h"

#define SCHEDULED EVENT_TASK_SCHEDULED
#define STARTED   EVENT_TASK_STARTED
#define SUBMITTED EVENT_TASK_SUBMITTED

/* ---- appends ---- */

START_TEST(appends_become_durable_in_order)
{
	stage_open();
	stage_append("A", 1, SCHEDULED);
	stage_append("B", 1, SCHEDULED);
	stage_append("A", 2, SCHEDULED);
	ck_assert(!store_idle(stage_store));
	ck_assert_str_eq(stage_story(), "");
	stage_wait("A2");
	ck_assert_str_eq(stage_story(), "A1 B1 A2");
	ck_assert(store_idle(stage_store));
	ck_assert_int_eq(kit_number("SELECT count(*) FROM events"), 3);
}
END_TEST

/* What was appended before the file was open is not lost. */
START_TEST(appends_wait_for_the_opening)
{
	stage_begin();
	stage_append("A", 1, SCHEDULED);
	stage_wait("A1");
	ck_assert_str_eq(stage_story(), "open A1");
}
END_TEST

START_TEST(what_is_appended_together_is_committed_together)
{
	char name[16];
	int before;

	kit_count_commits();
	stage_open();
	before = kit_commits();
	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof name, "N%d.", i);
		stage_append(name, 1, SCHEDULED);
	}
	stage_wait("N999.1");
	ck_assert_int_eq(kit_commits() - before, 16);
}
END_TEST

START_TEST(task_started_waits_for_company)
{
	int before;

	kit_count_commits();
	stage_open();
	before = kit_commits();
	stage_append("A", 1, SCHEDULED);
	stage_append("A", 2, STARTED);
	stage_wait("A2");
	stage_append("A", 3, STARTED);
	stage_append("B", 1, STARTED);
	stage_reject(1);
	stage_wait("R");
	ck_assert_str_eq(stage_story(), "A1 A2 A3 B1 R");
	ck_assert_int_eq(kit_commits() - before, 2);
	stage_append("A", 4, STARTED);
	ck_assert(!store_idle(stage_store));
	stage_close();
	ck_assert_int_eq(kit_number("SELECT max(id) FROM events"), 4);
}
END_TEST

/* Behind ten thousand rows, with a commit in flight: that one, then its own. */
START_TEST(an_intent_waits_for_one_commit)
{
	char name[16];
	int before;

	kit_count_commits();
	stage_open();
	for (int i = 0; i < 10000; i++) {
		snprintf(name, sizeof name, "N%d.", i);
		stage_append(name, 1, SCHEDULED);
	}
	stage_wait("N63.1");
	before = kit_commits();
	stage_append("A", 1, SCHEDULED);
	stage_append("A", 2, SUBMITTED);
	stage_wait("A2");
	ck_assert_int_le(kit_commits() - before, 3);
	ck_assert_ptr_nonnull(strstr(stage_story(), " A1 A2 N"));
	ck_assert_int_lt(kit_number("SELECT count(*) FROM executions"), 64 * 4);
	stage_abandon();
}
END_TEST

START_TEST(a_name_that_was_used_is_told)
{
	stage_open();
	stage_append("A", 1, SCHEDULED);
	stage_end("A", 2, STATUS_FAILED);
	stage_wait("A2");
	stage_append("A", 1, SCHEDULED);
	stage_append("A", 2, SCHEDULED);
	stage_append("B", 1, SCHEDULED);
	for (int i = 3; i < 100; i++)
		stage_append("A", i, SCHEDULED);
	stage_wait("B1");
	ck_assert_str_eq(stage_story(), "A1 A2 A=FAILED B1");
	ck_assert(store_idle(stage_store));
	ck_assert_int_eq(kit_number("SELECT count(*) FROM events"), 3);
}
END_TEST

START_TEST(a_gap_is_held_with_what_follows)
{
	stage_open();
	stage_append("A", 1, SCHEDULED);
	for (int i = 3; i < 100; i++)
		stage_append("A", i, SCHEDULED);
	stage_append("B", 1, SCHEDULED);
	stage_wait("B1");
	ck_assert_str_eq(stage_story(), "A1 A!Store.OutOfOrder B1");
}
END_TEST

START_TEST(a_refused_message_is_kept_or_held)
{
	stage_open();
	stage_reject(10);
	stage_reject(WRITES_DATA_MAX + 1);
	stage_reject(20);
	stage_append("A", 1, SCHEDULED);
	stage_wait("A1");
	ck_assert_str_eq(stage_story(), "R R!Store.TooLarge R A1");
	ck_assert_int_eq(
	    kit_number("SELECT sum(length(body)) FROM rejected"), 30);
}
END_TEST

static void
on_noted(void *arg, const struct error *error)
{
	ck_assert_ptr_null(error);
	stage_tell("%s", (const char *)arg);
}

/* Both are told when they are durable, or to no one; neither is part of an
 * execution, so that one whose name is taken takes none of it along. */
START_TEST(notes_and_settling_become_durable)
{
	char key[] = "k", name[] = "A";
	char settled[] = "settled", noted[] = "noted";
	char forgotten[] = "forgotten";

	stage_open();
	stage_append("A", 1, SCHEDULED);
	stage_end("A", 2, STATUS_FAILED);
	stage_wait("A2");
	kit_sql("UPDATE executions SET due_ms = 7");
	stage_append("A", 1, SCHEDULED);
	store_settle(stage_store, name, on_noted, settled);
	memset(name, 'x', 1);
	store_note(stage_store, "other", "x", NULL, NULL);
	store_note(stage_store, key, "text", on_noted, noted);
	memset(key, 'x', 1);
	stage_story();
	stage_wait("noted");
	ck_assert_str_eq(stage_story(), "A=FAILED settled noted");
	ck_assert_int_eq(kit_number("SELECT due_ms FROM executions"), 0);
	ck_assert_int_eq(
	    kit_number("SELECT text = 'text' FROM notes WHERE key = 'k'"), 1);
	ck_assert_int_eq(kit_number("SELECT count(*) FROM notes"), 2);
	store_settle(stage_store, "A", NULL, NULL);
	store_note(stage_store, "k", NULL, on_noted, forgotten);
	stage_wait("forgotten");
	ck_assert_int_eq(kit_number("SELECT count(*) FROM notes"), 1);
}
END_TEST

/* ---- another life ---- */

static void
recover(void)
{
	const struct journal *journal = store_journal(stage_store);

	journal->recover(journal->self);
}

static void
on_listed(void *arg, const struct store_execution *rows, size_t count,
    const char *next, const struct error *error)
{
	(void)arg, (void)rows, (void)count, (void)next;
	stage_tell("listed%s%s", error ? "!" : "", error ? error->name : "");
}

static void
list(const char *after)
{
	const struct store_query query = { .limit = 1, .after = after };

	store_list(stage_store, &query, on_listed, NULL);
}

START_TEST(what_cannot_be_read_is_told_but_not_a_wrong_question)
{
	stage_open();
	list("page two");
	stage_wait("listed!Store.BadToken");
	ck_assert_str_eq(stage_story(), "listed!Store.BadToken");
	kit_sql("DROP TABLE executions");
	list(NULL);
	stage_wait("listed!Store.Failed");
	ck_assert_str_eq(
	    stage_story(), "unread!Store.Failed listed!Store.Failed");
}
END_TEST

START_TEST(what_runs_is_recovered)
{
	stage_open();
	stage_append("A", 1, SCHEDULED);
	stage_append("B", 1, SCHEDULED);
	stage_append("B", 2, SCHEDULED);
	stage_append("C", 1, SCHEDULED);
	stage_end("C", 2, STATUS_FAILED);
	stage_append("D", 1, SCHEDULED);
	stage_wait("D1");
	stage_close();
	stage_begin();
	recover(); /* waits for the opening */
	stage_story();
	stage_wait("all");
	ck_assert_str_eq(stage_story(), "open A>1 B>2 D>1 all");
	/* What this life has begun is none of it. */
	stage_append("E", 1, SCHEDULED);
	stage_wait("E1");
	recover();
	stage_wait("all");
	ck_assert_str_eq(stage_story(), "E1 A>1 B>2 D>1 all");
}
END_TEST

START_TEST(thousands_are_recovered)
{
	const char *words;
	int count = 0;

	kit_open();
	kit_fill(0, 100000);
	kit_fill_events(1, "ExecutionStarted");
	kit_sql("UPDATE executions SET key_id = name");
	kit_close();
	stage_open();
	recover();
	stage_wait("all");
	for (words = stage_story(); (words = strchr(words, '>')); words++)
		count++;
	ck_assert_int_eq(count, 1000);
}
END_TEST

START_TEST(close_writes_what_is_queued)
{
	stage_open();
	for (int i = 1; i <= 1000; i++)
		stage_append("A", i, i % 2 ? SCHEDULED : STARTED);
	stage_close();
	ck_assert_int_eq(kit_number("SELECT count(*) FROM events"), 1000);
	ck_assert_str_eq(stage_story(), "");
	stage_begin();
	stage_append("B", 1, SCHEDULED);
	stage_close(); /* before it was even opened */
	ck_assert_int_eq(kit_number("SELECT count(*) FROM events"), 1001);
}
END_TEST

/* In the middle of a commit or not: the loop may go on, and be told nothing. */
START_TEST(abandon_drops_what_is_not_committed)
{
	int64_t kept;

	stage_open();
	for (int i = 1; i <= 1000; i++)
		stage_append("A", i, SCHEDULED);
	stage_wait("A64");
	stage_abandon();
	kept = kit_number("SELECT count(*) FROM events");
	ck_assert_int_ge(kept, 64);
	ck_assert_int_le(kept, 64 + 64);
	stage_story();
	stage_open();
	stage_append("A", kept + 1, SCHEDULED);
	stage_append("B", 1, SCHEDULED);
	stage_wait("B1");
	ck_assert_str_ne(stage_story(), "A!Store.OutOfOrder B1");
}
END_TEST

/* Killed at any moment: all that was told durable is there. */
static void
live_and_be_killed(int pipe)
{
	char word[16];

	stage_loop = loop_new();
	stage_open();
	for (int64_t id = 1;; id++) {
		stage_append("A", id, SCHEDULED);
		snprintf(word, sizeof word, "A%d", (int)id);
		stage_wait(word);
		stage_story();
		if (write(pipe, &id, sizeof id) != (ssize_t)sizeof id)
			_exit(1);
	}
}

START_TEST(a_kill_loses_nothing_that_was_durable)
{
	int64_t id, told = 0;
	int ends[2];
	pid_t child;

	ck_assert_int_eq(pipe(ends), 0);
	child = fork();
	if (child == 0)
		live_and_be_killed(ends[1]);
	close(ends[1]);
	while (read(ends[0], &id, sizeof id) == (ssize_t)sizeof id) {
		told = id;
		if (id == 20 + 10 * _i)
			kill(child, SIGKILL);
	}
	waitpid(child, NULL, 0);
	close(ends[0]);
	ck_assert_int_ge(told, 20 + 10 * _i);
	ck_assert_int_ge(kit_number("SELECT max(id) FROM events"), told);
	ck_assert_int_eq(kit_number("SELECT max(id) = count(*) AND max(id) ="
				    " (SELECT last_event FROM executions)"
				    " FROM events"),
	    1);
	stage_open();
	recover();
	stage_wait("all");
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		appends_become_durable_in_order,
		appends_wait_for_the_opening,
		what_is_appended_together_is_committed_together,
		task_started_waits_for_company,
		an_intent_waits_for_one_commit,
		a_name_that_was_used_is_told,
		a_gap_is_held_with_what_follows,
		a_refused_message_is_kept_or_held,
		notes_and_settling_become_durable,
		what_cannot_be_read_is_told_but_not_a_wrong_question,
		what_runs_is_recovered,
		thousands_are_recovered,
		close_writes_what_is_queued,
		abandon_drops_what_is_not_committed,
	};
	Suite *suite = suite_create("store/store");
	TCase *tcase = tcase_create("store");

	tcase_add_checked_fixture(tcase, stage_setup, stage_teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	tcase_add_loop_test(tcase, a_kill_loses_nothing_that_was_durable, 0, 5);
	suite_add_tcase(suite, tcase);
	return suite;
}
