/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one event loop, on libevent: the only owner of its event_base, of time
 * and of randomness. Everything in the process happens in callbacks of this
 * loop, on one thread; nothing on it blocks. Other threads reach it by
 * loop_post alone. A twin with virtual time takes its place in simulations
 * (link time).
 */
#ifndef KG_LOOP_LOOP_H
#define KG_LOOP_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct clock;
struct loop;
struct random;
struct event_base;

typedef void loop_callback(void *arg);

/* A new loop; aborts when the machine has none to give. From then on the
 * process ignores SIGPIPE. */
struct loop *loop_new(void);

/* Frees the loop. Everything made on it must be gone. NULL is fine. */
void loop_free(struct loop *loop);

/* Runs callbacks until loop_stop. */
void loop_run(struct loop *loop);

/* Makes loop_run return after the callback that is running; the next loop_run,
 * at once, when none is. */
void loop_stop(struct loop *loop);

/* The loop's time and randomness; borrowed for the loop's life. */
const struct clock *loop_clock(struct loop *loop);
struct random *loop_random(struct loop *loop);

/* ---- timers: embedded in whoever waits, one shot ---- */

struct loop_timer {
	struct loop *loop;
	loop_callback *fire;
	void *arg;
	void *event; /* the loop's own; NULL until first set */
};

/* Prepares a timer that is not yet set. */
void loop_timer_init(struct loop_timer *timer, struct loop *loop,
    loop_callback *fire, void *arg);

/* Sets it to fire once in `ms` (0: as soon as the loop is free), anew if it
 * was set already. */
void loop_timer_set(struct loop_timer *timer, int64_t ms);

/* Unsets it; it will not fire. */
void loop_timer_clear(struct loop_timer *timer);

/* Whether it is set and has not fired. */
bool loop_timer_pending(const struct loop_timer *timer);

/* Unsets it and gives back what it holds. Fine if never set, or zeroed. */
void loop_timer_done(struct loop_timer *timer);

/* ---- deferred calls: in order, before the loop waits again ---- */

struct loop_defer {
	struct loop *loop;
	loop_callback *fire;
	void *arg;
	struct loop_defer *next, **link; /* the loop's own queue */
};

/* Prepares a deferred call that is not yet set. */
void loop_defer_init(struct loop_defer *defer, struct loop *loop,
    loop_callback *fire, void *arg);

/* Queues it, once; setting it again before it ran changes nothing. */
void loop_defer_set(struct loop_defer *defer);

/* Takes it out of the queue. Fine if not queued, or zeroed. */
void loop_defer_clear(struct loop_defer *defer);

/* ---- descriptors, signals, threads ---- */

enum loop_want {
	LOOP_READ = 1,
	LOOP_WRITE = 2,
};

struct loop_watch;

typedef void loop_ready(void *arg, int fd, unsigned ready);

/* Watches `fd` for `want` (LOOP_READ | LOOP_WRITE) until freed; level-
 * triggered. Does not own the descriptor. */
struct loop_watch *loop_watch_new(
    struct loop *loop, int fd, unsigned want, loop_ready *ready, void *arg);
void loop_watch_set(struct loop_watch *watch, unsigned want);
void loop_watch_free(struct loop_watch *watch);

/* Calls back on each arrival of a signal until freed. */
struct loop_watch *loop_signal_new(
    struct loop *loop, int signal, loop_callback *fire, void *arg);

/*
 * The one function other threads may call: queues `fire(arg)` to run on the
 * loop, in the order posted. Safe until loop_free.
 */
void loop_post(struct loop *loop, loop_callback *fire, void *arg);

/* On the loop's thread: what was posted with `arg` and has not run never will.
 * Whoever posted must have ended. */
void loop_unpost(struct loop *loop, const void *arg);

/* For loop/stream alone. */
struct event_base *loop_base(struct loop *loop);

#endif
