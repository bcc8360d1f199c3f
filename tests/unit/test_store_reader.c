/* SPDX-License-Identifier: Apache-2.0 */
/* Reads on the loop: in order, up to date, and silent when cancelled. */
#include "store/reader.h"

#include <stdio.h>
#include <string.h>

#include "store/store.h"
#include "unit/store_kit.h"
#include "unit/store_stage.h"
#include "unit/unit.h"

#define SCHEDULED EVENT_TASK_SCHEDULED

static void
on_shown(void *arg, const struct store_execution *execution,
    const struct event *events, size_t count, const struct error *error)
{
	ck_assert_ptr_null(error);
	ck_assert(count == 0 || events != NULL);
	(void)arg;
	stage_tell("show:%s:%zu", execution ? execution->name : "", count);
}

static void
on_listed(void *arg, const struct store_execution *rows, size_t count,
    const char *next, const struct error *error)
{
	(void)arg;
	ck_assert_ptr_null(error);
	stage_tell("list:%zu%s%s", count, rows[0].name, next ? "..." : "");
}

static void
on_counted(
    void *arg, const struct store_totals *totals, const struct error *error)
{
	(void)arg;
	ck_assert_ptr_null(error);
	stage_tell("running:%d", (int)totals->running);
}

static void
on_found(void *arg, const struct store_execution *execution,
    const struct error *error)
{
	(void)arg;
	ck_assert_ptr_null(error);
	stage_tell("found:%s", execution ? execution->name : "");
}

static void
on_rejected(void *arg, const struct rejected *rows, size_t count,
    const struct error *error)
{
	(void)arg;
	(void)rows;
	ck_assert_ptr_null(error);
	stage_tell("rejected:%zu", count);
}

static void
on_due(void *arg, const struct store_execution *rows, size_t count,
    const struct error *error)
{
	(void)arg;
	ck_assert_ptr_null(error);
	stage_tell("due:%zu%s", count, rows[0].name);
}

static void
on_notes(void *arg, const struct store_noted *rows, size_t count,
    const struct error *error)
{
	(void)arg;
	ck_assert_ptr_null(error);
	stage_tell("notes:%zu%s", count, rows[0].key);
}

static void
on_intents(void *arg, const struct store_intent *rows, size_t count,
    const struct error *error)
{
	(void)arg;
	ck_assert_ptr_null(error);
	stage_tell("intents:%zu@%d", count, (int)rows[0].wall_ms);
}

/* Strings of a question may go when it is asked. */
START_TEST(every_read_answers_once_and_in_order)
{
	struct store_query query = { .limit = 1 };
	char name[] = "A", key_id[] = "B";

	stage_open();
	stage_append("A", 1, EVENT_TASK_SUBMITTED);
	stage_end("B", 1, STATUS_SUCCEEDED);
	store_note(stage_store, "k", "text", NULL, NULL);
	stage_reject(1);
	stage_wait("R");
	kit_sql("UPDATE executions SET due_ms = 1 WHERE name = 'B'");
	stage_story();
	store_show(stage_store, name, on_shown, NULL);
	memset(name, 'x', 1);
	store_show(stage_store, "C", on_shown, NULL);
	store_list(stage_store, &query, on_listed, NULL);
	store_contained(stage_store, key_id, on_found, NULL);
	memset(key_id, 'x', 1);
	store_contained(stage_store, "A", on_found, NULL);
	store_rejected(stage_store, 0, 10, on_rejected, NULL);
	store_due(stage_store, STATUS_SUCCEEDED, 10, on_due, NULL);
	store_notes(stage_store, on_notes, NULL);
	store_intents(stage_store, 1000, on_intents, NULL);
	store_count(stage_store, on_counted, NULL);
	ck_assert_str_eq(stage_story(), "");
	stage_wait("running:1");
	ck_assert_str_eq(stage_story(),
	    "show:A:1 show::0 list:1B... found:B found: rejected:1 due:1B "
	    "notes:1k intents:1@1000 running:1");
}
END_TEST

/* What is durable when a read is asked for is in the answer. */
START_TEST(a_read_sees_all_that_is_durable)
{
	char word[16];

	stage_open();
	for (int i = 1; i <= 50; i++) {
		stage_append("A", i, SCHEDULED);
		snprintf(word, sizeof word, "A%d", i);
		stage_wait(word);
		store_show(stage_store, "A", on_shown, NULL);
		snprintf(word, sizeof word, "show:A:%d", i);
		stage_wait(word);
	}
}
END_TEST

static void
on_never(void *arg, const struct store_execution *execution,
    const struct event *events, size_t count, const struct error *error)
{
	(void)arg, (void)execution, (void)events, (void)count, (void)error;
	ck_abort_msg("told of a read that was cancelled");
}

static struct store_read *next_read;

static void
on_cancel_next(void *arg, const struct store_execution *execution,
    const struct event *events, size_t count, const struct error *error)
{
	(void)arg, (void)execution, (void)events, (void)count, (void)error;
	store_read_cancel(next_read);
}

START_TEST(a_cancelled_read_is_silent)
{
	struct store_read *reads[100];

	stage_open();
	for (int i = 0; i < 100; i++)
		reads[i] = store_show(stage_store, "A", on_never, NULL);
	for (int i = 0; i < 100; i++)
		store_read_cancel(reads[i]);
	store_show(stage_store, "A", on_cancel_next, NULL);
	next_read = store_show(stage_store, "A", on_never, NULL);
	store_show(stage_store, "A", on_shown, NULL);
	stage_wait("show::0");
	/* Those that are left end with the store. */
	store_show(stage_store, "A", on_never, NULL);
	store_show(stage_store, "A", on_never, NULL);
}
END_TEST

START_TEST(a_history_is_loaded)
{
	const struct journal *journal;

	stage_open();
	journal = store_journal(stage_store);
	stage_append("A", 1, SCHEDULED);
	stage_append("A", 2, SCHEDULED);
	stage_wait("A2");
	stage_story();
	journal->load(journal->self, "A");
	journal->load(journal->self, "B");
	stage_wait("B:0");
	ck_assert_str_eq(stage_story(), "A:2 B:0");
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		every_read_answers_once_and_in_order,
		a_read_sees_all_that_is_durable,
		a_cancelled_read_is_silent,
		a_history_is_loaded,
	};
	Suite *suite = suite_create("store/reader");
	TCase *tcase = tcase_create("reader");

	tcase_add_checked_fixture(tcase, stage_setup, stage_teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
