/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request is copied, found on the wire, and ends by its deferred call.
 */
#include "fake/fake_http.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/clock.h"

struct http {
	struct loop *loop;
	struct fake_wire *wire;
};

static struct fake_wire *bound;

/* ---- what is copied ---- */

static struct http_header *
copy_headers(const struct http_header *headers)
{
	size_t count = 0;
	struct http_header *copy;

	while (headers != NULL && headers[count].name != NULL)
		count++;
	copy = xcalloc(count + 1, sizeof *copy);
	for (size_t i = 0; i < count; i++) {
		copy[i].name = xstrdup(headers[i].name);
		copy[i].value = xstrdup(headers[i].value);
	}
	return copy;
}

static void
free_headers(const struct http_header *headers)
{
	for (const struct http_header *it = headers; it->name != NULL; it++) {
		free((char *)it->name);
		free((char *)it->value);
	}
	free((struct http_header *)headers);
}

struct http_message
fake_http_copy(const struct http_message *message)
{
	struct http_message copy = *message;

	copy.method = xstrdup(message->method);
	copy.url = xstrdup(message->url);
	copy.headers = copy_headers(message->headers);
	copy.body = message->body == NULL
	    ? NULL
	    : xmemdup0(message->body, message->body_len);
	return copy;
}

void
fake_http_forget(const struct http_message *message)
{
	free((char *)message->method);
	free((char *)message->url);
	free((char *)message->body);
	free_headers(message->headers);
}

/* ---- the end of a request ---- */

static void
request_free(struct http_request *request)
{
	TAILQ_REMOVE(&request->wire->requests, request, next);
	request->wire->on_gone(request->wire->arg, request);
	loop_timer_done(&request->timeout);
	loop_defer_clear(&request->end);
	fake_http_forget(&request->message);
	for (size_t i = 0; i < 5; i++)
		free(request->strings[i]);
	free(request);
}

static void
on_end(void *arg)
{
	struct http_request *request = arg;
	const struct clock *clock = loop_clock(request->end.loop);
	bool failed = request->error.name[0] != '\0';

	request->answer.sent_wall_ms = request->sent_wall_ms;
	request->answer.elapsed_ms =
	    clock_mono_ms(clock) - request->sent_mono_ms;
	request->told = true;
	request->done(request->arg, failed ? NULL : &request->answer,
	    failed ? &request->error : NULL);
	request_free(request);
}

static void
on_timeout(void *arg)
{
	struct http_request *request = arg;

	error_set_class(&request->error, CLASS_TRANSIENT, "Http.Timeout",
	    "%s: no answer", request->message.url);
	on_end(request);
}

/* ---- what a test does ---- */

void
fake_wire_bind(struct fake_wire *wire)
{
	TAILQ_INIT(&wire->requests);
	bound = wire;
}

static const char *
keep(struct http_request *request, size_t i, const char *text)
{
	request->strings[i] = xstrdup(text);
	return request->strings[i];
}

void
fake_http_answer(struct http_request *request, const struct http_answer *answer)
{
	struct http_answer *copy = &request->answer;

	assert(copy->status == 0 && request->error.name[0] == '\0');
	*copy = *answer;
	request->strings[0] = xmemdup0(answer->body, answer->body_len);
	copy->body = request->strings[0];
	copy->request_id = keep(request, 1, answer->request_id);
	copy->error_type = keep(request, 2, answer->error_type);
	copy->query_error = keep(request, 3, answer->query_error);
	copy->content_type = keep(request, 4, answer->content_type);
	if (copy->date_ms == 0)
		copy->date_ms = clock_wall_ms(loop_clock(request->end.loop));
	loop_defer_set(&request->end);
}

void
fake_http_fail(struct http_request *request, const struct error *error)
{
	request->error = *error;
	loop_defer_set(&request->end);
}

/* ---- what the daemon does ---- */

struct http *
http_new(struct loop *loop, const char *ca_bundle, struct error *error)
{
	struct http *http = xzalloc(sizeof *http);

	(void)ca_bundle;
	(void)error;
	http->loop = loop;
	http->wire = bound;
	return http;
}

bool
http_reload_trust(struct http *http, const char *ca_bundle, struct error *error)
{
	(void)http;
	(void)ca_bundle;
	(void)error;
	return true;
}

/* There is one client at a time. */
void
http_free(struct http *http)
{
	if (http == NULL)
		return;
	while (!TAILQ_EMPTY(&http->wire->requests))
		request_free(TAILQ_FIRST(&http->wire->requests));
	free(http);
}

struct http_request *
http_send(struct http *http, const struct http_message *message,
    http_done *done, void *arg)
{
	struct http_request *request = xzalloc(sizeof *request);
	const struct clock *clock = loop_clock(http->loop);

	request->wire = http->wire;
	request->message = fake_http_copy(message);
	request->done = done;
	request->arg = arg;
	request->sent_wall_ms = clock_wall_ms(clock);
	request->sent_mono_ms = clock_mono_ms(clock);
	loop_timer_init(&request->timeout, http->loop, on_timeout, request);
	loop_timer_set(&request->timeout, message->timeout_ms);
	loop_defer_init(&request->end, http->loop, on_end, request);
	TAILQ_INSERT_TAIL(&request->wire->requests, request, next);
	request->wire->on_sent(request->wire->arg, request);
	return request;
}

void
http_cancel(struct http_request *request)
{
	request_free(request);
}
