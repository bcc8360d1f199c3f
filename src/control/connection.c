/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From bytes to calls. A connection is idle or busy with one call; while it is
 * busy, further calls wait unread in the stream. Reading never stops, since
 * only that tells when a client goes.
 */
#include "control/connection.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "control/call.h"
#include "control/control.h"
#include "control/interface.h"
#include "control/methods.h"
#include "control/varlink.h"
#include "loop/stream.h"
#include "util/alloc.h"
#include "util/doc.h"
#include "util/log.h"

/* Unread bytes: a message, and what one read may bring beyond it, so that it
 * is us who see that it is too long. */
#define MAX_IN (VARLINK_MAX_CALL + ((size_t)64 << 10))

struct connection {
	struct stream *stream;
	struct call call; /* the one that is being answered, when busy */
	bool busy;
	void (*gone)(void *arg, struct connection *connection);
	void *arg;
};

/* ---- one call ---- */

static void
on_ended(struct call *call)
{
	struct connection *connection =
	    (void *)((char *)call - offsetof(struct connection, call));

	assert(connection->busy);
	connection->busy = false;
	if (call->deserted)
		connection->gone(connection->arg, connection);
	else /* presents what came meanwhile */
		stream_pause(connection->stream, false);
}

/* Calls the method, or says why not. */
static void
dispatch(struct call *call, const struct varlink_call *wanted)
{
	const char *dot = strrchr(wanted->method, '.');
	const char *name = dot == NULL ? wanted->method : dot + 1;
	size_t len = dot == NULL ? 0 : (size_t)(dot - wanted->method);
	const struct interface *interface =
	    methods_interface(wanted->method, len);
	const struct method *method =
	    interface == NULL ? NULL : methods_find(interface, name);
	FREE_LATER char *interface_name = xmemdup0(wanted->method, len);
	char wrong[INTERFACE_NAME];

	if (interface == NULL)
		call_fail_with(call, VARLINK_INTERFACE_NOT_FOUND, "interface",
		    interface_name);
	else if (method == NULL)
		call_fail_with(
		    call, VARLINK_METHOD_NOT_FOUND, "method", wanted->method);
	else if (wanted->upgrade)
		call_fail_with(call, VARLINK_METHOD_NOT_IMPLEMENTED, "method",
		    wanted->method);
	else if (method->live && !call->more)
		call_fail(call, VARLINK_EXPECTED_MORE, NULL);
	else if (!interface_takes(
		     interface->definition, name, wanted->parameters, wrong))
		call_fail_with(
		    call, VARLINK_INVALID_PARAMETER, "parameter", wrong);
	else {
		call->lasting = method->lasting;
		method->start(call, wanted->parameters);
	}
}

/* Nobody waits for the end of a call without an answer, unless it lasts. */
static void
begin(struct connection *connection, const struct varlink_call *wanted)
{
	struct call *call = &connection->call;

	connection->busy = true;
	call->more = wanted->more;
	call->oneway = wanted->oneway;
	call->lasting = false;
	dispatch(call, wanted);
	if (connection->busy && call->oneway && !call->lasting)
		call_end(call);
}

/* ---- all of them ---- */

/* Says once what is wrong with a client, and is done with it. */
static void
send_away(struct connection *connection, const char *why)
{
	long uid, pid;

	stream_peer(connection->stream, &uid, &pid);
	log_line(LEVEL_WARNING,
	    "control: closing the connection of uid %ld, pid %ld: %s", uid, pid,
	    why);
	stream_close_after_write(connection->stream);
}

/* False if the connection is over. */
static bool
take_message(struct connection *connection, const char *text, size_t len)
{
	struct varlink_call wanted;
	struct error error;

	if (len > VARLINK_MAX_CALL) {
		send_away(connection, "message too long");
		return false;
	}
	if (!varlink_call_parse(text, len, &wanted, &error)) {
		send_away(connection, error.cause);
		return false;
	}
	begin(connection, &wanted);
	varlink_call_done(&wanted);
	return true;
}

static size_t
on_bytes(void *arg, const char *bytes, size_t len)
{
	struct connection *connection = arg;
	size_t used = 0, message;

	while (!connection->busy &&
	    varlink_whole(bytes + used, len - used, &message)) {
		if (!take_message(connection, bytes + used, message))
			return len;
		used += message + 1;
	}
	if (len - used <= VARLINK_MAX_CALL)
		return used;
	send_away(connection, "too much unread");
	return len;
}

static void
on_drained(void *arg)
{
	struct connection *connection = arg;
	struct call *call = &connection->call;

	if (call->drained != NULL)
		STEAL(call->drained)(call->held);
}

static void
on_closed(void *arg)
{
	struct connection *connection = arg;

	if (connection->busy && connection->call.lasting)
		connection->call.deserted = true;
	else
		connection->gone(connection->arg, connection);
}

struct connection *
connection_new(const struct control_host *host, struct who *who, int fd,
    void (*gone)(void *arg, struct connection *connection), void *arg)
{
	static const struct stream_events events = {
		.on_bytes = on_bytes,
		.on_drained = on_drained,
		.on_closed = on_closed,
	};
	struct connection *connection = xzalloc(sizeof *connection);

	connection->gone = gone;
	connection->arg = arg;
	connection->stream = stream_new(
	    host->loop, fd, MAX_IN, VARLINK_MAX_REPLY, &events, connection);
	connection->call.host = host;
	connection->call.who = who;
	connection->call.stream = connection->stream;
	connection->call.ended = on_ended;
	return connection;
}

void
connection_free(struct connection *connection)
{
	if (connection == NULL)
		return;
	call_hold(&connection->call, NULL, NULL);
	stream_free(connection->stream);
	free(connection);
}
