/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The paths under /_sandbox/: state in and out, and waiting for it. README.md
 * lists them.
 */
#ifndef KG_TESTS_SANDBOX_ADMIN_H
#define KG_TESTS_SANDBOX_ADMIN_H

#include <stdbool.h>

struct exchange;

/* Serves the request if it is for an admin path; false if it is for AWS. */
bool admin_request(struct exchange *exchange);

#endif
