/* SPDX-License-Identifier: Apache-2.0 */
/* One thread accepts, and one serves each connection, with blocking calls. */
#include "unit/tls_peer.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <check.h>

enum { CONNECTIONS = 256, REQUEST = 1 << 16 };

#define DATED   "Date: Sun, 30 Aug 2015 12:36:00 GMT\r\n"
#define TRACED  "x-amzn-RequestId: request-1\r\n"
#define EMPTY   "Content-Length: 0\r\n\r\n"
#define HELLO   "Content-Length: 5\r\n\r\nhello"
#define CHUNKED "Transfer-Encoding: chunked\r\n\r\n"

static const struct act {
	const char *path;
	const char *answer;
	size_t filler; /* bytes that follow */
	enum { KEEP, CLOSE, RESET, HOLD, CLOSE_NEXT } then;
} acts[] = {
	/* what one hopes for */
	{ "/ok", "HTTP/1.1 200 OK\r\n" HELLO, 0, KEEP },
	{ "/chunked",
	    "HTTP/1.1 200 OK\r\n" CHUNKED
	    "2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n",
	    0, KEEP },
	{ "/until-close", "HTTP/1.1 200 OK\r\n\r\nhello", 0, CLOSE },
	{ "/empty", "HTTP/1.1 200 OK\r\n" EMPTY, 0, KEEP },
	{ "/continue",
	    "HTTP/1.1 100 Continue\r\nx-amzn-RequestId: not yet\r\n\r\n"
	    "HTTP/1.1 200 OK\r\n" TRACED HELLO,
	    0, KEEP },
	{ "/refusal",
	    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/xml\r\n" TRACED
	    "x-amzn-errortype: Refused\r\n"
	    "x-amzn-query-error: Query.Refused;Sender\r\n" DATED HELLO,
	    0, KEEP },
	{ "/aged", "HTTP/1.1 200 OK\r\nAge: 10\r\n" DATED HELLO, 0, KEEP },
	{ "/other-id",
	    "HTTP/1.1 503 Slow Down\r\nx-amz-request-id: request-2\r\n" EMPTY,
	    0, KEEP },
	{ "/kilobyte", "HTTP/1.1 200 OK\r\nContent-Length: 1024\r\n\r\n", 1024,
	    KEEP },
	{ "/megabyte", "HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n",
	    1048576, KEEP },

	/* a proxy that is asked for that host */
	{ "0.0.0.0:1", "HTTP/1.1 403 Forbidden\r\n" EMPTY, 0, KEEP },

	/* what one does not follow */
	{ "/redirect", "HTTP/1.1 302 Found\r\nLocation: /ok\r\n" EMPTY, 0,
	    KEEP },

	/* connections that end at their own time */
	{ "/hangup", "HTTP/1.1 200 OK\r\n" HELLO, 0, CLOSE },
	{ "/last", "HTTP/1.1 200 OK\r\n" HELLO, 0, CLOSE_NEXT },

	/* what one has to survive */
	{ "/hold", "", 0, HOLD },
	{ "/stall", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", 0,
	    HOLD },
	{ "/close", "", 0, CLOSE },
	{ "/reset", "", 0, RESET },
	{ "/reset-in-head", "HTTP/1.1 200 OK\r\nConte", 0, RESET },
	{ "/close-in-head", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", 0,
	    CLOSE },
	{ "/reset-in-body", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
	    0, RESET },
	{ "/truncated", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", 0,
	    CLOSE },
	{ "/truncated-chunk", "HTTP/1.1 200 OK\r\n" CHUNKED "9\r\nhello", 0,
	    CLOSE },
	{ "/endless", "HTTP/1.1 200 OK\r\n\r\n", SIZE_MAX, CLOSE },
	{ "/endless-header", "HTTP/1.1 200 OK\r\nX-Filler: ", SIZE_MAX, CLOSE },
	{ "/garbage", "220 mail.example ESMTP\r\n", 0, CLOSE },
	{ "/strange-status", "HTTP/1.1 999 Odd\r\n" EMPTY, 0, KEEP },
};

