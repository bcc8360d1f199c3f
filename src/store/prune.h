/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ended executions that are too old or too many are deleted, a few at a time
 * and the oldest first; running ones never, FAILED ones by their age alone, and
 * what is yet to be retried not by number. Synchronous, no threads, no clock.
 *
 * Of a FAILED one nobody was told. Before it goes its name is given out, so
 * that somebody can be; it goes the next time.
 */
#ifndef KG_STORE_PRUNE_H
#define KG_STORE_PRUNE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/keep.h"
#include "util/error.h"

struct sqlite;

#define PRUNE_MOST 8 /* executions at a time: a short transaction */

struct prune {
	int64_t before_ms; /* those begun before are too old; 0: none is */
	int64_t count;     /* more are too many; 0: never */

	const char *expired[PRUNE_MOST]; /* those that go the next time */
	size_t expired_count;
	bool more; /* another time is worth while */

	/* Its own: */
	int64_t told[PRUNE_MOST]; /* ids of those given out before */
	size_t told_count;
	struct keep keep;
};

/* Deletes some in one transaction and sets the results; on failure nothing is
 * deleted, or no one knows and it is seen the next time. */
bool prune_some(struct sqlite *db, struct prune *prune, struct error *error);

/* Frees the names. */
void prune_done(struct prune *prune);

#endif
