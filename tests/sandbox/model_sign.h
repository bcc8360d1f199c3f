/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signature Version 4 as a service checks it: over the bytes that arrived.
 */
#ifndef KG_TESTS_SANDBOX_MODEL_SIGN_H
#define KG_TESTS_SANDBOX_MODEL_SIGN_H

#include "sandbox/model_call.h"

/* Who signed the request: sets `key` and `region` of the call, or refuses. */
bool sign_check(struct call *call, const struct model_request *request);

#endif
