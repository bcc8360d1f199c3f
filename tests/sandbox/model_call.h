/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One call as an operation sees it: parameters in one form whatever the
 * protocol, who signed it, and where the result goes. An operation either
 * fills the result and returns true, or returns call_fail(...).
 */
#ifndef KG_TESTS_SANDBOX_MODEL_CALL_H
#define KG_TESTS_SANDBOX_MODEL_CALL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "sandbox/model.h"
#include "sandbox/model_state.h"
#include "util/buf.h"
#include "util/error.h"

struct call;

struct operation {
	const char *name; /* NULL ends a list */
	bool (*run)(struct call *call);
};

/* A service: AWS JSON where it has a target, the Query protocol else. */
struct service {
	const char *name;         /* in the log and in faults: "IAM" */
	const char *signing_name; /* "iam" */
	const char *region;       /* of a global service, else NULL */
	const char *target;       /* X-Amz-Target before the operation */
	const char *version;      /* of the Query protocol */
	const char *namespace;    /* of its XML, or of its JSON error types */
	const char *content_type; /* of its answers */
	const char *throttled;    /* how it says "too fast", Query spelling */
	bool query_mode;          /* tells the Query code in a header, too */
	const struct operation *operations;
};

extern const struct service sqs_service;
extern const struct service iam_service;
extern const struct service sns_service;
extern const struct service cloudtrail_service;
extern const struct service sts_service;

struct call {
	STAILQ_ENTRY(call) next; /* while parked */
	struct model *model;
	uint64_t number;
	int64_t now_ms;      /* by AWS's clock */
	int64_t deadline_ms; /* of a long poll; 0: it has not begun */
	const struct service *service;
	const struct operation *operation;
	struct json_object *params;
	const struct fault *fault; /* that strikes this call, or NULL */
	const struct key *key;     /* that signed it */
	char *region;              /* that it was signed for */
	char request_id[37];
	int64_t wake_ms; /* set by an operation that parks the call */
	bool park;
	struct json_object *result; /* AWS JSON */
	struct buf xml;             /* Query: what stands in the result */
	struct json_object *entry;  /* of the log */
	struct model_answer *answer;
};

/*
 * Answers with an error. `code` in either spelling; the other one and the
 * status come from the table of errors. NULL for `format` takes the table's
 * message. Returns false.
 */
bool call_fail(struct call *call, const char *code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with a status of the caller's own; 0: the table's. */
bool call_refuse_with(
    struct call *call, int status, const char *code, const char *message);

/* The string parameter; NULL when absent. */
const char *call_param(const struct call *call, const char *name);

/* Whether a parameter is there; if not, the call is refused. */
bool call_needs(struct call *call, const char *name);

/* Appends <name>text</name> to the result; NULL text appends nothing. */
void call_xml(struct call *call, const char *name, const char *text);

/* Appends text escaped for XML. */
void xml_escape(struct buf *out, const char *text);

/* Sets a header of the answer, replacing one of that name. Takes `value`. */
void answer_header(struct model_answer *answer, const char *name, char *value);

/* Puts the body in, copying. */
void answer_body(struct model_answer *answer, const char *body, size_t len);

/* A new uuid (version 4) in text. */
void model_uuid(struct model *model, char out[37]);

#endif
