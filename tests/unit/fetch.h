/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A loop with an http client on it, for tests: sends requests to a peer and
 * keeps what came of each.
 */
#ifndef KG_TESTS_UNIT_FETCH_H
#define KG_TESTS_UNIT_FETCH_H

#include <stdbool.h>
#include <stddef.h>

#include "loop/http.h"
#include "loop/loop.h"
#include "unit/tls_peer.h"
#include "util/error.h"

struct fetcher {
	struct loop *loop;
	struct http *http;
	int wanted; /* the loop stops when so many more have ended */
};

/* One request and its end. Copies of what the callback was given. */
struct fetch {
	struct fetcher *fetcher;
	struct http_message message;
	struct http_request *request; /* NULL: ended */
	int calls;                    /* of the callback */
	bool answered;
	struct http_answer answer; /* without the strings, which follow */
	char body[4096];           /* its beginning */
	char request_id[64], error_type[64], query_error[64], content_type[64];
	struct error error;
	void (*on_end)(struct fetch *fetch); /* NULL: nothing more to do */
};

/* A client that trusts the authority. */
void fetcher_init(
    struct fetcher *fetcher, const struct tls_authority *authority);
void fetcher_done(struct fetcher *fetcher);

/* "https://127.0.0.1:<port><path>", or http; a new string. */
char *fetch_url(struct tls_peer *peer, const char *scheme, const char *path);

/* Starts a request with the message that stands in it; what of it is not set
 * is filled in: GET, 10 s, a megabyte. */
void fetch_start(struct fetch *fetch, struct fetcher *fetcher, const char *url);

/* Runs the loop until `count` requests have ended. */
void fetch_wait(struct fetcher *fetcher, int count);

/* GETs one path over TLS and waits for the end. */
struct fetch fetch_get(
    struct fetcher *fetcher, struct tls_peer *peer, const char *path);

/* Stops the loop from any thread; for tls_peer_on_request. */
void fetch_stop(void *fetcher);

/* Fail the test unless the request ended once, and so. `cause` is a part. */
void fetch_check_answer(const struct fetch *fetch, int status);
void fetch_check_error(const struct fetch *fetch, const char *name,
    enum error_class class, const char *cause);

#endif
