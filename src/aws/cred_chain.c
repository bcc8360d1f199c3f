/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The chain. A link that fails with CRED_NOT_CONFIGURED hands on to the next;
 * why each did is what is told when none is left.
 */
#include "aws/cred_chain.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "aws/cred_cache.h"
#include "aws/cred_source.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"

struct chain {
	struct credentials_provider provider;
	struct credentials_provider *links[CRED_CHAIN_MAX];
	unsigned count, at;            /* how many, and which is asked */
	struct credentials_wait link;  /* our wait for it */
	struct credentials_wait *wait; /* who waits for us; NULL: nobody */
	struct buf reasons;            /* of those before it */
};

static void
finish(struct chain *chain, const struct credentials *credentials)
{
	struct credentials_wait *wait = STEAL(chain->wait);
	struct error error;

	error_set_class(&error, CLASS_TRANSIENT, "Aws.NoCredentials", "%s",
	    buf_text(&chain->reasons));
	wait->found(
	    wait->arg, credentials, credentials != NULL ? NULL : &error);
}

static void
ask(struct chain *chain)
{
	struct credentials_provider *link = chain->links[chain->at];

	link->get(link->self, &chain->link);
}

static void
on_found(
    void *arg, const struct credentials *credentials, const struct error *error)
{
	struct chain *chain = arg;

	if (credentials != NULL) {
		finish(chain, credentials);
		return;
	}
	buf_printf(
	    &chain->reasons, "%s%s", chain->at > 0 ? "; " : "", error->cause);
	if (strcmp(error->name, CRED_NOT_CONFIGURED) == 0 &&
	    chain->at + 1 < chain->count) {
		chain->at++;
		ask(chain);
	} else {
		finish(chain, NULL);
	}
}

static void
get(void *self, struct credentials_wait *wait)
{
	struct chain *chain = self;

	assert(chain->wait == NULL);
	chain->wait = wait;
	chain->at = 0;
	buf_clear(&chain->reasons);
	ask(chain);
}

static void
cancel(void *self, struct credentials_wait *wait)
{
	struct chain *chain = self;
	struct credentials_provider *link = chain->links[chain->at];

	assert(chain->wait == wait);
	chain->wait = NULL;
	link->cancel(link->self, &chain->link);
}

static void
invalidate(void *self)
{
	struct chain *chain = self;

	for (unsigned i = 0; i < chain->count; i++)
		chain->links[i]->invalidate(chain->links[i]->self);
}

static void
chain_free(void *self)
{
	struct chain *chain = self;

	for (unsigned i = 0; i < chain->count; i++)
		chain->links[i]->free(chain->links[i]->self);
	buf_done(&chain->reasons);
	free(chain);
}

struct credentials_provider *
cred_chain_new(struct credentials_provider *const *links, unsigned count)
{
	struct chain *chain = xzalloc(sizeof *chain);

	assert(count >= 1 && count <= CRED_CHAIN_MAX);
	chain->provider = (struct credentials_provider){
		.self = chain,
		.get = get,
		.cancel = cancel,
		.invalidate = invalidate,
		.free = chain_free,
	};
	memcpy(chain->links, links, count * sizeof *links);
	chain->count = count;
	chain->link.found = on_found;
	chain->link.arg = chain;
	/* No link has more to say than an error holds. */
	chain->reasons.max = CRED_CHAIN_MAX * sizeof((struct error *)0)->cause;
	return &chain->provider;
}

struct credentials_provider *
credentials_chain_new(
    struct loop *loop, const struct credentials_sources *sources)
{
	struct credentials_provider *links[] = {
		cred_source_new(loop, sources, cred_env_load),
		cred_source_new(loop, sources, cred_file_load),
		cred_source_new(loop, sources, cred_systemd_load),
	};

	return cred_cache_new(
	    loop, cred_chain_new(links, sizeof links / sizeof *links));
}
