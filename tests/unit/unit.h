/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a test program of one module defines. The main() that runs it is the
 * same for all of them.
 */
#ifndef KG_TESTS_UNIT_UNIT_H
#define KG_TESTS_UNIT_UNIT_H

#include <check.h>

/* Makes the suite to run. The runner takes ownership. */
Suite *unit_suite(void);

#endif
