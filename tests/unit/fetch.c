/* SPDX-License-Identifier: Apache-2.0 */
/* Requests that remember how they ended. */
#include "unit/fetch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "util/alloc.h"
#include "util/clock.h"

void
fetcher_init(struct fetcher *fetcher, const struct tls_authority *authority)
{
	struct error error;

	*fetcher = (struct fetcher){ .loop = loop_new() };
	fetcher->http = http_new(fetcher->loop, authority->path, &error);
	ck_assert_msg(fetcher->http != NULL, "%s", error.cause);
}

void
fetcher_done(struct fetcher *fetcher)
{
	http_free(fetcher->http);
	loop_free(fetcher->loop);
}

char *
fetch_url(struct tls_peer *peer, const char *scheme, const char *path)
{
	return xasprintf(
	    "%s://127.0.0.1:%d%s", scheme, tls_peer_port(peer), path);
}

static void
copy(char *out, const char *text)
{
	if (text != NULL)
		snprintf(
		    out, sizeof((struct fetch *)0)->request_id, "%s", text);
}

static void
copy_answer(struct fetch *fetch, const struct http_answer *answer)
{
	ck_assert_uint_eq(answer->body[answer->body_len], '\0');
	fetch->answered = true;
	fetch->answer = *answer;
	snprintf(fetch->body, sizeof fetch->body, "%s", answer->body);
	copy(fetch->request_id, answer->request_id);
	copy(fetch->error_type, answer->error_type);
	copy(fetch->query_error, answer->query_error);
	copy(fetch->content_type, answer->content_type);
}

static void
on_done(void *arg, const struct http_answer *answer, const struct error *error)
{
	struct fetch *fetch = arg;

	ck_assert_msg(fetch->request != NULL, "called back from within");
	ck_assert((answer == NULL) != (error == NULL));
	fetch->request = NULL;
	fetch->calls++;
	if (answer != NULL)
		copy_answer(fetch, answer);
	else
		fetch->error = *error;
	if (fetch->on_end != NULL)
		fetch->on_end(fetch);
	if (--fetch->fetcher->wanted == 0)
		loop_stop(fetch->fetcher->loop);
}

void
fetch_start(struct fetch *fetch, struct fetcher *fetcher, const char *url)
{
	struct http_message *message = &fetch->message;

	fetch->fetcher = fetcher;
	message->url = url;
	if (message->method == NULL)
		message->method = "GET";
	if (message->timeout_ms == 0)
		message->timeout_ms = SECONDS(10);
	if (message->max_answer == 0)
		message->max_answer = (size_t)1 << 20;
	fetch->request = http_send(fetcher->http, message, on_done, fetch);
	ck_assert_int_eq(fetch->calls, 0);
}

void
fetch_wait(struct fetcher *fetcher, int count)
{
	fetcher->wanted = count;
	loop_run(fetcher->loop);
}

struct fetch
fetch_get(struct fetcher *fetcher, struct tls_peer *peer, const char *path)
{
	struct fetch fetch = { 0 };
	char *url = fetch_url(peer, "https", path);

	fetch_start(&fetch, fetcher, url);
	fetch_wait(fetcher, 1);
	fetch.message.url = path;
	free(url);
	return fetch;
}

static void
on_stop(void *loop)
{
	loop_stop(loop);
}

void
fetch_stop(void *arg)
{
	struct fetcher *fetcher = arg;

	loop_post(fetcher->loop, on_stop, fetcher->loop);
}

void
fetch_check_answer(const struct fetch *fetch, int status)
{
	ck_assert_int_eq(fetch->calls, 1);
	ck_assert_msg(fetch->answered, "%s: %s: %s", fetch->message.url,
	    fetch->error.name, fetch->error.cause);
	ck_assert_int_eq(fetch->answer.status, status);
}

void
fetch_check_error(const struct fetch *fetch, const char *name,
    enum error_class class, const char *cause)
{
	ck_assert_int_eq(fetch->calls, 1);
	ck_assert_msg(!fetch->answered, "answered");
	ck_assert_msg(strcmp(fetch->error.name, name) == 0, "%s: %s",
	    fetch->error.name, fetch->error.cause);
	ck_assert_int_eq(fetch->error.class, class);
	ck_assert_msg(strstr(fetch->error.cause, cause) != NULL,
	    "\"%s\" does not say \"%s\"", fetch->error.cause, cause);
}
