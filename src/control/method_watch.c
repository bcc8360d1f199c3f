/* SPDX-License-Identifier: Apache-2.0 */
/* Watch: what happens, as it happens. */
#include <json-c/json.h>

#include "control/call.h"
#include "control/methods.h"
#include "control/varlink.h"
#include "control/watch.h"
#include "util/alloc.h"
#include "util/doc.h"

enum { NAMES_MAX = 10000 };

void
method_watch(struct call *call, struct json_object *parameters)
{
	struct json_object *list = doc_at(parameters, "names");
	struct json_object *known = doc_at(parameters, "after"), *id;
	size_t count = doc_count(list, "");
	FREE_LATER const char **names = xcalloc(count, sizeof *names);
	FREE_LATER int64_t *after = xcalloc(count, sizeof *after);

	if (list == NULL) {
		watch_all(call);
		return;
	}
	if (count > NAMES_MAX) {
		call_fail_with(
		    call, VARLINK_INVALID_PARAMETER, "parameter", "names");
		return;
	}
	for (size_t i = 0; i < count; i++) {
		names[i] = doc_string(doc_element(list, i), "");
		/* A name may have a dot: no path. */
		if (json_object_object_get_ex(known, names[i], &id))
			after[i] = doc_int(id, "", 0);
	}
	watch_executions(call, names, after, count);
}
