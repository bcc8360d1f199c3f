/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Backup: a copy of the store, piece by piece. The next one is read when the
 * last has left, so that a client which does not keep up costs no memory; when
 * it goes, the copy goes.
 */
#include <stdlib.h>

#include "control/call.h"
#include "control/control.h"
#include "control/methods.h"
#include "control/who.h"
#include "store/backup.h"
#include "util/alloc.h"
#include "util/base64.h"
#include "util/cleanup.h"
#include "util/doc.h"
#include "util/log.h"

struct copying {
	struct call *call;
	struct who_asker who;
	struct store_backup *backup; /* NULL: not begun */
	char *by;
	bool done;          /* the client has all of it */
	struct error error; /* no name: none */
};

/* How it ended, whichever way. */
static void
tell_end(const struct copying *copying)
{
	const struct error *error = &copying->error;

	if (error->name[0] != '\0')
		log_with(LEVEL_WARNING,
		    LOG_FIELDS({ "KEYGUARD_BY", copying->by },
			{ "KEYGUARD_ERROR", error->name }),
		    "copy of the store: failed: %s: %s", error->name,
		    error->cause);
	else
		log_with(LEVEL_NOTICE,
		    LOG_FIELDS({ "KEYGUARD_BY", copying->by }),
		    "copy of the store: %s",
		    copying->done ? "handed out" : "broken off");
}

static void
release(void *held)
{
	struct copying *copying = held;

	who_unask(&copying->who);
	if (copying->backup != NULL)
		tell_end(copying);
	store_backup_free(copying->backup);
	free(copying->by);
	free(copying);
}

static void
next(void *held)
{
	struct copying *copying = held;

	store_backup_next(copying->backup);
}

/* Says one thing, and takes the next step when that has left. */
static void
say(struct copying *copying, struct json_object *doc)
{
	call_continue(copying->call, doc);
	call_when_drained(copying->call, next);
}

static void
fail(struct copying *copying, const struct error *error)
{
	copying->error = *error;
	call_fail_for(copying->call, CONTROL_STORE_FAILED, error);
}

static void
on_made(void *arg, int64_t bytes, const struct error *error)
{
	struct copying *copying = arg;
	struct json_object *doc;

	if (error != NULL) {
		fail(copying, error);
		return;
	}
	doc = doc_object();
	doc_put_int(doc, "bytes", bytes);
	say(copying, doc);
}

static void
on_piece(void *arg, const void *bytes, size_t len, const struct error *error)
{
	struct copying *copying = arg;
	FREE_LATER char *text = NULL;
	struct json_object *doc;

	if (error != NULL) {
		fail(copying, error);
		return;
	}
	doc = doc_object();
	if (len == 0) {
		copying->done = true;
		call_reply(copying->call, doc);
		return;
	}
	text = base64_encode(bytes, len);
	doc_put_string(doc, "piece", text);
	say(copying, doc);
}

static void
on_told(void *arg, const char *by)
{
	struct copying *copying = arg;
	const struct store_backup_events events = {
		.on_made = on_made,
		.on_piece = on_piece,
		.arg = copying,
	};

	log_with(LEVEL_NOTICE, LOG_FIELDS({ "KEYGUARD_BY", by }),
	    "copy of the store: asked for by the control socket: %s", by);
	copying->by = xstrdup(by);
	copying->backup = store_backup_new(copying->call->host->store, &events);
}

void
method_backup(struct call *call, struct json_object *parameters)
{
	struct copying *copying = xzalloc(sizeof *copying);

	(void)parameters;
	copying->call = call;
	call_hold(call, copying, release);
	call_who(call, "backup", &copying->who, on_told, copying);
}
