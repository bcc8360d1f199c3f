/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loop on libevent. One turn waits once and runs what became ready; then
 * the deferred calls run, before it waits again.
 */
#include "loop/loop.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <event2/event.h>

#include "loop/defer.h"
#include "util/alloc.h"
#include "util/clock.h"
#include "util/log.h"
#include "util/random.h"

struct post {
	struct post *next;
	loop_callback *fire;
	void *arg;
};

struct loop {
	struct event_base *base;
	struct clock clock;
	struct random random;
	bool stopped;
	struct defer_queue deferred;
	struct loop_defer round; /* marks the end of one round of them */
	struct loop_watch *wake;
	int wake_fd;          /* a semaphore: how many are posted */
	pthread_mutex_t lock; /* over the two that follow */
	struct post *posted, **posted_end;
};

struct loop_watch {
	struct event *event;
	loop_ready *ready;   /* of a descriptor, or */
	loop_callback *fire; /* of a signal */
	void *arg;
};

/* libevent warns when it is misused, and when the kernel refuses to watch a
 * descriptor: whoever waits for that would wait for ever. */
static void
on_complaint(int severity, const char *text)
{
	if (severity < EVENT_LOG_WARN)
		return;
	log_line(LEVEL_ERROR, "libevent: %s", text);
	abort();
}

/*
 * No timer fires early by loop_clock: hence the precise clock, never cached.
 * The environment has no say, for EVENT_EPOLL_USE_CHANGELIST loses events of
 * descriptors that curl closes and opens anew under the same number.
 */
static struct event_base *
base_new(void)
{
	struct event_config *config;
	struct event_base *base;

	event_set_mem_functions(xmalloc, xrealloc, free);
	event_set_log_callback(on_complaint);
	config = event_config_new();
	assert(config != NULL);
	event_config_set_flag(config,
	    EVENT_BASE_FLAG_NOLOCK | EVENT_BASE_FLAG_IGNORE_ENV |
		EVENT_BASE_FLAG_NO_CACHE_TIME | EVENT_BASE_FLAG_PRECISE_TIMER);
	base = event_base_new_with_config(config);
	event_config_free(config);
	assert(base != NULL);
	return base;
}

/* ---- posts: from other threads ---- */

static struct post *
take_post(struct loop *loop)
{
	struct post *post;

	pthread_mutex_lock(&loop->lock);
	post = loop->posted;
	assert(post != NULL);
	loop->posted = post->next;
	if (loop->posted == NULL)
		loop->posted_end = &loop->posted;
	pthread_mutex_unlock(&loop->lock);
	return post;
}

static void
on_wake(void *arg, int fd, unsigned ready)
{
	struct loop *loop = arg;
	struct post *post;
	eventfd_t one;

	(void)ready;
	if (eventfd_read(fd, &one) != 0)
		return;
	post = take_post(loop);
	post->fire(post->arg);
	free(post);
}

void
loop_post(struct loop *loop, loop_callback *fire, void *arg)
{
	struct post *post = xzalloc(sizeof *post);
	int rc;

	post->fire = fire;
	post->arg = arg;
	pthread_mutex_lock(&loop->lock);
	*loop->posted_end = post;
	loop->posted_end = &post->next;
	rc = eventfd_write(loop->wake_fd, 1);
	pthread_mutex_unlock(&loop->lock);
	assert(rc == 0);
}

static void
nothing(void *arg)
{
	(void)arg;
}

/* A post stays in its place: the semaphore has counted it. */
void
loop_unpost(struct loop *loop, const void *arg)
{
	pthread_mutex_lock(&loop->lock);
	for (struct post *post = loop->posted; post != NULL; post = post->next)
		if (post->arg == arg)
			post->fire = nothing;
	pthread_mutex_unlock(&loop->lock);
}

/* ---- the loop ---- */

struct defer_queue *
loop_deferred(struct loop *loop)
{
	return &loop->deferred;
}

struct loop *
loop_new(void)
{
	struct loop *loop = xzalloc(sizeof *loop);

	/* A peer that went away is an error of write(), not our death. */
	signal(SIGPIPE, SIG_IGN);
	loop->base = base_new();
	loop->clock = clock_real();
	loop->random = random_real();
	defer_queue_init(&loop->deferred);
	loop_defer_init(&loop->round, loop, NULL, NULL);
	pthread_mutex_init(&loop->lock, NULL);
	loop->posted_end = &loop->posted;
	loop->wake_fd = eventfd(0, EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC);
	assert(loop->wake_fd >= 0);
	loop->wake =
	    loop_watch_new(loop, loop->wake_fd, LOOP_READ, on_wake, loop);
	return loop;
}

