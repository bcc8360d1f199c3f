/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loop with virtual time. Timers stand in one list by due time, those of
 * one time in the order they were set; posts and deferred calls go first.
 */
#include "fake/fake_loop.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "loop/defer.h"
#include "util/alloc.h"
#include "util/clock.h"
#include "util/random.h"

/* A timer that is set, or was: what loop_timer.event points to. */
struct entry {
	TAILQ_ENTRY(entry) list;
	struct loop_timer *timer;
	int64_t due_ms;
	bool set;
};

struct post {
	STAILQ_ENTRY(post) list;
	loop_callback *fire;
	void *arg;
};

TAILQ_HEAD(entry_list, entry);
STAILQ_HEAD(post_list, post);

struct loop {
	struct clock clock;
	struct random random;
	int64_t mono_ms, wall_ms;
	bool stopped;
	struct entry_list timers;
	struct post_list posts;
	struct defer_queue deferred;
};

struct loop_watch {
	struct loop *loop;
};

static int64_t
read_wall(void *self)
{
	return ((struct loop *)self)->wall_ms;
}

static int64_t
read_mono(void *self)
{
	return ((struct loop *)self)->mono_ms;
}

struct loop *
loop_new(void)
{
	struct loop *loop = xzalloc(sizeof *loop);

	loop->clock = (struct clock){ loop, read_wall, read_mono };
	loop->random = random_seeded(1);
	loop->mono_ms = loop->wall_ms = FAKE_LOOP_EPOCH_MS;
	defer_queue_init(&loop->deferred);
	TAILQ_INIT(&loop->timers);
	STAILQ_INIT(&loop->posts);
	return loop;
}

void
loop_free(struct loop *loop)
{
	struct post *post;

	if (loop == NULL)
		return;
	assert(TAILQ_EMPTY(&loop->timers));
	while ((post = STAILQ_FIRST(&loop->posts)) != NULL) {
		STAILQ_REMOVE_HEAD(&loop->posts, list);
		free(post);
	}
	free(loop);
}

void
loop_run(struct loop *loop)
{
	loop->stopped = false;
	while (!loop->stopped && fake_loop_step(loop))
		;
}

