/* SPDX-License-Identifier: Apache-2.0 */
/* List: a page of executions. */
#include <string.h>

#include "control/call.h"
#include "control/control.h"
#include "control/methods.h"
#include "control/reading.h"
#include "control/render.h"
#include "control/varlink.h"
#include "store/read.h"
#include "util/doc.h"

enum { LIMIT = 100, LIMIT_MAX = 1000 };

static void
on_listed(void *arg, const struct store_execution *rows, size_t count,
    const char *next, const struct error *error)
{
	struct reading *reading = arg;
	struct json_object *doc, *list;

	if (error != NULL && strcmp(error->name, "Store.BadToken") == 0) {
		reading->read = NULL;
		call_fail_with(
		    reading->call, CONTROL_BAD_TOKEN, "after", reading->asked);
		return;
	}
	if (!reading_ended(reading, error))
		return;
	doc = doc_object();
	list = doc_array();
	for (size_t i = 0; i < count; i++)
		doc_push(list, render_execution(&rows[i]));
	doc_put(doc, "executions", list);
	doc_put_string(doc, "nextToken", next);
	call_reply(reading->call, doc);
}

void
method_list(struct call *call, struct json_object *parameters)
{
	const char *status = doc_string(parameters, "status");
	int64_t limit = doc_int(parameters, "limit", LIMIT);
	struct store_query query = {
		.by_status = status != NULL,
		.outcome = doc_string(parameters, "outcome"),
		.after = doc_string(parameters, "after"),
		.limit = (size_t)limit,
	};
	struct reading *reading;

	if (limit < 1 || limit > LIMIT_MAX) {
		call_fail_with(
		    call, VARLINK_INVALID_PARAMETER, "parameter", "limit");
		return;
	}
	if (status != NULL)
		status_parse(status, &query.status);
	reading = reading_new(call, query.after);
	reading->read =
	    store_list(call->host->store, &query, on_listed, reading);
}
