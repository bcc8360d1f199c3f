/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What security is told. Subject and body begin with the text of the AWS
 * sample, to the byte; what it leaves out follows in a block of its own. Pure.
 */
#ifndef KG_WORKFLOW_MESSAGE_H
#define KG_WORKFLOW_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

struct json_object;

#define MESSAGE_SUBJECT 99     /* characters that SNS takes */
#define MESSAGE_BODY    262144 /* bytes */

/* What it is about. Strings are borrowed. */
struct message_facts {
	struct json_object *data; /* of the execution: event, deletion or
				     untouched or error-info, summary or
				     summary-error */
	const char *execution;
	const char *account, *key_id, *user; /* NULL: not known */
	int64_t received_wall_ms;
	int64_t again_ms; /* until it is tried again by itself; 0: it is not */
	int hours;        /* of the summary, where it is missing */
	bool details;     /* say more than the sample */
};

struct message {
	char *subject;
	char *body;
};

/* Composes; the caller frees it with message_done. */
void message_compose(
    const struct message_facts *facts, struct message *ret_message);

/* Frees the texts. */
void message_done(struct message *message);

#endif
