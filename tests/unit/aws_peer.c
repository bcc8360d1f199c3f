/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server: HTTP/1.1 with Content-Length, which is all that curl sends.
 */
#include "unit/aws_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "loop/stream.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"

struct peer_connection {
	struct peer *peer;
	struct stream *stream;
	struct peer_connection *next;
};

/* ---- requests ---- */

static void
request_free(struct peer_request *request)
{
	struct peer_request **link = &request->peer->requests;

	while (*link != request)
		link = &(*link)->next;
	*link = request->next;
	free(request->head);
	free(request->body);
	free(request);
}

/* The length of a whole request's head, up to its body; 0 when there is none
 * yet. */
static size_t
whole(const char *bytes, size_t len, size_t *ret_body_len)
{
	const char *end = memmem(bytes, len, "\r\n\r\n", 4);
	const char *length;
	size_t head_len;

	if (end == NULL)
		return 0;
	head_len = (size_t)(end + 4 - bytes);
	FREE_LATER char *head = xmemdup0(bytes, head_len);

	length = strcasestr(head, "\r\nContent-Length: ");
	*ret_body_len = length != NULL ? strtoul(length + 18, NULL, 10) : 0;
	return len >= head_len + *ret_body_len ? head_len : 0;
}

static size_t
on_bytes(void *arg, const char *bytes, size_t len)
{
	struct peer_connection *connection = arg;
	struct peer *peer = connection->peer;
	struct peer_request *request, **end = &peer->requests;
	size_t body_len = 0, head_len = whole(bytes, len, &body_len);

	if (head_len == 0)
		return 0;
	request = xzalloc(sizeof *request);
	request->peer = peer;
	request->stream = connection->stream;
	request->head = xmemdup0(bytes, head_len);
	request->head_len = head_len;
	for (size_t i = 0; i < head_len; i++)
		if (request->head[i] == '\r')
			request->head[i] = '\0';
	request->body = xmemdup0(bytes + head_len, body_len);
	while (*end != NULL)
		end = &(*end)->next;
	*end = request;
	peer->count++;
	peer->asked(peer->arg, request);
	return head_len + body_len;
}

static void
on_closed(void *arg)
{
	(void)arg;
}

static void
on_accept(void *arg, int fd)
{
	static const struct stream_events events = {
		.on_bytes = on_bytes,
		.on_closed = on_closed,
	};
	struct peer *peer = arg;
	struct peer_connection *connection = xzalloc(sizeof *connection);

	connection->peer = peer;
	connection->stream =
	    stream_new(peer->loop, fd, 2 << 20, 64 << 20, &events, connection);
	connection->next = peer->connections;
	peer->connections = connection;
}

const char *
peer_header(struct peer_request *request, const char *name)
{
	const char *line = request->head;
	const char *end = line + request->head_len;
	size_t len = strlen(name);

	/* Behind the NUL of a line there is a line break. */
	for (; line < end; line += strlen(line) + 2)
		if (strncasecmp(line, name, len) == 0 && line[len] == ':')
			return line + len + strspn(line + len, ": ");
	return "";
}

const char *
peer_operation(struct peer_request *request)
{
	const char *target = peer_header(request, "X-Amz-Target");
	const char *dot = strrchr(target, '.');

	if (dot != NULL)
		return dot + 1;
	/* A form begins with "Action=". */
	request->body[strcspn(request->body, "&")] = '\0';
	return request->body + strlen("Action=");
}

/* ---- answers ---- */

void
peer_answer(struct peer_request *request, int status, const char *headers,
    const char *body, size_t body_len)
{
	FREE_LATER char *head =
	    xasprintf("HTTP/1.1 %d Whatever\r\nContent-Length: %zu\r\n%s\r\n",
		status, body_len, headers);

	stream_write(request->stream, head, strlen(head));
	stream_write(request->stream, body, body_len);
	request_free(request);
}

void
peer_answer_dated(struct peer_request *request, int status, int64_t skew_ms,
    const char *headers, const char *body)
{
	const struct clock *clock = loop_clock(request->peer->loop);
	time_t seconds = (time_t)((clock_wall_ms(clock) + skew_ms) / 1000);
	FREE_LATER char *all = NULL;
	struct tm time;
	char date[64];

	gmtime_r(&seconds, &time);
	strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &time);
	all = xasprintf("Date: %s\r\n%s", date, headers);
	peer_answer(request, status, all, body, strlen(body));
}

void
peer_hang_up(struct peer_request *request, const char *bytes)
{
	struct stream *stream = request->stream;

	stream_write(stream, bytes, strlen(bytes));
	request_free(request);
	stream_close_after_write(stream);
}

