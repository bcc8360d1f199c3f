/* SPDX-License-Identifier: Apache-2.0 */
/* One call and its answer, seen through to its end if that is wanted. */
#include "ctl/act.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "ctl/ask.h"
#include "ctl/client.h"
#include "ctl/ctl.h"
#include "ctl/executions.h"
#include "ctl/follow.h"
#include "ctl/print.h"
#include "ctl/sentence.h"
#include "ctl/story.h"
#include "util/alloc.h"
#include "util/doc.h"

/* ---- the answer ---- */

static bool
complain_of_refusal(const struct ctl *ctl, struct json_object *reply)
{
	struct json_object *refused = doc_at(reply, "refused");
	FREE_LATER char *text = story_failure(refused);

	if (refused != NULL)
		ctl_complain(ctl, "not all of it was acted on: %s", text);
	return refused != NULL;
}

static void
print(const struct ctl *ctl, struct json_object *reply)
{
	if (ctl->json)
		print_json(ctl, reply);
	else
		executions_print(ctl, doc_at(reply, "executions"));
}

/* Sees it through; the end takes the place of the start. */
static int
see(const struct ctl *ctl, struct client *client, struct json_object *reply)
{
	struct json_object *started = doc_at(reply, "executions");
	struct json_object *ended = NULL;
	int status = follow(ctl, client, started, &ended);

	if (status != CTL_DONE)
		return status;
	if (!ctl->json)
		putc('\n', ctl->out);
	status = executions_good(ended) ? CTL_DONE : CTL_FAILED;
	doc_put(reply, "executions", ended == NULL ? doc_array() : ended);
	return status;
}

static int
answer(const struct ctl *ctl, struct client *client,
    const struct varlink_reply *reply)
{
	bool partial;
	int status = CTL_DONE;

	if (reply->error != NULL)
		return ask_refused(ctl, reply);
	partial = complain_of_refusal(ctl, reply->parameters);
	if (reply->continues)
		status = see(ctl, client, reply->parameters);
	if (status == CTL_UNREACHABLE)
		return status;
	print(ctl, reply->parameters);
	return status == CTL_DONE && partial ? CTL_FAILED : status;
}

/* ---- the call ---- */

int
act(const struct ctl *ctl, const char *method, struct json_object *parameters,
    bool waits, const char *look)
{
	CLEANUP(client_done)
	struct client client = client_init(ctl->patience_ms);
	FREE_LATER char *full = xasprintf("io.keyguard.Control.%s", method);
	struct varlink_reply reply;
	struct error error;
	int status;

	if (!client_connect(&client, ctl->socket, &error)) {
		doc_free(parameters);
		return ask_failed(ctl, &error);
	}
	if (!client_call(&client, full, parameters, waits, &error) ||
	    !client_reply(&client, false, &reply, &error))
		return ask_lost(ctl, &error, look);
	status = answer(ctl, &client, &reply);
	varlink_reply_done(&reply);
	return status;
}

int
act_on(const struct ctl *ctl, const char *method, const struct words *words)
{
	const char *name = words_get(words, "NAME");
	FREE_LATER char *look = xasprintf("keyguardctl show %s", name);
	struct json_object *parameters = doc_object();

	doc_put_string(parameters, "name", name);
	return act(
	    ctl, method, parameters, words_get(words, "--wait") != NULL, look);
}