struct connection {
	struct tls_peer *peer;
	pthread_t thread;
	int fd;
	SSL *tls; /* NULL: plain */
	char request[REQUEST + 1];
};

struct tls_peer {
	SSL_CTX *context;
	int fd, port;
	pthread_t thread;
	pthread_mutex_t lock; /* over all that follows */
	void (*call)(void *arg);
	void *arg;
	bool stopping;
	int requests, count;
	struct connection *connections[CONNECTIONS];
};

/* ---- bytes ---- */

static ssize_t
pull(struct connection *connection, char *bytes, size_t len)
{
	if (connection->tls == NULL)
		return recv(connection->fd, bytes, len, 0);
	return SSL_read(connection->tls, bytes, (int)len);
}

static bool
push(struct connection *connection, const char *bytes, size_t len)
{
	if (len == 0)
		return true;
	if (connection->tls == NULL)
		return send(connection->fd, bytes, len, MSG_NOSIGNAL) ==
		    (ssize_t)len;
	return SSL_write(connection->tls, bytes, (int)len) == (int)len;
}

static bool
push_filler(struct connection *connection, size_t len)
{
	char filler[4096];
	size_t n;

	memset(filler, 'x', sizeof filler);
	for (; len > 0; len -= n) {
		n = len < sizeof filler ? len : sizeof filler;
		if (!push(connection, filler, n))
			return false;
	}
	return true;
}

/* ---- requests ---- */

static size_t
request_size(const char *request)
{
	const char *end = strstr(request, "\r\n\r\n");
	const char *length = strcasestr(request, "\r\nContent-Length: ");

	if (end == NULL)
		return SIZE_MAX;
	return (size_t)(end + 4 - request) +
	    (length != NULL && length < end ? strtoul(length + 18, NULL, 10)
					    : 0);
}

/* Reads a whole request, of which there is one at a time. */
static bool
read_request(struct connection *connection)
{
	size_t len = 0;
	ssize_t n;

	connection->request[0] = '\0';
	while (len < request_size(connection->request)) {
		n = pull(connection, connection->request + len, REQUEST - len);
		if (n <= 0)
			return false;
		len += (size_t)n;
		connection->request[len] = '\0';
	}
	return true;
}

static void
count_request(struct tls_peer *peer)
{
	pthread_mutex_lock(&peer->lock);
	peer->requests++;
	if (peer->call != NULL)
		peer->call(peer->arg);
	pthread_mutex_unlock(&peer->lock);
}

static const struct act *
act_of(const char *request)
{
	const char *path = strchr(request, ' ') + 1;
	size_t len = strcspn(path, " ?");

	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
		if (strlen(acts[i].path) == len &&
		    strncmp(acts[i].path, path, len) == 0)
			return &acts[i];
	return NULL;
}

/* Anything that is not in the table is answered with the request itself. */
static bool
echo(struct connection *connection)
{
	char head[64];
	int n = snprintf(head, sizeof head,
	    "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n",
	    strlen(connection->request));

	return push(connection, head, (size_t)n) &&
	    push(connection, connection->request, strlen(connection->request));
}

/* Answers; false when the connection is to end. */
static bool
answer(struct connection *connection)
{
	static const struct linger at_once = { 1, 0 };
	const struct act *act = act_of(connection->request);

	if (act == NULL)
		return echo(connection);
	if (!push(connection, act->answer, strlen(act->answer)) ||
	    !push_filler(connection, act->filler))
		return false;
	switch (act->then) {
	case KEEP:
		return true;
	case CLOSE_NEXT:
	case HOLD:
		read_request(connection);
		return false;
	case RESET:
		setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &at_once,
		    sizeof at_once);
		if (connection->tls != NULL)
			SSL_set_quiet_shutdown(connection->tls, 1);
		return false;
	case CLOSE:
		return false;
	}
	return false;
}

/* ---- threads ---- */

static void *
serve(void *arg)
{
	struct connection *connection = arg;
	struct tls_peer *peer = connection->peer;
	int fd = connection->fd;

	if (connection->tls == NULL || SSL_accept(connection->tls) == 1) {
		while (read_request(connection)) {
			count_request(peer);
			if (!answer(connection))
				break;
		}
		if (connection->tls != NULL)
			SSL_shutdown(connection->tls);
	}
	pthread_mutex_lock(&peer->lock);
	connection->fd = -1;
	pthread_mutex_unlock(&peer->lock);
	close(fd);
	return NULL;
}

