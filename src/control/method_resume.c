/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Resume: a human has judged that deletions which are held may go on. He hears
 * of it when no restart can forget it.
 */
#include <stdlib.h>

#include "control/call.h"
#include "control/control.h"
#include "control/methods.h"
#include "control/who.h"
#include "util/alloc.h"
#include "util/doc.h"
#include "workflow/breaker.h"

struct resumption {
	struct call *call;
	char *account; /* NULL: all */
	struct who_asker who;
	struct breaker_waiter waiter;
	int64_t released;
};

static void
release(void *held)
{
	struct resumption *resumption = held;

	who_unask(&resumption->who);
	breaker_unawait(&resumption->waiter);
	free(resumption->account);
	free(resumption);
}

static void
on_durable(void *arg, const struct error *error)
{
	struct resumption *resumption = arg;
	struct call *call = resumption->call;
	struct json_object *doc;

	if (error != NULL) {
		call_fail_for(call, CONTROL_STORE_FAILED, error);
		return;
	}
	doc = doc_object();
	doc_put_int(doc, "released", resumption->released);
	call_reply(call, doc);
}

static void
on_told(void *arg, const char *by)
{
	struct resumption *resumption = arg;
	struct call *call = resumption->call;
	struct breaker *breaker = call->host->breaker;
	struct json_object *doc;
	struct error error;

	if (!breaker_begun(breaker)) {
		error_set(&error, "Daemon.NotResumed",
		    "what is held has not been read from the store yet");
		call_fail_for(call, CONTROL_NOT_POSSIBLE, &error);
		return;
	}
	resumption->released = breaker_resume(breaker, resumption->account, by);
	if (resumption->released >= 0) {
		breaker_await(
		    breaker, &resumption->waiter, on_durable, resumption);
		return;
	}
	doc = doc_object();
	doc_put_string(doc, "account", resumption->account);
	call_fail(call, CONTROL_NOTHING_HELD, doc);
}

void
method_resume(struct call *call, struct json_object *parameters)
{
	struct resumption *resumption = xzalloc(sizeof *resumption);

	resumption->call = call;
	resumption->account = xstrdup(doc_string(parameters, "account"));
	call_hold(call, resumption, release);
	call_who(call, "resume", &resumption->who, on_told, resumption);
}