void
loop_stop(struct loop *loop)
{
	loop->stopped = true;
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

struct defer_queue *
loop_deferred(struct loop *loop)
{
	return &loop->deferred;
}

/* ---- timers ---- */

void
loop_timer_init(
    struct loop_timer *timer, struct loop *loop, loop_callback *fire, void *arg)
{
	*timer = (struct loop_timer){ loop, fire, arg, NULL };
}

void
loop_timer_set(struct loop_timer *timer, int64_t ms)
{
	struct entry_list *timers = &timer->loop->timers;
	struct entry *entry = timer->event, *before;

	loop_timer_clear(timer);
	if (entry == NULL)
		timer->event = entry = xzalloc(sizeof *entry);
	entry->timer = timer;
	entry->due_ms = timer->loop->mono_ms + (ms > 0 ? ms : 0);
	entry->set = true;
	before = TAILQ_LAST(timers, entry_list);
	while (before != NULL && before->due_ms > entry->due_ms)
		before = TAILQ_PREV(before, entry_list, list);
	if (before != NULL)
		TAILQ_INSERT_AFTER(timers, before, entry, list);
	else
		TAILQ_INSERT_HEAD(timers, entry, list);
}

void
loop_timer_clear(struct loop_timer *timer)
{
	struct entry *entry = timer->event;

	if (!loop_timer_pending(timer))
		return;
	TAILQ_REMOVE(&timer->loop->timers, entry, list);
	entry->set = false;
}

bool
loop_timer_pending(const struct loop_timer *timer)
{
	const struct entry *entry = timer->event;

	return entry != NULL && entry->set;
}

void
loop_timer_done(struct loop_timer *timer)
{
	loop_timer_clear(timer);
	free(timer->event);
	timer->event = NULL;
}

/* ---- descriptors and signals: there are none here ---- */

struct loop_watch *
loop_watch_new(
    struct loop *loop, int fd, unsigned want, loop_ready *ready, void *arg)
{
	(void)loop, (void)fd, (void)want, (void)ready, (void)arg;
	abort();
}

void
loop_watch_set(struct loop_watch *watch, unsigned want)
{
	(void)watch, (void)want;
	abort();
}

void
loop_watch_free(struct loop_watch *watch)
{
	free(watch);
}

struct loop_watch *
loop_signal_new(struct loop *loop, int signal, loop_callback *fire, void *arg)
{
	struct loop_watch *watch = xzalloc(sizeof *watch);

	(void)signal, (void)fire, (void)arg;
	watch->loop = loop;
	return watch;
}

struct event_base *
loop_base(struct loop *loop)
{
	(void)loop;
	abort();
}

/* ---- posts ---- */

void
loop_post(struct loop *loop, loop_callback *fire, void *arg)
{
	struct post *post = xzalloc(sizeof *post);

	post->fire = fire;
	post->arg = arg;
	STAILQ_INSERT_TAIL(&loop->posts, post, list);
}

void
loop_unpost(struct loop *loop, const void *arg)
{
	struct post *post = STAILQ_FIRST(&loop->posts), *next;

	for (; post != NULL; post = next) {
		next = STAILQ_NEXT(post, list);
		if (post->arg == arg) {
			STAILQ_REMOVE(&loop->posts, post, post, list);
			free(post);
		}
	}
}

/* ---- what a test drives it by ---- */

static bool
run_post(struct loop *loop)
{
	struct post *post = STAILQ_FIRST(&loop->posts), taken;

	if (post == NULL)
		return false;
	taken = *post;
	STAILQ_REMOVE_HEAD(&loop->posts, list);
	free(post);
	taken.fire(taken.arg);
	return true;
}

static bool
run_defer(struct loop *loop)
{
	struct loop_defer *defer = loop->deferred.first;

	if (defer == NULL)
		return false;
	loop_defer_clear(defer);
	defer->fire(defer->arg);
	return true;
}

/* Runs one thing that is due at this time. */
static bool
run_now(struct loop *loop)
{
	struct entry *entry = TAILQ_FIRST(&loop->timers);
	struct loop_timer *timer;

	if (run_post(loop) || run_defer(loop))
		return true;
	if (entry == NULL || entry->due_ms > loop->mono_ms)
		return false;
	timer = entry->timer;
	loop_timer_clear(timer);
	timer->fire(timer->arg);
	return true;
}

static void
move(struct loop *loop, int64_t ms)
{
	loop->mono_ms += ms;
	loop->wall_ms += ms;
}

void
fake_loop_seed(struct loop *loop, uint64_t seed)
{
	loop->random = random_seeded(seed);
}

bool
fake_loop_step(struct loop *loop)
{
	if (run_now(loop))
		return true;
	if (TAILQ_EMPTY(&loop->timers))
		return false;
	move(loop, fake_loop_next(loop));
	return run_now(loop);
}

bool
fake_loop_step_by(struct loop *loop, int64_t mono_ms)
{
	int64_t next;

	if (run_now(loop))
		return true;
	next = fake_loop_next(loop);
	if (next < 0 || loop->mono_ms + next > mono_ms) {
		move(loop, mono_ms - loop->mono_ms);
		return false;
	}
	move(loop, next);
	return run_now(loop);
}

void
fake_loop_settle(struct loop *loop)
{
	while (run_now(loop))
		;
}

void
fake_loop_pass(struct loop *loop, int64_t ms)
{
	int64_t until = loop->mono_ms + ms;

	while (fake_loop_step_by(loop, until))
		;
}

int64_t
fake_loop_next(struct loop *loop)
{
	const struct entry *entry = TAILQ_FIRST(&loop->timers);

	if (entry == NULL)
		return -1;
	return entry->due_ms > loop->mono_ms ? entry->due_ms - loop->mono_ms
					     : 0;
}

void
fake_loop_shift_wall(struct loop *loop, int64_t ms)
{
	loop->wall_ms += ms;
}
