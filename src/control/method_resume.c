/* SPDX-License-Identifier: Apache-2.0 */
/* Resume: a human has judged that deletions which are held may go on. */
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
};

static void
release(void *held)
{
	struct resumption *resumption = held;

	who_unask(&resumption->who);
	free(resumption->account);
	free(resumption);
}

static void
on_told(void *arg, const char *by)
{
	struct resumption *resumption = arg;
	struct call *call = resumption->call;
	struct breaker *breaker = call->host->breaker;
	struct json_object *doc;
	struct error error;
	int64_t released;

	if (!breaker_begun(breaker)) {
		error_set(&error, "Daemon.NotResumed",
		    "what is held has not been read from the store yet");
		call_fail_for(call, CONTROL_NOT_POSSIBLE, &error);
		return;
	}
	released = breaker_resume(breaker, resumption->account, by);
	doc = doc_object();
	if (released < 0) {
		doc_put_string(doc, "account", resumption->account);
		call_fail(call, CONTROL_NOTHING_HELD, doc);
		return;
	}
	doc_put_int(doc, "released", released);
	call_reply(call, doc);
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
