/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store while the disk is not well: what is told, that nothing is lost or
 * done twice, and that it goes on by itself. The disk fails by limits of the
 * kernel, and by an fdatasync of our own in place of the C library's.
 */
#include "store/store.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "loop/loop.h"
#include "store/sqlite.h"
#include "unit/store_kit.h"
#include "unit/store_stage.h"
#include "unit/unit.h"

#define SCHEDULED EVENT_TASK_SCHEDULED

/* ---- a disk that fails to sync ---- */

static atomic_int failing;     /* how many syncs are yet to fail */
static atomic_int synced_home; /* syncs of the database itself */

static bool
is_home(int fd)
{
	struct stat home, file;

	return stat(kit_path(), &home) == 0 && fstat(fd, &file) == 0 &&
	    home.st_ino == file.st_ino;
}

int
fdatasync(int fd)
{
	if (is_home(fd))
		atomic_fetch_add(&synced_home, 1);
	if (atomic_load(&failing) > 0) {
		atomic_fetch_sub(&failing, 1);
		errno = EIO;
		return -1;
	}
	return (int)syscall(SYS_fdatasync, fd);
}

static const char *
without_trouble(const char *story)
{
	static const char trouble[] = "trouble!Store.Io well ";
	size_t len = strlen(trouble);

	return story + (strncmp(story, trouble, len) == 0 ? len : 0);
}

/* A commit whose sync failed may be on the disk nevertheless, and is found
 * there when the file is opened anew. */
START_TEST(failed_syncs_neither_lose_nor_double)
{
	stage_open();
	stage_end("Y", 1, STATUS_FAILED);
	stage_append("Z", 1, SCHEDULED);
	stage_wait("Z1");
	kit_sql("UPDATE executions SET due_ms = 7 WHERE name = 'Y'");
	stage_story();
	atomic_store(&failing, _i);
	stage_append("A", 1, SCHEDULED);
	stage_append("A", 2, SCHEDULED);
	stage_append("B", 1, SCHEDULED);
	store_note(stage_store, "k", "old", NULL, NULL);
	store_note(stage_store, "k", "new", NULL, NULL);
	store_note(stage_store, "gone", "x", NULL, NULL);
	store_note(stage_store, "gone", NULL, NULL, NULL);
	store_settle(stage_store, "Y", NULL, NULL);
	stage_reject(1);
	stage_wait("R");
	ck_assert_int_eq(atomic_load(&failing), 0);
	stage_append("A", 3, SCHEDULED);
	stage_wait("A3");
	ck_assert_str_eq(without_trouble(stage_story()), "A1 A2 B1 R A3");
	stage_abandon();
	ck_assert_int_eq(kit_number("SELECT count(*) FROM events"), 6);
	ck_assert_int_eq(kit_number("SELECT count(*) FROM rejected"), 1);
	ck_assert_int_eq(kit_number("SELECT sum(text = 'new') FROM notes"), 1);
	ck_assert_int_eq(kit_number("SELECT count(*) FROM notes"), 1);
	ck_assert_int_eq(kit_number("SELECT sum(due_ms) FROM executions"), 0);
}
END_TEST

START_TEST(trouble_is_told_once_and_its_end)
{
	stage_open();
	atomic_store(&failing, 8);
	stage_append("A", 1, SCHEDULED);
	stage_append("A", 2, SCHEDULED);
	stage_wait("A2");
	ck_assert_str_eq(stage_story(), "trouble!Store.Io well A1 A2");
}
END_TEST

/* ---- a file that cannot grow ---- */

static void
limit_files(rlim_t size)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = size;
	setrlimit(RLIMIT_FSIZE, &limit);
}

static void
on_read_while_full(void *arg, const struct store_execution *execution,
    const struct event *events, size_t count, const struct error *error)
{
	(void)arg, (void)execution, (void)events;
	stage_tell(error ? "read!" : "read:%zu", count);
}

START_TEST(a_full_disk_is_waited_for)
{
	stage_open();
	stage_append("A", 1, SCHEDULED);
	stage_wait("A1");
	limit_files(1);
	for (int i = 2; i <= 100; i++)
		stage_append("A", i, SCHEDULED);
	stage_append("B", 1, SCHEDULED);
	stage_append("B", 2, EVENT_TASK_SUBMITTED);
	stage_wait("trouble!Store.Full");
	store_show(stage_store, "A", on_read_while_full, NULL);
	stage_wait("read:1");
	limit_files(RLIM_INFINITY);
	stage_wait("A100");
	ck_assert_int_eq(0,
	    strncmp(stage_story(), "A1 trouble!Store.Full read:1 well B1 B2 A2",
		41));
	ck_assert_int_eq(kit_number("SELECT count(*) FROM events"), 102);
}
END_TEST

START_TEST(close_does_not_wait_for_a_full_disk)
{
	stage_open();
	stage_append("A", 1, SCHEDULED);
	stage_wait("A1");
	limit_files(1);
	stage_append("A", 2, SCHEDULED);
	stage_append("B", 1, SCHEDULED);
	stage_close();
	limit_files(RLIM_INFINITY);
	ck_assert_int_eq(kit_number("SELECT count(*) FROM events"), 1);
}
END_TEST

