/* SPDX-License-Identifier: Apache-2.0 */
/* Whom we believe, and what it costs to find out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit/fetch.h"
#include "unit/unit.h"

static struct tls_authority *authority;
static struct fetcher fetcher;
static struct tls_peer *peer;

static void
setup(void)
{
	authority = tls_authority_new("ours");
	fetcher_init(&fetcher, authority);
}

static void
teardown(void)
{
	fetcher_done(&fetcher);
	tls_peer_free(peer);
	peer = NULL;
	tls_authority_free(authority);
}

static const struct {
	enum tls_cert cert;
	const char *cause;
} refused[] = {
	{ CERT_EXPIRED, "127.0.0.1: certificate has expired" },
	{ CERT_SELF_SIGNED, "127.0.0.1: self-signed certificate" },
	{ CERT_OTHER_HOST, "127.0.0.1: hostname mismatch" },
};

START_TEST(bad_certificates_are_refused_by_name)
{
	struct fetch fetch;

	peer = tls_peer_new(authority, refused[_i].cert);
	fetch = fetch_get(&fetcher, peer, "/ok");
	fetch_check_error(
	    &fetch, "Http.CertificateRefused", CLASS_NONE, refused[_i].cause);
	ck_assert_int_eq(tls_peer_requests(peer), 0);
}
END_TEST

static const struct {
	const char *name, *cause;
} strangers[] = {
	{ "theirs", "127.0.0.1: unable to get local issuer certificate" },
	/* one that only claims to be ours */
	{ "ours", "127.0.0.1: certificate signature failure" },
};

START_TEST(strangers_are_refused)
{
	struct tls_authority *stranger = tls_authority_new(strangers[_i].name);
	struct fetch fetch;

	peer = tls_peer_new(stranger, CERT_GOOD);
	fetch = fetch_get(&fetcher, peer, "/ok");
	fetch_check_error(
	    &fetch, "Http.CertificateRefused", CLASS_NONE, strangers[_i].cause);
	tls_authority_free(stranger);
}
END_TEST

START_TEST(old_protocols_are_refused)
{
	struct fetch fetch;

	peer = tls_peer_new(authority, CERT_OLD_PROTOCOL);
	fetch = fetch_get(&fetcher, peer, "/ok");
	fetch_check_error(
	    &fetch, "Http.TlsFailed", CLASS_TRANSIENT, "protocol version");
}
END_TEST

/* ---- the trust store ---- */

START_TEST(the_systems_roots_will_do)
{
	struct error error;
	struct http *http = http_new(fetcher.loop, NULL, &error);

	ck_assert_msg(http != NULL, "%s", error.cause);
	http_free(http);
	http_free(NULL);
}
END_TEST

START_TEST(a_bundle_must_hold_certificates)
{
	const char *const bad[] = { "/nonexistent/ca.pem", "/dev/null",
		"/proc/self/cmdline" };
	const char *const why[] = { "No such file", "no certificate",
		"no certificate" };
	struct error error;

	for (int i = 0; i < 3; i++) {
		ck_assert_ptr_null(http_new(fetcher.loop, bad[i], &error));
		ck_assert_str_eq(error.name, "Config.TrustStore");
		ck_assert_ptr_nonnull(strstr(error.cause, bad[i]));
		ck_assert_ptr_nonnull(strstr(error.cause, why[i]));
	}
}
END_TEST

/* The new authorities count at once, also for those with a connection left;
 * what is under way ends on the old ones. */
