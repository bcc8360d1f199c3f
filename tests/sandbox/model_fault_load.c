/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules of faults from JSON and back. README.md explains the members.
 */
#include "sandbox/model_fault.h"

#include <stdlib.h>
#include <string.h>

#include "sandbox/model_load.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"

static const struct {
	const char *name;
	enum fault_kind kind;
	bool act; /* also when the rule does not say so */
} kinds[] = {
	{ "answer", FAULT_ANSWER, true },
	{ "error", FAULT_ERROR, false },
	{ "throttle", FAULT_THROTTLE, false },
	{ "html", FAULT_RAW, false },
	{ "malformed", FAULT_MALFORMED, true },
	{ "close", FAULT_CLOSE, false },
	{ "reset", FAULT_RESET, false },
	{ "hang", FAULT_HANG, false },
	{ "date", FAULT_DATE, true },
	{ "twice", FAULT_TWICE, true },
	{ "behind", FAULT_BEHIND, true },
	{ "wrong-md5", FAULT_WRONG_MD5, true },
	{ "fail-entry", FAULT_FAIL_ENTRY, true },
	{ "duplicate", FAULT_DUPLICATE, true },
	{ "redeliver", FAULT_REDELIVER, true },
	{ "stale-receipt", FAULT_STALE, true },
	{ "revive", FAULT_REVIVE, true },
};

static const char *const members[] = { "do", "service", "operation",
	"parameter", "nth", "from", "count", "chance", "perSecond", "burst",
	"act", "status", "code", "message", "body", "contentType", "delayMs",
	"byteMs", "bodyByteMs", "bytes", "bodyBytes", "skewSeconds", "entry",
	"senderFault", NULL };

static struct fault *
fault_free(struct fault *fault)
{
	free(fault->service);
	free(fault->operation);
	free(fault->parameter);
	free(fault->code);
	free(fault->message);
	free(fault->body);
	free(fault->content_type);
	free(fault);
	return NULL;
}

void
fault_clear(struct model *model)
{
	struct fault *fault;
	struct call *call;

	STAILQ_FOREACH (call, &model->parked, next)
		call->fault = NULL;
	while ((fault = STAILQ_FIRST(&model->faults)) != NULL) {
		STAILQ_REMOVE_HEAD(&model->faults, next);
		fault_free(fault);
	}
}

static bool
load_kind(struct fault *fault, const char *name)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (strcmp(kinds[i].name, name) != 0)
			continue;
		fault->kind = kinds[i].kind;
		fault->name = kinds[i].name;
		fault->act = kinds[i].act;
		return true;
	}
	return false;
}

/* Which calls it strikes. */
static void
load_when(struct fault *fault, struct json_object *rule, int64_t now_ms)
{
	int64_t nth = doc_int(rule, "nth", 0);

	fault->service = load_string(rule, "service");
	fault->operation = load_string(rule, "operation");
	fault->parameter = load_string(rule, "parameter");
	fault->from = (uint64_t)doc_int(rule, "from", nth > 0 ? nth : 1);
	fault->count = (uint64_t)doc_int(rule, "count", nth > 0 ? 1 : 0);
	fault->chance = doc_double(rule, "chance", 1);
	fault->per_second = doc_double(rule, "perSecond", 0);
	fault->burst = doc_double(
	    rule, "burst", fault->per_second < 1 ? 1 : fault->per_second);
	fault->tokens = fault->burst;
	fault->filled_ms = now_ms;
}

/* What it does to them. */
static void
load_what(struct fault *fault, struct json_object *rule)
{
	int64_t bytes = doc_int(rule, "bytes", -1);
	int64_t body_bytes = doc_int(rule, "bodyBytes", -1);

	fault->cut_in_body = body_bytes >= 0;
	fault->cut = (size_t)(body_bytes >= 0 ? body_bytes
		: bytes >= 0                  ? bytes
					      : 0);
	/* Where a part of the answer is to go out there must be one. */
	if (bytes >= 0 || body_bytes >= 0 || doc_bool(rule, "act", false))
		fault->act = true;
	fault->status = (int)doc_int(rule, "status", 0);
	fault->code = load_string(rule, "code");
	fault->message = load_string(rule, "message");
	fault->body = load_string(rule, "body");
	fault->content_type = load_string(rule, "contentType");
	fault->delay_ms = doc_int(rule, "delayMs", 0);
	fault->byte_ms = doc_int(rule, "byteMs", 0);
	fault->drip_in_body = doc_at(rule, "bodyByteMs") != NULL;
	if (fault->drip_in_body)
		fault->byte_ms = doc_int(rule, "bodyByteMs", 0);
	fault->skew_ms = doc_int(rule, "skewSeconds", 0) * 1000;
	fault->entry = doc_int(rule, "entry", -1);
	fault->sender_fault = doc_bool(rule, "senderFault", false);
}

static bool
load_rule(struct model *model, struct json_object *rule, int64_t now_ms,
    struct error *error)
{
	const char *name = doc_string(rule, "do");
	struct fault *fault;

	if (!load_members(rule, "a fault", members, error))
		return false;
	fault = xzalloc(sizeof *fault);
	if (!load_kind(fault, name == NULL ? "answer" : name)) {
		fault_free(fault);
		return error_set(error, "Sandbox.BadDocument",
		    "a fault cannot do \"%s\"", name);
	}
	load_when(fault, rule, now_ms);
	load_what(fault, rule);
	STAILQ_INSERT_TAIL(&model->faults, fault, next);
	return true;
}

bool
fault_load(struct model *model, struct json_object *rules, int64_t now_ms,
    struct error *error)
{
	fault_clear(model);
	for (size_t i = 0; i < doc_count(rules, ""); i++)
		if (!load_rule(model, doc_element(rules, i), now_ms, error))
			return false;
	return true;
}

struct json_object *
fault_dump(const struct model *model)
{
	struct json_object *rules = doc_array();
	const struct fault *fault;

	STAILQ_FOREACH (fault, &model->faults, next) {
		struct json_object *rule = doc_object();

		doc_put_string(rule, "do", fault->name);
		doc_put_string(rule, "service", fault->service);
		doc_put_string(rule, "operation", fault->operation);
		doc_put_string(rule, "parameter", fault->parameter);
		doc_put_int(rule, "seen", (int64_t)fault->seen);
		doc_put_int(rule, "struck", (int64_t)fault->struck);
		doc_push(rules, rule);
	}
	return rules;
}
