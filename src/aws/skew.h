/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How wrong our clock is, by the dates of AWS's answers, so that a machine
 * without good time can still sign (aws-protocols 1.9). Pure.
 */
#ifndef KG_AWS_SKEW_H
#define KG_AWS_SKEW_H

#include <stdbool.h>
#include <stdint.h>

struct http_answer;

/*
 * What to add to our clock for the server's, in ms: the answer's date less
 * the middle between sending and receiving. False, and `skew_ms` as it was,
 * when the answer does not tell: no date, an Age, over 15 minutes under way.
 */
bool skew_measure(const struct http_answer *answer, int64_t *skew_ms);

/* Whether a clock that is wrong by this much explains a refused signature. */
bool skew_explains(int64_t skew_ms);

#endif
