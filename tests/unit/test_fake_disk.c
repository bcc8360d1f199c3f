/* SPDX-License-Identifier: Apache-2.0 */
/* The disk in memory is one: what it keeps, loses, locks and refuses. */
#include "fake/fake_disk.h"

#include <errno.h>
#include <string.h>

#include "store/sqlite.h"
#include "unit/unit.h"

static struct fake_disk *disk;
static struct sqlite *db;

static void
open_db(void)
{
	struct error error = { 0 };

	db = sqlite_open("db", SQLITE_FOR_WRITES, &error);
	ck_assert_msg(db != NULL, "%s: %s", error.name, error.cause);
}

static void
setup(void)
{
	disk = fake_disk_new(1);
	open_db();
}

static void
teardown(void)
{
	sqlite_close(db);
	db = NULL;
	fake_disk_free(disk);
}

static bool
note(const char *key, struct error *error)
{
	return sqlite_do(db, "INSERT OR REPLACE INTO notes VALUES (?1, 'x')",
	    BIND(BIND_TEXT(key)), error);
}

/* More than fits into the log as it is. */
static bool
note_much(struct error *error)
{
	return sqlite_do(db,
	    "INSERT INTO notes VALUES ('much', hex(zeroblob(100000)))", NULL,
	    error);
}

static int64_t
notes_of(struct sqlite *of)
{
	int64_t count = -1;

	ck_assert(sqlite_number(
	    of, "SELECT count(*) FROM notes", NULL, &count, NULL));
	return count;
}

static void
crash(enum disk_loss loss)
{
	fake_disk_crash(disk, loss);
	sqlite_abandon(db);
	open_db();
}

/* ---- what stays ---- */

START_TEST(what_was_synced_outlives_a_crash)
{
	ck_assert(note("a", NULL));
	crash(LOSS_ALL);
	ck_assert_int_eq(notes_of(db), 1);
}
END_TEST

static void
do_not_sync(void)
{
	ck_assert(sqlite_script(db, "PRAGMA synchronous = OFF", NULL));
}

START_TEST(what_was_not_synced_is_lost)
{
	do_not_sync();
	ck_assert(note("a", NULL));
	ck_assert_int_eq(notes_of(db), 1);
	crash(LOSS_ALL);
	ck_assert_int_eq(notes_of(db), 0);
}
END_TEST

START_TEST(a_crash_of_the_process_leaves_it_to_the_kernel)
{
	do_not_sync();
	ck_assert(note("a", NULL));
	crash(LOSS_NONE);
	ck_assert_int_eq(notes_of(db), 1);
	do_not_sync();
	ck_assert(note("b", NULL));
	fake_disk_crash(disk, LOSS_NONE);
	crash(LOSS_ALL);
	ck_assert_int_eq(notes_of(db), 1);
}
END_TEST

/* The kernel does not try again. */
START_TEST(what_a_sync_failed_to_write_stays_unwritten)
{
	fake_disk_fail(disk, DISK_SYNC, 1, 1, DISK_IO_ERROR);
	do_not_sync();
	ck_assert(note("a", NULL));
	ck_assert(sqlite_script(db, "PRAGMA synchronous = FULL", NULL));
	ck_assert(!note("b", NULL));
	ck_assert(note("c", NULL));
	ck_assert_int_eq(notes_of(db), 2);
	crash(LOSS_ALL);
	ck_assert_int_eq(notes_of(db), 0);
}
END_TEST

/* Of ten commits, without a hole. */
static int64_t
some_are_lost(uint64_t seed)
{
	static const char *const keys[] = { "0", "1", "2", "3", "4" };
	int64_t left, newest = 0;

	teardown();
	disk = fake_disk_new(seed);
	open_db();
	do_not_sync();
	for (size_t i = 0; i < 5; i++)
		ck_assert(note(keys[i], NULL));
	crash(LOSS_SOME);
	left = notes_of(db);
	ck_assert(sqlite_number(db,
	    "SELECT coalesce(max(key) + 1, 0)"
	    " FROM notes",
	    NULL, &newest, NULL));
	ck_assert_int_eq(left, newest);
	return left;
}

START_TEST(some_loss_is_by_chance_and_repeated_by_its_seed)
{
	int64_t least = 5, most = 0;

	for (uint64_t seed = 1; seed < 30; seed++) {
		int64_t left = some_are_lost(seed);

		ck_assert_int_eq(some_are_lost(seed), left);
		least = left < least ? left : least;
		most = left > most ? left : most;
	}
	ck_assert_int_eq(least, 0);
	ck_assert_int_ge(most, 2);
}
END_TEST

