/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sending an answer. One that is to break off is written out by hand: its
 * bytes are put on the connection behind evhttp's back, and the connection is
 * never used again.
 */
#include "sandbox/reply.h"

#include <stdlib.h>
#include <sys/socket.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>

#include "sandbox/server.h"
#include "util/buf.h"

static void
send_whole(struct exchange *exchange)
{
	struct model_answer *answer = &exchange->answer;
	struct evkeyvalq *headers =
	    evhttp_request_get_output_headers(exchange->request);
	struct evbuffer *body = evbuffer_new();

	evhttp_connection_set_closecb(
	    evhttp_request_get_connection(exchange->request), NULL, NULL);
	for (size_t i = 0; answer->headers[i].name != NULL; i++)
		evhttp_add_header(
		    headers, answer->headers[i].name, answer->headers[i].value);
	evbuffer_add(body, answer->body, answer->body_len);
	evhttp_send_reply(exchange->request, answer->status, NULL, body);
	evbuffer_free(body);
	exchange->request = NULL;
	exchange_free(exchange);
}

/* The bytes of the answer, as many as are to go out. */
static void
write_out(struct exchange *exchange)
{
	const struct model_answer *answer = &exchange->answer;
	struct buf out = BUF_INIT(answer->body_len + 65536);
	size_t limit = answer->cut;

	buf_printf(&out, "HTTP/1.1 %d Sandbox\r\n", answer->status);
	for (size_t i = 0; answer->headers[i].name != NULL; i++)
		buf_printf(&out, "%s: %s\r\n", answer->headers[i].name,
		    answer->headers[i].value);
	buf_printf(&out, "Connection: close\r\nContent-Length: %zu\r\n\r\n",
	    answer->body_len);
	exchange->head_len = out.len;
	if (answer->cut_in_body)
		limit += out.len;
	buf_add(&out, answer->body, answer->body_len);
	exchange->wire_len = out.len;
	if (answer->end != MODEL_ANSWER && limit < out.len)
		exchange->wire_len = limit;
	exchange->wire = buf_take(&out);
}

/* What the connection comes to when all is sent. */
static void
end(struct exchange *exchange)
{
	const struct sockaddr nobody = { .sa_family = AF_UNSPEC };
	struct evhttp_connection *connection =
	    evhttp_request_get_connection(exchange->request);

	if (exchange->answer.end == MODEL_HANG)
		return;
	/* evhttp would send a FIN first; to dissolve the connection sends a
	 * RST at once. */
	if (exchange->answer.end == MODEL_RESET)
		connect(bufferevent_getfd(exchange_stream(exchange)), &nobody,
		    sizeof nobody);
	/* Takes the request along; its close callback frees the exchange. */
	evhttp_connection_free(connection);
}

static void
send_more(struct exchange *exchange)
{
	size_t left = exchange->wire_len - exchange->sent;
	size_t len = exchange->answer.byte_ms > 0 && left > 0 ? 1 : left;

	if (left == 0) {
		end(exchange);
		return;
	}
	if (exchange->answer.drip_in_body && exchange->sent == 0 &&
	    exchange->head_len < left)
		len = exchange->head_len;
	exchange->sent += len;
	bufferevent_write(exchange_stream(exchange),
	    exchange->wire + exchange->sent - len, len);
}

static void
on_sent(struct bufferevent *stream, void *arg)
{
	struct exchange *exchange = arg;

	(void)stream;
	exchange_after(exchange, exchange->answer.byte_ms * 1000, send_more);
}

void
reply_send(struct exchange *exchange)
{
	if (exchange->answer.end == MODEL_ANSWER &&
	    exchange->answer.byte_ms == 0) {
		send_whole(exchange);
		return;
	}
	exchange_watch(exchange, on_sent);
	write_out(exchange);
	send_more(exchange);
}
