/* SPDX-License-Identifier: Apache-2.0 */
/* Opening the file: made, recognised, refused; and what failures are called. */
#include "store/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/schema.h"
#include "unit/store_kit.h"
#include "unit/unit.h"

static struct sqlite *
open_well(enum sqlite_access access)
{
	struct error error = { 0 };
	struct sqlite *db = sqlite_open(kit_path(), access, &error);

	ck_assert_msg(db != NULL, "%s: %s", error.name, error.cause);
	return db;
}

static void
refused(enum sqlite_access access, const char *name)
{
	struct error error;

	ck_assert_ptr_null(sqlite_open(kit_path(), access, &error));
	ck_assert_str_eq(error.name, name);
}

static void
write_file(const char *text)
{
	FILE *file = fopen(kit_path(), "w");

	fputs(text, file);
	fclose(file);
}

/* ---- opening ---- */

START_TEST(the_first_open_makes_a_private_file)
{
	char log[128];
	struct stat stat_file, stat_log;

	umask(0);
	sqlite_close(open_well(SQLITE_FOR_WRITES));
	sqlite_close(open_well(SQLITE_FOR_READS));
	ck_assert_int_eq(kit_number("PRAGMA user_version"), SCHEMA_VERSION);
	ck_assert_int_eq(kit_number("PRAGMA application_id"), 0x6b677264);
	ck_assert_int_eq(kit_number("SELECT count(*) FROM pragma_journal_mode"
				    " WHERE journal_mode = 'wal'"),
	    1);

	struct sqlite *db = open_well(SQLITE_FOR_WRITES);

	snprintf(log, sizeof log, "%s-wal", kit_path());
	ck_assert_int_eq(stat(kit_path(), &stat_file), 0);
	ck_assert_int_eq(stat_file.st_mode & 0777, 0600);
	ck_assert_int_eq(stat(log, &stat_log), 0);
	ck_assert_int_eq(stat_log.st_mode & 0777, 0600);
	sqlite_close(db);
}
END_TEST

START_TEST(a_reader_makes_nothing)
{
	refused(SQLITE_FOR_READS, "Store.CannotOpen");
	ck_assert_int_ne(access(kit_path(), F_OK), 0);
	write_file("");
	refused(SQLITE_FOR_READS, "Store.CannotOpen");
}
END_TEST

START_TEST(a_reader_cannot_write)
{
	static const char sql[] = "DELETE FROM executions";
	struct error error;
	struct sqlite *db;

	sqlite_close(open_well(SQLITE_FOR_WRITES));
	db = open_well(SQLITE_FOR_READS);
	ck_assert(!sqlite_do(db, sql, NULL, &error));
	ck_assert_str_eq(error.name, "Store.ReadOnly");
	sqlite_close(db);
}
END_TEST

/* ---- refusing ---- */

static void
read_file(char *bytes, size_t size)
{
	int fd = open(kit_path(), O_RDONLY);

	memset(bytes, 0, size);
	ck_assert_int_gt(read(fd, bytes, size), 0);
	close(fd);
}

START_TEST(a_schema_from_the_future_is_not_touched)
{
	static char before[1 << 17], after[1 << 17];

	sqlite_close(open_well(SQLITE_FOR_WRITES));
	kit_sql("PRAGMA user_version = 99");
	read_file(before, sizeof before);
	refused(SQLITE_FOR_WRITES, "Store.SchemaTooNew");
	refused(SQLITE_FOR_READS, "Store.SchemaTooNew");
	read_file(after, sizeof after);
	ck_assert_mem_eq(before, after, sizeof before);
}
END_TEST

START_TEST(a_database_of_something_else_is_not_touched)
{
	static char before[1 << 14], after[1 << 14];

	kit_sql("CREATE TABLE bookmarks (url TEXT)");
	read_file(before, sizeof before);
	refused(SQLITE_FOR_WRITES, "Store.NotOurs");
	refused(SQLITE_FOR_READS, "Store.NotOurs");
	kit_sql("DROP TABLE bookmarks; PRAGMA application_id = 4711");
	refused(SQLITE_FOR_WRITES, "Store.NotOurs");
	kit_sql("PRAGMA application_id = 0;"
		"CREATE TABLE bookmarks (url TEXT)");
	refused(SQLITE_FOR_WRITES, "Store.NotOurs");
	read_file(after, sizeof after);
	ck_assert_mem_eq(before + 100, after + 100, 1000);
}
END_TEST

START_TEST(a_text_file_is_corrupt)
{
	char text[32];

	write_file("Dear diary, today the cat has come back.\n");
	refused(SQLITE_FOR_WRITES, "Store.Corrupt");
	read_file(text, 11);
	ck_assert_mem_eq(text, "Dear diary,", 11);
}
END_TEST

