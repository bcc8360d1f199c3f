/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TLS is between two memory BIOs, so that what it makes of an answer can be
 * counted and cut before it leaves. All fits into a socket's buffer.
 */
#include "faults/cut_peer.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loop/loop.h"
#include "sandbox/tls.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"

#define PIECE 65536

struct connection {
	LIST_ENTRY(connection) next;
	struct cut_peer *peer;
	int fd;
	struct loop_watch *watch;
	struct loop_timer later;
	SSL *tls; /* NULL: plain */
	struct buf in;
	bool cut; /* the peer's cut is this connection's */
	bool ended;
};

struct cut_peer {
	struct loop *loop;
	struct tls *tls;
	cut_answer *answer;
	void *arg;
	int fd;
	struct loop_watch *watch;
	LIST_HEAD(, connection) connections;
	struct cut cut;
	bool armed;
	size_t held_back;
	unsigned requests;
};

static void
connection_free(struct connection *connection)
{
	LIST_REMOVE(connection, next);
	loop_timer_done(&connection->later);
	loop_watch_free(connection->watch);
	close(connection->fd);
	SSL_free(connection->tls);
	buf_done(&connection->in);
	free(connection);
}

/* ---- bytes out ---- */

/* Sends as many bytes as may leave; false when that was not all of them. */
static bool
emit(struct connection *connection, const char *bytes, size_t len)
{
	struct cut_peer *peer = connection->peer;
	size_t most = len;

	if (connection->cut && peer->cut.end != CUT_NOTIFY) {
		if (most > peer->cut.bytes)
			most = peer->cut.bytes;
		peer->cut.bytes -= most;
		peer->held_back += len - most;
	}
	if (most > 0)
		send(connection->fd, bytes, most, MSG_NOSIGNAL);
	return most == len;
}

/* What TLS has to say. */
static bool
emit_ciphered(struct connection *connection)
{
	char *bytes;
	BIO *out = SSL_get_wbio(connection->tls);
	long len = BIO_get_mem_data(out, &bytes);
	bool all = emit(connection, bytes, (size_t)len);

	(void)BIO_reset(out);
	return all;
}

/* One part of an answer, in a record of its own where there are records. */
static void
say(struct connection *connection, const struct buf *part)
{
	struct cut_peer *peer = connection->peer;
	size_t len = part->len;

	if (connection->tls == NULL) {
		emit(connection, part->data, len);
		return;
	}
	if (connection->cut && peer->cut.end == CUT_NOTIFY) {
		if (len > peer->cut.bytes)
			len = peer->cut.bytes;
		peer->cut.bytes -= len;
		peer->held_back += part->len - len;
	}
	if (len > 0)
		SSL_write(connection->tls, part->data, (int)len);
	emit_ciphered(connection);
}

/* ---- the end of a connection ---- */

static void
notify(struct connection *connection)
{
	SSL_shutdown(connection->tls);
	emit_ciphered(connection);
}

