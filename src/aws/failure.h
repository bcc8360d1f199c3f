/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What went wrong, by name: the one table of AWS's error codes and their
 * classes, in both spellings, and the parser of error answers in JSON and XML.
 */
#ifndef KG_AWS_FAILURE_H
#define KG_AWS_FAILURE_H

#include "aws/client.h"

struct http_answer;

/* Whether an answer is a failure at all, by its status. */
bool failure_status(int status);

/*
 * Names the failure in an answer: "<Service>.<Code>" with the message as cause
 * and the request id; "Http.Status502" where the body says nothing. Works from
 * the status alone when it must. Class by table, else by status; without a
 * code all but 429 is Class.Transient.
 */
void failure_parse(enum aws_service service, const struct http_answer *answer,
    struct error *ret_error);

/* The class of a code of a service ("Throttling"); CLASS_NONE when the table
 * does not have it. */
enum error_class failure_class(enum aws_service service, const char *code);

/*
 * For every name that a class stands for in calls of a service ("IAM"), AWS's
 * codes and our own `Http.*` and `Aws.*`: what the printed ASL lists.
 */
void failure_expand(const char *class_name, const char *service,
    void (*each)(void *arg, const char *name), void *arg);

#endif
