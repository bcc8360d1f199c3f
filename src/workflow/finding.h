/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a message body says: whether it is an AWS Health event about an exposed
 * access key, whose, and which keys (AWS Health User Guide, "AWS Health events
 * Amazon EventBridge schema"). An event may come in the envelope of an SNS
 * subscription. Pure.
 */
#ifndef KG_WORKFLOW_FINDING_H
#define KG_WORKFLOW_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "util/error.h"

struct json_object;

#define FINDING_BODY     ((size_t)1 << 20) /* bytes that are read */
#define FINDING_ENTITIES 2000              /* of one event */

enum finding_kind {
	FINDING_EXPOSED_KEY,
	FINDING_OTHER_EVENT, /* well-formed, but about something else */
	FINDING_UNREADABLE,
};

struct finding {
	struct json_object *event; /* owns the strings that are borrowed */
	const char *account;       /* the victim's; NULL: not said */
	const char *event_arn;     /* "" when absent */
	char *communication_id;    /* without "-<page>"; "" when absent */
	/* Distinct entities: key ids in the event's order, and what is none,
	 * sorted and fit to be shown. */
	const char **keys;
	char **bad;
	size_t key_count, bad_count;
	size_t left_out; /* entities beyond FINDING_ENTITIES */
};

/*
 * Reads a body. All but FINDING_EXPOSED_KEY come with an error,
 * `Finding.OtherEvent`, `Finding.Malformed`, `Finding.TooDeep` or
 * `Finding.TooLarge`, and an empty finding. The caller calls finding_done.
 */
enum finding_kind finding_parse(const char *body, size_t len,
    struct finding *ret_finding, struct error *error);

/* Frees what the finding holds. */
void finding_done(struct finding *finding);

/* Whether a text (or NULL) is of the form of an access key id. */
bool finding_key_id(const char *text);

/* Whether any text at all contains one of the five event type codes. */
bool finding_suspected(const char *body, size_t len);

/*
 * The event reduced to one of its keys, or to none (NULL): what is known about
 * it, in its own names, each string fit to be shown. The caller frees it.
 */
struct json_object *finding_reduce(
    const struct finding *finding, const char *key_id);

#endif