/* ---- somebody else's lock ---- */

START_TEST(a_lock_is_waited_for)
{
	struct sqlite *other;

	stage_open();
	other = sqlite_open(kit_path(), SQLITE_FOR_WRITES, NULL);
	ck_assert(sqlite_script(other, "BEGIN IMMEDIATE", NULL));
	stage_append("A", 1, SCHEDULED);
	stage_append("A", 2, SCHEDULED);
	stage_wait("trouble!Store.Locked");
	ck_assert(!store_idle(stage_store));
	ck_assert(sqlite_script(other, "COMMIT", NULL));
	stage_wait("A2");
	ck_assert_str_eq(stage_story(), "trouble!Store.Locked well A1 A2");
	sqlite_close(other);
}
END_TEST

/* ---- rows that cannot be written though the store works ---- */

START_TEST(the_bad_row_alone_is_held)
{
	char name[16];

	stage_open();
	kit_sql("CREATE TRIGGER bad BEFORE INSERT ON events"
		" WHEN new.execution = (SELECT id FROM executions"
		"   WHERE name = 'Bad') AND new.id = 2"
		" BEGIN SELECT RAISE(FAIL, 'bad'); END");
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof name, "N%d.", i);
		stage_append(name, 1, SCHEDULED);
		if (i != 50)
			continue;
		stage_append("Bad", 1, SCHEDULED);
		stage_append("Bad", 2, SCHEDULED);
		stage_append("Bad", 3, SCHEDULED);
	}
	stage_wait("N99.1");
	ck_assert_ptr_nonnull(
	    strstr(stage_story(), " N50.1 Bad1 Bad!Store.Failed N51.1 "));
	ck_assert_int_eq(kit_number("SELECT count(*) FROM events"), 101);
}
END_TEST

START_TEST(the_bad_message_alone_is_held)
{
	stage_open();
	kit_sql("CREATE TRIGGER bad BEFORE INSERT ON rejected"
		" WHEN length(new.body) = 7"
		" BEGIN SELECT RAISE(FAIL, 'bad'); END");
	stage_reject(6);
	stage_reject(7);
	stage_append("A", 1, SCHEDULED);
	stage_reject(8);
	stage_append("A", 2, SCHEDULED);
	stage_wait("A2");
	ck_assert_str_eq(stage_story(), "R R!Store.Failed A1 R A2");
}
END_TEST

/* ---- opening ---- */

START_TEST(opening_is_tried_again)
{
	ck_assert_int_eq(mkdir(kit_path(), 0700), 0);
	stage_begin();
	stage_append("A", 1, SCHEDULED);
	store_show(stage_store, "A", on_read_while_full, NULL);
	stage_wait("read!");
	ck_assert_int_eq(rmdir(kit_path()), 0);
	stage_wait("A1");
	ck_assert_str_eq(stage_story(),
	    "open!Store.CannotOpen unread!Store.Io read! open A1");
}
END_TEST

START_TEST(what_only_people_can_mend_is_told_once)
{
	kit_sql("CREATE TABLE bookmarks (url TEXT)");
	stage_begin();
	stage_append("A", 1, SCHEDULED);
	stage_wait("open!Store.NotOurs");
	kit_sql("PRAGMA application_id = 0x6b677264;"
		"PRAGMA user_version = 999");
	stage_wait("open!Store.SchemaTooNew");
	ck_assert_int_eq(unlink(kit_path()), 0);
	stage_wait("A1");
	ck_assert_str_eq(stage_story(),
	    "open!Store.NotOurs open!Store.SchemaTooNew open A1");
}
END_TEST

/* ---- the log ---- */

static struct loop_timer poll;

static void
on_poll(void *arg)
{
	(void)arg;
	if (atomic_load(&synced_home) > 0)
		stage_tell("home");
	else
		loop_timer_set(&poll, 10);
}

/* The file itself is written when nothing waits, and then once. */
START_TEST(the_log_is_brought_home_at_rest)
{
	stage_open();
	stage_append("A", 1, SCHEDULED);
	stage_wait("A1");
	atomic_store(&synced_home, 0);
	for (int i = 2; i <= 200; i++)
		stage_append("A", i, SCHEDULED);
	stage_wait("A200");
	ck_assert_int_eq(atomic_load(&synced_home), 0);
	loop_timer_init(&poll, stage_loop, on_poll, NULL);
	on_poll(NULL);
	stage_wait("home");
	loop_timer_done(&poll);
	stage_append("A", 201, SCHEDULED);
	stage_wait("A201");
	ck_assert_int_eq(atomic_load(&synced_home), 1);
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		trouble_is_told_once_and_its_end,
		a_full_disk_is_waited_for,
		close_does_not_wait_for_a_full_disk,
		a_lock_is_waited_for,
		the_bad_row_alone_is_held,
		the_bad_message_alone_is_held,
		opening_is_tried_again,
		what_only_people_can_mend_is_told_once,
		the_log_is_brought_home_at_rest,
	};
	Suite *suite = suite_create("store/trouble");
	TCase *tcase = tcase_create("trouble");

	tcase_add_checked_fixture(tcase, stage_setup, stage_teardown);
	tcase_add_loop_test(tcase, failed_syncs_neither_lose_nor_double, 0, 11);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
