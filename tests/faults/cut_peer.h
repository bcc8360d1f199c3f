/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A web server on 127.0.0.1 and on the test's own loop, with TLS or without,
 * that breaks a connection after any byte on its wire: of an answer, or of all
 * that it says from the handshake on.
 */
#ifndef KG_TESTS_FAULTS_CUT_PEER_H
#define KG_TESTS_FAULTS_CUT_PEER_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct cut_peer;
struct loop;
struct tls;

struct cut {
	size_t bytes; /* that still leave */
	enum {
		CUT_RESET,  /* then a RST */
		CUT_CLOSE,  /* a FIN */
		CUT_NOTIFY, /* TLS's own end, then a FIN; counted before
			       it is ciphered */
	} end;
	/* The end comes when the bytes may have been read, not with them. */
	bool later;
	/* Of the next connection; all that it says is counted. */
	bool from_start;
};

/* Appends the head and the body of the answer to a request, of which `head_len`
 * bytes are its head. True when the connection is kept then. */
typedef bool cut_answer(void *arg, const char *request, size_t head_len,
    size_t len, struct buf *ret_head, struct buf *ret_body);

/* A server that listens. Without `tls`, which it borrows, it speaks
 * plain HTTP. */
struct cut_peer *cut_peer_new(
    struct loop *loop, struct tls *tls, cut_answer *answer, void *arg);

/* Closes everything. */
void cut_peer_free(struct cut_peer *peer);

int cut_peer_port(const struct cut_peer *peer);

/* Breaks the next answer so, once; also when all its bytes leave. */
void cut_peer_cut(struct cut_peer *peer, const struct cut *cut);

/* How many bytes the last cut has held back. */
size_t cut_peer_held_back(const struct cut_peer *peer);

/* Requests that have come so far. */
unsigned cut_peer_requests(const struct cut_peer *peer);

#endif
