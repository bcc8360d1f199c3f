/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A socket that never blocks, and poll: so that a daemon which hangs cannot
 * hang us, neither when it is connected to, nor written to, nor read.
 */
#include "ctl/client.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "util/cleanup.h"
#include "util/clock.h"
#include "util/doc.h"

struct client
client_init(int patience_ms)
{
	return (struct client){
		.fd = -1,
		.patience_ms = patience_ms,
		.in = BUF_INIT(VARLINK_MAX_REPLY),
	};
}

void
client_done(struct client *client)
{
	if (client->fd >= 0)
		close(client->fd);
	client->fd = -1;
	buf_done(&client->in);
}

/* ---- connecting ---- */

static bool
explain(const char *path, int reason, struct error *error)
{
	switch (reason) {
	case ENOENT:
	case ECONNREFUSED:
		return error_set(error, "Ctl.NoDaemon",
		    "no daemon at %s: systemctl start keyguardd", path);
	case EACCES:
	case EPERM:
		return error_set(error, "Ctl.NoDaemon",
		    "%s is closed to you: become root, or a member of the "
		    "group keyguard",
		    path);
	case EAGAIN:
		return error_set(error, "Ctl.NoDaemon",
		    "the daemon at %s accepts nobody: systemctl status "
		    "keyguardd",
		    path);
	default:
		return error_set(
		    error, "Ctl.NoDaemon", "%s: %s", path, strerror(reason));
	}
}

bool
client_connect(struct client *client, const char *path, struct error *error)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	client_done(client);
	if (strlen(path) >= sizeof address.sun_path)
		return explain(path, ENAMETOOLONG, error);
	memcpy(address.sun_path, path, strlen(path));
	client->fd =
	    socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (client->fd < 0 ||
	    connect(client->fd, (struct sockaddr *)&address, sizeof address) !=
		0)
		return explain(path, errno, error);
	return true;
}

/* ---- waiting ---- */

static int64_t
now_ms(void)
{
	const struct clock clock = clock_real();

	return clock_mono_ms(&clock);
}

static bool
lost(struct error *error)
{
	return error_set(error, "Ctl.Lost",
	    "the daemon has hung up: systemctl status keyguardd");
}

/* Until the socket is ready for it, or until `deadline` (-1: for ever). */
static bool
wait_for(const struct client *client, short events, int64_t deadline,
    struct error *error)
{
	struct pollfd poll_fd = { .fd = client->fd, .events = events };
	int64_t left = deadline < 0 ? -1 : deadline - now_ms();

	if (deadline >= 0 && left < 0)
		left = 0;
	if (poll(&poll_fd, 1, (int)left) != 0)
		return true; /* what follows finds out how it is */
	return error_set(error, "Ctl.Silent",
	    "no answer from the daemon: keyguardctl status tells why, or "
	    "systemctl status keyguardd");
}

static bool
passing(ssize_t result)
{
	return result < 0 && (errno == EAGAIN || errno == EINTR);
}

/* ---- calls ---- */

bool
client_call(struct client *client, const char *method,
    struct json_object *parameters, bool more, struct error *error)
{
	FREE_LATER char *text = varlink_call_text(method, parameters, more);
	int64_t deadline = now_ms() + client->patience_ms;
	const char *at = text;
	size_t left = strlen(text) + 1;

	if (left - 1 > VARLINK_MAX_CALL)
		return error_set(error, "Ctl.TooLong",
		    "larger than the daemon accepts: %zu MiB",
		    VARLINK_MAX_CALL >> 20);
	while (left > 0) {
		ssize_t sent = send(client->fd, at, left, MSG_NOSIGNAL);

		if (sent < 0 && !passing(sent))
			return lost(error);
		if (sent < 0 && !wait_for(client, POLLOUT, deadline, error))
			return false;
		if (sent > 0) {
			at += sent;
			left -= (size_t)sent;
		}
	}
	return true;
}

/* More bytes; false when there are none to come. */
static bool
fill(struct client *client, int64_t deadline, struct error *error)
{
	char bytes[65536];
	ssize_t len = recv(client->fd, bytes, sizeof bytes, 0);

	if (passing(len))
		return wait_for(client, POLLIN, deadline, error);
	if (len <= 0 || !buf_add(&client->in, bytes, (size_t)len))
		return lost(error);
	return true;
}

bool
client_reply(struct client *client, bool forever, struct varlink_reply *ret,
    struct error *error)
{
	int64_t deadline = forever ? -1 : now_ms() + client->patience_ms;
	size_t len;
	bool good;

	while (!varlink_whole(buf_text(&client->in), client->in.len, &len))
		if (!fill(client, deadline, error))
			return false;
	good = varlink_reply_parse(buf_text(&client->in), len, ret, error);
	buf_drop(&client->in, len + 1);
	return good;
}
