/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Good answers, read: a JSON or an XML document, or the failure
 * `Aws.MalformedAnswer` (CLASS_TRANSIENT) for what is neither: a proxy's page,
 * half a document, one of another operation.
 */
#ifndef KG_AWS_ANSWER_H
#define KG_AWS_ANSWER_H

#include "aws/call.h"

struct json_object;
struct xml;

/* The object of an AWS JSON answer. The caller frees it. NULL and the error
 * (that of the call, or Aws.MalformedAnswer). */
struct json_object *answer_json(
    const struct call_end *end, struct error *error);

/* The document of a Query answer, whose root must be `root`. As above. */
struct xml *answer_xml(
    const struct call_end *end, const char *root, struct error *error);

/* Sets Aws.MalformedAnswer for an answer that lacks what it must have.
 * Returns false. */
bool answer_malformed(
    const struct call_end *end, const char *what, struct error *error);

/* The request id of a good answer: in `xml` (may be NULL), else in its
 * headers; NULL when it has none. Borrowed. */
const char *answer_request_id(
    const struct call_end *end, const struct xml *xml);

#endif
