/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store with its threads on a real loop, and the story of what it told, in
 * words:
 *
 *	open  open!Store.NotOurs	opened, or not
 *	trouble!Store.Full  well	writing fails, works again
 *	unread!Store.Io			something cannot be read
 *	expired:A  pruned  pruned!Store.Io	too old; a round of deleting
 *	A2  A=FAILED  A!Store.Io	event 2 is durable; A exists; A is held
 *	R  R!Store.TooLarge		a refused message is kept, or not
 *	A:2  A:!Store.Io		A is loaded, with 2 events; or not
 *	A>2  all  all!Store.Io		A is recovered, with 2 events; the end
 */
#ifndef KG_TESTS_UNIT_STORE_STAGE_H
#define KG_TESTS_UNIT_STORE_STAGE_H

#include <stddef.h>
#include <stdint.h>

#include "machine/history.h"

extern struct loop *stage_loop;
extern struct store *stage_store; /* NULL: not made */

/* A loop, in the folder of kit_setup; and the end of both. */
void stage_setup(void);
void stage_teardown(void);

/* Makes the store, which is open when stage_open returns. */
void stage_begin(void);
void stage_open(void);

/* Ends it. */
void stage_close(void);
void stage_abandon(void);

/* Appends an event of an execution that runs, or that has ended so. */
void stage_append(const char *name, int64_t id, enum event_type type);
void stage_end(const char *name, int64_t id, enum status status);

/* Refuses a message of that size. */
void stage_reject(size_t size);

/* Runs the loop until the word is told. */
void stage_wait(const char *word);

/* The words since the last call, with a space between them. */
const char *stage_story(void);

/* Adds a word of the test's own to the story. */
void stage_tell(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
