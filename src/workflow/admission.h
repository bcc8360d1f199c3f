/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a message body to executions, or to a refusal with a reason. Decides
 * names (same finding, same execution), inputs (the event reduced to its own
 * entity) and what is kept among the rejected. Starts through the engine;
 * keeps nothing.
 */
#ifndef KG_WORKFLOW_ADMISSION_H
#define KG_WORKFLOW_ADMISSION_H

#include <stdbool.h>
#include <stddef.h>

#include "util/error.h"

struct engine;
struct random;

struct admission_message {
	const char *body;
	size_t body_len;
	const char *origin; /* "sqs:<MessageId>", "inject:uid=0,..." */
	bool injected;      /* always starts a new execution */
};

struct admission {
	char **names; /* executions started or attached to, in order */
	size_t count;
	/* The message, or a part of it, is refused: to be kept among the
	 * rejected with its body (`Finding.OtherEvent`, `Finding.Malformed`,
	 * `Finding.TooManyEntities`, ...). There may be `names` as well. */
	bool refused;
	struct error refusal;
};

/*
 * Admits one message. Unwraps an SNS envelope. An injected message that names
 * no exposed key at all is refused and starts nothing. The caller frees the
 * result with admission_done.
 */
void admission_admit(struct engine *engine, struct random *random,
    const struct admission_message *message, struct admission *ret_admission);

/* Frees the names. */
void admission_done(struct admission *admission);

#endif
