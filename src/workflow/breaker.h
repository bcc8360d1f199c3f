/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The circuit breaker: who can send to the queue can have keys deleted, so at
 * most so many are in a while, per account. One more trips it: security is told
 * once, by an execution of its own, and deletions of that account are held (the
 * table's `held`) until an operator says `resume`, or until hold_timeout. What
 * it knows survives restarts: trips are notes of the store, deletions are
 * counted from its intents.
 */
#ifndef KG_WORKFLOW_BREAKER_H
#define KG_WORKFLOW_BREAKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "util/error.h"

struct breaker;
struct engine;
struct health;
struct loop;
struct store;

/* [response] */
struct breaker_settings {
	int64_t max_per_window;
	int64_t window_ms;
	int64_t hold_timeout_ms;
};

/* A breaker that knows nothing yet. Borrows all but the settings. */
struct breaker *breaker_new(struct loop *loop, struct store *store,
    struct health *health, const struct breaker_settings *settings);

/* Reads what it knew before a restart; `done` once, with an error of the store
 * when that failed: ask again. Before the engine resumes. */
void breaker_load(struct breaker *breaker,
    void (*done)(void *arg, const struct error *error), void *arg);

/* The engine has resumed: tells what is still to be told, lets those go on
 * that nothing holds any more, and watches the time of the others. */
void breaker_begin(struct breaker *breaker, struct engine *engine);

/* Whether it has begun: until then nobody knows what is held. */
bool breaker_begun(const struct breaker *breaker);

/* A key of this account ("": which one it is, is not known yet) is about to be
 * deleted: counts it, or says by `Response.Held` that it has to wait. */
bool breaker_allow(
    struct breaker *breaker, const char *account, struct error *error);

/* Once begun: lets all go on that are held, of one account or of all (NULL),
 * and counts from 0. `by` as in engine_release. Returns how many were held; -1
 * when nothing was tripped. What was held need not count. */
int64_t breaker_resume(
    struct breaker *breaker, const char *account, const char *by);

/* Who waits until no restart can forget a resume. */
struct breaker_waiter {
	LIST_ENTRY(breaker_waiter) list;
	bool waits;
	void (*durable)(void *arg, const struct error *error);
	void *arg;
};

/* After breaker_resume has let some go on: `durable` follows once, later; with
 * an error when it will be forgotten. Then, or after breaker_unawait, the
 * waiter is the caller's again; that is fine if all is zero. */
void breaker_await(struct breaker *breaker, struct breaker_waiter *waiter,
    void (*durable)(void *arg, const struct error *error), void *arg);
void breaker_unawait(struct breaker_waiter *waiter);

/* SIGHUP. */
void breaker_set(
    struct breaker *breaker, const struct breaker_settings *settings);

/* NULL is fine. */
void breaker_free(struct breaker *breaker);

#endif
