/* SPDX-License-Identifier: Apache-2.0 */
/* A full disk, as far as it can be helped; and one that fails to sync. */
#include "store/disk.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "store/sqlite.h"
#include "unit/store_kit.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/cleanup.h"

static struct disk disk;

static void
do_step(enum step step)
{
	disk.step = step;
	disk_do(&disk);
}

static void
setup(void)
{
	kit_setup();
	disk = (struct disk){ .path = xstrdup(kit_path()) };
	do_step(STEP_OPEN);
	ck_assert(disk.ok);
}

static void
teardown(void)
{
	disk_close(&disk);
	kit_teardown();
}

/* An execution's first event, of `size` bytes. */
static bool
write_one(int number, size_t size)
{
	FREE_LATER char *data = xzalloc(size + 1);
	struct event event = kit_event(1, EVENT_EXECUTION_STARTED);
	struct standing standing = kit_running("A");
	char name[16];

	snprintf(name, sizeof name, "E%d", number);
	memset(data, 'x', size);
	event.data = data;
	disk.batch.records[0] = record_event(name, &event, &standing);
	disk.batch.count = 1;
	do_step(STEP_WRITE);
	record_free(disk.batch.records[0]);
	return disk.ok;
}

/* ---- the file cannot grow ---- */

static void
let_the_file_be_full(void)
{
	char sql[64];

	kit_fill(0, 1000);
	snprintf(sql, sizeof sql, "PRAGMA max_page_count = %d",
	    (int)kit_number("PRAGMA page_count"));
	ck_assert(sqlite_script(disk.db, sql, NULL));
}

START_TEST(a_full_file_is_full)
{
	let_the_file_be_full();
	ck_assert(!write_one(1, 100000));
	ck_assert_str_eq(disk.error.name, "Store.Full");
	ck_assert_int_eq(disk.error.class, CLASS_TRANSIENT);
}
END_TEST

/* Even now, and as far as it helps; a FAILED one is given out first. */
START_TEST(what_is_too_old_makes_room)
{
	int tries = 0;

	let_the_file_be_full();
	disk.prune.before_ms = 200;
	ck_assert(!write_one(1, 20000));
	ck_assert_uint_eq(disk.prune.expired_count, PRUNE_MOST);
	while (!write_one(1, 20000))
		ck_assert_int_lt(++tries, 200);
	ck_assert_int_gt(tries, 0);
	ck_assert_int_gt(
	    kit_number("SELECT count(*) FROM executions WHERE start_ms < 200"),
	    6);
}
END_TEST

/* ---- the log cannot grow ---- */

static void
limit_files(rlim_t size)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = size;
	setrlimit(RLIMIT_FSIZE, &limit);
}

/* There is room in the file, but the log is long, and was not brought home
 * since there was no rest: it is now, and begins anew. */
START_TEST(a_full_log_begins_anew)
{
	struct stat file;

	kit_fill(0, 10000);
	kit_sql("DELETE FROM executions");
	do_step(STEP_CHECKPOINT);
	ck_assert_int_eq(stat(kit_path(), &file), 0);
	limit_files((rlim_t)file.st_size);
	for (int i = 0; i < 200; i++)
		ck_assert_msg(write_one(i, 1000), "%s: %s", disk.error.name,
		    disk.error.cause);
	limit_files(RLIM_INFINITY);
	ck_assert_int_eq(kit_number("SELECT count(*) FROM events"), 200);
}
END_TEST

/* ---- no room at all: Check could not even tell of a failure ---- */

START_TEST(without_any_room_nothing_is_lost)
{
	bool written;
	struct error when_written;

	kit_fill(0, 1000);
	disk.prune.before_ms = 200;
	limit_files(1);
	written = write_one(1, 1000);
	when_written = disk.error;
	do_step(STEP_PRUNE);
	limit_files(RLIM_INFINITY);
	ck_assert(!written);
	ck_assert_str_eq(when_written.name, "Store.Full");
	ck_assert(!disk.ok);
	ck_assert_str_eq(disk.error.name, "Store.Full");
	ck_assert_uint_eq(disk.prune.expired_count, 0);
	ck_assert_int_eq(kit_number("SELECT count(*) FROM executions"), 1000);
	ck_assert(write_one(1, 1000));
}
END_TEST

/* ---- a disk that fails to sync ---- */

static int failing; /* how many syncs are yet to fail */

int
fdatasync(int fd)
{
	if (failing == 0)
		return (int)syscall(SYS_fdatasync, fd);
	failing--;
	errno = EIO;
	return -1;
}

/* What was deleted by a commit that failed may be gone or not: either is fine,
 * and nobody is told twice. */
START_TEST(deleting_in_doubt_is_made_up_for)
{
	size_t given_out = 0;
	int failures = 0;

	kit_fill(0, 100);
	disk.prune.before_ms = 1000;
	do_step(STEP_PRUNE);
	given_out += disk.prune.expired_count;
	failing = _i;
	do {
		do_step(STEP_PRUNE);
		failures += !disk.ok;
		given_out += disk.prune.expired_count;
	} while (!disk.ok || disk.prune.more);
	ck_assert_int_eq(failures > 0, _i > 0);
	ck_assert_uint_eq(given_out, 2);
	ck_assert_int_eq(kit_number("SELECT count(*) FROM executions"), 1);
	ck_assert_int_eq(kit_number("SELECT sum(n) FROM totals"), 1);
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		a_full_file_is_full,
		what_is_too_old_makes_room,
		a_full_log_begins_anew,
		without_any_room_nothing_is_lost,
	};
	Suite *suite = suite_create("store/disk");
	TCase *tcase = tcase_create("disk");

	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	tcase_add_loop_test(tcase, deleting_in_doubt_is_made_up_for, 0, 5);
	suite_add_tcase(suite, tcase);
	return suite;
}
