/* SPDX-License-Identifier: Apache-2.0 */
/* The loop's watches: descriptors and signals. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/event.h>

#include "loop/loop.h"
#include "unit/unit.h"

static struct loop *loop;
static char story[8]; /* what happened, a letter each */

static void
setup(void)
{
	loop = loop_new();
	story[0] = '\0';
}

static void
teardown(void)
{
	loop_free(loop);
}

static void
tell(const char *letter)
{
	ck_assert_uint_lt(strlen(story), sizeof story - 1);
	strcat(story, letter);
}

static void
on_stop(void *arg)
{
	(void)arg;
	tell(".");
	loop_stop(loop);
}

static void
on_readable(void *arg, int fd, unsigned ready)
{
	(void)fd;
	ck_assert_uint_eq(ready, LOOP_READ);
	on_stop(arg);
}

START_TEST(libevent_keeps_no_changelist)
{
	loop_free(loop);
	setenv("EVENT_EPOLL_USE_CHANGELIST", "1", 1);
	loop = loop_new();
	ck_assert_str_eq(event_base_get_method(loop_base(loop)), "epoll");
}
END_TEST

struct swap {
	struct loop_watch *watch;
	int fd, peer;
};

/* Closes the descriptor and opens another under its number, as curl does: the
 * new one must be watched. */
static void
on_swap(void *arg, int fd, unsigned ready)
{
	struct swap *swap = arg;
	int fds[2];

	(void)ready;
	tell("s");
	loop_watch_free(swap->watch);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	ck_assert_int_eq(dup2(fds[0], fd), fd);
	close(fds[0]);
	close(swap->peer);
	swap->peer = fds[1];
	swap->watch = loop_watch_new(loop, fd, LOOP_READ, on_readable, NULL);
	ck_assert_int_eq(write(fds[1], "x", 1), 1);
}

START_TEST(a_reused_descriptor_is_watched)
{
	struct swap swap;
	int fds[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	swap.fd = fds[0];
	swap.peer = fds[1];
	swap.watch = loop_watch_new(loop, swap.fd, LOOP_READ, on_swap, &swap);
	ck_assert_int_eq(write(swap.peer, "x", 1), 1);
	loop_run(loop);
	ck_assert_str_eq(story, "s.");
	loop_watch_free(swap.watch);
	close(swap.fd);
	close(swap.peer);
}
END_TEST

static struct loop_defer stop;

static void
on_writable(void *arg, int fd, unsigned ready)
{
	struct loop_watch **watch = arg;

	(void)fd;
	ck_assert_uint_eq(ready, LOOP_WRITE);
	tell("w");
	if (strlen(story) < 2)
		return; /* level-triggered: it comes again */
	loop_watch_set(*watch, 0);
	loop_defer_set(&stop);
}

START_TEST(a_watch_can_change_its_mind)
{
	struct loop_watch *watch;
	int fds[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	loop_defer_init(&stop, loop, on_stop, NULL);
	watch = loop_watch_new(loop, fds[0], LOOP_READ, on_writable, &watch);
	loop_watch_set(watch, LOOP_WRITE);
	loop_run(loop);
	ck_assert_str_eq(story, "ww.");
	loop_watch_free(watch);
	loop_watch_free(NULL);
	close(fds[0]);
	close(fds[1]);
}
END_TEST

START_TEST(signals_arrive_on_the_loop)
{
	struct loop_watch *watch = loop_signal_new(loop, SIGHUP, on_stop, NULL);

	for (int i = 0; i < 2; i++) {
		raise(SIGHUP);
		ck_assert_int_eq((int)strlen(story), i);
		loop_run(loop);
	}
	ck_assert_str_eq(story, "..");
	loop_watch_free(watch);
}
END_TEST

/* epoll takes no file: as good as no memory, or too many watches. Whoever waits
 * for what is not watched would wait for ever. */
START_TEST(what_cannot_be_watched_ends_the_process)
{
	int fd = memfd_create("file", MFD_CLOEXEC);

	loop_watch_new(loop, fd, LOOP_READ, on_readable, NULL);
}
END_TEST

/* A peer that hangs up must not kill us. */
START_TEST(broken_pipes_are_errors)
{
	int fds[2];

	ck_assert_int_eq(pipe(fds), 0);
	close(fds[0]);
	ck_assert_int_eq(write(fds[1], "x", 1), -1);
	close(fds[1]);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("loop/watch");
	TCase *tcase = tcase_create("watch");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, libevent_keeps_no_changelist);
	tcase_add_test(tcase, a_reused_descriptor_is_watched);
	tcase_add_test(tcase, a_watch_can_change_its_mind);
	tcase_add_test(tcase, signals_arrive_on_the_loop);
	tcase_add_test_raise_signal(
	    tcase, what_cannot_be_watched_ends_the_process, SIGABRT);
	tcase_add_test(tcase, broken_pipes_are_errors);
	suite_add_tcase(suite, tcase);
	return suite;
}
