/* SPDX-License-Identifier: Apache-2.0 */
/* The listener: connections that are accepted, or have to wait. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "loop/loop.h"
#include "loop/stream.h"
#include "unit/unit.h"
#include "util/log.h"

static struct loop *loop;

static int accepted, warnings;

static void
setup(void)
{
	loop = loop_new();
	accepted = -1;
}

static void
teardown(void)
{
	loop_free(loop);
}

static void
on_accept(void *arg, int fd)
{
	(void)arg;
	accepted = fd;
	loop_stop(loop);
}

/* An address of the abstract namespace, which the kernel picks. */
static int
listening(struct sockaddr_un *address, socklen_t *len)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	ck_assert_int_eq(
	    bind(fd, (void *)address, sizeof address->sun_family), 0);
	*len = sizeof *address;
	ck_assert_int_eq(getsockname(fd, (void *)address, len), 0);
	ck_assert_int_eq(listen(fd, 4), 0);
	return fd;
}

START_TEST(a_listener_accepts)
{
	struct sockaddr_un address;
	socklen_t len;
	struct stream_listener *listener =
	    stream_listen(loop, listening(&address, &len), on_accept, NULL);
	int client = socket(AF_UNIX, SOCK_STREAM, 0);

	ck_assert_int_eq(connect(client, (void *)&address, len), 0);
	loop_run(loop);
	ck_assert_int_ge(accepted, 0);
	ck_assert_int_ne(fcntl(accepted, F_GETFL) & O_NONBLOCK, 0);
	ck_assert_int_ne(fcntl(accepted, F_GETFD) & FD_CLOEXEC, 0);
	close(accepted);
	close(client);
	stream_listener_free(listener);
	stream_listener_free(NULL);
}
END_TEST

static void
on_log(void *self, enum log_level level, const char *text,
    const struct log_field *fields, size_t count)
{
	(void)self, (void)level, (void)fields, (void)count;
	ck_assert_ptr_nonnull(strstr(text, "accept"));
	warnings++;
}

static void
on_time(void *arg)
{
	(void)arg;
	loop_stop(loop);
}

static bool no_descriptors;

/* Stands in the C library's place for libevent. */
int
accept4(int fd, struct sockaddr *address, socklen_t *len, int flags)
{
	if (no_descriptors) {
		errno = EMFILE;
		return -1;
	}
	return (int)syscall(SYS_accept4, fd, address, len, flags);
}

/* One warning and a pause, not a spin; then it goes on. */
START_TEST(a_listener_survives_want_of_descriptors)
{
	static const struct log_sink sink = { .write = on_log };
	struct sockaddr_un address;
	socklen_t len;
	struct stream_listener *listener =
	    stream_listen(loop, listening(&address, &len), on_accept, NULL);
	int client = socket(AF_UNIX, SOCK_STREAM, 0);
	struct loop_timer timer;

	log_bind(&sink);
	ck_assert_int_eq(connect(client, (void *)&address, len), 0);
	no_descriptors = true;
	loop_timer_init(&timer, loop, on_time, NULL);
	loop_timer_set(&timer, 20);
	while (loop_timer_pending(&timer))
		loop_run(loop);
	loop_timer_done(&timer);
	no_descriptors = false;
	ck_assert_int_eq(accepted, -1);
	ck_assert_int_eq(warnings, 1);
	loop_run(loop);
	ck_assert_int_ge(accepted, 0);
	close(accepted);
	close(client);
	stream_listener_free(listener);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("loop/stream: listener");
	TCase *tcase = tcase_create("listener");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_listener_accepts);
	tcase_add_test(tcase, a_listener_survives_want_of_descriptors);
	suite_add_tcase(suite, tcase);
	return suite;
}
