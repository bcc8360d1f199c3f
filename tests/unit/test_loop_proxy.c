/* SPDX-License-Identifier: Apache-2.0 */
/* Proxies come from the environment; loopback is never asked of one. The
 * target is 0.0.0.0, which is this machine but no loopback address. */
#include <stdlib.h>

#include "unit/fetch.h"
#include "unit/unit.h"
#include "util/alloc.h"

static struct tls_authority *authority;
static struct tls_peer *proxy, *peer;
static struct fetcher fetcher;

static void
setup(void)
{
	char *url;

	authority = tls_authority_new("ours");
	fetcher_init(&fetcher, authority);
	peer = tls_peer_new(authority, CERT_GOOD);
	proxy = tls_peer_new(authority, CERT_NONE);
	url = fetch_url(proxy, "http", "");
	setenv("https_proxy", url, 1);
	setenv("all_proxy", url, 1);
	unsetenv("no_proxy");
	unsetenv("NO_PROXY");
	free(url);
}

static void
teardown(void)
{
	fetcher_done(&fetcher);
	tls_peer_free(proxy);
	tls_peer_free(peer);
	tls_authority_free(authority);
}

static struct fetch
get(const char *url, bool no_proxy)
{
	struct fetch fetch = { .message.no_proxy = no_proxy };

	fetch_start(&fetch, &fetcher, url);
	fetch_wait(&fetcher, 1);
	fetch.message.url = NULL;
	return fetch;
}

START_TEST(the_proxy_is_asked)
{
	struct fetch fetch = get("https://0.0.0.0:1/", false);

	ck_assert_int_eq(tls_peer_requests(proxy), 1);
	fetch_check_error(&fetch, "Http.Reset", CLASS_TRANSIENT, "403");
}
END_TEST

START_TEST(a_message_may_go_without)
{
	char *url = xasprintf("https://0.0.0.0:%d/ok", tls_peer_port(peer));
	struct fetch fetch = get(url, true);

	fetch_check_error(&fetch, "Http.CertificateRefused", CLASS_NONE,
	    "0.0.0.0: hostname mismatch");
	ck_assert_int_eq(tls_peer_connections(proxy), 0);
	free(url);
}
END_TEST

START_TEST(loopback_goes_without)
{
	struct fetch fetch = fetch_get(&fetcher, peer, "/ok");

	fetch_check_answer(&fetch, 200);
	ck_assert_int_eq(tls_peer_connections(proxy), 0);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("loop/http: proxies");
	TCase *tcase = tcase_create("proxy");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, the_proxy_is_asked);
	tcase_add_test(tcase, a_message_may_go_without);
	tcase_add_test(tcase, loopback_goes_without);
	suite_add_tcase(suite, tcase);
	return suite;
}
