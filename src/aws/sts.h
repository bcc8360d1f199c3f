/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AWS STS, Query protocol (aws-protocols 3.8): who we are.
 */
#ifndef KG_AWS_STS_H
#define KG_AWS_STS_H

#include "aws/client.h"

struct sts_identity {
	const char *account;
	const char *arn;
	const char *user_id;
};

typedef void sts_identified(
    void *arg, const struct sts_identity *identity, const struct error *error);

/* GetCallerIdentity. */
struct aws_call *sts_caller_identity(struct aws *aws,
    const struct aws_options *options, sts_identified *done, void *arg);

#endif
