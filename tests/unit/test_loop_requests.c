/* SPDX-License-Identifier: Apache-2.0 */
/* Requests that do not end by themselves: cancelled, freed with the client, or
 * lost when curl gives up. */
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "unit/fetch.h"
#include "unit/unit.h"

static struct tls_authority *authority;
static struct tls_peer *peer;
static struct fetcher fetcher;

static void
setup(void)
{
	authority = tls_authority_new("ours");
	fetcher_init(&fetcher, authority);
	peer = tls_peer_new(authority, CERT_GOOD);
}

static void
teardown(void)
{
	fetcher_done(&fetcher);
	tls_peer_free(peer);
	tls_authority_free(authority);
}

static void
start(struct fetch *fetch, const char *path)
{
	char *url = fetch_url(peer, "https", path);

	fetch_start(fetch, &fetcher, url);
	free(url);
}

/* Waits until the peer has got a request. */
static void
wait_for_peer(void)
{
	int before = tls_peer_requests(peer);

	tls_peer_on_request(peer, fetch_stop, &fetcher);
	loop_run(fetcher.loop);
	tls_peer_on_request(peer, NULL, NULL);
	ck_assert_int_eq(tls_peer_requests(peer), before + 1);
}

START_TEST(a_cancelled_request_is_silent)
{
	struct fetch early = { 0 }, late = { 0 }, fetch;

	start(&early, "/hold");
	http_cancel(early.request); /* before the loop saw it */
	start(&late, "/hold");
	wait_for_peer();
	http_cancel(late.request);
	fetch = fetch_get(&fetcher, peer, "/ok");
	fetch_check_answer(&fetch, 200);
	ck_assert_int_eq(early.calls + late.calls, 0);
}
END_TEST

static struct fetch pair[2];

static void
cancel_the_other(struct fetch *fetch)
{
	struct fetch *other = fetch == &pair[0] ? &pair[1] : &pair[0];

	ck_assert_ptr_nonnull(other->request);
	http_cancel(other->request);
}

/* Both end in the same turn: the first one's callback silences the second. */
START_TEST(a_callback_may_cancel_others)
{
	struct fetch hold = { 0 };

	for (int i = 0; i < 2; i++) {
		pair[i] = (struct fetch){ 0 };
		pair[i].on_end = cancel_the_other;
		pair[i].message.timeout_ms = 50;
		start(&pair[i], "/hold");
	}
	hold.message.timeout_ms = 100;
	start(&hold, "/hold");
	fetch_wait(&fetcher, 2);
	ck_assert_int_eq(pair[0].calls + pair[1].calls, 1);
	ck_assert_int_eq(hold.calls, 1);
}
END_TEST

static struct fetch follower;

static void
send_another(struct fetch *fetch)
{
	(void)fetch;
	start(&follower, "/hold");
}

START_TEST(a_callback_may_send)
{
	struct fetch fetch = { .on_end = send_another };

	follower.message.timeout_ms = 50;
	start(&fetch, "/ok");
	fetch_wait(&fetcher, 2);
	fetch_check_answer(&fetch, 200);
	fetch_check_error(&follower, "Http.Timeout", CLASS_TRANSIENT, "");
}
END_TEST

/* ---- the end of the client ---- */

/*
 * curl calls back about descriptors and timers while it is taken down. Under
 * AddressSanitizer any other order than transfers, multi handle, timer, loop
 * shows.
 */
START_TEST(a_client_can_be_freed_at_any_time)
{
	struct fetch kept, held = { 0 }, stalled = { 0 }, connecting = { 0 };
	struct fetch fresh = { 0 }, refused = { 0 };
	struct tls_peer *mute = tls_peer_new(authority, CERT_NONE);
	char *url = fetch_url(mute, "https", "/ok");

	kept = fetch_get(&fetcher, peer, "/ok");
	fetch_check_answer(&kept, 200);
	fetch_start(&connecting, &fetcher, url);
	start(&held, "/hold");
	wait_for_peer();
	start(&stalled, "/stall");
	wait_for_peer();
	start(&fresh, "/ok");
	fetch_start(&refused, &fetcher, "nowhere");
	fetcher_done(&fetcher);
	ck_assert_int_eq(held.calls + stalled.calls + connecting.calls +
		fresh.calls + refused.calls,
	    0);
	fetcher_init(&fetcher, authority);
	tls_peer_free(mute);
	free(url);
}
END_TEST

/* ---- when curl gives up ---- */

static int failures_to_come;

/* The linker puts this in the place of curl's. */
CURLMcode __wrap_curl_multi_socket_action(
    CURLM *multi, curl_socket_t fd, int ready, int *running);
CURLMcode __real_curl_multi_socket_action(
    CURLM *multi, curl_socket_t fd, int ready, int *running);

CURLMcode
__wrap_curl_multi_socket_action(
    CURLM *multi, curl_socket_t fd, int ready, int *running)
{
	if (failures_to_come > 0) {
		failures_to_come--;
		return CURLM_INTERNAL_ERROR;
	}
	return __real_curl_multi_socket_action(multi, fd, ready, running);
}

START_TEST(a_broken_multi_fails_all_and_is_replaced)
{
	struct fetch fetch, held = { 0 }, fresh = { 0 };

	start(&held, "/hold");
	wait_for_peer();
	failures_to_come = 1;
	start(&fresh, "/ok");
	fetch_wait(&fetcher, 2);
	fetch_check_error(
	    &held, "Http.Reset", CLASS_TRANSIENT, "127.0.0.1: Internal error");
	fetch_check_error(
	    &fresh, "Http.Reset", CLASS_TRANSIENT, "Internal error");
	fetch = fetch_get(&fetcher, peer, "/ok");
	fetch_check_answer(&fetch, 200);
}
END_TEST

/* Lost requests are requests until they have been told. */
START_TEST(lost_requests_can_be_cancelled)
{
	for (int i = 0; i < 2; i++) {
		pair[i] = (struct fetch){ 0 };
		pair[i].on_end = cancel_the_other;
		start(&pair[i], "/hold");
	}
	failures_to_come = 1;
	fetch_wait(&fetcher, 1);
	ck_assert_int_eq(pair[0].calls + pair[1].calls, 1);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("loop/http: the life of requests");
	TCase *tcase = tcase_create("life");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_cancelled_request_is_silent);
	tcase_add_test(tcase, a_callback_may_cancel_others);
	tcase_add_test(tcase, a_callback_may_send);
	tcase_add_test(tcase, a_client_can_be_freed_at_any_time);
	tcase_add_test(tcase, a_broken_multi_fails_all_and_is_replaced);
	tcase_add_test(tcase, lost_requests_can_be_cancelled);
	suite_add_tcase(suite, tcase);
	return suite;
}
