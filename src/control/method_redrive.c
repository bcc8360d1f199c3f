/* SPDX-License-Identifier: Apache-2.0 */
/* Redrive: what has FAILED goes on from the state it failed in. */
#include <stddef.h>

#include "control/call.h"
#include "control/control.h"
#include "control/deed.h"
#include "control/methods.h"
#include "machine/operate.h"
#include "store/read.h"
#include "util/doc.h"

static bool
act(struct deed *deed, const struct store_execution *execution,
    const struct event *events, size_t count, struct error *error)
{
	return engine_redrive(deed->call->host->engine, deed->name,
	    &execution->standing, events, count, deed->by, error);
}

void
method_redrive(struct call *call, struct json_object *parameters)
{
	static const struct deed_kind redrive = {
		.name = "redrive",
		.act = act,
		.shows = EVENT_EXECUTION_REDRIVEN,
		.refusal = CONTROL_NOT_FAILED,
	};

	deed_begin(call, &redrive, doc_string(parameters, "name"));
}
