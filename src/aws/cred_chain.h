/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several providers as one: the first that is configured decides
 * (aws-protocols 5.1).
 */
#ifndef KG_AWS_CRED_CHAIN_H
#define KG_AWS_CRED_CHAIN_H

#include "aws/credentials.h"

#define CRED_CHAIN_MAX 8

/* A chain of `count` providers, which it frees. One at a time may wait for
 * it: a cache stands in front. */
struct credentials_provider *cred_chain_new(
    struct credentials_provider *const *links, unsigned count);

#endif
