/* SPDX-License-Identifier: Apache-2.0 */
/* Streams: what is read and written, back-pressure, and every way to end. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loop/loop.h"
#include "loop/stream.h"
#include "unit/unit.h"

enum { MAX_IN = 1000, MAX_OUT = 1 << 20 };

static struct loop *loop;
static struct stream *stream;
static int peer; /* the other end, blocking */

static char seen[4 * MAX_IN]; /* what on_bytes used up */
static size_t presented;      /* how much it was last shown */
static size_t use;            /* how much it uses up at most */
static int drained, closed;
static enum { NOTHING, FREE, PAUSE, FLOOD } reaction;

static size_t
on_bytes(void *arg, const char *bytes, size_t len)
{
	size_t used = len < use ? len : use;

	(void)arg;
	presented = len;
	strncat(seen, bytes, used);
	loop_stop(loop);
	if (reaction == FREE) {
		stream_free(stream);
		stream = NULL;
	} else if (reaction == PAUSE)
		stream_pause(stream, true);
	else if (reaction == FLOOD) {
		static const char flood[MAX_OUT + 1];

		ck_assert(!stream_write(stream, flood, sizeof flood));
		ck_assert(!stream_write(stream, "x", 1));
		ck_assert_int_eq(closed, 0);
	}
	return used;
}

static void
on_drained(void *arg)
{
	(void)arg;
	drained++;
	loop_stop(loop);
}

static void
on_closed(void *arg)
{
	(void)arg;
	closed++;
	loop_stop(loop);
}

static const struct stream_events events = { on_bytes, on_drained, on_closed };

static void
setup(void)
{
	int fds[2];

	loop = loop_new();
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	stream = stream_new(loop, fds[0], MAX_IN, MAX_OUT, &events, NULL);
	peer = fds[1];
	seen[0] = '\0';
	presented = 0;
	use = SIZE_MAX;
	drained = closed = 0;
	reaction = NOTHING;
}

static void
teardown(void)
{
	stream_free(stream);
	close(peer);
	loop_free(loop);
}

static void
say(const char *text)
{
	ck_assert_int_eq(
	    write(peer, text, strlen(text)), (ssize_t)strlen(text));
}

static void
on_settled(void *arg)
{
	(void)arg;
	loop_stop(loop);
}

/* Lets the loop run until it has nothing more to do. */
static void
settle(void)
{
	struct loop_timer timer;

	loop_timer_init(&timer, loop, on_settled, NULL);
	loop_timer_set(&timer, 20);
	while (loop_timer_pending(&timer))
		loop_run(loop);
	loop_timer_done(&timer);
}

START_TEST(bytes_come_and_go)
{
	char answer[8] = "";

	say("hello");
	loop_run(loop);
	ck_assert_str_eq(seen, "hello");
	ck_assert(stream_write(stream, "good ", 5));
	ck_assert(stream_write(stream, "day", 3));
	loop_run(loop);
	ck_assert_int_eq(drained, 1);
	ck_assert_int_eq(read(peer, answer, sizeof answer), 8);
	ck_assert_mem_eq(answer, "good day", 8);
	ck_assert_int_eq(closed, 0);
}
END_TEST

START_TEST(what_is_left_comes_again_with_more)
{
	use = 2;
	say("abc");
	loop_run(loop);
	ck_assert_uint_eq(presented, 3);
	say("d");
	loop_run(loop);
	ck_assert_uint_eq(presented, 2);
	ck_assert_str_eq(seen, "abcd");
}
END_TEST

START_TEST(a_paused_stream_reads_nothing)
{
	reaction = PAUSE;
	use = 1;
	say("ab");
	loop_run(loop);
	say("c");
	settle();
	ck_assert_str_eq(seen, "a");
	reaction = NOTHING;
	use = SIZE_MAX;
	stream_pause(stream, false);
	settle();
	ck_assert_str_eq(seen, "abc");
}
END_TEST

