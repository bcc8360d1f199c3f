/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of SQS share.
 */
#ifndef KG_TESTS_SANDBOX_MODEL_SQS_H
#define KG_TESTS_SANDBOX_MODEL_SQS_H

#include "sandbox/model_call.h"

/* The queue of the QueueUrl; NULL when the call was refused for it. */
struct queue *sqs_queue(struct call *call);

/* The URL of a queue, which the caller frees. */
char *sqs_url(const struct queue *queue);

/* The ARN of a queue, which the caller frees. */
char *sqs_arn(const struct queue *queue);

/* The integer parameter, or `otherwise`; refused outside low to high. */
bool sqs_integer(struct call *call, const char *name, int64_t otherwise,
    int64_t low, int64_t high, int64_t *ret);

/* Whether a list of attributes has this one, or "All". */
bool sqs_asked(struct json_object *names, const char *name);

/* Operations in files of their own. */
bool sqs_do_receive(struct call *call);
bool sqs_do_get_attributes(struct call *call);
bool sqs_do_delete_batch(struct call *call);
bool sqs_do_hide_batch(struct call *call);

#endif
