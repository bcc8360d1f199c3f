/* SPDX-License-Identifier: Apache-2.0 */
/* The thread that does one job after another. */
#include "loop/worker.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "loop/loop.h"
#include "unit/unit.h"

#define JOBS 200

static struct loop *loop;
static struct worker *worker;

/* One job and what is known of it. */
struct task {
	struct job job;
	int number;
	bool worked;
	pthread_t thread;
};

static struct task tasks[JOBS];
static int worked, done; /* how many: of the thread, of the loop */
static atomic_bool go;   /* lets held jobs end */

static void
setup(void)
{
	loop = loop_new();
	worker = worker_new(loop, "test-worker");
	worked = done = 0;
	memset(tasks, 0, sizeof tasks);
}

static void
teardown(void)
{
	if (worker != NULL)
		worker_free(worker);
	loop_free(loop);
}

static void
work(void *arg)
{
	struct task *task = arg;

	ck_assert_int_eq(task->number, worked++);
	task->worked = true;
	task->thread = pthread_self();
}

static void
hold(void *arg)
{
	work(arg);
	while (!atomic_load(&go))
		sched_yield();
}

static void
after(void *arg)
{
	struct task *task = arg;

	ck_assert_int_eq(task->number, done++);
	ck_assert(task->worked);
	if (done == JOBS)
		loop_stop(loop);
}

static void
run(int number, void (*how)(void *arg))
{
	tasks[number].number = number;
	tasks[number].job =
	    (struct job){ .work = how, .done = after, .arg = &tasks[number] };
	worker_run(worker, &tasks[number].job);
}

START_TEST(jobs_are_done_in_order_on_one_thread)
{
	for (int i = 0; i < JOBS; i++)
		run(i, work);
	ck_assert_int_eq(done, 0);
	loop_run(loop);
	ck_assert(!pthread_equal(tasks[0].thread, pthread_self()));
	for (int i = 1; i < JOBS; i++)
		ck_assert(pthread_equal(tasks[0].thread, tasks[i].thread));
}
END_TEST

static void
never(void *arg)
{
	(void)arg;
	ck_abort_msg("called after the worker's end");
}

static void
stop(void *arg)
{
	(void)arg;
	loop_stop(loop);
}

/* The job under way is waited for; but of it, and of those behind it, nobody
 * hears, also when the loop runs again. */
START_TEST(the_end_is_silent)
{
	for (int i = 0; i < JOBS; i++)
		run(i, i == 0 ? hold : work);
	for (int i = 0; i < JOBS; i++)
		tasks[i].job.done = never;
	atomic_store(&go, true);
	worker_free(worker);
	worker = NULL;
	loop_post(loop, stop, NULL);
	loop_run(loop);
	ck_assert_int_eq(done, 0);
	for (int i = 0; i < JOBS; i++)
		ck_assert(tasks[i].worked == (i < worked));
}
END_TEST

static void
look_at_signals(void *arg)
{
	sigset_t *blocked = arg;

	pthread_sigmask(SIG_SETMASK, NULL, blocked);
}

START_TEST(signals_are_left_to_the_loop)
{
	sigset_t blocked, ours;
	struct job job = {
		.work = look_at_signals, .done = stop, .arg = &blocked
	};

	worker_run(worker, &job);
	loop_run(loop);
	ck_assert_int_eq(sigismember(&blocked, SIGTERM), 1);
	ck_assert_int_eq(sigismember(&blocked, SIGHUP), 1);
	pthread_sigmask(SIG_SETMASK, NULL, &ours);
	ck_assert_int_eq(sigismember(&ours, SIGTERM), 0);
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		jobs_are_done_in_order_on_one_thread,
		the_end_is_silent,
		signals_are_left_to_the_loop,
	};
	Suite *suite = suite_create("loop/worker");
	TCase *tcase = tcase_create("worker");

	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
