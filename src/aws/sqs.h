/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Amazon SQS, AWS JSON 1.0 (aws-protocols 3.4). A queue is named by its URL;
 * each call ends by one callback, with `error` NULL on success.
 */
#ifndef KG_AWS_SQS_H
#define KG_AWS_SQS_H

#include <stdint.h>

#include "aws/client.h"

#define SQS_BATCH 10 /* messages or entries in one call */

struct sqs_message {
	const char *id;
	const char *receipt_handle;
	const char *body; /* NUL-terminated; may hold NULs within */
	size_t body_len;
	bool body_intact;     /* MD5OfBody agrees, or cannot be computed here */
	int64_t sent_wall_ms; /* SentTimestamp; 0 when absent */
	int receive_count;    /* ApproximateReceiveCount; 0 when absent */
};

typedef void sqs_received(void *arg, const struct sqs_message *messages,
    size_t count, const struct error *error);

/* ReceiveMessage: up to `max` messages, waiting up to `wait_seconds`. Answers
 * over 24 MiB are `Http.AnswerTooLarge`: ask for one message. */
struct aws_call *sqs_receive(struct aws *aws, const char *queue_url, int max,
    int wait_seconds, const struct aws_options *options, sqs_received *done,
    void *arg);

struct sqs_entry {
	const char *receipt_handle;
	int visibility_seconds; /* of ChangeMessageVisibilityBatch */
};

/* Of each entry, by its place in the request: NULL when it was done, else why
 * not; class none when repeating it is useless (SenderFault). */
typedef void sqs_batched(void *arg, const struct error *const *results,
    size_t count, const struct error *error);

/* DeleteMessageBatch and ChangeMessageVisibilityBatch, of 1 to SQS_BATCH
 * entries. */
struct aws_call *sqs_delete_batch(struct aws *aws, const char *queue_url,
    const struct sqs_entry *entries, size_t count,
    const struct aws_options *options, sqs_batched *done, void *arg);
struct aws_call *sqs_visibility_batch(struct aws *aws, const char *queue_url,
    const struct sqs_entry *entries, size_t count,
    const struct aws_options *options, sqs_batched *done, void *arg);

struct sqs_attributes {
	int64_t depth;               /* ApproximateNumberOfMessages */
	int64_t in_flight;           /* ...NotVisible */
	int visibility_seconds;      /* the queue's own VisibilityTimeout */
	int retention_seconds;       /* MessageRetentionPeriod */
	const char *dead_letter_arn; /* of RedrivePolicy, or NULL */
	int max_receive_count;
};

typedef void sqs_described(void *arg, const struct sqs_attributes *attributes,
    const struct error *error);

/* GetQueueAttributes (All). */
struct aws_call *sqs_describe(struct aws *aws, const char *queue_url,
    const struct aws_options *options, sqs_described *done, void *arg);

#endif
