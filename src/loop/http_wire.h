/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One curl multi handle on the loop, with the connections it keeps and the
 * authorities it trusts. A new trust store, or a multi handle that failed,
 * means a new wire; the old one serves what is under way on it and goes.
 * Private to loop/http.
 */
#ifndef KG_LOOP_HTTP_WIRE_H
#define KG_LOOP_HTTP_WIRE_H

#include <curl/curl.h>
#include <openssl/x509.h>

struct http_wire;
struct loop;

/* The seconds that an unused connection stays usable: by then a middle box may
 * have forgotten it, which a deletion must not be the one to find out. */
#define HTTP_WIRE_IDLE_S 60

struct http_wire_events {
	/* A transfer ended and is off the wire; `owner` is its
	 * CURLOPT_PRIVATE. May add and remove others. */
	void (*on_end)(void *owner, CURLcode code);
	/* The multi handle failed: no transfer on it will end by itself. Takes
	 * all of them off and retires the wire. */
	void (*on_broken)(void *arg, struct http_wire *wire, CURLMcode code);
};

/* A wire that trusts `trust`, which it takes over. */
struct http_wire *http_wire_new(struct loop *loop, X509_STORE *trust,
    const struct http_wire_events *events, void *arg);

/* Closes the connections and frees, once no transfer is on it any more: at
 * once if there is none. The wire is not the caller's from now on, except to
 * remove transfers. */
void http_wire_retire(struct http_wire *wire);

/* The store that the wire trusts; borrowed. */
X509_STORE *http_wire_trust(const struct http_wire *wire);

/* Starts a prepared transfer; never ends it before this returns. */
void http_wire_add(struct http_wire *wire, CURL *transfer);

/* Takes a transfer off, cutting it short if it has not ended. */
void http_wire_remove(struct http_wire *wire, CURL *transfer);

#endif
