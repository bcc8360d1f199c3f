/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tells a client what happens to executions: each event once and in order,
 * whether it happened before, meanwhile, or with the daemon restarted in
 * between. An event is told when it is durable.
 */
#ifndef KG_CONTROL_WATCH_H
#define KG_CONTROL_WATCH_H

#include <stddef.h>
#include <stdint.h>

struct call;

/*
 * Answers a call with what happens to `count` executions, from the event after
 * id `after[i]` of names[i] (NULL: from the first), until all have ended. Both
 * are copied. A call that lasted so far lasts no longer.
 */
void watch_executions(struct call *call, const char *const *names,
    const int64_t *after, size_t count);

/* Answers with all that happens from now on, to whichever execution. */
void watch_all(struct call *call);

#endif
