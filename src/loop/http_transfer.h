/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request as curl sees it: how it is sent, what has come back, and what to
 * make of it at the end. Private to loop/http.
 */
#ifndef KG_LOOP_HTTP_TRANSFER_H
#define KG_LOOP_HTTP_TRANSFER_H

#include <stdbool.h>

#include <curl/curl.h>

#include "loop/http.h"
#include "util/buf.h"
#include "util/error.h"

struct http_transfer {
	CURL *curl; /* NULL: refused, or done */
	struct curl_slist *headers;
	struct buf body; /* of the answer */
	bool whole_head; /* of the answer: it has ended by an empty line */
	char host[sizeof((struct http_url *)0)->host];
	char reason[CURL_ERROR_SIZE];
};

/*
 * Prepares an empty transfer for a message, of which nothing is needed any
 * more afterwards; `owner` becomes its CURLOPT_PRIVATE. False with
 * `Http.BadUrl` or `Http.BadHeader` when it is not fit to be sent.
 */
bool http_transfer_init(struct http_transfer *transfer,
    const struct http_message *message, void *owner, struct error *error);

/* Frees what it holds; it must be off the wire. */
void http_transfer_done(struct http_transfer *transfer);

/*
 * What came of a transfer that ended with `code`: the answer, except its
 * times, borrowed from the transfer; or false and an error as http.h lists
 * them.
 */
bool http_transfer_result(const struct http_transfer *transfer, CURLcode code,
    struct http_answer *ret_answer, struct error *error);

#endif
