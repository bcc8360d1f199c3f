/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each operation of the disk fails once while a copy is made: it is whole, or
 * there is an error and no copy, and the store goes on either way.
 */
#include "store/copy.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "fake/fake_disk.h"
#include "store/sqlite.h"
#include "unit/store_kit.h"
#include "unit/unit.h"

#define ROWS 200

static struct fake_disk *disk;
static int64_t number;

/* That there is a file is all that the real disk has to say. */
static void
setup(void)
{
	kit_setup();
	close(open(kit_path(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	disk = fake_disk_new(1);
	kit_open();
	kit_fill(0, ROWS);
	number = 0;
}

static void
teardown(void)
{
	kit_close();
	fake_disk_free(disk);
	kit_teardown();
}

static void
check_whole(const char *path)
{
	static const char sound[] =
	    "SELECT count(*) FROM pragma_integrity_check"
	    "  WHERE integrity_check = 'ok'";
	struct sqlite *db = sqlite_open(path, SQLITE_FOR_READS, NULL);
	int64_t count;

	ck_assert_ptr_nonnull(db);
	ck_assert(sqlite_number(db, sound, NULL, &count, NULL));
	ck_assert_int_eq(count, 1);
	ck_assert(sqlite_number(
	    db, "SELECT count(*) FROM executions", NULL, &count, NULL));
	ck_assert_int_eq(count, ROWS);
	sqlite_close(db);
}

/* Returns whether it had so many operations. */
static bool
copy_while(enum disk_op op, uint64_t nth, enum disk_fault fault)
{
	uint64_t failed = fake_disk_failed(disk);
	struct error error = { 0 };
	struct copy copy;
	bool hit, ok;

	copy_init(&copy, kit_path(), ++number);
	fake_disk_fail(disk, op, nth, 1, fault);
	ok = copy_make(&copy, &error);
	hit = fake_disk_failed(disk) > failed;
	fake_disk_mend(disk);
	ck_assert_int_eq(kit_copies(), 0);
	if (ok)
		check_whole(copy.path);
	else
		ck_assert_int_eq(strncmp(error.name, "Store.", 6), 0);
	ck_assert(ok || hit);
	copy_done(&copy);
	return hit;
}

static const struct {
	enum disk_op op;
	enum disk_fault fault;
} rows[] = {
	{ DISK_OPEN, DISK_IO_ERROR },
	{ DISK_READ, DISK_IO_ERROR },
	{ DISK_READ, DISK_SHORT },
	{ DISK_WRITE, DISK_IO_ERROR },
	{ DISK_WRITE, DISK_SHORT },
	{ DISK_WRITE, DISK_FULL_COW },
	{ DISK_SHARE, DISK_IO_ERROR },
	{ DISK_LOCK, DISK_IO_ERROR },
	{ DISK_LOCK, DISK_BUSY },
};

START_TEST(a_copy_is_whole_or_there_is_none)
{
	uint64_t nth = 1;

	while (copy_while(rows[_i].op, nth, rows[_i].fault))
		nth++;
	ck_assert_uint_gt(nth, 1);
	ck_assert(sqlite_do(
	    kit_db, "INSERT INTO notes VALUES ('a', 'b')", NULL, NULL));
	check_whole(kit_path());
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("store/copy on a disk that fails");
	TCase *tcase = tcase_create("faults");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, a_copy_is_whole_or_there_is_none, 0,
	    sizeof rows / sizeof rows[0]);
	suite_add_tcase(suite, tcase);
	return suite;
}
