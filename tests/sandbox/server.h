/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model behind a socket: one endpoint for all services on 127.0.0.1, with
 * or without TLS, and the admin paths beside it.
 */
#ifndef KG_TESTS_SANDBOX_SERVER_H
#define KG_TESTS_SANDBOX_SERVER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "sandbox/model.h"

struct bufferevent;
struct event;
struct event_base;
struct evhttp;
struct evhttp_request;
struct json_object;
struct tls;

/* One request and what becomes of it. Freed when it is replied to, or when
 * its connection goes away. */
struct exchange {
	TAILQ_ENTRY(exchange) next; /* of all, oldest first */
	struct server *server;
	struct evhttp_request *request;
	int64_t arrived_us;
	struct event *timer;
	void (*on_timer)(struct exchange *exchange);
	/* Of one that waits for the model: looks again, and replies or not. */
	void (*again)(struct exchange *exchange, bool timed_out);
	struct model_answer answer;
	struct json_object *wanted; /* of a wait */
	char *wire;                 /* of a reply that evhttp would not send */
	size_t head_len, wire_len;
	size_t sent;
};

struct server {
	struct event_base *base;
	struct evhttp *http;
	struct tls *tls; /* NULL: plain */
	struct model *model;
	struct event *changed;
	TAILQ_HEAD(, exchange) exchanges;
	int64_t latency_us;
	uint64_t connections; /* accepted so far */
	uint16_t port;
};

/* Listens on a port of 127.0.0.1 (0: any, and `port` tells which); false when
 * it cannot. Borrows the base, the model and `tls`. */
bool server_init(struct server *server, struct event_base *base,
    struct model *model, struct tls *tls, uint16_t port);

/* Closes everything. */
void server_done(struct server *server);

/* The wall clock in milliseconds. */
int64_t server_now_ms(void);

/* Lets everything that waits look again, soon. */
void server_changed(struct server *server);

/* Its connection. Borrowed. */
struct bufferevent *exchange_stream(const struct exchange *exchange);

/* Takes the connection out of evhttp's hands until it sends a reply: the
 * exchange ends with it, and `on_sent` is called when all is written. */
void exchange_watch(struct exchange *exchange,
    void (*on_sent)(struct bufferevent *stream, void *exchange));

/* Calls on_timer after so many microseconds. */
void exchange_after(struct exchange *exchange, int64_t delay_us,
    void (*on_timer)(struct exchange *exchange));

/* Lets the exchange wait for the model, for so long. */
void exchange_wait(struct exchange *exchange, int64_t timeout_us,
    void (*again)(struct exchange *exchange, bool timed_out));

/* Replies with a JSON document, which is taken; the exchange is gone then. */
void exchange_reply(
    struct exchange *exchange, int status, struct json_object *doc);

/* Ends the exchange without a further word. */
void exchange_free(struct exchange *exchange);

#endif