START_TEST(a_snapshot_has_what_is_durable_alone)
{
	struct sqlite *copy;

	ck_assert(note("a", NULL));
	do_not_sync();
	ck_assert(note("b", NULL));
	fake_disk_fail(disk, DISK_READ, 1, 0, DISK_IO_ERROR);
	fake_disk_snapshot(disk, "db", "copy");
	copy = sqlite_open("copy", SQLITE_FOR_READS, NULL);
	ck_assert_ptr_nonnull(copy);
	ck_assert_int_eq(notes_of(copy), 1);
	ck_assert_uint_eq(fake_disk_failed(disk), 0);
	fake_disk_mend(disk);
	ck_assert_int_eq(notes_of(db), 2);
	sqlite_close(copy);
}
END_TEST

/* ---- among connections ---- */

START_TEST(two_connections_see_each_others_commits)
{
	struct sqlite *reader = sqlite_open("db", SQLITE_FOR_READS, NULL);

	ck_assert(note("a", NULL));
	ck_assert_int_eq(notes_of(reader), 1);
	ck_assert(sqlite_checkpoint(db, NULL));
	ck_assert_int_eq(db->wal_pages, 0);
	ck_assert(note("b", NULL));
	ck_assert_int_eq(notes_of(reader), 2);
	sqlite_close(reader);
}
END_TEST

START_TEST(a_reader_keeps_its_snapshot)
{
	struct sqlite *reader = sqlite_open("db", SQLITE_FOR_READS, NULL);

	ck_assert(note("a", NULL));
	ck_assert(sqlite_script(reader, "BEGIN", NULL));
	ck_assert_int_eq(notes_of(reader), 1);
	ck_assert(note("b", NULL));
	ck_assert(sqlite_checkpoint(db, NULL));
	ck_assert_int_gt(db->wal_pages, 0);
	ck_assert_int_eq(notes_of(reader), 1);
	ck_assert(sqlite_script(reader, "COMMIT", NULL));
	ck_assert_int_eq(notes_of(reader), 2);
	sqlite_close(reader);
}
END_TEST

START_TEST(one_writes_at_a_time)
{
	struct sqlite *other = sqlite_open("db", SQLITE_FOR_WRITES, NULL);
	struct error error;

	ck_assert(sqlite_script(other, "BEGIN IMMEDIATE", NULL));
	ck_assert(!note("a", &error));
	ck_assert_str_eq(error.name, "Store.Locked");
	ck_assert(sqlite_script(other, "COMMIT", NULL));
	ck_assert(note("a", NULL));
	sqlite_close(other);
}
END_TEST

/* A rollback journal is locked by the file's own locks. */
START_TEST(without_a_log_files_are_locked_as_well)
{
	static const char mode[] = "PRAGMA journal_mode = DELETE";
	struct sqlite *other;
	struct error error;

	ck_assert(sqlite_script(db, mode, NULL));
	ck_assert(note("a", NULL));
	other = sqlite_open("db", SQLITE_FOR_READS, NULL);
	ck_assert(sqlite_script(other, "BEGIN", NULL));
	ck_assert_int_eq(notes_of(other), 1);
	ck_assert(!note("b", &error));
	ck_assert_str_eq(error.name, "Store.Locked");
	ck_assert(sqlite_script(other, "COMMIT", NULL));
	ck_assert(note("b", NULL));
	ck_assert_int_eq(notes_of(other), 2);
	sqlite_close(other);
}
END_TEST

/* ---- what fails ---- */

static const struct {
	enum disk_op op;
	enum disk_fault fault;
	const char *name;
	int number;
} failures[] = {
	{ DISK_WRITE, DISK_IO_ERROR, "Store.Io", EIO },
	{ DISK_WRITE, DISK_SHORT, "Store.Io", EIO },
	{ DISK_WRITE, DISK_FULL, "Store.Full", 0 },
	{ DISK_WRITE, DISK_FULL_COW, "Store.Full", 0 },
	{ DISK_WRITE, DISK_READ_ONLY, "Store.ReadOnly", EROFS },
	{ DISK_SYNC, DISK_IO_ERROR, "Store.Io", EIO },
	{ DISK_SYNC, DISK_FULL, "Store.Full", ENOSPC },
	{ DISK_LOCK, DISK_IO_ERROR, "Store.Io", EIO },
	{ DISK_LOCK, DISK_BUSY, "Store.Locked", 0 },
};

