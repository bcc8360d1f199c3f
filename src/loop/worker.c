/* SPDX-License-Identifier: Apache-2.0 */
/* A thread that does one job after another. */
#include "loop/worker.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

#include "loop/loop.h"
#include "util/alloc.h"

#define STACK ((size_t)256 * 1024) /* SQLite needs a fifth of it */

struct jobs {
	struct job *first, **end;
};

struct worker {
	struct loop *loop;
	pthread_t thread;
	pthread_mutex_t lock; /* over what follows */
	pthread_cond_t wake;
	struct jobs waiting, finished;
	bool ending;
};

static void
jobs_init(struct jobs *jobs)
{
	jobs->first = NULL;
	jobs->end = &jobs->first;
}

static void
jobs_put(struct jobs *jobs, struct job *job)
{
	job->next = NULL;
	*jobs->end = job;
	jobs->end = &job->next;
}

static struct job *
jobs_take(struct jobs *jobs)
{
	struct job *job = jobs->first;

	jobs->first = job->next;
	if (jobs->first == NULL)
		jobs->end = &jobs->first;
	return job;
}

/* ---- on the thread ---- */

static struct job *
next_job(struct worker *worker)
{
	struct job *job = NULL;

	pthread_mutex_lock(&worker->lock);
	while (!worker->ending && worker->waiting.first == NULL)
		pthread_cond_wait(&worker->wake, &worker->lock);
	if (!worker->ending)
		job = jobs_take(&worker->waiting);
	pthread_mutex_unlock(&worker->lock);
	return job;
}

/* On the loop: once for each job that is finished. */
static void
on_finished(void *arg)
{
	struct worker *worker = arg;
	struct job *job;

	pthread_mutex_lock(&worker->lock);
	job = jobs_take(&worker->finished);
	pthread_mutex_unlock(&worker->lock);
	job->done(job->arg);
}

static void *
work(void *arg)
{
	struct worker *worker = arg;
	struct job *job;

	while ((job = next_job(worker)) != NULL) {
		job->work(job->arg);
		pthread_mutex_lock(&worker->lock);
		jobs_put(&worker->finished, job);
		pthread_mutex_unlock(&worker->lock);
		loop_post(worker->loop, on_finished, worker);
	}
	return NULL;
}

/* ---- on the loop ---- */

/* Signals are the loop's: the thread is born with all of them blocked. */
static void
start(struct worker *worker, const char *name)
{
	pthread_attr_t attributes;
	sigset_t all, before;
	int rc;

	sigfillset(&all);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = pthread_create(&worker->thread, &attributes, work, worker);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	assert(rc == 0);
	pthread_setname_np(worker->thread, name);
}

struct worker *
worker_new(struct loop *loop, const char *name)
{
	struct worker *worker = xzalloc(sizeof *worker);

	worker->loop = loop;
	pthread_mutex_init(&worker->lock, NULL);
	pthread_cond_init(&worker->wake, NULL);
	jobs_init(&worker->waiting);
	jobs_init(&worker->finished);
	start(worker, name);
	return worker;
}

void
worker_run(struct worker *worker, struct job *job)
{
	pthread_mutex_lock(&worker->lock);
	jobs_put(&worker->waiting, job);
	pthread_cond_signal(&worker->wake);
	pthread_mutex_unlock(&worker->lock);
}

void
worker_free(struct worker *worker)
{
	pthread_mutex_lock(&worker->lock);
	worker->ending = true;
	pthread_cond_signal(&worker->wake);
	pthread_mutex_unlock(&worker->lock);
	pthread_join(worker->thread, NULL);
	loop_unpost(worker->loop, worker);
	pthread_cond_destroy(&worker->wake);
	pthread_mutex_destroy(&worker->lock);
	free(worker);
}
