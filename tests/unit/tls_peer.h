/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A web server on 127.0.0.1 for tests, in threads of its own, that behaves as
 * the path of a request says: well (/ok, /chunked), strangely (/redirect) or
 * badly (/reset, /hold). The table in tls_peer.c lists what there is.
 */
#ifndef KG_TESTS_UNIT_TLS_PEER_H
#define KG_TESTS_UNIT_TLS_PEER_H

#include "unit/tls_cert.h"

struct tls_peer;

/* Starts a server with such a certificate; it prefers HTTP/2, of which it
 * knows nothing, to those who offer it. The caller frees it. */
struct tls_peer *tls_peer_new(
    const struct tls_authority *authority, enum tls_cert cert);

/* Drops all connections, and joins the threads. NULL is fine. */
void tls_peer_free(struct tls_peer *peer);

/* Has `call(arg)` called whenever a request has come, before it is answered:
 * on a thread of the server. NULL: nobody any more. */
void tls_peer_on_request(
    struct tls_peer *peer, void (*call)(void *arg), void *arg);

int tls_peer_port(const struct tls_peer *peer);

/* How many connections were accepted, and requests read, so far. */
int tls_peer_connections(struct tls_peer *peer);
int tls_peer_requests(struct tls_peer *peer);

#endif
