/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts, trips and resumes.
 */
#include "workflow/breaker.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "machine/operate.h"
#include "store/read.h"
#include "util/alloc.h"
#include "util/clock.h"
#include "util/health.h"
#include "util/log.h"
#include "util/message_id.h"
#include "workflow/breaker_private.h"

static int64_t
now_ms(const struct breaker *breaker)
{
	return clock_wall_ms(loop_clock(breaker->loop));
}

/* ---- what follows from a trip, and from its end ---- */

/* Says how things are, and waits for the next hold_timeout. */
static void
update(struct breaker *breaker)
{
	const struct account *account, *first = NULL;
	struct error error;
	int64_t left;

	TAILQ_FOREACH (account, &breaker->accounts, next)
		if (account->tripped_ms != 0 &&
		    (first == NULL ||
			breaker_end(account) < breaker_end(first)))
			first = account;
	loop_timer_clear(&breaker->timer);
	if (first == NULL) {
		health_clear(breaker->health, HEALTH_BREAKER);
		return;
	}
	breaker_explain(first, &error);
	health_set(breaker->health, HEALTH_BREAKER, &error);
	left = breaker_end(first) - now_ms(breaker);
	loop_timer_set(&breaker->timer, left > 0 ? left : 0);
}

/* The trip is durable, or cannot be; and it may be over already. */
static void
on_remembered(void *arg, const struct error *error)
{
	const struct account *account = arg;

	(void)error;
	if (account->tripped_ms != 0)
		breaker_tell(account);
}

static void
trip(struct account *account)
{
	const struct breaker_settings *settings = &account->breaker->settings;
	struct error error;

	account->tripped_ms = now_ms(account->breaker);
	account->max = settings->max_per_window;
	account->window_ms = settings->window_ms;
	window_done(&account->deletions);
	breaker_explain(account, &error);
	log_with(LEVEL_ERROR,
	    LOG_FIELDS({ "MESSAGE_ID", MESSAGE_ID_TRIPPED },
		{ "KEYGUARD_ERROR", error.name }),
	    "%s", error.cause);
	breaker_remember(account, on_remembered);
	update(account->breaker);
}

/* What no account holds, as far as its name says; the rest hears when it
 * asks. */
static bool
is_free(void *arg, const char *const *tags)
{
	return breaker_holder(breaker_find(arg, tags[TAG_ACCOUNT])) == NULL;
}

struct counting {
	struct breaker *breaker;
	int64_t count;
};

/* Counts, and lets nobody go. */
static bool
count_free(void *arg, const char *const *tags)
{
	struct counting *counting = arg;

	counting->count += is_free(counting->breaker, tags);
	return false;
}

/* A resume is durable, or cannot be. */
static void
on_resume_remembered(void *arg, const struct error *error)
{
	const struct account *account = arg;
	struct breaker *breaker = account->breaker;
	struct breaker_waiter *waiter;

	if (--breaker->unsaved > 0 && error == NULL)
		return;
	while ((waiter = LIST_FIRST(&breaker->waiters)) != NULL) {
		breaker_unawait(waiter);
		waiter->durable(waiter->arg, error);
	}
}

/* Counts from 0; what is held now need not count at all. What it decides is
 * queued for the disk before what follows from it. */
static int64_t
resume(struct account *account, const char *by, bool uncounted)
{
	struct breaker *breaker = account->breaker;
	struct counting free = { breaker, 0 };

	account->tripped_ms = 0;
	account->since_ms = now_ms(breaker);
	if (uncounted)
		engine_release(breaker->engine, count_free, &free, by);
	account->allowance = free.count;
	breaker->unsaved++;
	breaker_remember(account, on_resume_remembered);
	log_with(LEVEL_NOTICE,
	    LOG_FIELDS(
		{ "MESSAGE_ID", MESSAGE_ID_RESUMED }, { "KEYGUARD_BY", by }),
	    "keys of account %s are deleted again, by %s", account->name, by);
	update(breaker);
	return (int64_t)engine_release(breaker->engine, is_free, breaker, by);
}

static void
on_hold_timeout(void *arg)
{
	struct breaker *breaker = arg;
	struct account *account;

	TAILQ_FOREACH (account, &breaker->accounts, next)
		if (account->tripped_ms != 0 &&
		    breaker_end(account) <= now_ms(breaker))
			resume(account, "resume:hold_timeout", false);
	update(breaker);
}

