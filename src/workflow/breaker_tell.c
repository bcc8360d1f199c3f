/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Security hears of a trip as it hears of all else: by an execution, which has
 * no key and so ends by the catch. Its name is made of account and time, so
 * that after a restart it is told once all the same.
 */
#include <inttypes.h>
#include <string.h>

#include "machine/engine.h"
#include "util/alloc.h"
#include "util/doc.h"
#include "util/duration.h"
#include "util/stamp.h"
#include "workflow/breaker_private.h"
#include "workflow/name.h"

void
breaker_explain(const struct account *account, struct error *error)
{
	FREE_LATER char *window = duration_text(account->window_ms);
	char until[STAMP_RFC3339];

	stamp_rfc3339(breaker_end(account), until);
	error_set(error, "Response.TooMany",
	    "more than %" PRId64 " key%s of account %s in %s: deletions are "
	    "held, until keyguardctl resume or until %s",
	    account->max, account->max == 1 ? "" : "s", account->name, window,
	    until);
}

/* The caller frees it. */
static char *
compose_name(const struct account *account)
{
	FREE_LATER char *what =
	    xasprintf("%s %" PRId64, account->name, account->tripped_ms);

	return name_of(account->name, "Response.TooMany", what, strlen(what));
}

/* What message.c makes its text of. */
static struct json_object *
facts_of(const struct account *account)
{
	FREE_LATER char *window = duration_text(account->window_ms);
	struct json_object *facts = doc_object();
	struct error error;

	breaker_explain(account, &error);
	doc_put_string(facts, "Error", error.name);
	doc_put_string(facts, "Cause", error.cause);
	doc_put_int(facts, "MaxPerWindow", account->max);
	doc_put_string(facts, "Window", window);
	doc_put_time(facts, "TrippedDate", account->tripped_ms);
	doc_put_time(facts, "ResumeDate", breaker_end(account));
	return facts;
}

void
breaker_tell(const struct account *account)
{
	DOC_LATER struct json_object *input = doc_object();
	FREE_LATER char *name = compose_name(account);
	FREE_LATER char *text = NULL;

	doc_put_string(input, "account", account->name);
	doc_put(input, "keyguard", facts_of(account));
	text = doc_text(input);
	engine_start(account->breaker->engine,
	    &(struct engine_order){
		.name = name,
		.input = text,
		.origin = "breaker",
		.tags = { [TAG_ACCOUNT] = account->name },
	    });
}
