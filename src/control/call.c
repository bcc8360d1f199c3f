/* SPDX-License-Identifier: Apache-2.0 */
/* What a method can say, and what it holds while it has not yet. */
#include "control/call.h"

#include <assert.h>
#include <string.h>

#include "control/varlink.h"
#include "control/who.h"
#include "loop/stream.h"
#include "util/doc.h"
#include "util/error.h"
#include "util/log.h"

void
call_hold(struct call *call, void *held, void (*release)(void *held))
{
	if (call->release != NULL)
		call->release(call->held);
	call->held = held;
	call->release = release;
	call->drained = NULL;
}

void
call_who(struct call *call, const char *deed, struct who_asker *asker,
    void (*told)(void *arg, const char *by), void *arg)
{
	long uid, pid;

	stream_peer(call->stream, &uid, &pid);
	who_ask(call->who, deed, uid, pid, asker, told, arg);
}

void
call_audit(const char *name, const char *by)
{
	log_with(LEVEL_NOTICE,
	    LOG_FIELDS({ "KEYGUARD_EXECUTION", name }, { "KEYGUARD_BY", by }),
	    "%s: by the control socket: %s", name, by);
}

bool
call_for_client(struct call *call)
{
	call->lasting = false;
	if (!call->oneway && !call->deserted)
		return true;
	call_end(call);
	return false;
}

/* Takes the text. A client that does not read is cut off by the stream. */
static void
say(struct call *call, char *text)
{
	if (!call->oneway)
		stream_write(call->stream, text, strlen(text) + 1);
	free(text);
}

void
call_continue(struct call *call, struct json_object *parameters)
{
	assert(call->more);
	say(call, varlink_reply_text(parameters, true));
}

void
call_when_drained(struct call *call, void (*drained)(void *held))
{
	call->drained = drained;
}

void
call_reply(struct call *call, struct json_object *parameters)
{
	say(call, varlink_reply_text(parameters, false));
	call_end(call);
}

void
call_fail(struct call *call, const char *error, struct json_object *parameters)
{
	say(call, varlink_error_text(error, parameters));
	call_end(call);
}

void
call_fail_with(struct call *call, const char *error, const char *parameter,
    const char *value)
{
	struct json_object *parameters = doc_object();

	doc_put_string(parameters, parameter, value);
	call_fail(call, error, parameters);
}

void
call_fail_for(struct call *call, const char *error, const struct error *reason)
{
	struct json_object *parameters = doc_object();

	doc_put_string(parameters, "error", reason->name);
	doc_put_string(parameters, "cause", reason->cause);
	call_fail(call, error, parameters);
}

void
call_end(struct call *call)
{
	call_hold(call, NULL, NULL);
	call->ended(call);
}
