/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AWS as a test has it: an HTTP server on loopback and on the test's own loop,
 * which answers as the test says, now or later or not at all. With it a client
 * whose five services are all that server.
 */
#ifndef KG_TESTS_UNIT_AWS_PEER_H
#define KG_TESTS_UNIT_AWS_PEER_H

#include <stddef.h>

#include "aws/client.h"
#include "aws/credentials.h"
#include "loop/http.h"
#include "loop/loop.h"
#include "util/clock.h"

#define PEER_URL "https://sqs.eu-west-1.amazonaws.com/123456789012/q1"

struct stream;
struct peer;

/* A whole request; it belongs to the peer, until it is answered. */
struct peer_request {
	struct peer *peer;
	struct stream *stream;
	char *head; /* request line and headers; each line ends by a NUL */
	size_t head_len;
	char *body;
	struct peer_request *next;
};

typedef void peer_asked(void *arg, struct peer_request *request);

/* A provider that has the credentials of a test, and counts. */
struct peer_credentials {
	struct credentials_provider provider;
	struct loop_defer answer;
	struct credentials_wait *waiting;
	bool none;       /* it has none */
	bool silent;     /* it never calls back */
	unsigned asked;  /* how often */
	unsigned number; /* of invalidations: the session token is "token-N" */
};

struct peer {
	struct loop *loop;
	struct http *http;
	struct aws *aws;
	struct peer_credentials credentials;
	struct stream_listener *listener;
	struct peer_connection *connections;
	char url[64];
	peer_asked *asked; /* called with each request */
	void *arg;
	struct peer_request *requests; /* not yet answered, oldest first */
	unsigned count;                /* requests that have come */
	unsigned ended;                /* callbacks that a test counted */
};

/* Starts it, with a client (LookupEvents: 1000 a second). */
void peer_init(struct peer *peer, peer_asked *asked, void *arg);
void peer_done(struct peer *peer);

/* Runs the loop until `*number` has become `count`. */
void peer_wait(struct peer *peer, const unsigned *number, unsigned count);

/* Counts a callback; for peer_wait(&peer->ended). */
void peer_end(struct peer *peer);

/* Answers: status, more headers ("Name: value\r\n" each), body. */
void peer_answer(struct peer_request *request, int status, const char *headers,
    const char *body, size_t body_len);

/* As above, a text, dated `skew_ms` from now. */
void peer_answer_dated(struct peer_request *request, int status,
    int64_t skew_ms, const char *headers, const char *body);

/* Sends bytes that are no whole answer, and hangs up. */
void peer_hang_up(struct peer_request *request, const char *bytes);

/* The value of a header; "" when it is not there. Borrowed. */
const char *peer_header(struct peer_request *request, const char *name);

/* "DeleteAccessKey", of whichever protocol. */
const char *peer_operation(struct peer_request *request);

#endif
