/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AWS IAM, Query protocol (aws-protocols 3.5): who owns an access key, and its
 * deletion. Each call ends by one callback, with `error` NULL on success.
 */
#ifndef KG_AWS_IAM_H
#define KG_AWS_IAM_H

#include "aws/client.h"

struct iam_last_used {
	const char *user_name; /* NULL: none named (a root key) */
	const char *date;      /* RFC 3339, NULL: never used */
	const char *service;   /* "s3"; "N/A" when never used */
	const char *region;
	const char *request_id;
};

typedef void iam_last_used_done(
    void *arg, const struct iam_last_used *result, const struct error *error);

/* GetAccessKeyLastUsed. */
struct aws_call *iam_last_used(struct aws *aws, const char *access_key_id,
    const struct aws_options *options, iam_last_used_done *done, void *arg);

typedef void iam_deleted(
    void *arg, const char *request_id, const struct error *error);

/* DeleteAccessKey. `user_name` must be given: without it IAM would take the
 * signer's own user (an empty one is `Aws.NoUserName`, no call is made). */
struct aws_call *iam_delete_access_key(struct aws *aws, const char *user_name,
    const char *access_key_id, const struct aws_options *options,
    iam_deleted *done, void *arg);

#endif
