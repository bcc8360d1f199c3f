/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A scenario: a text file of steps, one a line, run against a world of its
 * own. README.md has the steps.
 */
#ifndef KG_TESTS_SCENARIOS_SCENARIO_H
#define KG_TESTS_SCENARIOS_SCENARIO_H

#include <stdbool.h>

#include "util/error.h"

/* Runs a file; false and an error that names the line. */
bool scenario_run(const char *path, struct error *error);

#endif
