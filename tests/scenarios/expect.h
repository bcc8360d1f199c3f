/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steps that only look, and find what they expect or fail.
 */
#ifndef KG_TESTS_SCENARIOS_EXPECT_H
#define KG_TESTS_SCENARIOS_EXPECT_H

#include "scenarios/steps.h"

/* An execution, by its number: its history, how it ended, that it runs. */
bool expect_history(struct world *world, const struct step *step);
bool expect_ended(struct world *world, const struct step *step);
bool expect_running(struct world *world, const struct step *step);
bool expect_named(struct world *world, const struct step *step);
bool expect_executions(struct world *world, const struct step *step);

/* The message of the Publish that was expected last: the whole against a
 * file, its subject, a line that stands in it, or does not. */
bool expect_message(struct world *world, const struct step *step);
bool expect_subject(struct world *world, const struct step *step);
bool expect_says(struct world *world, const struct step *step);
bool expect_lacks(struct world *world, const struct step *step);

/* A message of the queue, by its number. */
bool expect_deleted(struct world *world, const struct step *step);
bool expect_kept(struct world *world, const struct step *step);
bool expect_refused(struct world *world, const struct step *step);

#endif
