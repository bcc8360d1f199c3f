/* SPDX-License-Identifier: Apache-2.0 */
/* Describe: one execution and its whole history. */
#include <stddef.h>

#include "control/call.h"
#include "control/control.h"
#include "control/methods.h"
#include "control/reading.h"
#include "control/render.h"
#include "store/read.h"
#include "util/doc.h"

static void
on_shown(void *arg, const struct store_execution *execution,
    const struct event *events, size_t count, const struct error *error)
{
	struct reading *reading = arg;

	if (!reading_ended(reading, error))
		return;
	if (execution == NULL) {
		call_fail_with(reading->call, CONTROL_NO_SUCH_EXECUTION, "name",
		    reading->asked);
		return;
	}
	call_reply(reading->call, render_history(execution, events, count));
}

void
method_describe(struct call *call, struct json_object *parameters)
{
	struct reading *reading =
	    reading_new(call, doc_string(parameters, "name"));

	reading->read =
	    store_show(call->host->store, reading->asked, on_shown, reading);
}