void
loop_free(struct loop *loop)
{
	if (loop == NULL)
		return;
	assert(loop->deferred.first == NULL);
	while (loop->posted != NULL)
		free(take_post(loop));
	loop_watch_free(loop->wake);
	close(loop->wake_fd);
	pthread_mutex_destroy(&loop->lock);
	event_base_free(loop->base);
	free(loop);
}

/* Runs what is queued now; what that queues waits for the next round, so that
 * descriptors have their turn in between. */
static void
run_deferred(struct loop *loop)
{
	struct loop_defer *defer;

	loop_defer_set(&loop->round);
	while (
	    !loop->stopped && (defer = loop->deferred.first) != &loop->round) {
		loop_defer_clear(defer);
		defer->fire(defer->arg);
	}
	loop_defer_clear(&loop->round);
}

void
loop_run(struct loop *loop)
{
	while (!loop->stopped) {
		run_deferred(loop);
		if (loop->stopped)
			break;
		event_base_loop(loop->base,
		    EVLOOP_ONCE | (loop->deferred.first ? EVLOOP_NONBLOCK : 0));
	}
	loop->stopped = false;
}

void
loop_stop(struct loop *loop)
{
	loop->stopped = true;
	event_base_loopbreak(loop->base);
}

const struct clock *
loop_clock(struct loop *loop)
{
	return &loop->clock;
}

struct random *
loop_random(struct loop *loop)
{
	return &loop->random;
}

struct event_base *
loop_base(struct loop *loop)
{
	return loop->base;
}

/* ---- timers ---- */

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct loop_timer *timer = arg;

	(void)fd;
	(void)what;
	timer->fire(timer->arg);
}

void
loop_timer_init(
    struct loop_timer *timer, struct loop *loop, loop_callback *fire, void *arg)
{
	*timer = (struct loop_timer){ .loop = loop, .fire = fire, .arg = arg };
}

void
loop_timer_set(struct loop_timer *timer, int64_t ms)
{
	struct timeval wait;

	if (ms < 0)
		ms = 0;
	wait.tv_sec = (time_t)(ms / 1000);
	wait.tv_usec = (suseconds_t)(ms % 1000 * 1000);
	if (timer->event == NULL)
		timer->event = evtimer_new(timer->loop->base, on_timer, timer);
	assert(timer->event != NULL);
	evtimer_add(timer->event, &wait);
}

void
loop_timer_clear(struct loop_timer *timer)
{
	if (timer->event != NULL)
		evtimer_del(timer->event);
}

bool
loop_timer_pending(const struct loop_timer *timer)
{
	return timer->event != NULL && evtimer_pending(timer->event, NULL);
}

void
loop_timer_done(struct loop_timer *timer)
{
	if (timer->event != NULL)
		event_free(timer->event);
	timer->event = NULL;
}

/* ---- descriptors and signals ---- */

static void
on_watch(evutil_socket_t fd, short what, void *arg)
{
	const struct loop_watch *watch = arg;

	watch->ready(watch->arg, (int)fd,
	    ((what & EV_READ) != 0 ? LOOP_READ : 0U) |
		((what & EV_WRITE) != 0 ? LOOP_WRITE : 0U));
}

static short
events_of(unsigned want)
{
	return (short)(EV_PERSIST | (want & LOOP_READ ? EV_READ : 0) |
	    (want & LOOP_WRITE ? EV_WRITE : 0));
}

struct loop_watch *
loop_watch_new(
    struct loop *loop, int fd, unsigned want, loop_ready *ready, void *arg)
{
	struct loop_watch *watch = xzalloc(sizeof *watch);

	watch->ready = ready;
	watch->arg = arg;
	watch->event =
	    event_new(loop->base, fd, events_of(want), on_watch, watch);
	assert(watch->event != NULL);
	if (want != 0)
		event_add(watch->event, NULL);
	return watch;
}

void
loop_watch_set(struct loop_watch *watch, unsigned want)
{
	struct event_base *base = event_get_base(watch->event);
	evutil_socket_t fd = event_get_fd(watch->event);

	event_del(watch->event);
	event_assign(watch->event, base, fd, events_of(want), on_watch, watch);
	if (want != 0)
		event_add(watch->event, NULL);
}

void
loop_watch_free(struct loop_watch *watch)
{
	if (watch == NULL)
		return;
	event_free(watch->event);
	free(watch);
}

static void
on_signal(evutil_socket_t fd, short what, void *arg)
{
	const struct loop_watch *watch = arg;

	(void)fd;
	(void)what;
	watch->fire(watch->arg);
}

struct loop_watch *
loop_signal_new(struct loop *loop, int signal, loop_callback *fire, void *arg)
{
	struct loop_watch *watch = xzalloc(sizeof *watch);

	watch->fire = fire;
	watch->arg = arg;
	watch->event = evsignal_new(loop->base, signal, on_signal, watch);
	assert(watch->event != NULL);
	evsignal_add(watch->event, NULL);
	return watch;
}
