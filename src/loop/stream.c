/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Streams on libevent's bufferevents. A stream is open, then maybe finishing
 * (what is written still leaves), then closed: from there on only on_closed is
 * still to be called, once, straight off the loop.
 */
#include "loop/stream.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <event2/util.h>

#include "loop/loop.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/log.h"

/* How long to leave connections waiting when descriptors have run out. */
#define ACCEPT_PAUSE_MS 1000

struct stream {
	struct bufferevent *buffers;
	struct loop_defer later;
	const struct stream_events *events;
	void *arg;
	struct buf unread;
	size_t max_out;
	bool writing; /* since libevent last found nothing to write */
	bool paused, finishing, closed;
	bool *freed; /* set by stream_free while on_bytes runs */
};

struct stream_listener {
	struct evconnlistener *listener;
	struct loop_timer resume;
	void (*on_accept)(void *arg, int fd);
	void *arg;
};

static size_t
unwritten(const struct stream *stream)
{
	return evbuffer_get_length(bufferevent_get_output(stream->buffers));
}

/* Nothing comes or goes any more; on_closed follows. */
static void
stream_end(struct stream *stream)
{
	bufferevent_disable(stream->buffers, EV_READ | EV_WRITE);
	bufferevent_setcb(stream->buffers, NULL, NULL, NULL, NULL);
	shutdown(bufferevent_getfd(stream->buffers), SHUT_RDWR);
	stream->closed = true;
	loop_defer_set(&stream->later);
}

static void
present(struct stream *stream)
{
	struct buf *unread = &stream->unread;
	bool freed = false;
	size_t used;

	stream->freed = &freed;
	used = stream->events->on_bytes(
	    stream->arg, buf_text(unread), unread->len);
	if (freed)
		return;
	stream->freed = NULL;
	assert(used <= unread->len);
	buf_drop(unread, used);
	if (unread->len == 0)
		buf_done(unread);
}

static void
on_later(void *arg)
{
	struct stream *stream = arg;

	if (stream->closed)
		stream->events->on_closed(stream->arg);
	else if (!stream->paused && !stream->finishing &&
	    stream->unread.len > 0)
		present(stream);
}

static void
on_read(struct bufferevent *buffers, void *arg)
{
	struct stream *stream = arg;
	struct evbuffer *input = bufferevent_get_input(buffers);
	size_t len = evbuffer_get_length(input);
	bool fits = buf_add(&stream->unread, evbuffer_pullup(input, -1), len);

	evbuffer_drain(input, len);
	if (fits)
		present(stream);
	else
		stream_end(stream);
}

static void
on_written(struct bufferevent *buffers, void *arg)
{
	struct stream *stream = arg;

	(void)buffers;
	if (!stream->writing)
		return; /* libevent looks once at the very start */
	stream->writing = false;
	if (stream->finishing)
		stream_end(stream);
	else if (stream->events->on_drained != NULL)
		stream->events->on_drained(stream->arg);
}

static void
on_event(struct bufferevent *buffers, short what, void *arg)
{
	(void)buffers;
	(void)what;
	stream_end(arg);
}

struct stream *
stream_new(struct loop *loop, int fd, size_t max_in, size_t max_out,
    const struct stream_events *events, void *arg)
{
	struct stream *stream = xzalloc(sizeof *stream);

	stream->events = events;
	stream->arg = arg;
	stream->unread = (struct buf)BUF_INIT(max_in);
	stream->max_out = max_out;
	loop_defer_init(&stream->later, loop, on_later, stream);
	stream->buffers =
	    bufferevent_socket_new(loop_base(loop), fd, BEV_OPT_CLOSE_ON_FREE);
	assert(stream->buffers != NULL);
	bufferevent_setcb(
	    stream->buffers, on_read, on_written, on_event, stream);
	bufferevent_enable(stream->buffers, EV_READ | EV_WRITE);
	return stream;
}

bool
stream_write(struct stream *stream, const void *bytes, size_t len)
{
	if (stream->closed || stream->finishing)
		return false;
	if (len > stream->max_out - unwritten(stream)) {
		stream_end(stream);
		return false;
	}
	stream->writing = true;
	return bufferevent_write(stream->buffers, bytes, len) == 0;
}

void
stream_pause(struct stream *stream, bool paused)
{
	stream->paused = paused;
	if (stream->closed || stream->finishing)
		return;
	if (paused) {
		bufferevent_disable(stream->buffers, EV_READ);
		return;
	}
	bufferevent_enable(stream->buffers, EV_READ);
	loop_defer_set(&stream->later);
}

void
stream_close_after_write(struct stream *stream)
{
	if (stream->closed)
		return;
	stream->finishing = true;
	bufferevent_disable(stream->buffers, EV_READ);
	if (unwritten(stream) == 0)
		stream_end(stream);
}

void
stream_free(struct stream *stream)
{
	if (stream == NULL)
		return;
	if (stream->freed != NULL)
		*stream->freed = true;
	loop_defer_clear(&stream->later);
	bufferevent_free(stream->buffers);
	buf_done(&stream->unread);
	free(stream);
}

void
stream_peer(const struct stream *stream, long *ret_uid, long *ret_pid)
{
	struct ucred peer;
	socklen_t len = sizeof peer;
	int fd = bufferevent_getfd(stream->buffers);
	bool known =
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 &&
	    peer.pid > 0;

	*ret_uid = known ? (long)peer.uid : -1;
	*ret_pid = known ? (long)peer.pid : -1;
}

/* ---- listeners ---- */

static void
on_connection(struct evconnlistener *listener, evutil_socket_t fd,
    struct sockaddr *address, int len, void *arg)
{
	const struct stream_listener *self = arg;

	(void)listener;
	(void)address;
	(void)len;
	self->on_accept(self->arg, fd);
}

/* The connection stays in the backlog, so asking again at once would spin. */
static void
on_accept_failed(struct evconnlistener *listener, void *arg)
{
	struct stream_listener *self = arg;

	log_line(
	    LEVEL_WARNING, "cannot accept a connection: %s", strerror(errno));
	evconnlistener_disable(listener);
	loop_timer_set(&self->resume, ACCEPT_PAUSE_MS);
}

static void
on_resume(void *arg)
{
	const struct stream_listener *self = arg;

	evconnlistener_enable(self->listener);
}

struct stream_listener *
stream_listen(
    struct loop *loop, int fd, void (*on_accept)(void *arg, int fd), void *arg)
{
	struct stream_listener *self = xzalloc(sizeof *self);

	self->on_accept = on_accept;
	self->arg = arg;
	loop_timer_init(&self->resume, loop, on_resume, self);
	evutil_make_socket_nonblocking(fd);
	self->listener = evconnlistener_new(loop_base(loop), on_connection,
	    self, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd);
	assert(self->listener != NULL);
	evconnlistener_set_error_cb(self->listener, on_accept_failed);
	return self;
}

void
stream_listener_free(struct stream_listener *listener)
{
	if (listener == NULL)
		return;
	loop_timer_done(&listener->resume);
	evconnlistener_free(listener->listener);
	free(listener);
}
