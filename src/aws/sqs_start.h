/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the calls to SQS have in common, for sqs*.c alone.
 */
#ifndef KG_AWS_SQS_START_H
#define KG_AWS_SQS_START_H

#include <stdint.h>

#include "aws/call.h"

struct json_object;

/* A document that names the queue. The caller frees it. */
struct json_object *sqs_document(const char *queue_url);

/* Starts a call whose body is `doc`; `operation` has what is not the same for
 * every call, its target "AmazonSQS....". */
struct aws_call *sqs_start(struct aws *aws, struct json_object *doc,
    struct call_operation operation, const struct aws_options *options,
    call_any *done, void *arg);

/* The positive number in a string at a path; 0 when it is none. */
int64_t sqs_number(struct json_object *doc, const char *path);

/* As sqs_number, cut to what an int holds. */
int sqs_small_number(struct json_object *doc, const char *path);

#endif
