/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the rows of a table mean, in words for people: the same in all drawings.
 */
#ifndef KG_MACHINE_DRAW_WORDS_H
#define KG_MACHINE_DRAW_WORDS_H

#include "machine/table.h"

/* Each returns one sentence, which the caller frees; NULL if there is nothing
 * to say. */

/* "iam:deleteAccessKey, within 15 s, one of a lane at a time" */
char *draw_words_task(const struct state *state);

/* "held by Response.Held until it is released" */
char *draw_words_held(const struct state *state);

/* "retry Class.Throttled 20 times: 1 s, x2, up to 10 s, full jitter" */
char *draw_words_retrier(const struct retrier *retrier);

/* "catch States.ALL: error in $.error-info, uncontained, again" */
char *draw_words_catcher(const struct catcher *catcher);

/* "result in $.deletion, contained" */
char *draw_words_success(const struct state *state);

/* "what failed is redriven, ...: after 5 min, x2, up to 1 h" */
char *draw_words_redrive(const struct machine *machine);

#endif
