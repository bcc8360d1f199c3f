/* SPDX-License-Identifier: Apache-2.0 */
/* Requests and answers: what is sent, what is read, and every way to fail. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "unit/fetch.h"
#include "unit/unit.h"
#include "util/clock.h"

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

/* ---- answers ---- */

static const struct {
	const char *path, *body;
} bodies[] = {
	{ "/ok", "hello" },
	{ "/chunked", "hello" },
	{ "/until-close", "hello" },
	{ "/empty", "" },
	{ "/hangup", "hello" },
};

START_TEST(bodies_are_read_whole)
{
	struct fetch fetch = fetch_get(&fetcher, peer, bodies[_i].path);

	fetch_check_answer(&fetch, 200);
	ck_assert_str_eq(fetch.body, bodies[_i].body);
	ck_assert_uint_eq(fetch.answer.body_len, strlen(bodies[_i].body));
	ck_assert_ptr_null(fetch.answer.request_id);
	ck_assert_ptr_null(fetch.answer.content_type);
	ck_assert_int_eq(fetch.answer.date_ms, 0);
}
END_TEST

START_TEST(a_status_is_no_failure)
{
	struct fetch fetch = fetch_get(&fetcher, peer, "/refusal");

	fetch_check_answer(&fetch, 400);
	ck_assert_str_eq(fetch.request_id, "request-1");
	ck_assert_str_eq(fetch.error_type, "Refused");
	ck_assert_str_eq(fetch.query_error, "Query.Refused;Sender");
	ck_assert_str_eq(fetch.content_type, "text/xml");
	ck_assert_int_eq(fetch.answer.date_ms, INT64_C(1440938160000));
	fetch = fetch_get(&fetcher, peer, "/other-id");
	fetch_check_answer(&fetch, 503);
	ck_assert_str_eq(fetch.request_id, "request-2");
}
END_TEST

/* A cache that kept the answer kept its Date, too. */
START_TEST(the_date_of_an_aged_answer_is_not_used)
{
	struct fetch fetch = fetch_get(&fetcher, peer, "/aged");

	fetch_check_answer(&fetch, 200);
	ck_assert_int_eq(fetch.answer.date_ms, 0);
}
END_TEST

START_TEST(headers_are_those_of_the_final_answer)
{
	struct fetch fetch = fetch_get(&fetcher, peer, "/continue");

	fetch_check_answer(&fetch, 200);
	ck_assert_str_eq(fetch.request_id, "request-1");
}
END_TEST

START_TEST(redirects_are_not_followed)
{
	struct fetch fetch = fetch_get(&fetcher, peer, "/redirect");

	fetch_check_answer(&fetch, 302);
	ck_assert_int_eq(tls_peer_requests(peer), 1);
}
END_TEST

START_TEST(times_are_told)
{
	const struct clock *clock = loop_clock(fetcher.loop);
	int64_t wall = clock_wall_ms(clock), mono = clock_mono_ms(clock);
	struct fetch fetch = fetch_get(&fetcher, peer, "/ok");

	ck_assert_int_ge(fetch.answer.sent_wall_ms, wall);
	ck_assert_int_le(fetch.answer.sent_wall_ms, clock_wall_ms(clock));
	ck_assert_int_ge(fetch.answer.elapsed_ms, 0);
	ck_assert_int_le(fetch.answer.elapsed_ms, clock_mono_ms(clock) - mono);
}
END_TEST

/* ---- requests ---- */

/* The request as the peer saw it, from a path that is echoed. */
static struct fetch
echo(const struct http_message *message)
{
	struct fetch fetch = { .message = *message };
	char *url = fetch_url(peer, "https", "/a%2Fb/../c?d=%20&e");

	fetch_start(&fetch, &fetcher, url);
	free(url);
	fetch_wait(&fetcher, 1);
	fetch_check_answer(&fetch, 200);
	return fetch;
}