static void
end(void *arg)
{
	static const struct linger at_once = { 1, 0 };
	struct connection *connection = arg;

	connection->ended = true;
	if (connection->peer->cut.end != CUT_RESET) {
		/* Closed when the other end does: else this were a RST. */
		shutdown(connection->fd, SHUT_WR);
		return;
	}
	setsockopt(
	    connection->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	connection_free(connection);
}

/* As after an answer whose length nobody was told. */
static void
close_whole(struct connection *connection)
{
	if (connection->tls != NULL)
		notify(connection);
	connection->ended = true;
	shutdown(connection->fd, SHUT_WR);
}

/* Breaks off; the connection may be gone then. */
static void
strike(struct connection *connection)
{
	struct cut_peer *peer = connection->peer;

	if (peer->cut.end == CUT_NOTIFY)
		notify(connection);
	peer->armed = connection->cut = false;
	if (peer->cut.later) {
		connection->ended = true; /* says no more */
		loop_timer_set(&connection->later, 0);
	} else
		end(connection);
}

/* ---- answers ---- */

static void
serve(struct connection *connection, size_t head_len, size_t len)
{
	struct cut_peer *peer = connection->peer;
	struct buf head = BUF_INIT(PIECE), body = BUF_INIT(PIECE);
	bool keep;

	peer->requests++;
	keep = peer->answer(
	    peer->arg, connection->in.data, head_len, len, &head, &body);
	if (peer->armed && !peer->cut.from_start)
		connection->cut = true;
	say(connection, &head);
	say(connection, &body);
	buf_drop(&connection->in, len);
	buf_done(&head);
	buf_done(&body);
	if (connection->cut)
		strike(connection);
	else if (!keep)
		close_whole(connection);
}

/* ---- bytes in ---- */

/* The length of a whole request, of which there is one at a time; 0: none. */
static size_t
whole(const struct buf *in, size_t *ret_head_len)
{
	const char *text = buf_text(in);
	const char *end_of_head = strstr(text, "\r\n\r\n");
	const char *length = strcasestr(text, "\r\nContent-Length: ");
	size_t len;

	if (end_of_head == NULL)
		return 0;
	*ret_head_len = (size_t)(end_of_head + 4 - text);
	len = *ret_head_len +
	    (length != NULL ? strtoul(length + 18, NULL, 10) : 0);
	return in->len >= len ? len : 0;
}

/* Deciphers what came; false when the connection is over. */
static bool
decipher(struct connection *connection, const char *bytes, size_t len)
{
	SSL *tls = connection->tls;
	char plain[PIECE];
	int n;

	BIO_write(SSL_get_rbio(tls), bytes, (int)len);
	while ((n = SSL_read(tls, plain, sizeof plain)) > 0)
		buf_add(&connection->in, plain, (size_t)n);
	if (!emit_ciphered(connection)) {
		strike(connection);
		return false;
	}
	return SSL_get_error(tls, n) == SSL_ERROR_WANT_READ;
}

static void
on_ready(void *arg, int fd, unsigned ready)
{
	struct connection *connection = arg;
	char bytes[PIECE];
	ssize_t n = recv(fd, bytes, sizeof bytes, 0);
	size_t head_len = 0, len;

	(void)ready;
	if (n <= 0) {
		connection_free(connection);
		return;
	}
	if (connection->ended)
		return;
	if (connection->tls == NULL)
		buf_add(&connection->in, bytes, (size_t)n);
	else if (!decipher(connection, bytes, (size_t)n))
		return;
	len = whole(&connection->in, &head_len);
	if (len > 0)
		serve(connection, head_len, len);
}

static SSL *
accept_by(struct tls *tls)
{
	SSL *accepted = tls_accept(tls);

	SSL_set_bio(accepted, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
	SSL_set_accept_state(accepted);
	return accepted;
}

static void
on_connection(void *arg, int listener, unsigned ready)
{
	struct cut_peer *peer = arg;
	struct connection *connection;
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	(void)ready;
	assert(fd >= 0);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	connection = xzalloc(sizeof *connection);
	connection->peer = peer;
	connection->fd = fd;
	connection->in = (struct buf)BUF_INIT(PIECE);
	if (peer->tls != NULL)
		connection->tls = accept_by(peer->tls);
	connection->cut = peer->armed && peer->cut.from_start;
	LIST_INSERT_HEAD(&peer->connections, connection, next);
	loop_timer_init(&connection->later, peer->loop, end, connection);
	connection->watch =
	    loop_watch_new(peer->loop, fd, LOOP_READ, on_ready, connection);
}

/* ---- the server ---- */

struct cut_peer *
cut_peer_new(struct loop *loop, struct tls *tls, cut_answer *answer, void *arg)
{
	struct cut_peer *peer = xzalloc(sizeof *peer);
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int rc;

	peer->loop = loop;
	peer->tls = tls;
	peer->answer = answer;
	peer->arg = arg;
	LIST_INIT(&peer->connections);
	peer->fd =
	    socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	rc = bind(peer->fd, (struct sockaddr *)&address, sizeof address);
	assert(rc == 0);
	rc = listen(peer->fd, 64);
	assert(rc == 0);
	peer->watch =
	    loop_watch_new(loop, peer->fd, LOOP_READ, on_connection, peer);
	return peer;
}

void
cut_peer_free(struct cut_peer *peer)
{
	while (!LIST_EMPTY(&peer->connections))
		connection_free(LIST_FIRST(&peer->connections));
	loop_watch_free(peer->watch);
	close(peer->fd);
	free(peer);
}

int
cut_peer_port(const struct cut_peer *peer)
{
	struct sockaddr_in address;
	socklen_t len = sizeof address;

	getsockname(peer->fd, (struct sockaddr *)&address, &len);
	return ntohs(address.sin_port);
}

void
cut_peer_cut(struct cut_peer *peer, const struct cut *cut)
{
	peer->cut = *cut;
	peer->armed = true;
	peer->held_back = 0;
}

size_t
cut_peer_held_back(const struct cut_peer *peer)
{
	return peer->held_back;
}

unsigned
cut_peer_requests(const struct cut_peer *peer)
{
	return peer->requests;
}
