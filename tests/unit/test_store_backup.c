/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies of the store while it works: whole, of one moment, and given up. How
 * making one fails is test_store_copy's.
 */
#include "store/backup.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "loop/loop.h"
#include "store/copy.h"
#include "store/sqlite.h"
#include "store/store.h"
#include "unit/store_kit.h"
#include "unit/store_stage.h"
#include "unit/unit.h"

#define SCHEDULED EVENT_TASK_SCHEDULED

/* ---- a backup, as its client sees it ---- */

struct client {
	struct store_backup *backup;
	char path[128];
	FILE *file;
	int64_t bytes;
	bool waits; /* to be told when to go on */
};

static void
on_made(void *arg, int64_t bytes, const struct error *error)
{
	struct client *client = arg;

	if (error == NULL && !client->waits)
		store_backup_next(client->backup);
	client->bytes = bytes;
	stage_tell("made%s%s", error ? "!" : "", error ? error->name : "");
}

static void
on_piece(void *arg, const void *bytes, size_t len, const struct error *error)
{
	struct client *client = arg;

	ck_assert_ptr_null(error);
	ck_assert_uint_le(len, COPY_PIECE);
	ck_assert_uint_eq(fwrite(bytes, 1, len, client->file), len);
	if (len > 0)
		store_backup_next(client->backup);
	else
		stage_tell("all");
}

static void
begin(struct client *client, const char *name)
{
	const struct store_backup_events events = { on_made, on_piece, client };

	snprintf(
	    client->path, sizeof client->path, "%s/%s", kit_folder(), name);
	client->file = fopen(client->path, "w");
	client->backup = store_backup_new(stage_store, &events);
}

static void
end(struct client *client)
{
	store_backup_free(client->backup);
	fclose(client->file);
}

/* The integer that the SQL gives on the copy. */
static int64_t
number(const struct client *client, const char *sql)
{
	sqlite3_stmt *statement;
	int64_t value;
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(client->path, &db), SQLITE_OK);
	ck_assert_int_eq(
	    sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
	value = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
	return value;
}

static void
assert_sound(const struct client *client)
{
	struct stat file;
	struct sqlite *db;

	fflush(client->file);
	ck_assert_int_eq(stat(client->path, &file), 0);
	ck_assert_int_eq(file.st_size, client->bytes);
	ck_assert_int_eq(number(client,
			     "SELECT integrity_check = 'ok'"
			     " FROM pragma_integrity_check"),
	    1);
	ck_assert_int_eq(number(client,
			     "SELECT count(*) FROM totals t WHERE name IN"
			     " ('RUNNING', 'SUCCEEDED') AND n !="
			     " (SELECT count(*) FROM executions"
			     "   WHERE status = t.name)"),
	    0);
	db = sqlite_open(client->path, SQLITE_FOR_WRITES, NULL);
	ck_assert_ptr_nonnull(db);
	sqlite_close(db);
}

/* ---- copies ---- */

START_TEST(a_copy_is_whole)
{
	struct client client = { 0 };

	stage_open();
	kit_fill(0, 10000);
	stage_append("A", 1, SCHEDULED);
	stage_append("A", 2, SCHEDULED);
	store_note(stage_store, "k", "text", NULL, NULL);
	stage_reject(1000);
	stage_wait("R");
	begin(&client, "copy");
	stage_wait("all");
	ck_assert_int_gt(client.bytes, 3 * (int64_t)COPY_PIECE);
	assert_sound(&client);
	ck_assert_int_eq(
	    number(&client, "SELECT count(*) FROM executions"), 10001);
	ck_assert_int_eq(number(&client, "SELECT count(*) FROM events"), 2);
	ck_assert_int_eq(number(&client, "SELECT count(*) FROM notes"), 1);
	ck_assert_int_eq(number(&client, "SELECT count(*) FROM rejected"), 1);
	ck_assert_int_eq(kit_copies(), 0);
	end(&client);
}
END_TEST

