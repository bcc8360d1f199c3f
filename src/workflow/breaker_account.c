/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accounts are those that we act in, whatever events say. As long as we do not
 * know who we are it may be any of them: deletions done then count for all, and
 * a trip of one holds them.
 */
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "workflow/breaker_private.h"

#define UNKNOWN "unknown"

struct account *
breaker_find(const struct breaker *breaker, const char *name)
{
	struct account *account;

	TAILQ_FOREACH (account, &breaker->accounts, next)
		if (name != NULL && strcmp(account->name, name) == 0)
			return account;
	return breaker->unknown;
}

struct account *
breaker_account(struct breaker *breaker, const char *name)
{
	struct account *account;

	if (*name == '\0')
		return breaker->unknown;
	account = breaker_find(breaker, name);
	if (account != NULL && strcmp(account->name, name) == 0)
		return account;
	account = xzalloc(sizeof *account);
	account->breaker = breaker;
	account->name = xstrdup(name);
	TAILQ_INSERT_TAIL(&breaker->accounts, account, next);
	return account;
}

void
breaker_drop(struct breaker *breaker)
{
	struct account *account;

	while ((account = TAILQ_FIRST(&breaker->accounts)) != NULL) {
		TAILQ_REMOVE(&breaker->accounts, account, next);
		window_done(&account->deletions);
		free(account->name);
		free(account);
	}
}

void
breaker_forget(struct breaker *breaker)
{
	breaker_drop(breaker);
	breaker->unknown = NULL;
	breaker->unknown = breaker_account(breaker, UNKNOWN);
}

bool
breaker_overlap(const struct account *one, const struct account *other)
{
	return one == other || one == one->breaker->unknown ||
	    other == one->breaker->unknown;
}

const struct account *
breaker_holder(const struct account *account)
{
	const struct account *it;

	TAILQ_FOREACH (it, &account->breaker->accounts, next)
		if (it->tripped_ms != 0 && breaker_overlap(account, it))
			return it;
	return NULL;
}

int64_t
breaker_end(const struct account *account)
{
	return account->tripped_ms + account->breaker->settings.hold_timeout_ms;
}
