/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Amazon SNS, Query protocol (aws-protocols 3.7): one message to one topic, in
 * the topic's own Region.
 */
#ifndef KG_AWS_SNS_H
#define KG_AWS_SNS_H

#include "aws/client.h"

typedef void sns_published(void *arg, const char *message_id,
    const char *request_id, const struct error *error);

/* Publish. A FIFO topic (".fifo") gets `dedup` as its group and deduplication
 * id, cut to 128 characters. */
struct aws_call *sns_publish(struct aws *aws, const char *topic_arn,
    const char *subject, const char *message, const char *dedup,
    const struct aws_options *options, sns_published *done, void *arg);

#endif
