/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A worker without a thread, in place of src/loop/worker.c at link time: one
 * job after another, each in two callbacks of the loop, so that a crash can
 * fall between the work and its being known.
 */
#include "loop/worker.h"

#include <stdlib.h>

#include "loop/loop.h"
#include "util/alloc.h"

struct worker {
	struct loop_defer work, done;
	struct job *first, **last;
};

static void
do_work(void *arg)
{
	struct worker *worker = arg;

	worker->first->work(worker->first->arg);
	loop_defer_set(&worker->done);
}

static void
tell(void *arg)
{
	struct worker *worker = arg;
	struct job *job = worker->first;

	worker->first = job->next;
	if (worker->first != NULL)
		loop_defer_set(&worker->work);
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
	worker->last = &worker->first;
	return worker;
}

void
worker_run(struct worker *worker, struct job *job)
{
	if (worker->first == NULL)
		loop_defer_set(&worker->work);
	job->next = NULL;
	*worker->last = job;
	worker->last = &job->next;
}

void
worker_free(struct worker *worker)
{
	loop_defer_clear(&worker->work);
	loop_defer_clear(&worker->done);
	free(worker);
}