START_TEST(it_fails_as_a_disk_does)
{
	struct error error;

	fake_disk_fail(disk, failures[_i].op, 1, 0, failures[_i].fault);
	ck_assert(!note_much(&error));
	ck_assert_str_eq(error.name, failures[_i].name);
	ck_assert_ptr_nonnull(strstr(error.cause,
	    failures[_i].number == 0 ? "" : strerror(failures[_i].number)));
	ck_assert_uint_gt(fake_disk_failed(disk), 0);
	fake_disk_mend(disk);
	crash(LOSS_ALL);
	ck_assert_int_eq(notes_of(db), 0);
	ck_assert(note("a", NULL));
}
END_TEST

START_TEST(the_nth_fails_and_as_many_as_were_asked_for)
{
	uint64_t before;

	ck_assert(note("the log begins anew", NULL));
	before = fake_disk_count(disk, DISK_SYNC);
	fake_disk_fail(disk, DISK_SYNC, 2, 2, DISK_IO_ERROR);
	ck_assert(note("a", NULL));
	ck_assert(!note("b", NULL));
	ck_assert(!note("c", NULL));
	ck_assert(note("d", NULL));
	ck_assert_uint_eq(fake_disk_count(disk, DISK_SYNC), before + 4);
	ck_assert_uint_eq(fake_disk_failed(disk), 2);
}
END_TEST

START_TEST(a_full_disk_takes_what_does_not_grow)
{
	ck_assert(note("a", NULL));
	ck_assert(sqlite_checkpoint(db, NULL));
	fake_disk_fail(disk, DISK_WRITE, 1, 0, DISK_FULL);
	ck_assert(note("b", NULL));
	fake_disk_fail(disk, DISK_WRITE, 1, 0, DISK_FULL_COW);
	ck_assert(!note("c", NULL));
}
END_TEST

START_TEST(a_read_only_disk_is_opened_to_be_read)
{
	struct error error;

	sqlite_close(db);
	fake_disk_fail(disk, DISK_OPEN, 1, 0, DISK_READ_ONLY);
	db = sqlite_open("db", SQLITE_FOR_WRITES, &error);
	ck_assert_ptr_null(db);
	ck_assert_str_eq(error.name, "Store.ReadOnly");
}
END_TEST

/* ---- without power ---- */

START_TEST(power_is_lost_before_the_nth_or_after)
{
	ck_assert(note("the log begins anew", NULL));
	fake_disk_fail(
	    disk, DISK_SYNC, 2, 1, _i == 0 ? DISK_OFF : DISK_OFF_AFTER);
	ck_assert(note("a", NULL));
	ck_assert(!fake_disk_is_off(disk));
	note("b", NULL);
	ck_assert(fake_disk_is_off(disk));
	ck_assert(!note("c", NULL));
	crash(LOSS_ALL);
	ck_assert(!fake_disk_is_off(disk));
	ck_assert_int_eq(notes_of(db), _i == 0 ? 2 : 3);
}
END_TEST

START_TEST(the_dead_do_not_disturb_the_living)
{
	struct sqlite *dead = db;

	ck_assert(sqlite_script(dead, "BEGIN IMMEDIATE", NULL));
	fake_disk_crash(disk, LOSS_NONE);
	open_db();
	ck_assert(note("a", NULL));
	ck_assert(!sqlite_script(
	    dead, "INSERT INTO notes VALUES ('x', 'y'); COMMIT", NULL));
	sqlite_abandon(dead);
	ck_assert(note("b", NULL));
	ck_assert_int_eq(notes_of(db), 2);
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		what_was_synced_outlives_a_crash,
		what_was_not_synced_is_lost,
		a_crash_of_the_process_leaves_it_to_the_kernel,
		what_a_sync_failed_to_write_stays_unwritten,
		some_loss_is_by_chance_and_repeated_by_its_seed,
		a_snapshot_has_what_is_durable_alone,
		two_connections_see_each_others_commits,
		a_reader_keeps_its_snapshot,
		one_writes_at_a_time,
		without_a_log_files_are_locked_as_well,
		the_nth_fails_and_as_many_as_were_asked_for,
		a_full_disk_takes_what_does_not_grow,
		a_read_only_disk_is_opened_to_be_read,
		the_dead_do_not_disturb_the_living,
	};
	Suite *suite = suite_create("fake/disk");
	TCase *tcase = tcase_create("disk");

	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	tcase_add_loop_test(tcase, it_fails_as_a_disk_does, 0,
	    sizeof failures / sizeof failures[0]);
	tcase_add_loop_test(tcase, power_is_lost_before_the_nth_or_after, 0, 2);
	suite_add_tcase(suite, tcase);
	return suite;
}
