/* SPDX-License-Identifier: Apache-2.0 */
/* The loop: order, time and other threads. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "loop/loop.h"
#include "unit/unit.h"
#include "util/clock.h"
#include "util/random.h"

static struct loop *loop;
static char story[64]; /* what happened, a letter each */

static void
setup(void)
{
	loop = loop_new();
	story[0] = '\0';
}

static void
teardown(void)
{
	loop_free(loop);
}

static void
tell(const char *letter)
{
	strncat(story, letter, sizeof story - strlen(story) - 1);
}

static void
on_a(void *arg)
{
	(void)arg;
	tell("a");
}

static void
on_stop(void *arg)
{
	(void)arg;
	tell(".");
	loop_stop(loop);
}

/* ---- deferred calls ---- */

static struct loop_defer defers[3];

static void
on_set_next(void *arg)
{
	(void)arg;
	tell("n");
	loop_defer_set(&defers[1]);
}

static void
on_clear_next(void *arg)
{
	(void)arg;
	tell("c");
	loop_defer_clear(&defers[1]);
}

START_TEST(deferred_calls_run_in_order_and_once)
{
	loop_defer_init(&defers[0], loop, on_set_next, NULL);
	loop_defer_init(&defers[1], loop, on_stop, NULL);
	loop_defer_init(&defers[2], loop, on_a, NULL);
	loop_defer_set(&defers[2]);
	loop_defer_set(&defers[0]);
	loop_defer_set(&defers[2]);
	loop_run(loop);
	ck_assert_str_eq(story, "an.");
}
END_TEST

START_TEST(a_deferred_call_can_be_taken_back)
{
	struct loop_defer zeroed = { 0 };

	loop_defer_init(&defers[0], loop, on_clear_next, NULL);
	loop_defer_init(&defers[1], loop, on_a, NULL);
	loop_defer_init(&defers[2], loop, on_stop, NULL);
	for (int i = 0; i < 3; i++)
		loop_defer_set(&defers[i]);
	loop_defer_clear(&zeroed);
	loop_run(loop);
	ck_assert_str_eq(story, "c.");
}
END_TEST

static void
on_again(void *arg)
{
	loop_defer_set(arg);
}

static void
on_readable(void *arg, int fd, unsigned ready)
{
	(void)arg;
	(void)fd;
	ck_assert_uint_eq(ready, LOOP_READ);
	on_stop(NULL);
}

/* One that queues itself for ever does not keep descriptors waiting. */
START_TEST(deferred_calls_leave_descriptors_their_turn)
{
	struct loop_defer again;
	struct loop_watch *watch;
	int fds[2];

	ck_assert_int_eq(pipe(fds), 0);
	ck_assert_int_eq(write(fds[1], "x", 1), 1);
	watch = loop_watch_new(loop, fds[0], LOOP_READ, on_readable, NULL);
	loop_defer_init(&again, loop, on_again, &again);
	loop_defer_set(&again);
	loop_run(loop);
	ck_assert_str_eq(story, ".");
	loop_defer_clear(&again);
	loop_watch_free(watch);
	close(fds[0]);
	close(fds[1]);
}
END_TEST

/* ---- stopping ---- */

START_TEST(stop_returns_after_the_running_callback)
{
	loop_defer_init(&defers[0], loop, on_stop, NULL);
	loop_defer_init(&defers[1], loop, on_a, NULL);
	loop_defer_init(&defers[2], loop, on_stop, NULL);
	for (int i = 0; i < 3; i++)
		loop_defer_set(&defers[i]);
	loop_run(loop);
	ck_assert_str_eq(story, ".");
	loop_run(loop);
	ck_assert_str_eq(story, ".a.");
}
END_TEST

/* Whoever finds at start that it cannot go on may stop a loop to come. */
START_TEST(stop_before_run_is_not_lost)
{
	loop_stop(loop);
	loop_run(loop);
	loop_post(loop, on_stop, NULL);
	loop_run(loop);
	ck_assert_str_eq(story, ".");
}
END_TEST

/* ---- timers ---- */

static struct loop_timer late;
static int64_t due_ms;

/* Works for a while before it sets the timer. */
static void
on_work(void *arg)
{
	const struct clock *clock = loop_clock(loop);
	int64_t start_ms = clock_mono_ms(clock);
	const int *ms = arg;

	while (clock_mono_ms(clock) < start_ms + 7)
		;
	due_ms = clock_mono_ms(clock) + *ms;
	loop_timer_set(&late, *ms);
	ck_assert(loop_timer_pending(&late));
}

/* Neither for what passed since the loop last looked at the clock, nor for a
 * clock that is coarse: a loop that is kept awake would see the timer due. */
