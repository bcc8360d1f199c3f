/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keyguardctl backup: the file is whole, only ours, and never over another; or
 * there is none, under no name.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/newfile.h"
#include "unit/ctl_world.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/cleanup.h"

#define BACKUP                                                                 \
	"{\"method\":\"io.keyguard.Control.Backup\",\"more\":true,"            \
	"\"parameters\":{}}"
#define BYTES(count)                                                           \
	"{\"continues\":true,\"parameters\":{\"bytes\":" #count "}}"
#define PIECE(text)                                                            \
	"{\"continues\":true,\"parameters\":{\"piece\":\"" text "\"}}"
#define END "{\"parameters\":{}}"

static const struct turn good[] = {
	{ BACKUP, { BYTES(9), PIECE("Zm9vYmFy"), PIECE("AP8h"), END }, false },
	{ .call = NULL },
};

static char folder[] = "/tmp/backup-XXXXXX";
static char *file;

static void
setup(void)
{
	world_setup();
	strcpy(folder, "/tmp/backup-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	file = xasprintf("%s/copy.db", folder);
}

static void
teardown(void)
{
	unlink(file);
	rmdir(folder);
	free(STEAL(file));
	world_teardown();
}

static int
files(void)
{
	DIR *dir = opendir(folder);
	int count = -2; /* "." and ".." */

	while (readdir(dir) != NULL)
		count++;
	closedir(dir);
	return count;
}

START_TEST(a_copy_is_whole_and_ours)
{
	char bytes[16], expected[200];
	struct stat there;
	FILE *copy;

	umask(0);
	world_daemon(good);
	ck_assert_int_eq(WORLD_RUN(80, "backup", file), CTL_DONE);
	snprintf(expected, sizeof expected, "%s: 9 bytes\n", file);
	ck_assert_str_eq(world_out(), expected);
	ck_assert_int_eq(files(), 1);
	ck_assert_int_eq(stat(file, &there), 0);
	ck_assert_int_eq(there.st_mode & 0777, 0600);
	copy = fopen(file, "r");
	ck_assert_uint_eq(fread(bytes, 1, sizeof bytes, copy), 9);
	ck_assert_mem_eq(bytes, "foobar\0\xff!", 9);
	fclose(copy);
}
END_TEST

START_TEST(with_json_there_is_one_document)
{
	world_daemon(good);
	ck_assert_int_eq(WORLD_RUN(80, "--json", "backup", file), CTL_DONE);
	ck_assert_ptr_nonnull(strstr(world_out(), "copy.db\""));
	ck_assert_ptr_nonnull(strstr(world_out(), "\"bytes\": 9"));
}
END_TEST

START_TEST(the_standard_output_gets_the_bytes_alone)
{
	world_daemon(good);
	ck_assert_int_eq(WORLD_RUN(0, "backup", "-"), CTL_DONE);
	ck_assert_mem_eq(world_out(), "foobar\0\xff!", 10);
}
END_TEST

/* Nobody is asked for a copy. */
START_TEST(what_cannot_be_is_told_at_once)
{
	FREE_LATER char *nowhere = xasprintf("%s/no/copy.db", folder);

	close(open(file, O_CREAT | O_WRONLY, 0644));
	ck_assert_int_eq(WORLD_RUN(80, "backup", file), CTL_USAGE);
	ck_assert_ptr_nonnull(strstr(world_err(), "copy.db: File exists\n"));
	ck_assert_int_eq(WORLD_RUN(80, "backup", folder), CTL_USAGE);
	ck_assert_ptr_nonnull(strstr(world_err(), ": File exists\n"));
	ck_assert_int_eq(WORLD_RUN(80, "backup", nowhere), CTL_USAGE);
	ck_assert_ptr_nonnull(
	    strstr(world_err(), "copy.db: No such file or directory\n"));
	ck_assert_int_eq(WORLD_RUN(80, "backup", "-"), CTL_USAGE);
	ck_assert_ptr_nonnull(strstr(world_err(), "neither text nor JSON"));
	ck_assert_int_eq(WORLD_RUN(0, "--json", "backup", "-"), CTL_USAGE);
	ck_assert_int_eq(files(), 1);
}
END_TEST

/* Neither one that was there, if only as a name, nor one that has come to be
 * while we copied. */
START_TEST(nothing_is_overwritten)
{
	struct newfile newfile = { .path = NULL };
	struct stat there;

	ck_assert_int_eq(symlink("elsewhere", file), 0);
	ck_assert_int_eq(WORLD_RUN(80, "backup", file), CTL_USAGE);
	unlink(file);
	ck_assert(newfile_possible(file));
	ck_assert(newfile_open(&newfile, file));
	ck_assert_int_eq(symlink("elsewhere", file), 0);
	ck_assert(!newfile_finish(&newfile));
	ck_assert_int_eq(errno, EEXIST);
	newfile_close(&newfile);
	ck_assert_int_eq(lstat(file, &there), 0);
	ck_assert(S_ISLNK(there.st_mode));
	ck_assert_int_eq(files(), 1);
}
END_TEST

START_TEST(what_is_not_whole_leaves_nothing)
{
	static const struct {
		const char *replies[WORLD_REPLIES], *err;
		int status;
	} bad[] = {
		{ { BYTES(9), PIECE("Zm9vYmFy") }, "the daemon has hung up",
		    CTL_UNREACHABLE },
		{ { BYTES(9), PIECE("Zm9vYmFy"), END },
		    "the copy is not whole: 6 of 9 bytes", CTL_FAILED },
		{ { END }, "the copy is not whole: 0 of 0 bytes", CTL_FAILED },
		{ { BYTES(9), PIECE("Zm9") }, "what is no piece", CTL_FAILED },
		{ { BYTES(9), BYTES(9) }, "what is no piece", CTL_FAILED },
		{ { BYTES(9),
		      "{\"error\":\"io.keyguard.Control.StoreFailed\","
		      "\"parameters\":{\"error\":\"Store.X\",\"cause\":"
		      "\"y\"}}" },
		    "Store.X: y", CTL_FAILED },
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct turn turns[] = {
			{ BACKUP, { NULL }, true },
			{ .call = NULL },
		};

		memcpy(
		    turns[0].replies, bad[i].replies, sizeof turns[0].replies);
		world_daemon(turns);
		ck_assert_int_eq(WORLD_RUN(80, "backup", file), bad[i].status);
		ck_assert_ptr_nonnull(strstr(world_err(), bad[i].err));
		ck_assert_str_eq(world_out(), "");
		ck_assert_int_eq(files(), 0);
		world_played();
	}
}
END_TEST

/* As a disk that is full, but for the words. */
START_TEST(a_full_disk_leaves_nothing)
{
	const struct rlimit few = { 4, 4 };

	world_daemon(good);
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &few), 0);
	ck_assert_int_eq(WORLD_RUN(80, "backup", file), CTL_FAILED);
	ck_assert_ptr_nonnull(strstr(world_err(), "copy.db: File too large\n"));
	ck_assert_int_eq(files(), 0);
}
END_TEST

