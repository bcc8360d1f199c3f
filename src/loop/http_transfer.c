/* SPDX-License-Identifier: Apache-2.0 */
/* Makes a curl handle of a message: the rules that hold for every transfer
 * stand in one table. */
#include "loop/http_transfer.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "loop/http_wire.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/secret.h"

#define CONNECT_TIMEOUT_MS 5000

static const struct {
	CURLoption option;
	long value;
} rules[] = {
	{ CURLOPT_NOSIGNAL, 1 },
	/* Otherwise a timeout or a cancel waits for the resolver's thread, as
	 * long as a name server cares not to answer. */
	{ CURLOPT_QUICK_EXIT, 1 },
	{ CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1 },
	{ CURLOPT_FOLLOWLOCATION, 0 },
	{ CURLOPT_NETRC, CURL_NETRC_IGNORED },
	{ CURLOPT_PATH_AS_IS, 1 }, /* it is signed */
	{ CURLOPT_SUPPRESS_CONNECT_HEADERS, 1 },
	{ CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 },
	{ CURLOPT_SSL_VERIFYPEER, 1 },
	{ CURLOPT_SSL_VERIFYHOST, 2 },
	{ CURLOPT_PROXY_SSLVERSION, CURL_SSLVERSION_TLSv1_2 },
	{ CURLOPT_PROXY_SSL_VERIFYPEER, 1 },
	{ CURLOPT_PROXY_SSL_VERIFYHOST, 2 },
	{ CURLOPT_TCP_KEEPALIVE, 1 },
	{ CURLOPT_TCP_KEEPIDLE, 15 },
	{ CURLOPT_TCP_KEEPINTVL, 5 },
	{ CURLOPT_MAXAGE_CONN, HTTP_WIRE_IDLE_S },
};

/* Where the trust store stands in for files; http_wire gives it. */
static const CURLoption no_files[] = {
	CURLOPT_CAINFO,
	CURLOPT_CAPATH,
	CURLOPT_PROXY_CAINFO,
	CURLOPT_PROXY_CAPATH,
};

/* An option that curl refuses is our mistake, or there is no memory. */
static void
must(CURLcode code)
{
	assert(code == CURLE_OK);
}

static size_t
on_body(char *bytes, size_t size, size_t count, void *arg)
{
	return buf_add(arg, bytes, size * count) ? size * count : 0;
}

/* One line of a head. curl takes a head for whole, too, when the connection
 * ends within it. */
static size_t
on_head(char *line, size_t size, size_t count, void *arg)
{
	struct http_transfer *transfer = arg;
	size_t len = size * count;

	transfer->whole_head = (len == 2 && memcmp(line, "\r\n", 2) == 0) ||
	    (len == 1 && *line == '\n');
	return len;
}

static void
add_line(struct http_transfer *transfer, const char *line)
{
	struct curl_slist *headers = curl_slist_append(transfer->headers, line);

	assert(headers != NULL);
	transfer->headers = headers;
}

/* curl takes "Name;" for a header without a value; "Name:" would drop it. */
static bool
add_header(struct http_transfer *transfer, const struct http_header *header,
    struct error *error)
{
	FREE_LATER char *line = *header->value != '\0'
	    ? xasprintf("%s: %s", header->name, header->value)
	    : xasprintf("%s;", header->name);
	bool clean = strpbrk(line, "\r\n") == NULL;

	if (clean)
		add_line(transfer, line);
	else
		error_set(error, "Http.BadHeader",
		    "a line break in the header %.64s", header->name);
	secret_wipe(line, strlen(line));
	return clean;
}

static bool
add_headers(struct http_transfer *transfer, const struct http_message *message,
    struct error *error)
{
	const struct http_header *header = message->headers;
	bool typed = false;

	add_line(transfer, "Expect:");
	for (; header != NULL && header->name != NULL; header++) {
		if (!add_header(transfer, header, error))
			return false;
		if (strcasecmp(header->name, "Content-Type") == 0)
			typed = true;
	}
	if (!typed)
		add_line(transfer, "Content-Type:");
	must(curl_easy_setopt(
	    transfer->curl, CURLOPT_HTTPHEADER, transfer->headers));
	return true;
}

static void
set_body(CURL *curl, const struct http_message *message)
{
	if (strcmp(message->method, "GET") == 0) {
		assert(message->body_len == 0);
		return;
	}
	must(curl_easy_setopt(curl, CURLOPT_POST, 1L));
	must(curl_easy_setopt(
	    curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)message->body_len));
	must(curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS,
	    message->body != NULL ? message->body : ""));
	must(curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, message->method));
}

static void
set_rules(CURL *curl)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		must(curl_easy_setopt(curl, rules[i].option, rules[i].value));
	for (size_t i = 0; i < sizeof no_files / sizeof *no_files; i++)
		must(curl_easy_setopt(curl, no_files[i], NULL));
	must(curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https,http"));
}

static void
set_target(CURL *curl, const struct http_message *message, bool direct)
{
	int64_t connect_ms = message->connect_timeout_ms;

	assert(message->timeout_ms > 0);
	if (connect_ms == 0)
		connect_ms = CONNECT_TIMEOUT_MS;
	must(curl_easy_setopt(curl, CURLOPT_URL, message->url));
	must(curl_easy_setopt(
	    curl, CURLOPT_TIMEOUT_MS, (long)message->timeout_ms));
	must(curl_easy_setopt(
	    curl, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms));
	if (direct)
		must(curl_easy_setopt(curl, CURLOPT_PROXY, ""));
}

static void
set_outputs(struct http_transfer *transfer, void *owner)
{
	CURL *curl = transfer->curl;

	must(curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body));
	must(curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer->body));
	must(curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_head));
	must(curl_easy_setopt(curl, CURLOPT_HEADERDATA, transfer));
	must(curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, transfer->reason));
	must(curl_easy_setopt(curl, CURLOPT_PRIVATE, owner));
}

/* Checks a URL that may have a query. */
static bool
check_url(const char *text, struct http_url *ret_url, struct error *error)
{
	FREE_LATER char *bare = xmemdup0(text, strcspn(text, "?"));

	return http_url_parse(bare, ret_url, error);
}

bool
http_transfer_init(struct http_transfer *transfer,
    const struct http_message *message, void *owner, struct error *error)
{
	struct http_url url;

	*transfer = (struct http_transfer){
		.body = BUF_INIT(message->max_answer),
	};
	if (!check_url(message->url, &url, error))
		return false;
	memcpy(transfer->host, url.host, sizeof transfer->host);
	transfer->curl = curl_easy_init();
	assert(transfer->curl != NULL);
	set_rules(transfer->curl);
	set_target(transfer->curl, message, message->no_proxy || url.loopback);
	set_body(transfer->curl, message);
	set_outputs(transfer, owner);
	return add_headers(transfer, message, error);
}

void
http_transfer_done(struct http_transfer *transfer)
{
	struct curl_slist *header = transfer->headers;

	curl_easy_cleanup(transfer->curl);
	transfer->curl = NULL;
	for (; header != NULL; header = header->next)
		secret_wipe(header->data, strlen(header->data));
	curl_slist_free_all(transfer->headers);
	transfer->headers = NULL;
	buf_done(&transfer->body);
}
