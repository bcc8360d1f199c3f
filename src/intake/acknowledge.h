/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deletes from the queue what has durably ended, in batches, for as long as it
 * takes. A message that cannot be deleted comes again, attaches to its ended
 * execution, and is acknowledged then.
 */
#ifndef KG_INTAKE_ACKNOWLEDGE_H
#define KG_INTAKE_ACKNOWLEDGE_H

#include <stdint.h>

#include "intake/batch.h"
#include "intake/hold.h"
#include "loop/loop.h"
#include "util/backoff.h"

struct health;

struct acknowledge {
	struct batches batches;
	struct health *health;
	size_t failed_count;     /* holds that `failed` */
	struct hold_list closed; /* to be deleted, oldest first */
	struct loop_defer soon;  /* gathers what is closed at one time */
	struct loop_timer later; /* after a call that failed */
	struct backoff backoff;
	/* What failed within a call that did not; the others do not wait. */
	struct hold_list failed;
	struct loop_timer failed_later;
	struct backoff failed_backoff;
	/* The message is gone from the queue, or past saving: free it. */
	void (*on_gone)(void *arg, struct hold *hold, bool deleted);
	void *arg;
};

void acknowledge_init(struct acknowledge *acknowledge, struct loop *loop,
    struct aws *aws, struct health *health, const char *queue_url,
    void (*on_gone)(void *arg, struct hold *hold, bool deleted), void *arg);

/* Everything about this message has durably ended. */
void acknowledge_close(struct acknowledge *acknowledge, struct hold *hold);

/* Whether nothing is left to be deleted. */
bool acknowledge_quiet(const struct acknowledge *acknowledge);

/* Cancels what is under way. */
void acknowledge_done(struct acknowledge *acknowledge);

#endif
