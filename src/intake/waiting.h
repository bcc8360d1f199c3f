/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An index of who waits for what: names of executions to held messages.
 */
#ifndef KG_INTAKE_WAITING_H
#define KG_INTAKE_WAITING_H

#include <stdbool.h>

#include "intake/hold.h"

struct waiting {
	void *root; /* of tsearch(3), by name */
};

/* `hold` waits for `name`; false when it did so already. */
bool waiting_add(struct waiting *waiting, const char *name, struct hold *hold);

/* Calls `each` for whoever waits for `name`; nobody waits for it any more.
 * Whether anybody did. */
bool waiting_end(struct waiting *waiting, const char *name,
    void (*each)(void *arg, struct hold *hold), void *arg);

/* Forgets everything. */
void waiting_done(struct waiting *waiting);

#endif
