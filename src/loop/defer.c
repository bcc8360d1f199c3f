/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deferred calls: a queue with links to the place that points to each, so that
 * any of them can be taken out at once.
 */
#include "loop/defer.h"

#include <stddef.h>

void
defer_queue_init(struct defer_queue *queue)
{
	*queue = (struct defer_queue){ .end = &queue->first };
}

void
loop_defer_init(
    struct loop_defer *defer, struct loop *loop, loop_callback *fire, void *arg)
{
	*defer = (struct loop_defer){ .loop = loop, .fire = fire, .arg = arg };
}

void
loop_defer_set(struct loop_defer *defer)
{
	struct defer_queue *queue = loop_deferred(defer->loop);

	if (defer->link != NULL)
		return;
	defer->next = NULL;
	defer->link = queue->end;
	*defer->link = defer;
	queue->end = &defer->next;
}

void
loop_defer_clear(struct loop_defer *defer)
{
	if (defer->link == NULL)
		return;
	*defer->link = defer->next;
	if (defer->next != NULL)
		defer->next->link = defer->link;
	else
		loop_deferred(defer->loop)->end = defer->link;
	defer->link = NULL;
}
