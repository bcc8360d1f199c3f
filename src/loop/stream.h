/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connected stream socket on the loop (a libevent bufferevent), and a
 * listener that accepts them: what the control socket stands on. Backlogs are
 * bounded both ways.
 */
#ifndef KG_LOOP_STREAM_H
#define KG_LOOP_STREAM_H

#include <stdbool.h>
#include <stddef.h>

struct loop;
struct stream;
struct stream_listener;

struct stream_events {
	/*
	 * Bytes have come: `len` contiguous bytes, all that is unread. Returns
	 * how many were used up; the rest is presented again with what follows.
	 * May free the stream (then returns anything).
	 */
	size_t (*on_bytes)(void *arg, const char *bytes, size_t len);
	/* Everything written has left. NULL: not interested. */
	void (*on_drained)(void *arg);
	/* The peer closed, the connection broke, or a backlog limit was passed;
	 * nothing more is called. The stream is still to be freed. */
	void (*on_closed)(void *arg);
};

/* Takes over the connected, non-blocking `fd`. `max_in` bounds what is unread,
 * `max_out` what is unwritten, in bytes. */
struct stream *stream_new(struct loop *loop, int fd, size_t max_in,
    size_t max_out, const struct stream_events *events, void *arg);

/* Queues bytes; false (and on_closed later) past the backlog limit. */
bool stream_write(struct stream *stream, const void *bytes, size_t len);

/* Stops or resumes reading, for back-pressure. Resuming presents again what is
 * unread, soon. */
void stream_pause(struct stream *stream, bool paused);

/* Closes once all that is written has left, then calls on_closed. */
void stream_close_after_write(struct stream *stream);

/* Closes at once and frees; nothing is called any more. NULL is fine. */
void stream_free(struct stream *stream);

/* The user and process at the other end of a unix socket (SO_PEERCRED); -1
 * where unknown. */
void stream_peer(const struct stream *stream, long *ret_uid, long *ret_pid);

/* Accepts connections on the listening socket `fd` (taken over), calling back
 * with each connected descriptor, which the callee owns. */
struct stream_listener *stream_listen(
    struct loop *loop, int fd, void (*on_accept)(void *arg, int fd), void *arg);
void stream_listener_free(struct stream_listener *listener);

#endif