/* ---- one more ---- */

/* One of those that a resume has let go on. */
static bool
spend(struct account *account)
{
	const struct breaker *breaker = account->breaker;

	if (account->allowance == 0 ||
	    now_ms(breaker) - account->since_ms >
		breaker->settings.hold_timeout_ms)
		return false;
	account->allowance--;
	return true;
}

static int64_t
counted(const struct account *account)
{
	int64_t since =
	    now_ms(account->breaker) - account->breaker->settings.window_ms;
	const struct account *it;
	int64_t count = 0;

	if (since < account->since_ms)
		since = account->since_ms;
	TAILQ_FOREACH (it, &account->breaker->accounts, next)
		if (breaker_overlap(account, it))
			count += (int64_t)window_count(&it->deletions, since);
	return count;
}

static void
count_one(struct account *account)
{
	struct window *window = &account->deletions;
	int64_t now = now_ms(account->breaker);
	size_t lately =
	    window_count(window, now - account->breaker->settings.window_ms);

	window_drop(window, window->count - lately);
	window_add(window, now);
}

bool
breaker_allow(struct breaker *breaker, const char *name, struct error *error)
{
	struct account *account = breaker_account(breaker, name);
	const struct account *holder = breaker_holder(account);
	struct error why;

	if (holder == NULL) {
		if (spend(account) || spend(breaker->unknown))
			return true;
		if (counted(account) < breaker->settings.max_per_window) {
			count_one(account);
			return true;
		}
		trip(account);
		holder = account;
	}
	breaker_explain(holder, &why);
	return error_set(error, "Response.Held", "%s", why.cause);
}

/* ---- the breaker ---- */

struct breaker *
breaker_new(struct loop *loop, struct store *store, struct health *health,
    const struct breaker_settings *settings)
{
	struct breaker *breaker = xzalloc(sizeof *breaker);

	TAILQ_INIT(&breaker->accounts);
	LIST_INIT(&breaker->waiters);
	breaker->loop = loop;
	breaker->store = store;
	breaker->health = health;
	breaker->settings = *settings;
	loop_timer_init(&breaker->timer, loop, on_hold_timeout, breaker);
	breaker_forget(breaker);
	return breaker;
}

void
breaker_begin(struct breaker *breaker, struct engine *engine)
{
	const struct account *account;

	breaker->engine = engine;
	TAILQ_FOREACH (account, &breaker->accounts, next)
		if (account->tripped_ms != 0)
			breaker_tell(account);
	update(breaker);
	engine_release(engine, is_free, breaker, "resume:restart");
}

bool
breaker_begun(const struct breaker *breaker)
{
	return breaker->engine != NULL;
}

int64_t
breaker_resume(struct breaker *breaker, const char *name, const char *by)
{
	struct account *account;
	int64_t released = -1;

	TAILQ_FOREACH (account, &breaker->accounts, next)
		if (account->tripped_ms != 0 &&
		    (name == NULL || strcmp(account->name, name) == 0))
			released = (released < 0 ? 0 : released) +
			    resume(account, by, true);
	return released;
}

void
breaker_await(struct breaker *breaker, struct breaker_waiter *waiter,
    void (*durable)(void *arg, const struct error *error), void *arg)
{
	assert(breaker->unsaved > 0);
	*waiter = (struct breaker_waiter){
		.waits = true,
		.durable = durable,
		.arg = arg,
	};
	LIST_INSERT_HEAD(&breaker->waiters, waiter, list);
}

void
breaker_unawait(struct breaker_waiter *waiter)
{
	if (waiter->waits)
		LIST_REMOVE(waiter, list);
	waiter->waits = false;
}

void
breaker_set(struct breaker *breaker, const struct breaker_settings *settings)
{
	breaker->settings = *settings;
	update(breaker);
}

void
breaker_free(struct breaker *breaker)
{
	if (breaker == NULL)
		return;
	if (breaker->read != NULL)
		store_read_cancel(breaker->read);
	loop_timer_done(&breaker->timer);
	breaker_drop(breaker);
	free(breaker);
}
