/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client: its settings checked once, its calls ended with it.
 */
#include "aws/client.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "aws/client_state.h"
#include "aws/endpoint.h"
#include "aws/limiter.h"
#include "loop/loop.h"
#include "util/alloc.h"
#include "util/clock.h"

static bool
check(const struct aws_settings *settings, struct error *error)
{
	struct endpoint endpoint;

	for (unsigned i = 0; i < AWS_SERVICES; i++)
		if (!endpoint_resolve(i, settings->region,
			settings->endpoint[i], &endpoint, error))
			return false;
	return true;
}

struct aws *
aws_new(struct loop *loop, struct http *http,
    struct credentials_provider *provider, const struct aws_settings *settings,
    struct error *error)
{
	struct aws *aws;

	assert(settings->lookup_rate > 0);
	if (!check(settings, error))
		return NULL;
	aws = xzalloc(sizeof *aws);
	aws->loop = loop;
	aws->http = http;
	aws->provider = provider;
	aws->limiter = limiter_new(loop, settings->lookup_rate);
	aws->region = xstrdup(settings->region);
	for (unsigned i = 0; i < AWS_SERVICES; i++)
		aws->endpoint[i] = xstrdup(settings->endpoint[i]);
	return aws;
}

void
aws_free(struct aws *aws)
{
	if (aws == NULL)
		return;
	while (aws->calls != NULL)
		aws_call_cancel(aws->calls);
	limiter_free(aws->limiter);
	for (unsigned i = 0; i < AWS_SERVICES; i++)
		free(aws->endpoint[i]);
	free(aws->region);
	free(aws);
}

void
aws_set_lookup_rate(struct aws *aws, double per_second)
{
	limiter_set_lookup_rate(aws->limiter, per_second);
}

bool
aws_own_key(const struct aws *aws, const char *key_id)
{
	return *key_id != '\0' && strcmp(aws->key_id, key_id) == 0;
}

int64_t
aws_wall_ms(const struct aws *aws)
{
	return clock_wall_ms(loop_clock(aws->loop)) + aws->last_skew_ms;
}
