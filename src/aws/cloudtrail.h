/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AWS CloudTrail, AWS JSON 1.1 (aws-protocols 3.6): what a user did lately.
 */
#ifndef KG_AWS_CLOUDTRAIL_H
#define KG_AWS_CLOUDTRAIL_H

#include <stdint.h>

#include "aws/client.h"

struct json_object;

struct cloudtrail_query {
	const char *user_name;
	int64_t start_wall_ms, end_wall_ms;
	int max_results;        /* 1 to 50 */
	const char *next_token; /* NULL: the first page */
};

/* One page: `events` is the array as CloudTrail sent it, newest first
 * (borrowed; may be empty), `next_token` NULL on the last. */
typedef void cloudtrail_looked_up(void *arg, struct json_object *events,
    const char *next_token, const char *request_id, const struct error *error);

/* LookupEvents by Username. */
struct aws_call *cloudtrail_lookup(struct aws *aws,
    const struct cloudtrail_query *query, const struct aws_options *options,
    cloudtrail_looked_up *done, void *arg);

#endif
