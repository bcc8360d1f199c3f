/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A caller of the sandbox's queues, with the one queue that its tests use.
 */
#ifndef KG_TESTS_UNIT_ASK_SQS_H
#define KG_TESTS_UNIT_ASK_SQS_H

#include <stddef.h>

#include "unit/ask.h"

/* The queue's URL as a member of a request, and the start of a document that
 * has the queue. */
#define URL   "'QueueUrl':'https://sqs.us-east-1.amazonaws.com/123456789012/q'"
#define QUEUE "{'queues':[{'name':'q','visibilityTimeout':30"

/* Calls an operation of SQS, with a receipt handle put in for "%s". */
void sqs(struct ask *ask, const char *operation, const char *json);
void sqs_with(struct ask *ask, const char *operation, const char *format,
    const char *handle);

/* Receives up to ten messages with all attributes; how many came. */
void receive(struct ask *ask);
size_t received(const struct ask *ask);

/* A copy of a string member of the i-th message received. */
char *member(const struct ask *ask, size_t i, const char *path);
char *handle_of(const struct ask *ask, size_t i);

/* Asserts an error in both spellings. */
void refused(
    const struct ask *ask, int status, const char *type, const char *query);

#endif
