/* SPDX-License-Identifier: Apache-2.0 */
/* Questions, and the table of what a refusal means. */
#include "ctl/ask.h"

#include <string.h>

#include <json-c/json.h>

#include "control/varlink.h"
#include "ctl/client.h"
#include "ctl/ctl.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/doc.h"

static const struct {
	const char *error;
	int exit;
	const char *text;
} refusals[] = {
	{ "io.keyguard.Control.NoSuchExecution", CTL_FAILED,
	    "no such execution" },
	{ "io.keyguard.Control.InvalidEvent", CTL_USAGE, "event refused" },
	{ "io.keyguard.Control.BadToken", CTL_USAGE,
	    "no page begins with this token" },
	{ "io.keyguard.Control.NotFailed", CTL_FAILED,
	    "only what FAILED can be redriven" },
	{ "io.keyguard.Control.NotUncontained", CTL_FAILED,
	    "only what has ended uncontained can be retried" },
	{ "io.keyguard.Control.NotRunning", CTL_FAILED,
	    "only what has not ended can be stopped" },
	{ "io.keyguard.Control.NotPossible", CTL_FAILED, "not possible" },
	{ "io.keyguard.Control.NothingHeld", CTL_FAILED,
	    "no deletions are held" },
	{ "io.keyguard.Control.StoreFailed", CTL_FAILED,
	    "the store failed (keyguardctl status tells more)" },
	{ VARLINK_INVALID_PARAMETER, CTL_USAGE, "the daemon refuses" },
};

/* "Finding.Malformed: byte 0", "NAME is SUCCEEDED, contained": the strings that
 * the error tells. */
static void
add_parameters(struct buf *text, struct json_object *parameters)
{
	static const char *const members[] = { "error", "cause", "name",
		"after", "account", "parameter", "method", "interface" };
	const char *status = doc_string(parameters, "status");
	const char *outcome = doc_string(parameters, "outcome");

	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
		const char *member = doc_string(parameters, members[i]);

		if (member != NULL)
			buf_printf(text, ": %s", member);
	}
	if (status != NULL)
		buf_printf(text, " is %s", status);
	if (outcome != NULL)
		buf_printf(text, ", %s", outcome);
}

int
ask_refused(const struct ctl *ctl, const struct varlink_reply *reply)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(VARLINK_MAX_REPLY);
	int status = CTL_FAILED;

	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
		if (strcmp(refusals[i].error, reply->error) == 0) {
			buf_puts(&text, refusals[i].text);
			status = refusals[i].exit;
		}
	if (text.len == 0)
		buf_printf(&text, "the daemon answers %s", reply->error);
	add_parameters(&text, reply->parameters);
	ctl_complain(ctl, "%s", buf_text(&text));
	return status;
}

int
ask_failed(const struct ctl *ctl, const struct error *error)
{
	ctl_complain(ctl, "%s", error->cause);
	return strcmp(error->name, "Ctl.TooLong") == 0 ? CTL_USAGE
						       : CTL_UNREACHABLE;
}

int
ask_lost(const struct ctl *ctl, const struct error *error, const char *look)
{
	int status = ask_failed(ctl, error);

	if (look != NULL && status == CTL_UNREACHABLE)
		ctl_complain(
		    ctl, "not known whether it was accepted: %s", look);
	return status;
}

static int
take(const struct ctl *ctl, struct varlink_reply *reply,
    struct json_object **ret)
{
	int status = CTL_DONE;

	if (reply->error != NULL)
		status = ask_refused(ctl, reply);
	else
		*ret = reply->parameters == NULL
		    ? doc_object()
		    : json_object_get(reply->parameters);
	varlink_reply_done(reply);
	return status;
}

int
ask(const struct ctl *ctl, const char *method, struct json_object *parameters,
    struct json_object **ret)
{
	return ask_to(ctl, method, parameters, NULL, ret);
}

int
ask_to(const struct ctl *ctl, const char *method,
    struct json_object *parameters, const char *look, struct json_object **ret)
{
	CLEANUP(client_done)
	struct client client = client_init(ctl->patience_ms);
	FREE_LATER char *full = xasprintf("io.keyguard.Control.%s", method);
	struct varlink_reply reply;
	struct error error;

	if (!client_connect(&client, ctl->socket, &error)) {
		doc_free(parameters);
		return ask_failed(ctl, &error);
	}
	if (!client_call(&client, full, parameters, false, &error) ||
	    !client_reply(&client, false, &reply, &error))
		return ask_lost(ctl, &error, look);
	return take(ctl, &reply, ret);
}
