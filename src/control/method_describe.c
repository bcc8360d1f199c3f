/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Describe: one execution and its whole history. If it could not contain its
 * key, another one may have, before or since: whoever asks what became of the
 * key wants to hear of it.
 */
#include <stddef.h>
#include <string.h>

#include "control/call.h"
#include "control/control.h"
#include "control/methods.h"
#include "control/reading.h"
#include "control/render.h"
#include "store/read.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"
#include "workflow/exposed_key.h"

static bool
left_alive(const struct standing *standing)
{
	return standing->outcome != NULL &&
	    strcmp(standing->outcome, OUTCOME_UNCONTAINED) == 0 &&
	    standing->tags[TAG_ACCOUNT] != NULL &&
	    standing->tags[TAG_KEY] != NULL;
}

/* Without it the answer is less, but still one. */
static void
on_contained(
    void *arg, const struct store_execution *other, const struct error *error)
{
	struct reading *reading = arg;

	(void)error;
	reading->read = NULL;
	if (other != NULL)
		doc_put_string(reading->answer, "containedBy", other->name);
	call_reply(reading->call, STEAL(reading->answer));
}

static void
on_shown(void *arg, const struct store_execution *execution,
    const struct event *events, size_t count, const struct error *error)
{
	struct reading *reading = arg;
	struct json_object *answer;

	if (!reading_ended(reading, error))
		return;
	if (execution == NULL) {
		call_fail_with(reading->call, CONTROL_NO_SUCH_EXECUTION, "name",
		    reading->asked);
		return;
	}
	answer = render_history(execution, events, count);
	if (!left_alive(&execution->standing)) {
		call_reply(reading->call, answer);
		return;
	}
	reading->answer = answer;
	reading->read = store_contained(reading->call->host->store,
	    execution->standing.tags[TAG_ACCOUNT],
	    execution->standing.tags[TAG_KEY], on_contained, reading);
}

void
method_describe(struct call *call, struct json_object *parameters)
{
	struct reading *reading =
	    reading_new(call, doc_string(parameters, "name"));

	reading->read =
	    store_show(call->host->store, reading->asked, on_shown, reading);
}
