/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cache (aws-protocols 5.8). Who asks is queued; the queue is served by a
 * deferred call when what is held will do, else when the look-up ends.
 */
#include "aws/cred_cache.h"

#include <stdlib.h>

#include "loop/loop.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/clock.h"

struct cache {
	struct credentials_provider provider;
	struct credentials_provider *source;
	struct loop *loop;

	struct credentials held; /* no key id: nothing */
	int64_t got_wall_ms;

	struct credentials_wait *waiting;
	struct loop_defer serve;
	struct credentials_wait fetch; /* our own wait, for the source */
	bool fetching;
};

enum cred_age
cred_age(const struct credentials *credentials, int64_t got_wall_ms,
    int64_t now_wall_ms)
{
	int64_t expires = credentials->expires_wall_ms;
	int64_t life = expires - got_wall_ms, left = expires - now_wall_ms;

	if (expires == 0)
		return CRED_FRESH;
	if (left <= 0)
		return CRED_EXPIRED;
	if (left < MINUTES(10) && left < life / 6)
		return CRED_OLD;
	if (left < MINUTES(15) && left < life / 4)
		return CRED_AGING;
	return CRED_FRESH;
}

static enum cred_age
held_age(const struct cache *cache)
{
	if (cache->held.access_key_id[0] == '\0')
		return CRED_EXPIRED;
	return cred_age(&cache->held, cache->got_wall_ms,
	    clock_wall_ms(loop_clock(cache->loop)));
}

static void
enqueue(struct cache *cache, struct credentials_wait *wait)
{
	struct credentials_wait **end = &cache->waiting;

	while (*end != NULL)
		end = &(*end)->next;
	wait->next = NULL;
	wait->link = end;
	*end = wait;
}

static void
dequeue(struct credentials_wait *wait)
{
	*wait->link = wait->next;
	if (wait->next != NULL)
		wait->next->link = wait->link;
}

/* Calls back everybody who waits, with what is held, else with the failure.
 * Not those who come meanwhile: who always asks again would keep us here. */
static void
serve(struct cache *cache, const struct error *failure)
{
	CLEANUP(credentials_done) struct credentials lent = { 0 };
	struct credentials_wait *rest = STEAL(cache->waiting), *wait;
	bool usable = failure == NULL || held_age(cache) != CRED_EXPIRED;

	if (rest != NULL)
		rest->link = &rest;
	if (usable)
		credentials_copy(&lent, &cache->held);
	while ((wait = rest) != NULL) {
		dequeue(wait);
		wait->found(
		    wait->arg, usable ? &lent : NULL, usable ? NULL : failure);
	}
}

static void
fetch(struct cache *cache)
{
	if (cache->fetching)
		return;
	cache->fetching = true;
	cache->source->get(cache->source->self, &cache->fetch);
}

static void
serve_held(void *arg)
{
	struct cache *cache = arg;

	/* What was good when it was asked for may be good no more. */
	if (held_age(cache) == CRED_EXPIRED)
		fetch(cache);
	else
		serve(cache, NULL);
}

static void
on_fetched(
    void *arg, const struct credentials *credentials, const struct error *error)
{
	struct cache *cache = arg;
	int64_t now_wall_ms = clock_wall_ms(loop_clock(cache->loop));
	struct error expired;

	cache->fetching = false;
	if (credentials != NULL &&
	    cred_age(credentials, now_wall_ms, now_wall_ms) == CRED_EXPIRED) {
		error_set_class(&expired, CLASS_TRANSIENT, "Aws.NoCredentials",
		    "%s: the credentials have expired", credentials->source);
		credentials = NULL;
		error = &expired;
	}
	if (credentials != NULL) {
		credentials_copy(&cache->held, credentials);
		cache->got_wall_ms = now_wall_ms;
	}
	serve(cache, error);
}

static void
get(void *self, struct credentials_wait *wait)
{
	struct cache *cache = self;
	enum cred_age age = held_age(cache);

	enqueue(cache, wait);
	if (age != CRED_FRESH)
		fetch(cache);
	if (age == CRED_FRESH || age == CRED_AGING)
		loop_defer_set(&cache->serve);
}

static void
cancel(void *self, struct credentials_wait *wait)
{
	(void)self;
	dequeue(wait);
}

static void
invalidate(void *self)
{
	struct cache *cache = self;

	credentials_done(&cache->held);
	cache->source->invalidate(cache->source->self);
}

static void
cache_free(void *self)
{
	struct cache *cache = self;

	if (cache->fetching)
		cache->source->cancel(cache->source->self, &cache->fetch);
	cache->source->free(cache->source->self);
	loop_defer_clear(&cache->serve);
	credentials_done(&cache->held);
	free(cache);
}

struct credentials_provider *
cred_cache_new(struct loop *loop, struct credentials_provider *source)
{
	struct cache *cache = xzalloc(sizeof *cache);

	cache->provider = (struct credentials_provider){
		.self = cache,
		.get = get,
		.cancel = cancel,
		.invalidate = invalidate,
		.free = cache_free,
	};
	cache->source = source;
	cache->loop = loop;
	cache->fetch.found = on_fetched;
	cache->fetch.arg = cache;
	loop_defer_init(&cache->serve, loop, serve_held, cache);
	return &cache->provider;
}
