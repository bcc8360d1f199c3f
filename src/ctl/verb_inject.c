/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keyguardctl inject: an event from a file. It is sent as it is: what is no
 * event the daemon refuses, by the same rules as for the queue.
 */
#include <errno.h>
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
#include "ctl/verbs.h"
#include "util/buf.h"
#include "util/doc.h"
#include "util/utf8.h"

/* ---- the file ---- */

static bool
read_all(FILE *file, struct buf *text)
{
	char bytes[65536];
	size_t len;

	while ((len = fread(bytes, 1, sizeof bytes, file)) > 0)
		buf_add(text, bytes, len);
	return ferror(file) == 0;
}

static bool
read_file(const struct ctl *ctl, const char *path, struct buf *text)
{
	bool standard = strcmp(path, "-") == 0;
	FILE *file = standard ? stdin : fopen(path, "re");
	bool good = file != NULL && read_all(file, text);

	if (!good)
		ctl_complain(ctl, "%s: %s", path, strerror(errno));
	if (file != NULL && !standard)
		fclose(file);
	return good;
}

/* Whether it can be sent as text at all. */
static bool
check(const struct ctl *ctl, const char *path, const struct buf *text)
{
	if (!buf_ok(text))
		ctl_complain(ctl, "%s: larger than %zu MiB", path,
		    VARLINK_MAX_CALL >> 20);
	else if (strlen(buf_text(text)) != text->len ||
	    !utf8_valid(buf_text(text)))
		ctl_complain(ctl, "%s: no UTF-8 text", path);
	else
		return true;
	return false;
}

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

/* Once it is sent, nobody but the daemon knows. */
static int
unknown(const struct ctl *ctl, const struct error *error)
{
	ask_failed(ctl, error);
	ctl_complain(
	    ctl, "not known whether the event was accepted: keyguardctl list");
	return CTL_UNREACHABLE;
}

static int
call(
    const struct ctl *ctl, struct client *client, const char *event, bool waits)
{
	struct json_object *parameters;
	struct varlink_reply reply;
	struct error error;
	int status;

	if (!client_connect(client, ctl->socket, &error))
		return ask_failed(ctl, &error);
	parameters = doc_object();
	doc_put_string(parameters, "event", event);
	if (!client_call(client, "io.keyguard.Control.Inject", parameters,
		waits, &error))
		return strcmp(error.name, "Ctl.TooLong") == 0
		    ? ask_failed(ctl, &error)
		    : unknown(ctl, &error);
	if (!client_reply(client, false, &reply, &error))
		return unknown(ctl, &error);
	status = answer(ctl, client, &reply);
	varlink_reply_done(&reply);
	return status;
}

int
verb_inject(const struct ctl *ctl, const struct words *words)
{
	const char *path = words_get(words, "FILE");
	CLEANUP(buf_done) struct buf event = BUF_INIT(VARLINK_MAX_CALL);
	CLEANUP(client_done)
	struct client client = client_init(ctl->patience_ms);

	if (!read_file(ctl, path, &event) || !check(ctl, path, &event))
		return CTL_USAGE;
	return call(
	    ctl, &client, buf_text(&event), words_get(words, "--wait") != NULL);
}
