/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steps that only look, and find what they expect or fail.
 */
#ifndef KG_TESTS_SCENARIOS_EXPECT_H
#define KG_TESTS_SCENARIOS_EXPECT_H

#include "scenarios/steps.h"

/* An execution, by its number: its history, how it ended, that it runs,
 * that the store has it no more. */
bool expect_history(struct world *world, const struct step *step);
bool expect_ended(struct world *world, const struct step *step);
bool expect_running(struct world *world, const struct step *step);
bool expect_named(struct world *world, const struct step *step);
bool expect_executions(struct world *world, const struct step *step);
bool expect_held(struct world *world, const struct step *step);
bool expect_forgotten(struct world *world, const struct step *step);

/* Which errors its attempts ended with, and how often in a row each. */
bool expect_failures(struct world *world, const struct step *step);

/* What the daemon says of itself: running, or degraded and why. */
bool expect_status(struct world *world, const struct step *step);

/* The message of the Publish that was expected last, or that the sandbox got
 * last: the whole against a file, its subject, a line that stands in it, or
 * does not. */
bool expect_message(struct world *world, const struct step *step);
bool expect_subject(struct world *world, const struct step *step);
bool expect_says(struct world *world, const struct step *step);
bool expect_lacks(struct world *world, const struct step *step);

/* A message of the queue, by its number. */
bool expect_deleted(struct world *world, const struct step *step);
bool expect_kept(struct world *world, const struct step *step);
bool expect_refused(struct world *world, const struct step *step);

/* What the sandbox has seen: how often security was told, in all and by which
 * subject, how many calls of an operation; how a key stands, how many messages
 * are left in a queue. */
bool expect_published(struct world *world, const struct step *step);
bool expect_told(struct world *world, const struct step *step);
bool expect_calls(struct world *world, const struct step *step);
bool expect_key(struct world *world, const struct step *step);
bool expect_left(struct world *world, const struct step *step);

#endif
