/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which rows make the next transaction. Rows are written as an execution's
 * letter and the event's number, with ! for an intent and ~ for TaskStarted;
 * R is a refused message, N a note, S that something is settled.
 */
#include "store/batch.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/store_kit.h"
#include "unit/unit.h"

static struct backlog backlog;
static struct batch batch;

static void
setup(void)
{
	batch_init(&backlog);
}

static void
teardown(void)
{
	batch_done(&backlog);
}

static enum event_type
type_of(char mark)
{
	switch (mark) {
	case '!':
		return EVENT_TASK_SUBMITTED;
	case '~':
		return EVENT_TASK_STARTED;
	default:
		return EVENT_TASK_SCHEDULED;
	}
}

static struct record *
record_of(const char *word)
{
	char name[2] = { word[0] };
	struct rejected rejected = kit_rejected(1, "Finding.Malformed", 9);
	char *end;
	long id;

	switch (word[0]) {
	case 'R':
		return record_rejected(&rejected, NULL, NULL);
	case 'N':
		return record_note("A", "text", NULL, NULL);
	case 'S':
		return record_settled("A", NULL, NULL);
	default:
		id = strtol(word + 1, &end, 10);
		return kit_record(name, id, type_of(*end));
	}
}

static void
add(const char *words)
{
	char copy[256], *rest = copy, *word;

	snprintf(copy, sizeof copy, "%s", words);
	while ((word = strsep(&rest, " ")) != NULL)
		batch_add(&backlog, record_of(word));
}

static const char *
mark_of(const struct record *record)
{
	if (record->event.type == EVENT_TASK_SUBMITTED)
		return "!";
	return record->event.type == EVENT_TASK_STARTED ? "~" : "";
}

static const char *
chosen(void)
{
	static char words[1024];
	size_t len = 0;

	words[0] = '\0';
	for (size_t i = 0; i < batch.count; i++) {
		const struct record *record = batch.records[i];

		if (record->kind != RECORD_EVENT)
			len += (size_t)sprintf(
			    words + len, " %c", "-RNS"[record->kind]);
		else
			len += (size_t)sprintf(words + len, " %s%d%s",
			    record->name, (int)record->event.id,
			    mark_of(record));
	}
	return words + (len > 0);
}

static const char *
next(void)
{
	batch_choose(&backlog, &batch);
	return chosen();
}

static void
commit(void)
{
	batch_committed(&backlog, &batch);
	for (size_t i = 0; i < batch.count; i++)
		record_free(batch.records[i]);
}

/* ---- the order ---- */

static const struct golden {
	const char *waiting;
	size_t limit;
	const char *first, *then;
} goldens[] = {
	/* In the order they came, */
	{ "A1 B1 R A2 C1", 64, "A1 B1 R A2 C1", "" },
	{ "A1 B1 R A2 C1", 2, "A1 B1", "R A2 C1" },
	/* but an intent goes first */
	{ "A1 R B1! C1", 64, "B1! A1 R C1", "" },
	/* and takes along what is before it, and only that. */
	{ "A1 B1 A2 B2! B3 C1", 3, "B1 B2! A1", "A2 B3 C1" },
	{ "A1 B1~ B2! B3", 64, "B1~ B2! A1 B3", "" },
	/* Of several intents, the first that came. */
	{ "A1 B1 B2! A2!", 64, "B1 B2! A1 A2!", "" },
	{ "C1 A1 B1 B2! A2!", 3, "B1 B2! A1", "A2! C1" },
	{ "A1 A2! A3 A4! B1", 64, "A1 A2! A3 A4! B1", "" },
	/* Too long a way to the intent: as far as it goes. */
	{ "B1 A1 A2 A3 A4!", 3, "A1 A2 A3", "A4! B1" },
	/* TaskStarted goes along. */
	{ "A1~ B1", 64, "A1~ B1", "" },
	/* Notes and what is settled stay where they are. */
	{ "A1 N S B1! N A2!", 64, "B1! A1 A2! N S N", "" },
};

START_TEST(batches_are_as_in_the_golden_cases)
{
	const struct golden *golden = &goldens[_i];

	add(golden->waiting);
	backlog.limit = golden->limit;
	ck_assert_str_eq(next(), golden->first);
	commit();
	backlog.limit = BATCH_ROWS;
	ck_assert_str_eq(next(), golden->then);
	commit();
	ck_assert(batch_empty(&backlog));
}
END_TEST

