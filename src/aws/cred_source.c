/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A provider around a function that looks.
 */
#include "aws/cred_source.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "loop/loop.h"
#include "util/alloc.h"
#include "util/cleanup.h"

struct source {
	struct credentials_provider provider;
	struct credentials_sources sources;
	cred_load *load;
	struct loop_defer answer;
	struct credentials_wait *wait; /* NULL: nobody */
};

static void
answer(void *arg)
{
	struct source *source = arg;
	struct credentials_wait *wait = STEAL(source->wait);
	CLEANUP(credentials_done) struct credentials credentials = { 0 };
	struct error error;

	if (source->load(&source->sources, &credentials, &error))
		wait->found(wait->arg, &credentials, NULL);
	else
		wait->found(wait->arg, NULL, &error);
}

static void
get(void *self, struct credentials_wait *wait)
{
	struct source *source = self;

	assert(source->wait == NULL);
	source->wait = wait;
	loop_defer_set(&source->answer);
}

static void
cancel(void *self, struct credentials_wait *wait)
{
	struct source *source = self;

	assert(source->wait == wait);
	source->wait = NULL;
	loop_defer_clear(&source->answer);
}

/* It holds nothing. */
static void
invalidate(void *self)
{
	(void)self;
}

static void
source_free(void *self)
{
	struct source *source = self;

	loop_defer_clear(&source->answer);
	free(source);
}

struct credentials_provider *
cred_source_new(struct loop *loop, const struct credentials_sources *sources,
    cred_load *load)
{
	struct source *source = xzalloc(sizeof *source);

	source->provider = (struct credentials_provider){
		.self = source,
		.get = get,
		.cancel = cancel,
		.invalidate = invalidate,
		.free = source_free,
	};
	source->sources = *sources;
	source->load = load;
	loop_defer_init(&source->answer, loop, answer, source);
	return &source->provider;
}
