/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Follows by name: what was heard of last is remembered for each execution, so
 * that after a lost connection Watch goes on from there. The patience begins
 * anew with each answer, not with each connection: a daemon that comes and goes
 * without a word is given up as well.
 */
#include "ctl/follow.h"

#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "ctl/ask.h"
#include "ctl/client.h"
#include "ctl/ctl.h"
#include "ctl/print.h"
#include "ctl/story.h"
#include "ctl/wrap.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/doc.h"

enum {
	PAUSE_MS = 250,    /* between two tries to connect */
	GAP = 2,           /* blanks between two columns */
	LEAST = 16,        /* columns for a text, however narrow it is */
	NO_TERMINAL = 160, /* columns of a line that is cut */
};

struct followed {
	const char *name;
	const char *key; /* what to call it: its key if it has one */
	int64_t last;    /* id of its last event that was told */
};

struct follow {
	const struct ctl *ctl;
	struct client *client;
	struct followed *each;
	size_t count;
	int64_t give_up_at; /* monotonic ms; 0: the daemon is there */
};

static int64_t
now_ms(void)
{
	const struct clock clock = clock_real();

	return clock_mono_ms(&clock);
}

/* ---- what is printed ---- */

/* Whether it tells a result: data of any length, of which one line is shown. */
static bool
tells_data(struct json_object *event)
{
	struct json_object *details = story_details(event);

	return doc_string(details, "output") != NULL &&
	    doc_string(details, "name") == NULL;
}

/* Behind the first `used` columns of a line, and below each other. */
static void
tell_text(const struct ctl *ctl, char *lines, int used, bool first_only)
{
	int indent = GAP;
	char *line;

	while ((line = strsep(&lines, "\n")) != NULL) {
		fprintf(
		    ctl->out, "%*s%s\n", *line == '\0' ? 0 : indent, "", line);
		indent = used + GAP;
		if (first_only)
			return;
	}
}

static void
tell(const struct ctl *ctl, const struct followed *followed,
    struct json_object *event)
{
	FREE_LATER char *time =
	    print_clock(doc_string(event, "timestamp"), NULL);
	FREE_LATER char *key = print_clean(followed->key);
	FREE_LATER char *type = print_clean(doc_string(event, "type"));
	FREE_LATER char *text = story_text(event);
	FREE_LATER char *clean = print_clean(text);
	bool data = tells_data(event);
	int width = ctl->width > 0 ? ctl->width : data ? NO_TERMINAL : INT_MAX;
	int used = fprintf(ctl->out, "%s  %s  %-18s", time, key, type);
	int room = width - used - GAP;
	FREE_LATER char *lines =
	    wrap(clean, (size_t)(room > LEAST ? room : LEAST));

	tell_text(ctl, lines, used, data);
	fflush(ctl->out);
}

static void
hear(struct follow *follow, struct json_object *parameters)
{
	const char *name = doc_string(parameters, "name");
	struct json_object *event = doc_at(parameters, "event");

	for (size_t i = 0; name != NULL && i < follow->count; i++) {
		struct followed *followed = &follow->each[i];

		if (strcmp(followed->name, name) != 0)
			continue;
		followed->last = doc_int(event, "id", followed->last);
		if (!follow->ctl->json)
			tell(follow->ctl, followed, event);
	}
}

/* ---- the connection ---- */

static bool
connect_anew(struct follow *follow, struct error *error)
{
	struct json_object *parameters, *names, *after;

	if (!client_connect(follow->client, follow->ctl->socket, error))
		return false;
	parameters = doc_object();
	names = doc_array();
	after = doc_object();
	for (size_t i = 0; i < follow->count; i++) {
		const struct followed *followed = &follow->each[i];

		doc_push(names, doc_new_string(followed->name));
		doc_put_int(after, followed->name, followed->last);
	}
	doc_put(parameters, "names", names);
	doc_put(parameters, "after", after);
	return client_call(follow->client, "io.keyguard.Control.Watch",
	    parameters, true, error);
}

/* Tries until the daemon is there again; false when the patience is over. */
static bool
find_again(struct follow *follow)
{
	struct error error;

	if (follow->give_up_at == 0) {
		ctl_complain(follow->ctl,
		    "the daemon has hung up; waiting for it to return");
		follow->give_up_at = now_ms() + follow->ctl->patience_ms;
	}
	do {
		poll(NULL, 0, PAUSE_MS);
		if (connect_anew(follow, &error))
			return true;
	} while (now_ms() < follow->give_up_at);
	return false;
}

static int
give_up(const struct follow *follow)
{
	for (size_t i = 0; i < follow->count; i++)
		ctl_complain(follow->ctl,
		    "not known how it ended: keyguardctl show %s",
		    follow->each[i].name);
	return CTL_UNREACHABLE;
}

/* ---- until the end ---- */

/* -1 to go on, or how to exit. */
static int
take(struct follow *follow, const struct varlink_reply *reply,
    struct json_object **ret_ended)
{
	follow->give_up_at = 0;
	if (reply->error != NULL)
		return ask_refused(follow->ctl, reply);
	hear(follow, reply->parameters);
	if (reply->continues)
		return -1;
	*ret_ended = json_object_get(doc_at(reply->parameters, "executions"));
	return CTL_DONE;
}

static int
see_through(struct follow *follow, struct json_object **ret_ended)
{
	struct varlink_reply reply;
	struct error error;
	int status = -1;

	while (status < 0) {
		if (client_reply(follow->client, true, &reply, &error)) {
			status = take(follow, &reply, ret_ended);
			varlink_reply_done(&reply);
		} else if (!find_again(follow)) {
			return give_up(follow);
		}
	}
	return status;
}

int
follow(const struct ctl *ctl, struct client *client,
    struct json_object *started, struct json_object **ret_ended)
{
	size_t count = doc_count(started, "");
	FREE_LATER struct followed *each = xcalloc(count, sizeof *each);
	struct follow self = { ctl, client, each, count, 0 };

	for (size_t i = 0; i < count; i++) {
		struct json_object *row = doc_element(started, i);
		const char *name = doc_string(row, "name");
		const char *key = doc_string(row, "accessKeyId");

		each[i].name = name == NULL ? "" : name;
		each[i].key = key == NULL ? each[i].name : key;
	}
	return see_through(&self, ret_ended);
}
