/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections: kept, used again, and given up in time. For that a minute
 * passes in no time: this program's clock_gettime takes the place of the C
 * library's for itself, libevent and libcurl.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "unit/fetch.h"
#include "unit/unit.h"

enum { HOSTS = 6 };

static struct tls_authority *authority;
static struct tls_peer *peers[HOSTS + 1];
static struct fetcher fetcher;

/* ---- the world, as this program has it ---- */

static time_t later; /* seconds that have passed besides */
static int trims;

int
clock_gettime(clockid_t clock, struct timespec *now)
{
	long rc = syscall(SYS_clock_gettime, clock, now);

	now->tv_sec += later;
	return (int)rc;
}

int __wrap_malloc_trim(size_t pad);

/* The linker puts this in the place of the C library's. */
int
__wrap_malloc_trim(size_t pad)
{
	(void)pad;
	trims++;
	return 1;
}

/* ---- */

static void
setup(void)
{
	authority = tls_authority_new("ours");
	fetcher_init(&fetcher, authority);
	trims = 0;
	for (int i = 0; i < HOSTS + 1; i++)
		peers[i] = tls_peer_new(authority, CERT_GOOD);
}

static void
teardown(void)
{
	fetcher_done(&fetcher);
	for (int i = 0; i < HOSTS + 1; i++)
		tls_peer_free(peers[i]);
	tls_authority_free(authority);
}

static void
get_ok(struct tls_peer *peer, const char *path)
{
	struct fetch fetch = fetch_get(&fetcher, peer, path);

	fetch_check_answer(&fetch, 200);
}

START_TEST(connections_are_used_again)
{
	for (int i = 0; i < 3; i++)
		get_ok(peers[0], "/ok");
	ck_assert_int_eq(tls_peer_requests(peers[0]), 3);
	ck_assert_int_eq(tls_peer_connections(peers[0]), 1);
}
END_TEST

/* One to each service must stay while nothing but the long poll runs: curl
 * left to itself keeps four for each request on the wire. */
START_TEST(six_hosts_stay_connected_beside_one_request)
{
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < HOSTS; i++)
			get_ok(peers[i], "/ok");
		for (int polls = 0; polls < HOSTS; polls++)
			get_ok(peers[HOSTS], "/ok");
	}
	for (int i = 0; i < HOSTS; i++)
		ck_assert_int_eq(tls_peer_connections(peers[i]), 1);
}
END_TEST

/* The other end may close a kept connection before the next request, or just
 * as it comes: neither is a failure of the request. */
START_TEST(a_closed_connection_fails_no_request)
{
	const char *const farewells[] = { "/hangup", "/last" };

	for (int i = 0; i < 2; i++) {
		struct fetch fetch = {
			.message = { .method = "POST",
			    .body = "x",
			    .body_len = 1 },
		};
		char *url = fetch_url(peers[i], "https", "/ok");

		get_ok(peers[i], farewells[i]);
		fetch_start(&fetch, &fetcher, url);
		fetch_wait(&fetcher, 1);
		fetch_check_answer(&fetch, 200);
		ck_assert_int_eq(tls_peer_connections(peers[i]), 2);
		free(url);
	}
}
END_TEST

/* ---- looking at our ends ---- */

/* Calls back with each of our sockets that is connected to a peer. */
static int
count_sockets(void (*look)(int fd))
{
	int count = 0;

	for (int fd = 3; fd < 256; fd++) {
		struct sockaddr_in address = { 0 };
		socklen_t len = sizeof address;

		if (getpeername(fd, (void *)&address, &len) != 0)
			continue;
		for (int i = 0; i < HOSTS + 1; i++)
			if (ntohs(address.sin_port) ==
			    tls_peer_port(peers[i])) {
				count++;
				if (look != NULL)
					look(fd);
			}
	}
	return count;
}

static int
option(int fd, int level, int name)
{
	socklen_t len = sizeof(int);
	int value = 0;

	ck_assert_int_eq(getsockopt(fd, level, name, &value, &len), 0);
	return value;
}

static void
look_alive(int fd)
{
	ck_assert_int_eq(option(fd, SOL_SOCKET, SO_KEEPALIVE), 1);
	ck_assert_int_le(option(fd, IPPROTO_TCP, TCP_KEEPIDLE), 20);
	ck_assert_int_eq(option(fd, IPPROTO_TCP, TCP_NODELAY), 1);
}

START_TEST(connections_are_kept_alive)
{
	get_ok(peers[0], "/ok");
	ck_assert_int_eq(count_sockets(look_alive), 1);
}
END_TEST

START_TEST(idle_connections_are_given_up_after_a_minute)
{
	for (int i = 0; i < HOSTS; i++)
		get_ok(peers[i], "/ok");
	later += 59;
	get_ok(peers[0], "/ok");
	ck_assert_int_eq(count_sockets(NULL), HOSTS);
	ck_assert_int_eq(tls_peer_connections(peers[0]), 1);
	later += 4;
	get_ok(peers[0], "/ok");
	ck_assert_int_eq(count_sockets(NULL), 1);
	ck_assert_int_eq(tls_peer_connections(peers[0]), 1);
	later += 70;
	get_ok(peers[0], "/ok");
	ck_assert_int_eq(tls_peer_connections(peers[0]), 2);
}
END_TEST

/* ---- after a burst ---- */

static void
minutes_of_polling(int minutes)
{
	for (int i = 0; i < 3 * minutes; i++) {
		later += 20;
		get_ok(peers[0], "/ok");
	}
}

START_TEST(memory_is_given_back_once_after_many_requests)
{
	struct fetch fetches[HOSTS] = { 0 };
	char *url = fetch_url(peers[0], "https", "/ok");

	minutes_of_polling(3);
	ck_assert_int_eq(trims, 0);
	for (int i = 0; i < HOSTS; i++)
		fetch_start(&fetches[i], &fetcher, url);
	fetch_wait(&fetcher, HOSTS);
	free(url);
	minutes_of_polling(1);
	ck_assert_int_eq(trims, 0);
	minutes_of_polling(1);
	ck_assert_int_eq(trims, 1);
	ck_assert_int_eq(count_sockets(NULL), 1);
	minutes_of_polling(3);
	ck_assert_int_eq(trims, 1);
}
END_TEST

START_TEST(memory_is_given_back_after_a_long_answer)
{
	get_ok(peers[0], "/megabyte");
	minutes_of_polling(2);
	ck_assert_int_eq(trims, 1);
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		connections_are_used_again,
		six_hosts_stay_connected_beside_one_request,
		a_closed_connection_fails_no_request,
		connections_are_kept_alive,
		idle_connections_are_given_up_after_a_minute,
		memory_is_given_back_once_after_many_requests,
		memory_is_given_back_after_a_long_answer,
	};
	Suite *suite = suite_create("loop/http: connections");
	TCase *tcase = tcase_create("connections");

	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
