/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Batch calls about held messages.
 */
#include "intake/batch.h"

#include <assert.h>
#include <stdlib.h>

#include "util/alloc.h"
#include "util/log.h"

struct batch {
	LIST_ENTRY(batch) list;
	struct batches *batches;
	struct aws_call *call;
	struct hold *holds[SQS_BATCH]; /* NULL: gone in the meantime */
	size_t count;
};

static const struct aws_options politely = { .rank = AWS_RANK_REST };

static void
batch_free(struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		if (batch->holds[i] != NULL)
			batch->holds[i]->batch = NULL;
	batch->batches->under_way--;
	LIST_REMOVE(batch, list);
	free(batch);
}

/* Tells each hold its result. A result may free holds, also others of this
 * batch: those were forgotten by then. */
static void
on_batched(void *arg, const struct error *const *results, size_t count,
    const struct error *error)
{
	struct batch *batch = arg;
	struct batches *batches = batch->batches;

	assert(error != NULL || count == batch->count);
	if (error != NULL)
		log_line(LEVEL_WARNING,
		    "the queue did not take a batch of %zu: %s: %s",
		    batch->count, error->name, error->cause);
	for (size_t i = 0; i < batch->count; i++) {
		struct hold *hold = batch->holds[i];

		if (hold == NULL)
			continue;
		batch->holds[i] = NULL;
		hold->batch = NULL;
		batches->on_result(batches->arg, hold,
		    error != NULL ? error : results[i], error != NULL);
	}
	batch_free(batch);
	batches->on_room(batches->arg);
}

static struct batch *
batch_new(struct batches *batches, struct hold *const *holds, size_t count)
{
	struct batch *batch = xzalloc(sizeof *batch);

	assert(count > 0 && count <= SQS_BATCH);
	batch->batches = batches;
	batch->count = count;
	for (size_t i = 0; i < count; i++) {
		assert(holds[i]->batch == NULL);
		batch->holds[i] = holds[i];
		holds[i]->batch = batch;
		holds[i]->sent_receipt = holds[i]->receipts;
	}
	batches->under_way++;
	LIST_INSERT_HEAD(&batches->list, batch, list);
	return batch;
}

void
batch_delete(struct batches *batches, struct hold *const *holds, size_t count)
{
	struct batch *batch = batch_new(batches, holds, count);
	struct sqs_entry entries[SQS_BATCH];

	for (size_t i = 0; i < count; i++)
		entries[i] = (struct sqs_entry){ holds[i]->receipt, 0 };
	batch->call = sqs_delete_batch(batches->aws, batches->queue_url,
	    entries, count, &politely, on_batched, batch);
}

void
batch_extend(struct batches *batches, struct hold *const *holds, size_t count,
    int seconds)
{
	struct batch *batch = batch_new(batches, holds, count);
	struct sqs_entry entries[SQS_BATCH];

	for (size_t i = 0; i < count; i++)
		entries[i] = (struct sqs_entry){ holds[i]->receipt, seconds };
	batch->call = sqs_visibility_batch(batches->aws, batches->queue_url,
	    entries, count, &politely, on_batched, batch);
}

void
batch_forget(struct hold *hold)
{
	if (hold->batch == NULL)
		return;
	for (size_t i = 0; i < hold->batch->count; i++)
		if (hold->batch->holds[i] == hold)
			hold->batch->holds[i] = NULL;
	hold->batch = NULL;
}

void
batches_done(struct batches *batches)
{
	struct batch *batch;

	while ((batch = LIST_FIRST(&batches->list)) != NULL) {
		aws_call_cancel(batch->call);
		batch_free(batch);
		assert(LIST_FIRST(&batches->list) != batch);
	}
}
