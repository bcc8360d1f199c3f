/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Retry: what has ended without containing its key is tried anew, by a new
 * execution; then the old one is not to be retried by itself as well.
 */
#include <stddef.h>

#include "control/call.h"
#include "control/control.h"
#include "control/deed.h"
#include "control/methods.h"
#include "loop/loop.h"
#include "util/doc.h"
#include "workflow/retry.h"

static bool
act(struct deed *deed, const struct store_execution *execution,
    const struct event *events, size_t count, struct error *error)
{
	const struct control_host *host = deed->call->host;

	return retry_start(host->engine, loop_random(host->loop), execution,
	    events, count, deed->by, &deed->result, error);
}

void
method_retry(struct call *call, struct json_object *parameters)
{
	static const struct deed_kind retry = {
		.name = "retry",
		.act = act,
		.shows = EVENT_EXECUTION_STARTED,
		.refusal = CONTROL_NOT_UNCONTAINED,
		.settles = true,
	};

	deed_begin(call, &retry, doc_string(parameters, "name"));
}
