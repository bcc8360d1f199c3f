/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a call's end becomes an answer on the wire, by its service's protocol;
 * refusals are in model_call.h, where operations find them.
 */
#ifndef KG_TESTS_SANDBOX_MODEL_ANSWER_H
#define KG_TESTS_SANDBOX_MODEL_ANSWER_H

#include "sandbox/model_call.h"

#define ANSWER_MAX ((size_t)64 << 20) /* bytes of a body */

/* Answers with what the operation put into `result` or `xml`. */
void call_finish(struct call *call);

/* Appends <name>text</name>, escaped; NULL text appends nothing. */
void xml_element(struct buf *out, const char *name, const char *text);

#endif
