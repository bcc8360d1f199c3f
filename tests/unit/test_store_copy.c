/* SPDX-License-Identifier: Apache-2.0 */
/* A copy is made or not, and nothing of it stays behind. */
#include "store/copy.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "unit/store_kit.h"
#include "unit/unit.h"

static struct copy copy;
static struct error error;

static void
setup(void)
{
	kit_setup();
	kit_open();
	kit_fill(0, 10000);
	copy_init(&copy, kit_path(), 1);
}

static void
teardown(void)
{
	copy_done(&copy);
	kit_close();
	kit_teardown();
}

/* Reads the copy to its end; returns how long it is. */
static int64_t
read_all(void)
{
	int64_t bytes = 0;

	do {
		ck_assert(copy_read(&copy, &error));
		ck_assert_uint_le(copy.len, COPY_PIECE);
		bytes += (int64_t)copy.len;
	} while (copy.len > 0);
	return bytes;
}

/* Closed, it is gone. */
START_TEST(a_copy_has_no_name)
{
	struct stat file;

	ck_assert(copy_make(&copy, &error));
	ck_assert_int_eq(kit_copies(), 0);
	ck_assert_int_eq(fstat(copy.fd, &file), 0);
	ck_assert_int_eq(file.st_nlink, 0);
	ck_assert_int_eq(file.st_mode & 0777, 0600);
	ck_assert_int_eq(read_all(), file.st_size);
	ck_assert_int_eq(copy.bytes, file.st_size);
}
END_TEST

/* What was deleted takes no room in it. */
START_TEST(a_copy_is_compact)
{
	kit_sql("DELETE FROM executions WHERE id > 10");
	ck_assert(copy_make(&copy, &error));
	ck_assert_int_lt(copy.bytes, 100000);
}
END_TEST

/* ---- failures ---- */

static unsigned long free_mib = 1000000;

int
statvfs(const char *path, struct statvfs *ret)
{
	ck_assert_str_eq(path, kit_path());
	*ret = (struct statvfs){ .f_frsize = 4096,
		.f_bfree = 1 << 30, /* root's, too */
		.f_bavail = free_mib * 256 };
	return 0;
}

static void
refused(const char *name)
{
	ck_assert(!copy_make(&copy, &error));
	ck_assert_str_eq(error.name, name);
	ck_assert_int_eq(kit_copies(), 0);
}

START_TEST(a_copy_does_not_take_the_last_room)
{
	free_mib = 33;
	refused("Store.Full");
	ck_assert_ptr_nonnull(strstr(error.cause, "33 MiB are free"));
	ck_assert_int_eq(copy.fd, -1);
	free_mib = 36;
	ck_assert(copy_make(&copy, &error));
}
END_TEST

/* As it fills while the copy is made. */
START_TEST(a_disk_may_be_full_all_the_same)
{
	struct rlimit limit, before;
	bool made;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	limit = before;
	limit.rlim_cur = 500000;
	setrlimit(RLIMIT_FSIZE, &limit);
	made = copy_make(&copy, &error);
	setrlimit(RLIMIT_FSIZE, &before);
	ck_assert(!made);
	ck_assert_str_eq(error.name, "Store.Full");
	ck_assert_int_eq(kit_copies(), 0);
}
END_TEST

START_TEST(what_cannot_be_read_is_no_end)
{
	ck_assert(copy_make(&copy, &error));
	close(copy.fd);
	ck_assert(!copy_read(&copy, &error));
	ck_assert_str_eq(error.name, "Store.CannotOpen");
	copy.fd = -1;
}
END_TEST

START_TEST(one_that_is_given_up_is_not_made)
{
	atomic_store(&copy.cancelled, true);
	refused("Store.Failed");
}
END_TEST

START_TEST(a_damaged_store_is_not_copied)
{
	int64_t page = kit_number("SELECT rootpage FROM sqlite_master"
				  " WHERE name = 'executions_both'");
	int fd;

	kit_close();
	fd = open(kit_path(), O_WRONLY);
	ck_assert_int_eq(pwrite(fd, "garbage", 7, (page - 1) * 4096), 7);
	close(fd);
	refused("Store.Corrupt");
}
END_TEST

START_TEST(a_store_that_is_not_there_is_not_copied)
{
	kit_close();
	ck_assert_int_eq(unlink(kit_path()), 0);
	refused("Store.CannotOpen");
	ck_assert_int_ne(access(kit_path(), F_OK), 0);
}
END_TEST

START_TEST(what_is_in_its_place_is_not_touched)
{
	FILE *file = fopen(copy.path, "w");

	fputs("precious", file);
	fclose(file);
	ck_assert(!copy_make(&copy, &error));
	ck_assert_str_eq(error.name, "Store.CannotOpen");
	ck_assert_int_eq(kit_copies(), 1);
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		a_copy_has_no_name,
		a_copy_is_compact,
		a_copy_does_not_take_the_last_room,
		a_disk_may_be_full_all_the_same,
		what_cannot_be_read_is_no_end,
		one_that_is_given_up_is_not_made,
		a_damaged_store_is_not_copied,
		a_store_that_is_not_there_is_not_copied,
		what_is_in_its_place_is_not_touched,
	};
	Suite *suite = suite_create("store/copy");
	TCase *tcase = tcase_create("copy");

	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