/* A peer that asked twice at once and then waits is not forgotten. */
START_TEST(resuming_presents_what_is_unread)
{
	reaction = PAUSE;
	use = 1;
	say("ab");
	loop_run(loop);
	reaction = NOTHING;
	stream_pause(stream, false);
	loop_run(loop);
	ck_assert_str_eq(seen, "ab");
}
END_TEST

START_TEST(a_stream_can_be_freed_by_its_callback)
{
	reaction = FREE;
	say("bye");
	loop_run(loop);
	ck_assert_ptr_null(stream);
	settle();
	ck_assert_int_eq(closed, 0);
}
END_TEST

START_TEST(what_the_peer_said_last_is_read)
{
	say("last");
	shutdown(peer, SHUT_WR);
	settle();
	ck_assert_str_eq(seen, "last");
	ck_assert_int_eq(closed, 1);
	ck_assert(!stream_write(stream, "x", 1));
	settle();
	ck_assert_int_eq(closed, 1);
}
END_TEST

START_TEST(too_much_unread_closes)
{
	char text[MAX_IN + 1] = "";

	use = 0;
	memset(text, 'x', MAX_IN);
	say(text);
	settle();
	ck_assert_uint_eq(presented, MAX_IN);
	ck_assert_int_eq(closed, 0);
	say("x");
	settle();
	ck_assert_int_eq(closed, 1);
}
END_TEST

START_TEST(too_much_unwritten_closes_later)
{
	reaction = FLOOD;
	say("go");
	settle();
	ck_assert_int_eq(closed, 1);
	ck_assert_int_eq(drained, 0);
}
END_TEST

/* The peer reads a megabyte slowly and misses nothing. */
START_TEST(close_waits_for_what_is_written)
{
	static char all[MAX_OUT], got[MAX_OUT + 1];
	size_t len = 0;
	ssize_t n;

	memset(all, 'y', sizeof all);
	ck_assert(stream_write(stream, all, sizeof all));
	stream_close_after_write(stream);
	ck_assert(!stream_write(stream, "x", 1));
	fcntl(peer, F_SETFL, O_NONBLOCK);
	while ((n = read(peer, got + len, sizeof got - len)) != 0) {
		ck_assert(n > 0 || errno == EAGAIN);
		len += n > 0 ? (size_t)n : 0;
		if (n < 0 && closed == 0)
			settle();
	}
	ck_assert_uint_eq(len, sizeof all);
	ck_assert_int_eq(closed, 1);
}
END_TEST

START_TEST(close_with_nothing_written_is_no_call_from_within)
{
	stream_close_after_write(stream);
	ck_assert_int_eq(closed, 0);
	loop_run(loop);
	ck_assert_int_eq(closed, 1);
	ck_assert_int_eq(read(peer, seen, 1), 0);
}
END_TEST

START_TEST(the_peer_is_known)
{
	long uid, pid;
	int fds[2];

	stream_peer(stream, &uid, &pid);
	ck_assert_int_eq(uid, (long)getuid());
	ck_assert_int_eq(pid, (long)getpid());
	stream_free(stream);
	ck_assert_int_eq(pipe(fds), 0);
	stream = stream_new(loop, fds[0], MAX_IN, MAX_OUT, &events, NULL);
	stream_peer(stream, &uid, &pid);
	ck_assert_int_eq(uid, -1);
	ck_assert_int_eq(pid, -1);
	close(fds[1]);
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		bytes_come_and_go,
		what_is_left_comes_again_with_more,
		a_paused_stream_reads_nothing,
		resuming_presents_what_is_unread,
		a_stream_can_be_freed_by_its_callback,
		what_the_peer_said_last_is_read,
		too_much_unread_closes,
		too_much_unwritten_closes_later,
		close_waits_for_what_is_written,
		close_with_nothing_written_is_no_call_from_within,
		the_peer_is_known,
	};
	Suite *suite = suite_create("loop/stream");
	TCase *tcase = tcase_create("stream");

	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
