/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of the breaker share. Private to breaker*.c.
 */
#ifndef KG_WORKFLOW_BREAKER_PRIVATE_H
#define KG_WORKFLOW_BREAKER_PRIVATE_H

#include <sys/queue.h>

#include "loop/loop.h"
#include "workflow/breaker.h"
#include "workflow/window.h"

struct store_read;

/* One whose keys are deleted. */
struct account {
	TAILQ_ENTRY(account) next;
	struct breaker *breaker;
	char *name;
	struct window deletions; /* those that count */
	int64_t since_ms;        /* of the last resume; 0: never */
	int64_t allowance;       /* deletions that will not count */
	int64_t tripped_ms;      /* 0: it is not */
	int64_t max, window_ms;  /* of the settings, as it tripped */
};

struct breaker {
	TAILQ_HEAD(, account) accounts;
	struct account *unknown; /* one of these: we do not know who we are */
	struct loop *loop;
	struct store *store;
	struct health *health;
	struct breaker_settings settings;
	struct engine *engine; /* NULL until it has resumed */
	size_t unsaved;        /* resumes that are not durable yet */
	LIST_HEAD(, breaker_waiter) waiters;
	struct loop_timer timer; /* the next hold_timeout */
	struct store_read *read; /* by breaker_load, or NULL */
	void (*loaded)(void *arg, const struct error *error);
	void *loaded_arg;
};

/* breaker_account.c */

/* The account of that name that we have acted in; else the unknown one. */
struct account *breaker_find(const struct breaker *breaker, const char *name);

/* The same, but made if there was none; "": the unknown one. */
struct account *breaker_account(struct breaker *breaker, const char *name);

/* Whether the two may be one. */
bool breaker_overlap(const struct account *one, const struct account *other);

/* Because of which account this one is held; NULL: it is not. */
const struct account *breaker_holder(const struct account *account);

/* When a trip is over by itself. */
int64_t breaker_end(const struct account *account);

/* Begins with the unknown account alone; ends without any. */
void breaker_forget(struct breaker *breaker);
void breaker_drop(struct breaker *breaker);

/* breaker_memory.c: keeps the account's trip or resume in the store; `done`
 * (NULL: nobody) with the account once that is durable. */
void breaker_remember(struct account *account,
    void (*done)(void *account, const struct error *error));

/* breaker_tell.c: why deletions are held, and by which error. */
void breaker_explain(const struct account *account, struct error *error);

/* Has security told of the trip by an execution, once however often. */
void breaker_tell(const struct account *account);

#endif