/* Written in the middle of it: the copy has what was before it began. */
START_TEST(a_copy_is_of_one_moment)
{
	struct client client = { 0 };

	stage_open();
	kit_fill(0, 100000);
	begin(&client, "copy");
	for (int i = 1; i <= 1000; i++)
		stage_append("A", i, SCHEDULED);
	kit_sql("DELETE FROM executions WHERE id % 3 = 0");
	stage_wait("all");
	assert_sound(&client);
	ck_assert_int_eq(number(&client,
			     "SELECT count(*) = coalesce((SELECT last_event"
			     "  FROM executions WHERE name = 'A'), 0)"
			     " FROM events"),
	    1);
	end(&client);
}
END_TEST

START_TEST(two_copies_at_once)
{
	struct client one = { .waits = true }, two = { 0 };

	stage_open();
	kit_fill(0, 10000);
	begin(&one, "one");
	begin(&two, "two");
	stage_wait("all");
	assert_sound(&two);
	end(&two);
	if (one.bytes == 0)
		stage_wait("made");
	one.waits = false;
	store_backup_next(one.backup);
	stage_wait("all");
	assert_sound(&one);
	end(&one);
	begin(&two, "two");
	stage_wait("all");
	assert_sound(&two);
	end(&two);
}
END_TEST

/* ---- an end before the end ---- */

/* That we have worked, all threads together, however busy the machine is. */
static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void
on_tick(void *arg)
{
	if (kit_copies() > 0)
		stage_tell("begun");
	else
		loop_timer_set(arg, 1);
}

/* Runs the loop until the thread has begun to write. */
static void
wait_until_begun(void)
{
	struct loop_timer tick;

	loop_timer_init(&tick, stage_loop, on_tick, &tick);
	loop_timer_set(&tick, 0);
	stage_wait("begun");
	loop_timer_done(&tick);
}

/* Whoever stops the daemon does not wait for it, nor does the loop wait for
 * the thread. */
START_TEST(a_copy_can_be_given_up)
{
	struct client client = { 0 };
	double began, whole;

	stage_open();
	kit_fill(0, 200000);
	began = seconds();
	begin(&client, "copy");
	stage_wait("made");
	whole = seconds() - began;
	end(&client);
	stage_story();

	begin(&client, "copy");
	wait_until_begun();
	began = seconds();
	end(&client);
	if (_i == 0) { /* the loop goes on, and the thread ends meanwhile */
		stage_append("A", 1, SCHEDULED);
		stage_wait("A1");
	}
	stage_close();
	ck_assert_double_lt(seconds() - began, whole / 2);
	ck_assert_str_eq(stage_story(), _i == 0 ? "begun A1" : "begun");
	ck_assert_int_eq(kit_copies(), 0);
}
END_TEST

START_TEST(a_crash_leaves_nothing_for_long)
{
	char path[128], log[128], other[128];

	snprintf(path, sizeof path, "%s-copy-7", kit_path());
	snprintf(log, sizeof log, "%s-copy-7-journal", kit_path());
	snprintf(other, sizeof other, "%s-copy", kit_path());
	ck_assert_int_ge(open(path, O_CREAT | O_WRONLY, 0600), 0);
	ck_assert_int_ge(open(log, O_CREAT | O_WRONLY, 0600), 0);
	ck_assert_int_ge(open(other, O_CREAT | O_WRONLY, 0600), 0);
	stage_open();
	ck_assert_int_eq(kit_copies(), 0);
	ck_assert_int_eq(access(other, F_OK), 0);
}
END_TEST

START_TEST(a_failure_is_told)
{
	struct client client = { 0 };

	ck_assert_int_eq(mkdir(kit_path(), 0700), 0);
	stage_begin();
	begin(&client, "copy");
	stage_wait("made!Store.Io");
	end(&client);
	stage_close();
	ck_assert_int_eq(rmdir(kit_path()), 0);
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		a_copy_is_whole,
		a_copy_is_of_one_moment,
		two_copies_at_once,
		a_crash_leaves_nothing_for_long,
		a_failure_is_told,
	};
	Suite *suite = suite_create("store/backup");
	TCase *tcase = tcase_create("backup");

	tcase_add_checked_fixture(tcase, stage_setup, stage_teardown);
	tcase_add_loop_test(tcase, a_copy_can_be_given_up, 0, 2);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