START_TEST(a_request_goes_out_as_it_is)
{
	const struct http_header headers[] = {
		{ "Content-Type", "application/x-amz-json-1.0" },
		{ "X-Empty", "" },
		{ "Authorization", "AWS4-HMAC-SHA256 Credential=x, y" },
		{ NULL, NULL },
	};
	struct fetch fetch = echo(&(struct http_message){
	    .method = "POST",
	    .headers = headers,
	    .body = "{\0}",
	    .body_len = 3,
	});
	const char *body = strstr(fetch.body, "\r\n\r\n");

	/* HTTP/1.1, though the peer prefers HTTP/2 to those who offer it */
	ck_assert_ptr_eq(strstr(fetch.body,
			     "POST /a%2Fb/../c?d=%20&e HTTP/1.1\r\nHost: "
			     "127.0.0.1:"),
	    fetch.body);
	ck_assert_ptr_nonnull(strstr(
	    fetch.body, "\r\nContent-Type: application/x-amz-json-1.0\r\n"));
	ck_assert_ptr_nonnull(strstr(fetch.body, "\r\nX-Empty:\r\n"));
	ck_assert_ptr_nonnull(strstr(fetch.body,
	    "\r\nAuthorization: AWS4-HMAC-SHA256 Credential=x, y\r\n"));
	ck_assert_ptr_nonnull(strstr(fetch.body, "\r\nContent-Length: 3\r\n"));
	ck_assert_ptr_null(strcasestr(fetch.body, "Expect"));
	ck_assert_ptr_null(strcasestr(fetch.body, "Encoding"));
	ck_assert_ptr_nonnull(body);
	ck_assert_str_eq(body + 4, "{");
}
END_TEST

START_TEST(any_method_will_do)
{
	struct fetch fetch = echo(&(struct http_message){ .method = "GET" });

	ck_assert_int_eq(strncmp(fetch.body, "GET ", 4), 0);
	ck_assert_ptr_null(strcasestr(fetch.body, "Content-"));
	fetch = echo(&(struct http_message){ .method = "PUT" });
	ck_assert_int_eq(strncmp(fetch.body, "PUT ", 4), 0);
	ck_assert_ptr_nonnull(strstr(fetch.body, "\r\nContent-Length: 0\r\n"));
	ck_assert_ptr_null(strcasestr(fetch.body, "Content-Type"));
}
END_TEST

/* Refusals come by the callback as well, and nothing is sent. */
START_TEST(what_is_not_fit_is_not_sent)
{
	const struct http_header split[] = {
		{ "X-Token", "a\r\nX-Other: b" },
		{ NULL, NULL },
	};
	struct fetch plain = { 0 }, header = { .message.headers = split };
	struct fetch cancelled = { 0 };
	char *url = fetch_url(peer, "https", "/ok");

	fetch_start(&cancelled, &fetcher, "nowhere");
	fetch_start(&plain, &fetcher, "http://192.0.2.1/");
	fetch_start(&header, &fetcher, url);
	http_cancel(cancelled.request);
	fetch_wait(&fetcher, 2);
	fetch_check_error(&plain, "Http.BadUrl", CLASS_NONE, "loopback");
	fetch_check_error(&header, "Http.BadHeader", CLASS_NONE, "X-Token");
	ck_assert_int_eq(cancelled.calls, 0);
	ck_assert_int_eq(tls_peer_connections(peer), 0);
	free(url);
}
END_TEST

/* ---- failures ---- */

static const struct {
	const char *path, *name, *cause;
} failures[] = {
	{ "/close", "Http.Reset", "127.0.0.1: Empty reply" },
	{ "/reset", "Http.Reset", "reset" },
	{ "/reset-in-head", "Http.Reset", "reset" },
	{ "/close-in-head", "Http.Reset", "within the answer's head" },
	{ "/reset-in-body", "Http.Reset", "reset" },
	{ "/truncated", "Http.Reset", "4 bytes" },
	{ "/truncated-chunk", "Http.Reset", "remaining" },
	{ "/endless-header", "Http.Malformed", "header" },
	{ "/garbage", "Http.Malformed", "HTTP/0.9" },
	{ "/strange-status", "Http.Malformed", "999" },
};

