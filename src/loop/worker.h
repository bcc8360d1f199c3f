/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A thread that does one job after another, for what blocks: the only file that
 * knows threads. A job's `work` runs there, its `done` afterwards on the loop,
 * jobs in the order given. What a job touches belongs to the worker from
 * worker_run until `done`; nothing is shared, so nothing else needs a lock.
 * A twin without a thread takes its place in simulations (link time).
 */
#ifndef KG_LOOP_WORKER_H
#define KG_LOOP_WORKER_H

struct loop;
struct worker;

struct job {
	void (*work)(void *arg); /* on the worker's thread */
	void (*done)(void *arg); /* on the loop; may free the job */
	void *arg;
	struct job *next; /* the worker's own */
};

/* Starts a thread of that name (up to 15 characters). Aborts without one. */
struct worker *worker_new(struct loop *loop, const char *name);

/* Queues a job, which is the caller's own and stays in place until done. */
void worker_run(struct worker *worker, struct job *job);

/* Waits for the job under way, forgets the others, ends the thread. No `done`
 * is called any more; all jobs are the caller's again. */
void worker_free(struct worker *worker);

#endif
