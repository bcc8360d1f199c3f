/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steps about the daemon's calls to AWS, where the scenario itself has to
 * answer them.
 */
#ifndef KG_TESTS_SCENARIOS_CALL_H
#define KG_TESTS_SCENARIOS_CALL_H

#include "scenarios/steps.h"

/* A call that nobody has looked at; NULL when there is none. */
struct http_request *call_unseen(const struct world *world);

/* That there is a certain call; what is answered to it; that there is none. */
bool call_expect(struct world *world, const struct step *step);
bool call_answer(struct world *world, const struct step *step);
bool call_quiet(struct world *world, const struct step *step);

#endif
