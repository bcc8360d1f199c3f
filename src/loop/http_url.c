/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What curl parses for others: URLs and HTTP dates. Needs no loop, so that it
 * stays when a simulation puts a twin in the place of the rest of http.
 */
#include "loop/http.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "util/alloc.h"
#include "util/cleanup.h"

#define URL_LATER CLEANUP(url_free_at)

static void
url_free_at(CURLU **url)
{
	curl_url_cleanup(*url);
}

/* Does not repeat what may be a password. */
static bool
bad_url(const char *text, const char *why, struct error *error)
{
	return error_set(error, "Http.BadUrl", "%.300s: %s",
	    strchr(text, '@') != NULL ? "the URL" : text, why);
}

/* Whether the URL has such a part at all. */
static bool
has(CURLU *url, CURLUPart part)
{
	char *text = NULL;
	CURLUcode code = curl_url_get(url, part, &text, 0);

	curl_free(text);
	return code == CURLUE_OK;
}

/* Copies a part into `out`; false when it is missing or does not fit. */
static bool
copy_part(CURLU *url, CURLUPart part, char *out, size_t size)
{
	char *text = NULL;
	bool fits = false;

	if (curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) == CURLUE_OK &&
	    strlen(text) < size) {
		memcpy(out, text, strlen(text) + 1);
		fits = true;
	}
	curl_free(text);
	return fits;
}

/* Lower-cases, and takes an IPv6 address out of its brackets. */
static void
tidy_host(char *host)
{
	size_t len = strlen(host);

	if (host[0] == '[' && host[len - 1] == ']') {
		memmove(host, host + 1, len - 2);
		host[len - 2] = '\0';
	}
	for (; *host != '\0'; host++)
		if (*host >= 'A' && *host <= 'Z')
			*host = (char)(*host - 'A' + 'a');
}

static bool
is_loopback(const char *host)
{
	struct in_addr four;
	struct in6_addr six;

	if (inet_pton(AF_INET, host, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	if (inet_pton(AF_INET6, host, &six) == 1)
		return IN6_IS_ADDR_LOOPBACK(&six);
	return strcmp(host, "localhost") == 0;
}

static bool
is_web(const char *scheme)
{
	return strcmp(scheme, "https") == 0 || strcmp(scheme, "http") == 0;
}

/* Reads the parts that we use; returns what is wrong, or NULL. */
static const char *
read_parts(CURLU *parts, struct http_url *url)
{
	char port[8];

	if (!copy_part(
		parts, CURLUPART_SCHEME, url->scheme, sizeof url->scheme) ||
	    !is_web(url->scheme))
		return "neither https nor http";
	if (has(parts, CURLUPART_USER) || has(parts, CURLUPART_PASSWORD))
		return "has a user or password";
	if (has(parts, CURLUPART_QUERY) || has(parts, CURLUPART_FRAGMENT))
		return "has a query or fragment";
	if (!copy_part(parts, CURLUPART_HOST, url->host, sizeof url->host) ||
	    !copy_part(parts, CURLUPART_PORT, port, sizeof port) ||
	    !copy_part(parts, CURLUPART_PATH, url->path, sizeof url->path))
		return "too long";
	url->port = atoi(port);
	return NULL;
}

void
http_init(void)
{
	CURLcode code = curl_global_init_mem(
	    CURL_GLOBAL_DEFAULT, xmalloc, free, xrealloc, xstrdup, xcalloc);

	assert(code == CURLE_OK);
}

bool
http_url_parse(const char *text, struct http_url *ret_url, struct error *error)
{
	URL_LATER CURLU *parts = curl_url();
	struct http_url url = { 0 };
	const char *fault;
	CURLUcode code;
	bool tls;

	code =
	    curl_url_set(parts, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME);
	fault = code == CURLUE_OK ? read_parts(parts, &url)
				  : curl_url_strerror(code);
	if (fault != NULL)
		return bad_url(text, fault, error);
	tidy_host(url.host);
	tls = strcmp(url.scheme, "https") == 0;
	url.default_port = url.port == (tls ? 443 : 80);
	url.loopback = is_loopback(url.host);
	if (!tls && !url.loopback)
		return bad_url(
		    text, "plain http goes to a loopback address alone", error);
	*ret_url = url;
	return true;
}

int64_t
http_date_parse(const char *text)
{
	time_t seconds = text != NULL ? curl_getdate(text, NULL) : -1;

	return seconds > 0 ? (int64_t)seconds * 1000 : 0;
}