static void
start(struct tls_peer *peer, int fd)
{
	struct connection *connection = calloc(1, sizeof *connection);

	ck_assert_int_lt(peer->count, CONNECTIONS);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	connection->peer = peer;
	connection->fd = fd;
	if (peer->context != NULL) {
		connection->tls = SSL_new(peer->context);
		SSL_set_fd(connection->tls, fd);
	}
	peer->connections[peer->count++] = connection;
	pthread_create(&connection->thread, NULL, serve, connection);
}

static void *
accept_all(void *arg)
{
	struct tls_peer *peer = arg;
	int fd;

	while ((fd = accept(peer->fd, NULL, NULL)) >= 0) {
		pthread_mutex_lock(&peer->lock);
		if (peer->stopping)
			close(fd);
		else
			start(peer, fd);
		pthread_mutex_unlock(&peer->lock);
	}
	return NULL;
}

static int
prefer_h2(SSL *tls, const unsigned char **out, unsigned char *out_len,
    const unsigned char *offered, unsigned len, void *arg)
{
	static const unsigned char known[] = "\x02h2\x08http/1.1";

	(void)tls;
	(void)arg;
	return SSL_select_next_proto((unsigned char **)out, out_len, known,
		   sizeof known - 1, offered, len) == OPENSSL_NPN_NEGOTIATED
	    ? SSL_TLSEXT_ERR_OK
	    : SSL_TLSEXT_ERR_NOACK;
}

struct tls_peer *
tls_peer_new(const struct tls_authority *authority, enum tls_cert cert)
{
	struct tls_peer *peer = calloc(1, sizeof *peer);
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof address;

	peer->context = tls_cert_context(authority, cert);
	if (peer->context != NULL)
		SSL_CTX_set_alpn_select_cb(peer->context, prefer_h2, NULL);
	pthread_mutex_init(&peer->lock, NULL);
	peer->fd = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_eq(bind(peer->fd, (void *)&address, len), 0);
	ck_assert_int_eq(listen(peer->fd, CONNECTIONS), 0);
	getsockname(peer->fd, (void *)&address, &len);
	peer->port = ntohs(address.sin_port);
	pthread_create(&peer->thread, NULL, accept_all, peer);
	return peer;
}

void
tls_peer_free(struct tls_peer *peer)
{
	if (peer == NULL)
		return;
	pthread_mutex_lock(&peer->lock);
	peer->stopping = true;
	for (int i = 0; i < peer->count; i++)
		shutdown(peer->connections[i]->fd, SHUT_RDWR);
	pthread_mutex_unlock(&peer->lock);
	shutdown(peer->fd, SHUT_RDWR);
	pthread_join(peer->thread, NULL);
	for (int i = 0; i < peer->count; i++) {
		pthread_join(peer->connections[i]->thread, NULL);
		SSL_free(peer->connections[i]->tls);
		free(peer->connections[i]);
	}
	close(peer->fd);
	SSL_CTX_free(peer->context);
	pthread_mutex_destroy(&peer->lock);
	free(peer);
}

void
tls_peer_on_request(struct tls_peer *peer, void (*call)(void *arg), void *arg)
{
	pthread_mutex_lock(&peer->lock);
	peer->call = call;
	peer->arg = arg;
	pthread_mutex_unlock(&peer->lock);
}

int
tls_peer_port(const struct tls_peer *peer)
{
	return peer->port;
}

int
tls_peer_connections(struct tls_peer *peer)
{
	int count;

	pthread_mutex_lock(&peer->lock);
	count = peer->count;
	pthread_mutex_unlock(&peer->lock);
	return count;
}

int
tls_peer_requests(struct tls_peer *peer)
{
	int requests;

	pthread_mutex_lock(&peer->lock);
	requests = peer->requests;
	pthread_mutex_unlock(&peer->lock);
	return requests;
}
