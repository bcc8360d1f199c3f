/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plays a script on the engine: how each attempt of an execution ends, the
 * first, the second, whatever state it is of. Time is virtual. Which attempt is
 * next is told from the history alone, so that a restart changes nothing.
 */
#ifndef KG_TESTS_CONFORMANCE_PLAY_H
#define KG_TESTS_CONFORMANCE_PLAY_H

#include <stdbool.h>
#include <stddef.h>

#include "machine/table.h"
#include "unit/fake_journal.h"

struct json_object;

/*
 * A play of one execution. Its script is {"seed":1,"input":"{}","attempts":
 * [{"ms","waits","intent","result"} or {...,"error","cause"}]}: the attempt
 * waits for so long, which is on no deadline, then works for so long, and then
 * comes to this. `intent`: it has recorded one before. What is held is released
 * after a minute. At the end of the script, the play breaks off.
 */
struct play;

/* Starts the execution. Both are borrowed; play_free ends the play. */
struct play *play_new(
    const struct machine *machine, struct json_object *script);
void play_free(struct play *play);

/* Plays to the end of the execution or of the script. */
void play_on(struct play *play);

/*
 * Restarts after each event of the history, from the last to the first, and
 * plays on each time. Whether all went the same way to the same end: but for
 * what a restart repeats the events are the same, to the millisecond. If not,
 * `ret_after` is the event, and `ret_way` the way that was gone, for the caller
 * to free.
 */
bool play_restarts(struct play *play, size_t *ret_after, char **ret_way);

/* What has happened so far; borrowed. */
const struct fake_history *play_history(const struct play *play);

/* The way: the history without what a restart repeats, a line each. */
char *play_way(const struct play *play);

#endif
