/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The daemon's calls to AWS as a scenario sees them: of which service, which
 * action, with which parameters; and the answers, by a few words each.
 */
#ifndef KG_TESTS_SCENARIOS_SENT_H
#define KG_TESTS_SCENARIOS_SENT_H

#include <stdbool.h>

#include "fake/fake_http.h"

/* "IAM", "CloudTrail", "SNS", "SQS" or "STS". */
const char *sent_service(const struct http_request *request);

/* "DeleteAccessKey", and a parameter by name, decoded ("Username" is that of
 * LookupAttributes); NULL when it is not given. The caller frees them. */
char *sent_action(const struct http_request *request);
char *sent_param(const struct http_request *request, const char *name);

/* An answer of this status and body, in the form of the call's service. */
void sent_answer(struct http_request *request, int status, const char *body);

/* Success, where the answer holds no more than identifiers, made of `id`. */
void sent_answer_ok(struct http_request *request, const char *id);

/* A failure as the service spells it. */
void sent_answer_error(struct http_request *request, int status,
    const char *code, const char *message);

/* GetAccessKeyLastUsed: date, service and Region may be NULL: never used. The
 * user may be NULL: none is named. */
void sent_answer_owner(struct http_request *request, const char *user,
    const char *date, const char *service, const char *region);

/*
 * LookupEvents: a page of what each line says, "3 PutRolePolicy Type=Name ..."
 * (three events of that name, each with these resources); `token` may be NULL.
 */
void sent_answer_events(
    struct http_request *request, const char *lines, const char *token);

#endif