START_TEST(failures_have_names)
{
	struct fetch fetch = fetch_get(&fetcher, peer, failures[_i].path);

	fetch_check_error(
	    &fetch, failures[_i].name, CLASS_TRANSIENT, failures[_i].cause);
	/* and the client lives on */
	fetch = fetch_get(&fetcher, peer, "/ok");
	fetch_check_answer(&fetch, 200);
}
END_TEST

START_TEST(nobody_there_is_a_failure)
{
	struct tls_peer *gone = tls_peer_new(authority, CERT_NONE);
	char *url = fetch_url(gone, "https", "/ok");
	struct fetch fetch = { 0 };

	tls_peer_free(gone);
	fetch_start(&fetch, &fetcher, url);
	fetch_wait(&fetcher, 1);
	fetch_check_error(
	    &fetch, "Http.ConnectFailed", CLASS_TRANSIENT, "127.0.0.1");
	free(url);
}
END_TEST

START_TEST(answers_are_capped)
{
	const char *const paths[] = { "/kilobyte", "/kilobyte", "/endless" };
	const size_t caps[] = { 1024, 1023, 100000 };
	struct fetch fetches[3] = { 0 };

	for (int i = 0; i < 3; i++) {
		char *url = fetch_url(peer, "https", paths[i]);

		fetches[i].message.max_answer = caps[i];
		fetch_start(&fetches[i], &fetcher, url);
		free(url);
	}
	fetch_wait(&fetcher, 3);
	fetch_check_answer(&fetches[0], 200);
	ck_assert_uint_eq(fetches[0].answer.body_len, 1024);
	fetch_check_error(&fetches[1], "Http.AnswerTooLarge", CLASS_NONE,
	    "127.0.0.1: the answer has more than 1023 bytes");
	fetch_check_error(
	    &fetches[2], "Http.AnswerTooLarge", CLASS_NONE, "100000");
}
END_TEST

START_TEST(slow_answers_time_out)
{
	const char *const paths[] = { "/hold", "/stall" };

	for (int i = 0; i < 2; i++) {
		struct fetch fetch = { .message.timeout_ms = 100 };
		char *url = fetch_url(peer, "https", paths[i]);

		fetch_start(&fetch, &fetcher, url);
		fetch_wait(&fetcher, 1);
		fetch_check_error(
		    &fetch, "Http.Timeout", CLASS_TRANSIENT, "timed out");
		free(url);
	}
}
END_TEST

/* A listener whose queue is full leaves who comes without an answer. */
START_TEST(slow_connections_time_out)
{
	struct fetch fetch = { .message.connect_timeout_ms = 100 };
	char *url;

	/* TLS with somebody who waits for a request in plain text */
	struct tls_peer *mute = tls_peer_new(authority, CERT_NONE);

	url = fetch_url(mute, "https", "/ok");
	fetch_start(&fetch, &fetcher, url);
	fetch_wait(&fetcher, 1);
	fetch_check_error(&fetch, "Http.Timeout", CLASS_TRANSIENT, "");
	tls_peer_free(mute);
	free(url);
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		a_status_is_no_failure,
		the_date_of_an_aged_answer_is_not_used,
		headers_are_those_of_the_final_answer,
		redirects_are_not_followed,
		times_are_told,
		a_request_goes_out_as_it_is,
		any_method_will_do,
		what_is_not_fit_is_not_sent,
		nobody_there_is_a_failure,
		answers_are_capped,
		slow_answers_time_out,
		slow_connections_time_out,
	};
	Suite *suite = suite_create("loop/http");
	TCase *tcase = tcase_create("http");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(
	    tcase, bodies_are_read_whole, 0, sizeof bodies / sizeof *bodies);
	tcase_add_loop_test(
	    tcase, failures_have_names, 0, sizeof failures / sizeof *failures);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
