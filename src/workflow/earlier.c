/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store names the newest execution that contained the key; its history has
 * the result of its deletion. Where that one had found the key gone as well,
 * its result names the execution that did delete it, and is passed on.
 */
#include "workflow/earlier.h"

#include <stdlib.h>
#include <string.h>

#include "store/read.h"
#include "util/alloc.h"
#include "util/doc.h"
#include "workflow/exposed_key.h"

struct earlier {
	struct store *store;
	struct store_read *read;
	earlier_found *done;
	void *arg;
};

static void
finish(struct earlier *earlier, struct json_object *result,
    const struct error *error)
{
	struct earlier copy = *earlier;

	free(earlier);
	copy.done(copy.arg, result, error);
}

static struct json_object *
deletion_of(const char *name, const struct event *events, size_t count)
{
	const char *state = exposed_key.states[DELETE_KEY].name;
	struct json_object *result = NULL;

	for (size_t i = 0; i < count && result == NULL; i++)
		if (events[i].type == EVENT_TASK_SUCCEEDED &&
		    strcmp(events[i].state, state) == 0)
			result = doc_parse(
			    events[i].data, strlen(events[i].data), NULL);
	if (result != NULL && doc_string(result, "DeletedBy") == NULL)
		doc_put_string(result, "DeletedBy", name);
	return result;
}

static void
on_shown(void *arg, const struct store_execution *execution,
    const struct event *events, size_t count, const struct error *error)
{
	struct json_object *result = NULL;

	if (execution != NULL)
		result = deletion_of(execution->name, events, count);
	finish(arg, result, error);
}

static void
on_found(void *arg, const struct store_execution *execution,
    const struct error *error)
{
	struct earlier *earlier = arg;

	if (execution == NULL)
		finish(earlier, NULL, error);
	else
		earlier->read = store_show(
		    earlier->store, execution->name, on_shown, earlier);
}

struct earlier *
earlier_find(
    struct store *store, const char *key_id, earlier_found *done, void *arg)
{
	struct earlier *earlier = xzalloc(sizeof *earlier);

	earlier->store = store;
	earlier->done = done;
	earlier->arg = arg;
	earlier->read = store_contained(store, key_id, on_found, earlier);
	return earlier;
}

void
earlier_cancel(struct earlier *earlier)
{
	store_read_cancel(earlier->read);
	free(earlier);
}
