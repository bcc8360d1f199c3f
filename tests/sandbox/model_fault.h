/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Faults: rules that say which calls go wrong, and how. The first rule that
 * fits a call and strikes decides; rules count the calls they fit.
 */
#ifndef KG_TESTS_SANDBOX_MODEL_FAULT_H
#define KG_TESTS_SANDBOX_MODEL_FAULT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "sandbox/model_call.h"

enum fault_kind {
	FAULT_ANSWER,     /* as always, but late or slowly */
	FAULT_ERROR,      /* an error of the service */
	FAULT_THROTTLE,   /* the service's own "too fast" */
	FAULT_RAW,        /* another body, "html" */
	FAULT_MALFORMED,  /* half of the body and rubbish */
	FAULT_CLOSE,      /* a FIN, */
	FAULT_RESET,      /* a RST, */
	FAULT_HANG,       /* or nothing, in place of (the rest of) an answer */
	FAULT_DATE,       /* a wrong Date header */
	FAULT_TWICE,      /* done twice; the second answer counts */
	FAULT_BEHIND,     /* looked up where a deleted key is known still */
	FAULT_WRONG_MD5,  /* messages whose checksum is wrong */
	FAULT_FAIL_ENTRY, /* entries of a batch fail */
	FAULT_DUPLICATE,  /* messages twice in one answer */
	FAULT_REDELIVER,  /* messages that stay visible */
	FAULT_STALE,      /* receipt handles that are old already */
	FAULT_REVIVE,     /* deleting succeeds and the message comes back */
};

struct fault {
	STAILQ_ENTRY(fault) next;
	enum fault_kind kind;
	const char *name; /* of the kind */
	char *service;    /* NULL: any; so the next two */
	char *operation;
	char *parameter; /* a string somewhere in the parameters */
	uint64_t from;   /* the first call it strikes, of those that fit */
	uint64_t count;  /* how often it strikes; 0: for ever */
	double chance;
	double per_second; /* strikes what comes faster; 0: everything */
	double burst;
	bool act; /* the call is carried out first */
	int status;
	char *code;
	char *message;
	char *body;
	char *content_type;
	int64_t delay_ms;
	int64_t byte_ms;
	bool drip_in_body;
	size_t cut;
	bool cut_in_body;
	int64_t skew_ms;
	int64_t entry; /* which of a batch; -1: all */
	bool sender_fault;

	uint64_t seen; /* calls that fitted */
	uint64_t struck;
	double tokens;
	int64_t filled_ms;
};

/* The rule that strikes this call, or NULL; counts it. */
const struct fault *fault_pick(struct call *call);

/* Makes the answer what the call's fault wants it to be. */
void fault_apply(struct call *call);

/* Whether the call's fault is of this kind. */
bool fault_is(const struct call *call, enum fault_kind kind);

/* Replaces all rules by those of a JSON array, at AWS's time `now_ms`. */
bool fault_load(struct model *model, struct json_object *rules, int64_t now_ms,
    struct error *error);

/* The rules with their counts, as a new array. */
struct json_object *fault_dump(const struct model *model);

/* Frees all rules. */
void fault_clear(struct model *model);

#endif
