/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The persisted names of statuses and events, Step Functions' own; and what
 * follows from the events.
 */
#include "machine/history.h"

#include <stddef.h>
#include <string.h>

#include "machine/table.h"
#include "util/cleanup.h"
#include "util/doc.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const char *const statuses[] = {
	[STATUS_RUNNING] = "RUNNING",
	[STATUS_SUCCEEDED] = "SUCCEEDED",
	[STATUS_FAILED] = "FAILED",
	[STATUS_ABORTED] = "ABORTED",
};

static const char *const types[EVENT_TYPES] = {
	[EVENT_EXECUTION_STARTED] = "ExecutionStarted",
	[EVENT_EXECUTION_SUCCEEDED] = "ExecutionSucceeded",
	[EVENT_EXECUTION_FAILED] = "ExecutionFailed",
	[EVENT_EXECUTION_ABORTED] = "ExecutionAborted",
	[EVENT_EXECUTION_REDRIVEN] = "ExecutionRedriven",
	[EVENT_STATE_ENTERED] = "TaskStateEntered",
	[EVENT_STATE_EXITED] = "TaskStateExited",
	[EVENT_TASK_SCHEDULED] = "TaskScheduled",
	[EVENT_TASK_STARTED] = "TaskStarted",
	[EVENT_TASK_SUBMITTED] = "TaskSubmitted",
	[EVENT_TASK_SUCCEEDED] = "TaskSucceeded",
	[EVENT_TASK_FAILED] = "TaskFailed",
	[EVENT_TASK_TIMED_OUT] = "TaskTimedOut",
	[EVENT_STATE_ABORTED] = "TaskStateAborted",
};

/* {"Error":"IAM.ServiceFailure","Cause":"..."} */
static char *
error_text(const struct error *error)
{
	DOC_LATER struct json_object *doc = doc_object();

	doc_put_string(doc, "Error", error->name);
	doc_put_string(doc, "Cause", error->cause);
	return doc_text(doc);
}

char *
history_output(const char *input, const struct event *end, const char *path,
    struct error *error)
{
	FREE_LATER char *caught =
	    end->error != NULL ? error_text(end->error) : NULL;

	return table_result(
	    input, path, caught != NULL ? caught : end->data, error);
}

/* The index of a name in a list; -1 when it is not there. */
static int
find(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return (int)i;
	return -1;
}

const char *
status_name(enum status status)
{
	return statuses[status];
}

bool
status_parse(const char *name, enum status *ret_status)
{
	int found = find(statuses, COUNT(statuses), name);

	if (found >= 0)
		*ret_status = (enum status)found;
	return found >= 0;
}

const char *
event_type_name(enum event_type type)
{
	return types[type];
}

bool
event_type_parse(const char *name, enum event_type *ret_type)
{
	int found = find(types, COUNT(types), name);

	if (found >= 0)
		*ret_type = (enum event_type)found;
	return found >= 0;
}
