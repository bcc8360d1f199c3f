/* SPDX-License-Identifier: Apache-2.0 */
/* The neighbours' functions are defined here, in place of the real ones. */
#include "unit/breaker_world.h"

#include <stdlib.h>
#include <string.h>

#include "loop/loop.h"
#include "machine/engine.h"
#include "machine/operate.h"
#include "util/alloc.h"
#include "util/clock.h"

struct engine engine;
struct store store;
struct health health;
struct loop *loop;
struct breaker *breaker;

static const struct breaker_settings settings = { MAX, MINUTES(10), HOURS(1) };

enum engine_admitted
engine_start(struct engine *self, const struct engine_order *order)
{
	ck_assert_ptr_null(order->tags[TAG_KEY]);
	ck_assert_ptr_null(order->tags[TAG_LANE]);
	ck_assert_uint_lt(self->told_count, 4);
	free(self->input);
	self->input = xstrdup(order->input);
	self->told[self->told_count++] = xstrdup(order->name);
	return ENGINE_STARTED;
}

size_t
engine_release(struct engine *self,
    bool (*which)(void *arg, const char *const *tags), void *arg,
    const char *by)
{
	size_t kept = 0, before = self->count;

	for (size_t i = 0; i < before; i++) {
		const char *const tags[TAGS] = { [TAG_ACCOUNT] =
						     self->held[i] };

		if (!which(arg, tags))
			self->held[kept++] = self->held[i];
	}
	self->count = kept;
	strcpy(self->by, by);
	return before - kept;
}

void
store_note(struct store *self, const char *key, const char *text,
    store_done *done, void *arg)
{
	char *its_key = xstrdup(key), *its_text = xstrdup(text);

	free(self->key);
	free(self->text);
	self->key = its_key;
	self->text = its_text;
	self->before = self->done;
	self->before_arg = self->arg;
	self->done = done;
	self->arg = arg;
}

static struct error *
store_error(void)
{
	static struct error error;

	error_set(&error, "Store.Io", "disk I/O error");
	return store.broken ? &error : NULL;
}

struct store_read *
store_notes(struct store *self, store_notes_listed *done, void *arg)
{
	const struct store_noted rows[] = { { "alarm", "{}" },
		{ self->key, self->text } };

	done(arg, rows, self->text == NULL ? 1 : 2, store_error());
	return NULL;
}

struct store_read *
store_intents(struct store *self, int64_t since_wall_ms,
    store_intents_listed *done, void *arg)
{
	self->since_ms = since_wall_ms;
	done(arg, self->intents, self->intent_count, NULL);
	return NULL;
}

void
store_read_cancel(struct store_read *read)
{
	(void)read;
	ck_abort();
}

static void
on_loaded(void *arg, const struct error *error)
{
	*(bool *)arg = error == NULL;
}

bool
breaker_reads(void)
{
	bool loaded = false;

	breaker_free(breaker);
	breaker = breaker_new(loop, &store, &health, &settings);
	breaker_load(breaker, on_loaded, &loaded);
	return loaded;
}

static void
begin(void)
{
	ck_assert(breaker_reads());
	breaker_begin(breaker, &engine);
}

void
breaker_restarts(void)
{
	store.done = NULL;
	begin();
}

void
breaker_setup(void)
{
	loop = loop_new();
	begin();
}

void
breaker_teardown(void)
{
	breaker_free(breaker);
	breaker = NULL;
	for (size_t i = 0; i < engine.told_count; i++)
		free(engine.told[i]);
	free(engine.input);
	free(store.key);
	free(store.text);
	loop_free(loop);
	engine = (struct engine){ 0 };
	store = (struct store){ 0 };
	health = (struct health){ 0 };
}

void
note_is_durable(void)
{
	ck_assert_ptr_nonnull(store.done);
	store.done(store.arg, NULL);
	store.done = NULL;
}

static int64_t
now(void)
{
	return clock_wall_ms(loop_clock(loop));
}

bool
allow(const char *account)
{
	struct error error;
	bool allowed = breaker_allow(breaker, account, &error);

	if (!allowed)
		ck_assert_str_eq(error.name, "Response.Held");
	return allowed;
}

int
allowed(const char *account)
{
	int count = 0;

	while (allow(account))
		count++;
	return count;
}

void
hold(const char *account)
{
	engine.held[engine.count++] = account;
}

void
deleted(const char *account, int64_t ago_ms)
{
	memmove(store.intents + 1, store.intents,
	    store.intent_count++ * sizeof store.intents[0]);
	store.intents[0] = (struct store_intent){ account, now() - ago_ms };
}