START_TEST(a_batch_has_at_most_64_rows)
{
	for (int i = 1; i <= 100; i++)
		batch_add(&backlog, kit_record("A", i, EVENT_TASK_SCHEDULED));
	next();
	ck_assert_uint_eq(batch.count, BATCH_ROWS);
	commit();
	next();
	ck_assert_uint_eq(batch.count, 100 - BATCH_ROWS);
}
END_TEST

/* Ten messages of 1 MiB must not hold up the intent that comes next. */
START_TEST(a_batch_has_little_data_or_one_row)
{
	struct rejected large =
	    kit_rejected(1, "Finding.Malformed", BATCH_BYTES - 1);

	add("A1");
	batch_add(&backlog, record_rejected(&large, NULL, NULL));
	batch_add(&backlog, record_rejected(&large, NULL, NULL));
	add("B1");
	ck_assert_str_eq(next(), "A1");
	commit();
	ck_assert_str_eq(next(), "R");
	commit();
	ck_assert_str_eq(next(), "R");
	commit();
	ck_assert_str_eq(next(), "B1");
}
END_TEST

START_TEST(task_started_alone_is_not_due)
{
	ck_assert(!batch_due(&backlog));
	add("A1~ B1~");
	ck_assert(!batch_due(&backlog));
	ck_assert(!batch_empty(&backlog));
	add("C1");
	ck_assert(batch_due(&backlog));
	next();
	commit();
	ck_assert(!batch_due(&backlog));
	for (int i = 0; i < 3; i++) {
		add((const char *const[]){ "R", "N", "S" }[i]);
		ck_assert(batch_due(&backlog));
		next();
		commit();
		ck_assert(!batch_due(&backlog));
	}
}
END_TEST

/* ---- failures ---- */

START_TEST(a_failed_batch_is_halved_until_the_bad_row_stands_alone)
{
	add("A1 B1 C1 D1 E1");
	ck_assert_str_eq(next(), "A1 B1 C1 D1 E1");
	batch_failed(&backlog, &batch);
	ck_assert_str_eq(next(), "A1 B1");
	commit();
	ck_assert_str_eq(next(), "C1 D1 E1");
	batch_failed(&backlog, &batch);
	ck_assert_str_eq(next(), "C1");
	batch_failed(&backlog, &batch);
	ck_assert_str_eq(next(), "C1");
	commit();
	ck_assert_str_eq(next(), "D1 E1");
}
END_TEST

START_TEST(what_comes_meanwhile_is_chosen_as_well)
{
	add("A1 B1 B2 C1");
	next();
	batch_failed(&backlog, &batch);
	add("B3!");
	ck_assert_str_eq(next(), "B1 B2");
	commit();
	ck_assert_str_eq(next(), "B3! A1 C1");
}
END_TEST

START_TEST(a_batch_grows_again_to_the_limit)
{
	add("A1");
	for (int i = 2; i <= 1 + 2 + 4 + 8 + 16 + 32 + 64 + 65; i++)
		batch_add(&backlog, kit_record("A", i, EVENT_TASK_SCHEDULED));
	backlog.limit = 1;
	for (size_t size = 1; size <= BATCH_ROWS; size *= 2) {
		next();
		ck_assert_uint_eq(batch.count, size);
		commit();
	}
	next();
	ck_assert_uint_eq(batch.count, BATCH_ROWS);
}
END_TEST

START_TEST(a_dropped_execution_leaves_the_others)
{
	add("A1 B1 A2! N C1 A3~ S B2");
	batch_drop(&backlog, "A");
	batch_drop(&backlog, "Z");
	ck_assert_str_eq(next(), "B1 N C1 S B2");
	commit();
	ck_assert(!batch_due(&backlog));
	ck_assert(batch_empty(&backlog));
	add("A1");
	ck_assert_str_eq(next(), "A1");
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		a_batch_has_at_most_64_rows,
		a_batch_has_little_data_or_one_row,
		task_started_alone_is_not_due,
		a_failed_batch_is_halved_until_the_bad_row_stands_alone,
		what_comes_meanwhile_is_chosen_as_well,
		a_batch_grows_again_to_the_limit,
		a_dropped_execution_leaves_the_others,
	};
	Suite *suite = suite_create("store/batch");
	TCase *tcase = tcase_create("batch");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, batches_are_as_in_the_golden_cases, 0,
	    sizeof goldens / sizeof goldens[0]);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
