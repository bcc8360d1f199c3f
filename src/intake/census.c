/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The questions to the two queues, one after the other.
 */
#include "intake/census.h"

#include <string.h>

#include "aws/sqs.h"
#include "util/alloc.h"
#include "util/cleanup.h"

static const struct aws_options politely = { .rank = AWS_RANK_REST };

static void
tell(struct census *census)
{
	struct census_asker *asker;

	while ((asker = LIST_FIRST(&census->askers)) != NULL) {
		census_unask(asker);
		asker->told(asker->arg);
	}
}

static void
on_dead_letters(void *arg, const struct sqs_attributes *attributes,
    const struct error *error)
{
	struct census *census = arg;

	census->call = NULL;
	census->dead_letters = error == NULL ? attributes->depth : -1;
	if (error != NULL)
		census->uncounted = *error;
	tell(census);
}

/* SQS has both in the same account and Region: their URLs differ in the last
 * part, the name. */
static void
ask_dead_letters(struct census *census, const char *arn)
{
	const char *slash = strrchr(census->queue_url, '/');
	const char *colon = strrchr(arn, ':');
	FREE_LATER char *url =
	    xasprintf("%.*s/%s", (int)(slash - census->queue_url),
		census->queue_url, colon == NULL ? arn : colon + 1);

	census->call =
	    sqs_describe(census->aws, url, &politely, on_dead_letters, census);
}

static void
on_queue(void *arg, const struct sqs_attributes *attributes,
    const struct error *error)
{
	struct census *census = arg;

	census->call = NULL;
	census->depth = error == NULL ? attributes->depth : -1;
	census->dead_letters = -1;
	census->uncounted.name[0] = '\0';
	if (error == NULL && attributes->dead_letter_arn != NULL &&
	    !LIST_EMPTY(&census->askers))
		ask_dead_letters(census, attributes->dead_letter_arn);
	else
		tell(census);
	census->on_answer(census->arg, attributes, error);
}

void
census_init(struct census *census, struct aws *aws, const char *queue_url,
    void (*on_answer)(void *arg, const struct sqs_attributes *attributes,
	const struct error *error),
    void *arg)
{
	*census = (struct census){
		.aws = aws,
		.queue_url = queue_url,
		.on_answer = on_answer,
		.arg = arg,
		.depth = -1,
		.dead_letters = -1,
	};
}

void
census_take(struct census *census)
{
	if (census->call == NULL)
		census->call = sqs_describe(census->aws, census->queue_url,
		    &politely, on_queue, census);
}

void
census_ask(struct census *census, struct census_asker *asker)
{
	census->depth = census->dead_letters = -1; /* what was, no longer is */
	census->uncounted.name[0] = '\0';
	asker->waits = true;
	LIST_INSERT_HEAD(&census->askers, asker, list);
	census_take(census);
}

void
census_unask(struct census_asker *asker)
{
	if (asker->waits)
		LIST_REMOVE(asker, list);
	asker->waits = false;
}

void
census_done(struct census *census)
{
	if (census->call != NULL)
		aws_call_cancel(census->call);
}
