/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evhttp around the model. What waits (a long poll, somebody at an admin path)
 * looks again after each request, from the loop and not from within another's
 * callback.
 */
#include "sandbox/server.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>

#include "sandbox/admin.h"
#include "sandbox/reply.h"
#include "sandbox/tls.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"

#define BODY_MAX    (4 << 20)
#define HEADERS_MAX 65536

static int64_t
now_us(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t
server_now_ms(void)
{
	return now_us(CLOCK_REALTIME) / 1000;
}

void
server_changed(struct server *server)
{
	event_active(server->changed, EV_TIMEOUT, 0);
}

/* ---- exchanges ---- */

void
exchange_free(struct exchange *exchange)
{
	if (exchange->answer.end == MODEL_PARK)
		model_forget(exchange->server->model, exchange->answer.ticket);
	TAILQ_REMOVE(&exchange->server->exchanges, exchange, next);
	event_free(exchange->timer);
	model_answer_done(&exchange->answer);
	doc_free(exchange->wanted);
	free(exchange->wire);
	free(exchange);
}

static void
on_close(struct evhttp_connection *connection, void *arg)
{
	(void)connection;
	exchange_free(arg);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct exchange *exchange = arg;

	(void)fd;
	(void)what;
	exchange->on_timer(exchange);
}

struct bufferevent *
exchange_stream(const struct exchange *exchange)
{
	return evhttp_connection_get_bufferevent(
	    evhttp_request_get_connection(exchange->request));
}

static void
on_gone(struct bufferevent *stream, short what, void *arg)
{
	const struct exchange *exchange = arg;

	(void)stream;
	if ((what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)) != 0)
		evhttp_connection_free(
		    evhttp_request_get_connection(exchange->request));
}

void
exchange_watch(struct exchange *exchange,
    void (*on_sent)(struct bufferevent *stream, void *exchange))
{
	struct bufferevent *stream = exchange_stream(exchange);

	bufferevent_setcb(stream, NULL, on_sent, on_gone, exchange);
	bufferevent_enable(stream, EV_READ | EV_WRITE);
}

static struct exchange *
exchange_new(struct server *server, struct evhttp_request *request)
{
	struct exchange *exchange = xzalloc(sizeof *exchange);

	exchange->server = server;
	exchange->request = request;
	exchange->arrived_us = now_us(CLOCK_MONOTONIC);
	exchange->timer = evtimer_new(server->base, on_timer, exchange);
	evhttp_connection_set_closecb(
	    evhttp_request_get_connection(request), on_close, exchange);
	TAILQ_INSERT_TAIL(&server->exchanges, exchange, next);
	exchange_watch(exchange, NULL);
	return exchange;
}

void
exchange_after(struct exchange *exchange, int64_t delay_us,
    void (*callback)(struct exchange *exchange))
{
	const struct timeval delay = { .tv_sec = delay_us / 1000000,
		.tv_usec = delay_us % 1000000 };

	exchange->on_timer = callback;
	evtimer_add(exchange->timer, &delay);
}

static void
on_timeout(struct exchange *exchange)
{
	exchange->again(exchange, true);
}

void
exchange_wait(struct exchange *exchange, int64_t timeout_us,
    void (*again)(struct exchange *exchange, bool timed_out))
{
	exchange->again = again;
	exchange_after(exchange, timeout_us < 0 ? 0 : timeout_us, on_timeout);
}

void
exchange_reply(struct exchange *exchange, int status, struct json_object *doc)
{
	FREE_LATER char *text = doc_text(doc);

	doc_free(doc);
	exchange->answer.status = status;
	exchange->answer.headers[0].name = "Content-Type";
	exchange->answer.headers[0].value = xstrdup("application/json");
	exchange->answer.body = xstrdup(text);
	exchange->answer.body_len = strlen(text);
	reply_send(exchange);
}

static void
on_changed(evutil_socket_t fd, short what, void *arg)
{
	struct server *server = arg;
	struct exchange *exchange, *next;

	(void)fd;
	(void)what;
	for (exchange = TAILQ_FIRST(&server->exchanges); exchange != NULL;
	     exchange = next) {
		next = TAILQ_NEXT(exchange, next);
		if (exchange->again != NULL)
			exchange->again(exchange, false);
	}
}

/* ---- AWS ---- */

static void aws_answered(struct exchange *exchange);

static void
aws_again(struct exchange *exchange, bool timed_out)
{
	struct server *server = exchange->server;
	uint64_t ticket = exchange->answer.ticket;

	(void)timed_out;
	model_resume(server->model, ticket, server_now_ms(), &exchange->answer);
	if (exchange->answer.end != MODEL_PARK) {
		/* The latency of its answer begins now. */
		exchange->arrived_us = now_us(CLOCK_MONOTONIC);
		server_changed(server);
	}
	aws_answered(exchange);
}

