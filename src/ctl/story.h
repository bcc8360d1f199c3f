/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happened, in words: an event of the interface on one line. Events do not
 * say in which state they happened; who tells a story remembers.
 */
#ifndef KG_CTL_STORY_H
#define KG_CTL_STORY_H

#include <stdbool.h>

struct json_object;

/* Whether the event is of that type: "TaskFailed". */
bool story_is(struct json_object *event, const char *type);

/* The member that has the details, whatever its name; NULL if there is none. */
struct json_object *story_details(struct json_object *event);

/* What the details say, in a few words: the state, the error and its cause,
 * the result, the call, where it came from. "" for nothing. The caller frees
 * it. */
char *story_text(struct json_object *event);

/* "redriven by root (uid 0, pid 4711)" of "redrive:uid=0,user=root,pid=4711",
 * "SQS message 059f" of "sqs:059f"; as it is if it is of no such form. The
 * caller frees it. */
char *story_origin(const char *origin);

/* "IAM.Throttling: Rate exceeded" of any object with such members; "" if it has
 * none. With " (request 7a62c49f)" if it has that, too. The caller frees it. */
char *story_error(struct json_object *failure);
char *story_failure(struct json_object *failure);

#endif
