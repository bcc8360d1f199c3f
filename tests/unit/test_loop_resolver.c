/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A name server that never answers must not hold up the loop: curl asks it on
 * a thread, and joins that thread on a timeout and on a cancel unless told
 * otherwise. The name server stands in namespaces of this program's own, in
 * which it is the one that /etc/resolv.conf names.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit/fetch.h"
#include "unit/unit.h"
#include "util/clock.h"

enum { TICK_MS = 5, WORST_MS = 250 };

static struct tls_authority *authority;
static struct fetcher fetcher;
static int name_server;

/* ---- a loop that is watched ---- */

static struct loop_timer ticker;
static int64_t last_tick_ms, worst_gap_ms;

static void
on_tick(void *arg)
{
	int64_t now_ms = clock_mono_ms(loop_clock(fetcher.loop));

	(void)arg;
	if (now_ms - last_tick_ms > worst_gap_ms)
		worst_gap_ms = now_ms - last_tick_ms;
	last_tick_ms = now_ms;
	loop_timer_set(&ticker, TICK_MS);
}

/* Fails unless the name server was asked, and the loop went on all the time. */
static void
check_gap(void)
{
	char question[512];

	on_tick(NULL);
	ck_assert_int_gt(
	    recv(name_server, question, sizeof question, MSG_DONTWAIT), 0);
	ck_assert_int_lt(worst_gap_ms, WORST_MS);
}

static void
setup(void)
{
	authority = tls_authority_new("ours");
	fetcher_init(&fetcher, authority);
	loop_timer_init(&ticker, fetcher.loop, on_tick, NULL);
	last_tick_ms = clock_mono_ms(loop_clock(fetcher.loop));
	on_tick(NULL);
}

static void
teardown(void)
{
	loop_timer_done(&ticker);
	fetcher_done(&fetcher);
	tls_authority_free(authority);
}

/* ---- */

static const struct http_message limits[] = {
	{ .timeout_ms = 300 },
	{ .timeout_ms = 10000, .connect_timeout_ms = 300 },
};

START_TEST(a_timeout_holds_nothing_up)
{
	struct fetch fetch = { .message = limits[_i] };

	fetch_start(&fetch, &fetcher, "https://iam.example/");
	fetch_wait(&fetcher, 1);
	fetch_check_error(
	    &fetch, "Http.Timeout", CLASS_TRANSIENT, "iam.example: Resolving");
	check_gap();
}
END_TEST

static void
on_cancel(void *arg)
{
	http_cancel(arg);
	loop_stop(fetcher.loop);
}

/* Cancels a request that has been waiting for its name for a while. */
START_TEST(a_cancel_holds_nothing_up)
{
	struct fetch fetch = { 0 };
	struct loop_timer timer;

	fetch_start(&fetch, &fetcher, "https://iam.example/");
	loop_timer_init(&timer, fetcher.loop, on_cancel, fetch.request);
	loop_timer_set(&timer, 200);
	loop_run(fetcher.loop);
	loop_timer_done(&timer);
	ck_assert_int_eq(fetch.calls, 0);
	check_gap();
}
END_TEST

static void
on_time(void *loop)
{
	loop_stop(loop);
}

START_TEST(the_end_of_the_client_holds_nothing_up)
{
	struct fetch fetch = { 0 };
	struct loop_timer timer;

	fetch_start(&fetch, &fetcher, "https://iam.example/");
	loop_timer_init(&timer, fetcher.loop, on_time, fetcher.loop);
	loop_timer_set(&timer, 200);
	loop_run(fetcher.loop);
	loop_timer_done(&timer);
	http_free(fetcher.http);
	fetcher.http = NULL;
	ck_assert_int_eq(fetch.calls, 0);
	check_gap();
}
END_TEST

/* ---- the namespaces ---- */

static bool
write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	return file != NULL && fputs(text, file) >= 0 && fclose(file) == 0;
}

/* As root at once, else as the root of a user namespace. */
static bool
unshare_all(void)
{
	int spaces = CLONE_NEWNS | CLONE_NEWNET;
	char users[32], groups[32];

	if (unshare(spaces) == 0)
		return true;
	snprintf(users, sizeof users, "0 %ld 1", (long)getuid());
	snprintf(groups, sizeof groups, "0 %ld 1", (long)getgid());
	return unshare(spaces | CLONE_NEWUSER) == 0 &&
	    write_file("/proc/self/setgroups", "deny") &&
	    write_file("/proc/self/uid_map", users) &&
	    write_file("/proc/self/gid_map", groups);
}

static bool
hide_etc(void)
{
	return mount("none", "/", "none", MS_REC | MS_PRIVATE, "") == 0 &&
	    mount("none", "/etc", "tmpfs", 0, "") == 0 &&
	    write_file("/etc/resolv.conf", "nameserver 127.0.0.1\n") &&
	    write_file("/etc/nsswitch.conf", "hosts: dns\n");
}

static bool
start_name_server(void)
{
	struct ifreq loopback = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(53),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};

	name_server = socket(AF_INET, SOCK_DGRAM, 0);
	return name_server >= 0 &&
	    ioctl(name_server, SIOCSIFFLAGS, &loopback) == 0 &&
	    bind(name_server, (void *)&address, sizeof address) == 0;
}

Suite *
unit_suite(void)
{
	Suite *suite;
	TCase *tcase;

	if (!unshare_all() || !hide_etc() || !start_name_server()) {
		printf("1..0 # SKIP no namespaces to be had: %s\n",
		    strerror(errno));
		exit(EXIT_SUCCESS);
	}
	suite = suite_create("loop/http: a dead name server");
	tcase = tcase_create("resolver");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, a_timeout_holds_nothing_up, 0,
	    sizeof limits / sizeof *limits);
	tcase_add_test(tcase, a_cancel_holds_nothing_up);
	tcase_add_test(tcase, the_end_of_the_client_holds_nothing_up);
	suite_add_tcase(suite, tcase);
	return suite;
}