static void
aws_answered(struct exchange *exchange)
{
	const struct model_answer *answer = &exchange->answer;
	int64_t spent_us = now_us(CLOCK_MONOTONIC) - exchange->arrived_us;
	int64_t delay_us =
	    exchange->server->latency_us + answer->delay_ms * 1000 - spent_us;

	exchange->again = NULL;
	if (answer->end == MODEL_PARK)
		exchange_wait(exchange,
		    (answer->wake_ms - server_now_ms()) * 1000, aws_again);
	else if (delay_us > 0)
		exchange_after(exchange, delay_us, reply_send);
	else
		reply_send(exchange);
}

static const char *
method_of(const struct evhttp_request *request)
{
	enum evhttp_cmd_type command = evhttp_request_get_command(request);

	return command == EVHTTP_REQ_POST ? "POST"
	    : command == EVHTTP_REQ_GET   ? "GET"
					  : "OTHER";
}

static struct model_header *
headers_of(struct evhttp_request *request)
{
	struct evkeyvalq *list = evhttp_request_get_input_headers(request);
	struct model_header *headers;
	struct evkeyval *header;
	size_t count = 0;

	for (header = list->tqh_first; header != NULL;
	     header = header->next.tqe_next)
		count++;
	headers = xcalloc(count + 1, sizeof *headers);
	count = 0;
	for (header = list->tqh_first; header != NULL;
	     header = header->next.tqe_next)
		headers[count++] =
		    (struct model_header){ header->key, header->value };
	return headers;
}

static void
aws_request(struct exchange *exchange)
{
	struct evhttp_request *http = exchange->request;
	struct evbuffer *body = evhttp_request_get_input_buffer(http);
	FREE_LATER struct model_header *headers = headers_of(http);
	const struct model_request request = {
		.method = method_of(http),
		.target = evhttp_request_get_uri(http),
		.headers = headers,
		.body = (const char *)evbuffer_pullup(body, -1),
		.body_len = evbuffer_get_length(body),
	};

	model_request(exchange->server->model, &request, server_now_ms(),
	    &exchange->answer);
	server_changed(exchange->server);
	aws_answered(exchange);
}

static void
on_request(struct evhttp_request *request, void *arg)
{
	struct exchange *exchange = exchange_new(arg, request);

	if (!admin_request(exchange))
		aws_request(exchange);
}

/* ---- the socket ---- */

static struct bufferevent *
on_connection(struct event_base *base, void *arg)
{
	struct server *server = arg;
	struct bufferevent *stream;

	server->connections++;
	if (server->tls == NULL)
		return bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
	stream =
	    bufferevent_openssl_socket_new(base, -1, tls_accept(server->tls),
		BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
	bufferevent_openssl_set_allow_dirty_shutdown(stream, 1);
	return stream;
}

/* What is accepted inherits it: a head and its body go out at once. */
static void
do_not_delay(struct evhttp_bound_socket *socket)
{
	const int yes = 1;

	setsockopt(evhttp_bound_socket_get_fd(socket), IPPROTO_TCP, TCP_NODELAY,
	    &yes, sizeof yes);
}

static uint16_t
port_of(struct evhttp_bound_socket *socket)
{
	struct sockaddr_in address;
	socklen_t len = sizeof address;

	if (getsockname(evhttp_bound_socket_get_fd(socket),
		(struct sockaddr *)&address, &len) != 0)
		return 0;
	return ntohs(address.sin_port);
}

bool
server_init(struct server *server, struct event_base *base, struct model *model,
    struct tls *tls, uint16_t port)
{
	struct evhttp_bound_socket *socket;

	*server = (struct server){ .base = base, .model = model, .tls = tls };
	TAILQ_INIT(&server->exchanges);
	server->changed = event_new(base, -1, 0, on_changed, server);
	server->http = evhttp_new(base);
	assert(server->changed != NULL && server->http != NULL);
	evhttp_set_bevcb(server->http, on_connection, server);
	evhttp_set_gencb(server->http, on_request, server);
	evhttp_set_max_body_size(server->http, BODY_MAX);
	evhttp_set_max_headers_size(server->http, HEADERS_MAX);
	socket =
	    evhttp_bind_socket_with_handle(server->http, "127.0.0.1", port);
	if (socket == NULL)
		return false;
	do_not_delay(socket);
	server->port = port_of(socket);
	return true;
}

void
server_done(struct server *server)
{
	/* Closes the connections, and so the exchanges. */
	evhttp_free(server->http);
	event_free(server->changed);
}