START_TEST(timers_never_fire_early)
{
	struct loop_defer awake;

	loop_timer_init(&late, loop, on_stop, NULL);
	loop_defer_init(&awake, loop, on_again, &awake);
	loop_defer_set(&awake);
	for (int ms = 0; ms < 12; ms++) {
		loop_post(loop, on_work, &ms);
		loop_run(loop);
		ck_assert_int_ge(clock_mono_ms(loop_clock(loop)), due_ms);
		ck_assert(!loop_timer_pending(&late));
	}
	loop_defer_clear(&awake);
	loop_timer_done(&late);
}
END_TEST

START_TEST(a_timer_can_be_cleared_and_set_anew)
{
	struct loop_timer cleared, moved, last, zeroed = { 0 };

	loop_timer_init(&cleared, loop, on_a, NULL);
	loop_timer_init(&moved, loop, on_a, NULL);
	loop_timer_init(&last, loop, on_stop, NULL);
	loop_timer_clear(&cleared);
	loop_timer_set(&cleared, 0);
	loop_timer_clear(&cleared);
	loop_timer_set(&moved, 100000);
	loop_timer_set(&moved, 0);
	loop_timer_set(&last, 5);
	loop_run(loop);
	ck_assert_str_eq(story, "a.");
	loop_timer_done(&cleared);
	loop_timer_done(&moved);
	loop_timer_done(&last);
	loop_timer_done(&zeroed);
	ck_assert(!loop_timer_pending(&zeroed));
}
END_TEST

static long
switches(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nvcsw;
}

START_TEST(an_idle_loop_does_not_wake)
{
	struct loop_timer timer;
	long before;

	loop_timer_init(&timer, loop, on_stop, NULL);
	loop_timer_set(&timer, 200);
	before = switches();
	loop_run(loop);
	ck_assert_int_le(switches() - before, 2);
	loop_timer_done(&timer);
}
END_TEST

/* ---- threads ---- */

enum { THREADS = 4, POSTS = 500 };

static int next_post[THREADS], posts;

struct numbered {
	int thread, number;
};

static void
on_post(void *arg)
{
	struct numbered *post = arg;

	ck_assert_int_eq(post->number, next_post[post->thread]++);
	free(post);
	if (++posts == THREADS * POSTS)
		loop_stop(loop);
}

static void *
poster(void *arg)
{
	int *thread = arg;

	for (int i = 0; i < POSTS; i++) {
		struct numbered *post = malloc(sizeof *post);

		*post = (struct numbered){ *thread, i };
		loop_post(loop, on_post, post);
	}
	return NULL;
}

START_TEST(posts_of_threads_arrive_in_order)
{
	pthread_t threads[THREADS];
	int names[THREADS];

	for (int i = 0; i < THREADS; i++) {
		names[i] = i;
		pthread_create(&threads[i], NULL, poster, &names[i]);
	}
	loop_run(loop);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	ck_assert_int_eq(posts, THREADS * POSTS);
}
END_TEST

START_TEST(posts_survive_a_stop)
{
	loop_post(loop, on_a, NULL);
	loop_post(loop, on_stop, NULL);
	loop_post(loop, on_a, NULL);
	loop_post(loop, on_stop, NULL);
	loop_run(loop);
	ck_assert_str_eq(story, "a.");
	loop_run(loop);
	ck_assert_str_eq(story, "a.a.");
	loop_post(loop, on_a, NULL); /* never runs; loop_free drops it */
}
END_TEST

START_TEST(posts_can_be_taken_back)
{
	int gone, kept;

	loop_post(loop, on_a, &gone);
	loop_post(loop, on_a, &kept);
	loop_post(loop, on_a, &gone);
	loop_unpost(loop, &gone);
	loop_post(loop, on_stop, &gone);
	loop_run(loop);
	ck_assert_str_eq(story, "a.");
}
END_TEST

START_TEST(randomness_is_real)
{
	struct random *random = loop_random(loop);

	ck_assert_uint_ne(random_next(random), random_next(random));
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		deferred_calls_run_in_order_and_once,
		a_deferred_call_can_be_taken_back,
		deferred_calls_leave_descriptors_their_turn,
		stop_returns_after_the_running_callback,
		stop_before_run_is_not_lost,
		timers_never_fire_early,
		a_timer_can_be_cleared_and_set_anew,
		an_idle_loop_does_not_wake,
		posts_of_threads_arrive_in_order,
		posts_survive_a_stop,
		posts_can_be_taken_back,
		randomness_is_real,
	};
	Suite *suite = suite_create("loop/loop");
	TCase *tcase = tcase_create("loop");

	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
