/* SPDX-License-Identifier: Apache-2.0 */
/* The control socket: who is connected, and no more than are good for us. */
#include "control/control.h"

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "control/connection.h"
#include "control/who.h"
#include "loop/stream.h"
#include "util/alloc.h"
#include "util/log.h"

enum { CONNECTIONS = 256 };

struct control {
	struct control_host host;
	struct who *who;
	struct stream_listener *listener;
	struct connection *connections[CONNECTIONS]; /* NULL: free */
	bool full; /* somebody was refused, and it was said */
};

/* The place of a connection, or with NULL a free one; NULL if there is none. */
static struct connection **
place(struct control *control, const struct connection *connection)
{
	for (size_t i = 0; i < CONNECTIONS; i++)
		if (control->connections[i] == connection)
			return &control->connections[i];
	return NULL;
}

static void
on_gone(void *arg, struct connection *connection)
{
	struct control *control = arg;
	struct connection **its = place(control, connection);

	assert(its != NULL);
	*its = NULL;
	control->full = false;
	connection_free(connection);
}

static void
on_accept(void *arg, int fd)
{
	struct control *control = arg;
	struct connection **free_place = place(control, NULL);

	if (free_place != NULL) {
		*free_place = connection_new(
		    &control->host, control->who, fd, on_gone, control);
		return;
	}
	close(fd);
	if (!control->full)
		log_line(LEVEL_WARNING,
		    "control: %d clients are connected: no more are accepted",
		    CONNECTIONS);
	control->full = true;
}

struct control *
control_new(const struct control_host *host, int fd)
{
	struct control *control = xzalloc(sizeof *control);

	control->host = *host;
	control->who = who_new(host->loop);
	control->listener = stream_listen(host->loop, fd, on_accept, control);
	return control;
}

void
control_free(struct control *control)
{
	if (control == NULL)
		return;
	stream_listener_free(control->listener);
	for (size_t i = 0; i < CONNECTIONS; i++)
		connection_free(control->connections[i]);
	who_free(control->who);
	free(control);
}
