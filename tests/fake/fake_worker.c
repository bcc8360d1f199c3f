/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A worker without a thread, in place of src/loop/worker.c at link time: one
 * job after another, each in two callbacks of the loop, so that a crash can
 * fall between the work and its being known.
 */
#include "fake/fake_worker.h"

#include <stdlib.h>

#include "loop/loop.h"
#include "loop/worker.h"
#include "util/alloc.h"

struct worker {
	struct loop_defer work, done;
	struct loop_timer before, after; /* in their place where it is slow */
	struct job *first, **last;
};

static int64_t before_ms, after_ms;

void
fake_worker_pace(int64_t before, int64_t after)
{
	before_ms = before;
	after_ms = after;
}

static void
begin(struct worker *worker)
{
	if (before_ms > 0)
		loop_timer_set(&worker->before, before_ms);
	else
		loop_defer_set(&worker->work);
}

static void
do_work(void *arg)
{
	struct worker *worker = arg;

	worker->first->work(worker->first->arg);
	if (after_ms > 0)
		loop_timer_set(&worker->after, after_ms);
	else
		loop_defer_set(&worker->done);
}

static void
tell(void *arg)
{
	struct worker *worker = arg;
	struct job *job = worker->first;

	worker->first = job->next;
	if (worker->first != NULL)
		begin(worker);
	else
		worker->last = &worker->first;
	job->done(job->arg);
}

struct worker *
worker_new(struct loop *loop, const char *name)
{
	struct worker *worker = xzalloc(sizeof *worker);

	(void)name;
	loop_defer_init(&worker->work, loop, do_work, worker);
	loop_defer_init(&worker->done, loop, tell, worker);
	loop_timer_init(&worker->before, loop, do_work, worker);
	loop_timer_init(&worker->after, loop, tell, worker);
	worker->last = &worker->first;
	return worker;
}

void
worker_run(struct worker *worker, struct job *job)
{
	if (worker->first == NULL)
		begin(worker);
	job->next = NULL;
	*worker->last = job;
	worker->last = &job->next;
}

void
worker_free(struct worker *worker)
{
	loop_defer_clear(&worker->work);
	loop_defer_clear(&worker->done);
	loop_timer_done(&worker->before);
	loop_timer_done(&worker->after);
	free(worker);
}
