/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the breaker knows survives a restart: a note of the store for each
 * account, {"TrippedDate"} or {"ResumedDate", "Allowance"}, and the store's
 * intents, of which each is a deletion. The account that an intent is filed
 * under is what its event said; unless we have acted in that one, its deletion
 * counts for every account.
 */
#include <string.h>

#include "store/read.h"
#include "store/store.h"
#include "util/alloc.h"
#include "util/clock.h"
#include "util/doc.h"
#include "workflow/breaker_private.h"

#define PREFIX "breaker/"

void
breaker_remember(struct account *account,
    void (*done)(void *account, const struct error *error))
{
	DOC_LATER struct json_object *note = doc_object();
	FREE_LATER char *key = xasprintf(PREFIX "%s", account->name);
	FREE_LATER char *text = NULL;

	if (account->tripped_ms != 0) {
		doc_put_time(note, "TrippedDate", account->tripped_ms);
		doc_put_int(note, "MaxPerWindow", account->max);
		doc_put_int(note, "WindowMs", account->window_ms);
	} else {
		doc_put_time(note, "ResumedDate", account->since_ms);
		doc_put_int(note, "Allowance", account->allowance);
	}
	text = doc_text(note);
	store_note(account->breaker->store, key, text, done, account);
}

/* ---- reading it again ---- */

static void
finish(struct breaker *breaker, const struct error *error)
{
	breaker->loaded(breaker->loaded_arg, error);
}

/* How far back it matters what was. */
static int64_t
horizon(const struct breaker *breaker)
{
	const struct breaker_settings *settings = &breaker->settings;
	int64_t longest = settings->window_ms > settings->hold_timeout_ms
	    ? settings->window_ms
	    : settings->hold_timeout_ms;

	return clock_wall_ms(loop_clock(breaker->loop)) - longest;
}

static void
read_note(struct breaker *breaker, const struct store_noted *row)
{
	DOC_LATER struct json_object *note =
	    doc_parse(row->text, strlen(row->text), NULL);
	int64_t tripped_ms = doc_time(note, "TrippedDate");
	int64_t since_ms = doc_time(note, "ResumedDate");
	struct account *account;

	if (tripped_ms == 0 && since_ms < horizon(breaker)) {
		store_note(breaker->store, row->key, NULL, NULL, NULL);
		return;
	}
	account = breaker_account(breaker, row->key + strlen(PREFIX));
	account->tripped_ms = tripped_ms;
	account->max =
	    doc_int(note, "MaxPerWindow", breaker->settings.max_per_window);
	account->window_ms =
	    doc_int(note, "WindowMs", breaker->settings.window_ms);
	account->since_ms = since_ms;
	account->allowance = doc_int(note, "Allowance", 0);
}

/* What a resume had let through does not count. */
static void
settle(struct account *account)
{
	struct window *window = &account->deletions;
	size_t later = window_count(window, account->since_ms);

	window_drop(window, window->count - later);
	if ((int64_t)later > account->allowance)
		later = (size_t)account->allowance;
	window_drop(window, later);
	account->allowance -= (int64_t)later;
}

static void
on_intents(void *arg, const struct store_intent *rows, size_t count,
    const struct error *error)
{
	struct breaker *breaker = arg;
	struct account *account;

	breaker->read = NULL;
	for (size_t i = count; i-- > 0;)
		window_add(&breaker_find(breaker, rows[i].account)->deletions,
		    rows[i].wall_ms);
	TAILQ_FOREACH (account, &breaker->accounts, next)
		settle(account);
	finish(breaker, error);
}

static void
on_notes(void *arg, const struct store_noted *rows, size_t count,
    const struct error *error)
{
	struct breaker *breaker = arg;

	breaker->read = NULL;
	if (error != NULL) {
		finish(breaker, error);
		return;
	}
	for (size_t i = 0; i < count; i++)
		if (strncmp(rows[i].key, PREFIX, strlen(PREFIX)) == 0)
			read_note(breaker, &rows[i]);
	breaker->read = store_intents(
	    breaker->store, horizon(breaker), on_intents, breaker);
}

void
breaker_load(struct breaker *breaker,
    void (*done)(void *arg, const struct error *error), void *arg)
{
	breaker_forget(breaker);
	breaker->loaded = done;
	breaker->loaded_arg = arg;
	breaker->read = store_notes(breaker->store, on_notes, breaker);
}
