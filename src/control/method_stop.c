/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stop: an execution is aborted, whatever it waits for. What has FAILED waits
 * to be redriven; that this is not done any more takes a redrive that goes
 * nowhere.
 */
#include <stddef.h>

#include "control/call.h"
#include "control/control.h"
#include "control/deed.h"
#include "control/methods.h"
#include "machine/engine.h"
#include "machine/operate.h"
#include "store/read.h"
#include "util/doc.h"
#include "util/error.h"

static bool
act(struct deed *deed, const struct store_execution *execution,
    const struct event *events, size_t count, struct error *error)
{
	struct engine *engine = deed->call->host->engine;
	const struct standing *standing = &execution->standing;

	if (engine_stop(engine, deed->name, deed->by))
		return true;
	if (engine_running(engine, deed->name))
		return true; /* its end is not durable yet: we hear of it */
	if (standing->status == STATUS_RUNNING)
		return error_set(error, "Daemon.NotResumed",
		    "the store has it as RUNNING, but it was not resumed");
	if (standing->status != STATUS_FAILED)
		return error_set(error, "Daemon.NotRunning", "it is %s",
		    status_name(standing->status));
	return engine_redrive(engine, deed->name, standing, events, count,
		   deed->by, error) &&
	    engine_stop(engine, deed->name, deed->by);
}

void
method_stop(struct call *call, struct json_object *parameters)
{
	static const struct deed_kind stop = {
		.name = "stop",
		.act = act,
		.shows = EVENT_EXECUTION_ABORTED,
		.refusal = CONTROL_NOT_RUNNING,
	};

	deed_begin(call, &stop, doc_string(parameters, "name"));
}
