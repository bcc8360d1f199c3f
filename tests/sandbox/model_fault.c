/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which calls a rule strikes, and what it makes of their answers.
 */
#include "sandbox/model_fault.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"

static const char proxy_page[] =
    "<html>\n<head><title>502 Bad Gateway</title></head>\n<body>\n"
    "<center><h1>502 Bad Gateway</h1></center>\n</body>\n</html>\n";

/* Whether a string stands anywhere in a document. */
static bool
has_string(struct json_object *doc, const char *wanted)
{
	if (json_object_is_type(doc, json_type_object)) {
		json_object_object_foreach (doc, name, member) {
			(void)name;
			if (has_string(member, wanted))
				return true;
		}
		return false;
	}
	for (size_t i = 0; i < doc_count(doc, ""); i++)
		if (has_string(doc_element(doc, i), wanted))
			return true;
	return json_object_is_type(doc, json_type_string) &&
	    strcmp(json_object_get_string(doc), wanted) == 0;
}

static bool
fits(const struct fault *fault, const struct call *call)
{
	return (fault->service == NULL ||
		   strcmp(fault->service, call->service->name) == 0) &&
	    (fault->operation == NULL ||
		strcmp(fault->operation, call->operation->name) == 0) &&
	    (fault->parameter == NULL ||
		has_string(call->params, fault->parameter));
}

/* Takes a token from the bucket; true when there was none. */
static bool
too_fast(struct fault *fault, int64_t now_ms)
{
	double since = (double)(now_ms - fault->filled_ms) / 1000;

	if (fault->per_second == 0)
		return true;
	fault->tokens += since * fault->per_second;
	if (fault->tokens > fault->burst)
		fault->tokens = fault->burst;
	fault->filled_ms = now_ms;
	if (fault->tokens < 1)
		return true;
	fault->tokens -= 1;
	return false;
}

static bool
strikes(struct fault *fault, struct call *call)
{
	if (!fits(fault, call) || ++fault->seen < fault->from)
		return false;
	if (fault->count > 0 && fault->struck >= fault->count)
		return false;
	if (fault->chance < 1 &&
	    random_unit(&call->model->random) >= fault->chance)
		return false;
	return too_fast(fault, call->now_ms);
}

const struct fault *
fault_pick(struct call *call)
{
	struct fault *fault;

	STAILQ_FOREACH (fault, &call->model->faults, next)
		if (strikes(fault, call)) {
			fault->struck++;
			return fault;
		}
	return NULL;
}

bool
fault_is(const struct call *call, enum fault_kind kind)
{
	return call->fault != NULL && call->fault->kind == kind;
}

static void
apply_raw(struct call *call, const struct fault *fault)
{
	struct model_answer *answer = call->answer;
	const char *type = fault->content_type, *body = fault->body;

	if (type == NULL)
		type = "text/html";
	if (body == NULL)
		body = proxy_page;
	/* It comes from no AWS: nothing of AWS's headers is in it. */
	model_answer_done(answer);
	answer->status = fault->status == 0 ? 502 : fault->status;
	answer_header(answer, "Content-Type", xstrdup(type));
	answer_body(answer, body, strlen(body));
}

static void
apply_malformed(struct call *call, const struct fault *fault)
{
	struct model_answer *answer = call->answer;
	struct buf body = BUF_INIT(answer->body_len + 8);

	(void)fault;
	buf_add(&body, answer->body, answer->body_len / 2);
	buf_puts(&body, "\"<{");
	answer_body(answer, buf_text(&body), body.len);
	buf_done(&body);
}

static void
apply_end(struct call *call, const struct fault *fault)
{
	static const enum model_end ends[] = { [FAULT_CLOSE] = MODEL_CLOSE,
		[FAULT_RESET] = MODEL_RESET,
		[FAULT_HANG] = MODEL_HANG };

	call->answer->end = ends[fault->kind];
	call->answer->cut = fault->cut;
	call->answer->cut_in_body = fault->cut_in_body;
}

static void
apply_error(struct call *call, const struct fault *fault)
{
	const char *code =
	    fault->code == NULL ? "InternalFailure" : fault->code;

	call_refuse_with(call, fault->status, code, fault->message);
}

static void
apply_throttle(struct call *call, const struct fault *fault)
{
	call_refuse_with(
	    call, fault->status, call->service->throttled, fault->message);
}

/* To the others the operation itself has seen. */
static void (*const appliers[])(struct call *, const struct fault *) = {
	[FAULT_ERROR] = apply_error,
	[FAULT_THROTTLE] = apply_throttle,
	[FAULT_RAW] = apply_raw,
	[FAULT_MALFORMED] = apply_malformed,
	[FAULT_CLOSE] = apply_end,
	[FAULT_RESET] = apply_end,
	[FAULT_HANG] = apply_end,
	[FAULT_REVIVE] = NULL, /* the last */
};

void
fault_apply(struct call *call)
{
	const struct fault *fault = call->fault;

	if (appliers[fault->kind] != NULL)
		appliers[fault->kind](call, fault);
	call->answer->delay_ms = fault->delay_ms;
	call->answer->byte_ms = fault->byte_ms;
	call->answer->drip_in_body = fault->drip_in_body;
}
