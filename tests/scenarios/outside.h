/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steps that do something to the world around the daemon.
 */
#ifndef KG_TESTS_SCENARIOS_OUTSIDE_H
#define KG_TESTS_SCENARIOS_OUTSIDE_H

#include "scenarios/steps.h"

/* AWS is the sandbox's; what goes wrong there; the network; the disk. */
bool outside_aws(struct world *world, const struct step *step);
bool outside_faults(struct world *world, const struct step *step);
bool outside_network(struct world *world, const struct step *step);
bool outside_disk(struct world *world, const struct step *step);

#endif