/* Told to end between two pieces: nothing stays, and then it takes effect. */
START_TEST(a_signal_leaves_nothing)
{
	sigset_t interrupt, waiting;

	sigemptyset(&interrupt);
	sigaddset(&interrupt, SIGINT);
	sigprocmask(SIG_BLOCK, &interrupt, NULL);
	raise(SIGINT);
	world_daemon(good);
	ck_assert_int_eq(WORLD_RUN(80, "backup", file), CTL_FAILED);
	ck_assert_int_eq(files(), 0);
	sigpending(&waiting);
	ck_assert_int_eq(sigismember(&waiting, SIGINT), 1);
	signal(SIGINT, SIG_IGN);
}
END_TEST

/* As nohup has it. */
START_TEST(a_signal_that_is_ignored_is_none)
{
	struct newfile newfile = { .path = NULL };

	signal(SIGHUP, SIG_IGN);
	ck_assert(newfile_open(&newfile, file));
	raise(SIGHUP);
	ck_assert(!newfile_unwanted());
	raise(SIGTERM);
	ck_assert(newfile_unwanted());
	signal(SIGTERM, SIG_IGN);
	newfile_close(&newfile);
	ck_assert_int_eq(files(), 0);
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		a_copy_is_whole_and_ours,
		with_json_there_is_one_document,
		the_standard_output_gets_the_bytes_alone,
		what_cannot_be_is_told_at_once,
		nothing_is_overwritten,
		what_is_not_whole_leaves_nothing,
		a_full_disk_leaves_nothing,
		a_signal_leaves_nothing,
		a_signal_that_is_ignored_is_none,
	};
	Suite *suite = suite_create("ctl/backup");
	TCase *tcase = tcase_create("backup");

	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