/* ---- credentials ---- */

static void
credentials_answer(void *arg)
{
	struct peer_credentials *self = arg;
	CLEANUP(credentials_done)
	struct credentials credentials = {
		.access_key_id = "AKIAIOSFODNN7EXAMPLE",
		.source = "test",
	};
	struct credentials_wait *wait;
	struct error error;
	char token[32];

	snprintf(token, sizeof token, "token-%u", self->number);
	secret_set(&credentials.secret_key, "secret", 6);
	secret_set(&credentials.token, token, strlen(token));
	error_set_class(
	    &error, CLASS_TRANSIENT, "Aws.NoCredentials", "none here");
	while (!self->silent && (wait = self->waiting) != NULL) {
		self->waiting = wait->next;
		wait->found(wait->arg, self->none ? NULL : &credentials,
		    self->none ? &error : NULL);
	}
}

static void
credentials_get(void *arg, struct credentials_wait *wait)
{
	struct peer_credentials *self = arg;
	struct credentials_wait **end = &self->waiting;

	while (*end != NULL)
		end = &(*end)->next;
	wait->next = NULL;
	*end = wait;
	self->asked++;
	loop_defer_set(&self->answer);
}

static void
credentials_cancel(void *arg, struct credentials_wait *wait)
{
	struct peer_credentials *self = arg;
	struct credentials_wait **link = &self->waiting;

	while (*link != wait)
		link = &(*link)->next;
	*link = wait->next;
}

static void
credentials_invalidate(void *arg)
{
	struct peer_credentials *self = arg;

	self->number++;
}

/* ---- all of it ---- */

static int
listen_on_loopback(char url[64])
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, len), 0);
	ck_assert_int_eq(listen(fd, 128), 0);
	getsockname(fd, (struct sockaddr *)&address, &len);
	snprintf(url, 64, "http://127.0.0.1:%d/", ntohs(address.sin_port));
	return fd;
}

void
peer_init(struct peer *peer, peer_asked *asked, void *arg)
{
	struct peer_credentials *credentials = &peer->credentials;
	struct aws_settings settings = {
		.region = "us-east-1",
		.lookup_rate = 1000,
	};

	*peer = (struct peer){ .asked = asked, .arg = arg };
	peer->loop = loop_new();
	peer->http = http_new(peer->loop, NULL, NULL);
	peer->listener = stream_listen(
	    peer->loop, listen_on_loopback(peer->url), on_accept, peer);
	credentials->provider = (struct credentials_provider){
		.self = credentials,
		.get = credentials_get,
		.cancel = credentials_cancel,
		.invalidate = credentials_invalidate,
	};
	loop_defer_init(
	    &credentials->answer, peer->loop, credentials_answer, credentials);
	for (unsigned i = 0; i < AWS_SERVICES; i++)
		settings.endpoint[i] = peer->url;
	peer->aws = aws_new(
	    peer->loop, peer->http, &credentials->provider, &settings, NULL);
	ck_assert_ptr_nonnull(peer->aws);
}

void
peer_done(struct peer *peer)
{
	struct peer_connection *connection;

	aws_free(peer->aws);
	ck_assert_ptr_null(peer->credentials.waiting);
	loop_defer_clear(&peer->credentials.answer);
	http_free(peer->http);
	while (peer->requests != NULL)
		request_free(peer->requests);
	while ((connection = peer->connections) != NULL) {
		peer->connections = connection->next;
		stream_free(connection->stream);
		free(connection);
	}
	stream_listener_free(peer->listener);
	loop_free(peer->loop);
}

/* Stops the loop once the number is reached; asked after each round. */
struct watcher {
	struct peer *peer;
	const unsigned *number;
	unsigned count;
	struct loop_timer timer;
};

static void
watch(void *arg)
{
	struct watcher *watcher = arg;

	if (*watcher->number >= watcher->count)
		loop_stop(watcher->peer->loop);
	else
		loop_timer_set(&watcher->timer, 1);
}

void
peer_wait(struct peer *peer, const unsigned *number, unsigned count)
{
	struct watcher watcher = {
		.peer = peer, .number = number, .count = count
	};

	loop_timer_init(&watcher.timer, peer->loop, watch, &watcher);
	loop_timer_set(&watcher.timer, 0);
	loop_run(peer->loop);
	loop_timer_done(&watcher.timer);
	ck_assert_uint_eq(*number, count);
}

void
peer_end(struct peer *peer)
{
	peer->ended++;
}
