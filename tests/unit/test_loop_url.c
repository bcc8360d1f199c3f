/* SPDX-License-Identifier: Apache-2.0 */
/* URLs and dates, as curl parses them for us. */
#include <stdio.h>
#include <string.h>

#include "loop/http.h"
#include "unit/unit.h"

static const struct good {
	const char *text;
	struct http_url url;
} good[] = {
	{ "https://IAM.amazonaws.com",
	    { "https", "iam.amazonaws.com", 443, true, "/", false } },
	{ "HTTPS://sqs.example:443/123456789012/queue",
	    { "https", "sqs.example", 443, true, "/123456789012/queue",
		false } },
	{ "https://sqs.example:8443/a%2Fb/",
	    { "https", "sqs.example", 8443, false, "/a%2Fb/", false } },
	{ "http://127.0.0.1:4566",
	    { "http", "127.0.0.1", 4566, false, "/", true } },
	{ "http://127.9.8.7/x", { "http", "127.9.8.7", 80, true, "/x", true } },
	{ "http://[::1]:80/", { "http", "::1", 80, true, "/", true } },
	{ "http://LocalHost:9", { "http", "localhost", 9, false, "/", true } },
	{ "https://localhost.example",
	    { "https", "localhost.example", 443, true, "/", false } },
};

START_TEST(good_urls_are_taken_apart)
{
	const struct http_url *want = &good[_i].url;
	struct http_url url;
	struct error error;

	ck_assert_msg(http_url_parse(good[_i].text, &url, &error), "%s: %s",
	    good[_i].text, error.cause);
	ck_assert_str_eq(url.scheme, want->scheme);
	ck_assert_str_eq(url.host, want->host);
	ck_assert_int_eq(url.port, want->port);
	ck_assert_int_eq(url.default_port, want->default_port);
	ck_assert_str_eq(url.path, want->path);
	ck_assert_int_eq(url.loopback, want->loopback);
}
END_TEST

static const struct bad {
	const char *text, *why;
} bad[] = {
	{ "", "" },
	{ "iam.amazonaws.com", "" },
	{ "/path", "" },
	{ "ftp://example.com/", "neither https nor http" },
	{ "file:///etc/passwd", "neither https nor http" },
	{ "https://example.com/?q", "query or fragment" },
	{ "https://example.com/#f", "query or fragment" },
	{ "https://exam ple.com/", "" },
	{ "https://example.com:99999/", "" },
	{ "http://example.com/", "loopback" },
	{ "http://169.254.169.254/", "loopback" },
	{ "http://128.0.0.1/", "loopback" },
	{ "http://127.0.0.1.example.com/", "loopback" },
	{ "http://[::2]/", "loopback" },
};

START_TEST(bad_urls_are_refused_with_a_reason)
{
	struct http_url url = { .port = 7 };
	struct error error;

	ck_assert(!http_url_parse(bad[_i].text, &url, &error));
	ck_assert_str_eq(error.name, "Http.BadUrl");
	ck_assert_int_eq(error.class, CLASS_NONE);
	ck_assert_ptr_nonnull(strstr(error.cause, bad[_i].why));
	ck_assert_int_eq(url.port, 7);
}
END_TEST

START_TEST(a_password_is_not_repeated)
{
	struct http_url url;
	struct error error;

	ck_assert(!http_url_parse("https://u:hunter2@a.example", &url, &error));
	ck_assert_ptr_nonnull(strstr(error.cause, "user or password"));
	ck_assert_ptr_null(strstr(error.cause, "hunter2"));
}
END_TEST

/* What does not fit is refused, never cut. */
START_TEST(long_urls_are_refused)
{
	struct http_url url;
	struct error error;
	char text[2048];

	snprintf(text, sizeof text, "https://a.example/%01022d", 0);
	ck_assert(http_url_parse(text, &url, &error));
	snprintf(text, sizeof text, "https://a.example/%01023d", 0);
	ck_assert(!http_url_parse(text, &url, &error));
	ck_assert_ptr_nonnull(strstr(error.cause, "too long"));
	snprintf(text, sizeof text, "https://%0256d.example/", 0);
	ck_assert(!http_url_parse(text, &url, &error));
}
END_TEST

START_TEST(dates_are_milliseconds)
{
	ck_assert_int_eq(http_date_parse("Sun, 30 Aug 2015 12:36:00 GMT"),
	    INT64_C(1440938160000));
	ck_assert_int_eq(http_date_parse("Fri, 01 Jan 2100 00:00:00 GMT"),
	    INT64_C(4102444800000));
	ck_assert_int_eq(http_date_parse("yesterday"), 0);
	ck_assert_int_eq(http_date_parse(""), 0);
	ck_assert_int_eq(http_date_parse(NULL), 0);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("loop/http_url");
	TCase *tcase = tcase_create("url");

	tcase_add_loop_test(
	    tcase, good_urls_are_taken_apart, 0, sizeof good / sizeof *good);
	tcase_add_loop_test(tcase, bad_urls_are_refused_with_a_reason, 0,
	    sizeof bad / sizeof *bad);
	tcase_add_test(tcase, a_password_is_not_repeated);
	tcase_add_test(tcase, long_urls_are_refused);
	tcase_add_test(tcase, dates_are_milliseconds);
	suite_add_tcase(suite, tcase);
	return suite;
}
