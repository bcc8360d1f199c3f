/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rejected: refused messages with their bodies. Those may be large, so it is
 * bytes that bound a page, and only a few are read at once.
 */
#include <string.h>

#include "control/call.h"
#include "control/control.h"
#include "control/methods.h"
#include "control/reading.h"
#include "control/render.h"
#include "store/read.h"
#include "util/doc.h"

enum { ROWS = 16 };

#define BYTES ((size_t)4 << 20) /* of one answer, unless one row has more */

static size_t
written(struct json_object *doc)
{
	FREE_LATER char *text = doc_text(doc);

	return strlen(text);
}

static void
on_listed(void *arg, const struct rejected *rows, size_t count,
    const struct error *error)
{
	struct reading *reading = arg;
	struct json_object *doc, *list;
	size_t bytes = 0;

	if (!reading_ended(reading, error))
		return;
	doc = doc_object();
	list = doc_array();
	for (size_t i = 0; i < count && bytes < BYTES; i++) {
		struct json_object *row = render_rejected(&rows[i]);

		bytes += written(row);
		doc_push(list, row);
	}
	doc_put(doc, "rejected", list);
	call_reply(reading->call, doc);
}

void
method_rejected(struct call *call, struct json_object *parameters)
{
	struct reading *reading = reading_new(call, NULL);

	reading->read = store_rejected(call->host->store,
	    doc_int(parameters, "before", 0), ROWS, on_listed, reading);
}