START_TEST(trust_can_be_renewed)
{
	struct tls_authority *stranger = tls_authority_new("theirs");
	struct fetch fetch, hold = { .message.timeout_ms = 200 };
	struct error error;
	char *url;

	peer = tls_peer_new(authority, CERT_GOOD);
	url = fetch_url(peer, "https", "/hold");
	fetch = fetch_get(&fetcher, peer, "/ok");
	fetch_check_answer(&fetch, 200);
	fetch_start(&hold, &fetcher, url);

	ck_assert(!http_reload_trust(fetcher.http, "/dev/null", &error));
	ck_assert_str_eq(error.name, "Config.TrustStore");
	fetch = fetch_get(&fetcher, peer, "/ok");
	fetch_check_answer(&fetch, 200);

	ck_assert(http_reload_trust(fetcher.http, stranger->path, &error));
	fetch = fetch_get(&fetcher, peer, "/ok");
	fetch_check_error(
	    &fetch, "Http.CertificateRefused", CLASS_NONE, "issuer");
	ck_assert(http_reload_trust(fetcher.http, authority->path, &error));
	fetch = fetch_get(&fetcher, peer, "/ok");
	fetch_check_answer(&fetch, 200);

	ck_assert_int_eq(hold.calls, 0);
	fetch_wait(&fetcher, 1);
	fetch_check_error(&hold, "Http.Timeout", CLASS_TRANSIENT, "");
	tls_authority_free(stranger);
	free(url);
}
END_TEST

static struct fetch *renewer;

static void
renew(struct fetch *fetch)
{
	renewer = fetch;
	ck_assert(http_reload_trust(fetcher.http, authority->path, NULL));
}

/* The wire that the callback came from has nothing left to do. */
START_TEST(a_callback_may_renew_trust)
{
	struct fetch fetch = { .on_end = renew };
	char *url;

	peer = tls_peer_new(authority, CERT_GOOD);
	url = fetch_url(peer, "https", "/ok");
	fetch_start(&fetch, &fetcher, url);
	fetch_wait(&fetcher, 1);
	ck_assert_ptr_eq(renewer, &fetch);
	fetch = fetch_get(&fetcher, peer, "/ok");
	fetch_check_answer(&fetch, 200);
	free(url);
}
END_TEST

/* ---- what a handshake costs ---- */

/* What this thread has read from files so far: from sockets curl receives. */
static long
bytes_read(void)
{
	FILE *file = fopen("/proc/thread-self/io", "r");
	long bytes = -1;

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(fscanf(file, "rchar: %ld", &bytes), 1);
	fclose(file);
	return bytes;
}

/*
 * curl left to itself reads the system's 200 KiB of roots, or stats a folder
 * of them, for each new connection.
 */
START_TEST(a_handshake_reads_no_files)
{
	enum { HANDSHAKES = 4 };
	struct fetch fetch;
	long before;

	peer = tls_peer_new(authority, CERT_GOOD);
	fetch = fetch_get(&fetcher, peer, "/hangup");
	fetch_check_answer(&fetch, 200);
	before = bytes_read();
	for (int i = 0; i < HANDSHAKES; i++) {
		fetch = fetch_get(&fetcher, peer, "/hangup");
		fetch_check_answer(&fetch, 200);
	}
	ck_assert_int_eq(tls_peer_connections(peer), 1 + HANDSHAKES);
	ck_assert_int_lt(bytes_read() - before, 64L << 10);
}
END_TEST

/* The bundle itself is read once, however many handshakes follow. */
START_TEST(the_bundle_is_read_once)
{
	struct fetch fetch;

	ck_assert_int_eq(ftruncate(authority->fd, 0), 0);
	peer = tls_peer_new(authority, CERT_GOOD);
	fetch = fetch_get(&fetcher, peer, "/ok");
	fetch_check_answer(&fetch, 200);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("loop/http: TLS");
	TCase *tcase = tcase_create("tls");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, bad_certificates_are_refused_by_name, 0,
	    sizeof refused / sizeof *refused);
	tcase_add_loop_test(tcase, strangers_are_refused, 0,
	    sizeof strangers / sizeof *strangers);
	tcase_add_test(tcase, old_protocols_are_refused);
	tcase_add_test(tcase, the_systems_roots_will_do);
	tcase_add_test(tcase, a_bundle_must_hold_certificates);
	tcase_add_test(tcase, trust_can_be_renewed);
	tcase_add_test(tcase, a_callback_may_renew_trust);
	tcase_add_test(tcase, a_handshake_reads_no_files);
	tcase_add_test(tcase, the_bundle_is_read_once);
	suite_add_tcase(suite, tcase);
	return suite;
}
