/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One batch call to SQS about up to ten held messages: delete them, or extend
 * their visibility. Each hold is told its own result; one that goes away in
 * the meantime is left out of it.
 */
#ifndef KG_INTAKE_BATCH_H
#define KG_INTAKE_BATCH_H

#include <stddef.h>

#include "aws/sqs.h"
#include "intake/hold.h"

LIST_HEAD(batch_list, batch);

/* The batches under way for one purpose. Embedded in who sends them. */
struct batches {
	struct aws *aws;
	const char *queue_url;
	/* The result for one hold: NULL, or why not. `whole`: the call failed
	 * as a whole, nothing is said about this message. May free the hold. */
	void (*on_result)(void *arg, struct hold *hold,
	    const struct error *error, bool whole);
	/* After the results of a batch: there is room for another. */
	void (*on_room)(void *arg);
	void *arg;
	size_t under_way;
	struct batch_list list;
};

#define BATCHES_UNDER_WAY 4 /* calls at the same time */

/* Deletes, or makes invisible for `seconds`, 1 to SQS_BATCH holds. */
void batch_delete(
    struct batches *batches, struct hold *const *holds, size_t count);
void batch_extend(struct batches *batches, struct hold *const *holds,
    size_t count, int seconds);

/* The hold goes away: no result for it. Fine if it is in no batch. */
void batch_forget(struct hold *hold);

/* Cancels all batches. */
void batches_done(struct batches *batches);

#endif