START_TEST(a_folder_that_is_not_there_cannot_be_opened)
{
	struct error error;

	ck_assert_ptr_null(sqlite_open(
	    "/nonexistent/keyguardd.db", SQLITE_FOR_WRITES, &error));
	ck_assert_str_eq(error.name, "Store.CannotOpen");
	ck_assert_ptr_nonnull(strstr(error.cause, strerror(ENOENT)));
	ck_assert_int_eq(error.class, CLASS_TRANSIENT);
}
END_TEST

/* Root may write everything: be nobody for a moment. */
START_TEST(a_file_without_permission_is_read_only)
{
	sqlite_close(open_well(SQLITE_FOR_WRITES));
	kit_sql("PRAGMA journal_mode = DELETE");
	chmod(kit_path(), 0444);
	chmod(kit_folder(), 0755);
	if (geteuid() == 0)
		ck_assert_int_eq(seteuid(65534), 0);
	refused(SQLITE_FOR_WRITES, "Store.ReadOnly");
	ck_assert_int_eq(seteuid(getuid()), 0);
}
END_TEST

/* ---- failures later ---- */

START_TEST(a_full_disk_is_full)
{
	static const char sql[] =
	    "INSERT INTO rejected (received_ms, error, cause, body)"
	    " VALUES (1, 'a', 'b', zeroblob(1000000))";
	struct sqlite *db = open_well(SQLITE_FOR_WRITES);
	struct error error;

	ck_assert(sqlite_script(db, "PRAGMA max_page_count = 50", NULL));
	ck_assert(!sqlite_do(db, sql, NULL, &error));
	ck_assert_str_eq(error.name, "Store.Full");
	ck_assert_int_eq(error.class, CLASS_TRANSIENT);
	sqlite_close(db);
}
END_TEST

START_TEST(a_lock_of_somebody_else_is_locked)
{
	struct sqlite *db = open_well(SQLITE_FOR_WRITES);
	struct sqlite *other = open_well(SQLITE_FOR_WRITES);
	struct error error;

	ck_assert(sqlite_script(other, "BEGIN IMMEDIATE", NULL));
	ck_assert(!sqlite_script(db, "BEGIN IMMEDIATE", &error));
	ck_assert_str_eq(error.name, "Store.Locked");
	ck_assert_int_eq(error.class, CLASS_TRANSIENT);
	sqlite_close(other);
	ck_assert(sqlite_script(db, "BEGIN IMMEDIATE; COMMIT", &error));
	sqlite_close(db);
}
END_TEST

START_TEST(a_damaged_page_is_corrupt)
{
	static const char sql[] = "SELECT count(*) FROM rejected";
	struct sqlite *db = open_well(SQLITE_FOR_WRITES);
	int fd;
	struct error error;
	int64_t page;

	sqlite_close(db);
	page = kit_number(
	    "SELECT rootpage FROM sqlite_master WHERE name = 'rejected'");
	fd = open(kit_path(), O_WRONLY);
	ck_assert_int_eq(pwrite(fd, "garbage", 7, (page - 1) * 4096), 7);
	close(fd);
	db = open_well(SQLITE_FOR_WRITES);
	ck_assert(!sqlite_do(db, sql, NULL, &error));
	ck_assert_str_eq(error.name, "Store.Corrupt");
	ck_assert_int_eq(error.class, CLASS_NONE);
	sqlite_close(db);
}
END_TEST

START_TEST(a_checkpoint_empties_the_log)
{
	static const char sql[] = "UPDATE totals SET n = n + 1";
	struct sqlite *db = open_well(SQLITE_FOR_WRITES);

	ck_assert(sqlite_do(db, sql, NULL, NULL));
	ck_assert_int_gt(db->wal_pages, 0);
	ck_assert(sqlite_checkpoint(db, NULL));
	ck_assert_int_eq(db->wal_pages, 0);
	sqlite_close(db);
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		the_first_open_makes_a_private_file,
		a_reader_makes_nothing,
		a_reader_cannot_write,
		a_schema_from_the_future_is_not_touched,
		a_database_of_something_else_is_not_touched,
		a_text_file_is_corrupt,
		a_folder_that_is_not_there_cannot_be_opened,
		a_file_without_permission_is_read_only,
		a_full_disk_is_full,
		a_lock_of_somebody_else_is_locked,
		a_damaged_page_is_corrupt,
		a_checkpoint_empties_the_log,
	};
	Suite *suite = suite_create("store/sqlite");
	TCase *tcase = tcase_create("sqlite");

	tcase_add_checked_fixture(tcase, kit_setup, kit_teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
