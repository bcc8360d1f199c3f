/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From rows to documents. A history stores nothing twice: the input of a state
 * is the output of the one before, and an attempt's call is that of its
 * TaskScheduled. Who has all events at hand gets it told again.
 */
#include "control/render.h"

#include <string.h>

#include "machine/history.h"
#include "store/read.h"
#include "util/alloc.h"
#include "util/doc.h"
#include "util/error.h"

/* What the events so far have told. */
struct past {
	const char *data;     /* input of what follows */
	const char *resource; /* of the last TaskScheduled */
	int64_t redrives;     /* so far; 0: not known */
};

typedef void put_details(struct json_object *details, const struct event *event,
    const struct past *past);

static void
put_failure(struct json_object *doc, const struct error *error)
{
	if (error == NULL)
		return;
	doc_put_string(doc, "error", error->name);
	if (error->cause[0] != '\0')
		doc_put_string(doc, "cause", error->cause);
	if (error->request_id[0] != '\0')
		doc_put_string(doc, "requestId", error->request_id);
}

/* "iam:deleteAccessKey" */
static void
put_resource(struct json_object *doc, const char *resource)
{
	size_t len = resource == NULL ? 0 : strcspn(resource, ":");

	if (len == 0 || resource[len] == '\0')
		return;
	FREE_LATER char *type = xmemdup0(resource, len);

	doc_put_string(doc, "resourceType", type);
	doc_put_string(doc, "resource", resource + len + 1);
}

/* ---- details, by type ---- */

static void
put_started(struct json_object *details, const struct event *event,
    const struct past *past)
{
	(void)past;
	doc_put_string(details, "input", event->data);
	doc_put_string(details, "origin", event->resource);
}

static void
put_redriven(struct json_object *details, const struct event *event,
    const struct past *past)
{
	if (past->redrives > 0)
		doc_put_int(details, "redriveCount", past->redrives);
	doc_put_string(details, "origin", event->resource);
}

static void
put_output(struct json_object *details, const struct event *event,
    const struct past *past)
{
	doc_put_string(
	    details, "output", event->data == NULL ? past->data : event->data);
}

static void
put_error(struct json_object *details, const struct event *event,
    const struct past *past)
{
	(void)past;
	put_failure(details, event->error);
}

static void
put_entered(struct json_object *details, const struct event *event,
    const struct past *past)
{
	doc_put_string(details, "name", event->state);
	doc_put_string(details, "input", past->data);
}

static void
put_exited(struct json_object *details, const struct event *event,
    const struct past *past)
{
	(void)past;
	doc_put_string(details, "name", event->state);
	doc_put_string(details, "output", event->data);
}

static void
put_call(struct json_object *details, const struct event *event,
    const struct past *past)
{
	put_resource(details,
	    event->resource == NULL ? past->resource : event->resource);
}

static void
put_result(struct json_object *details, const struct event *event,
    const struct past *past)
{
	put_call(details, event, past);
	doc_put_string(details, "output", event->data);
}

static void
put_task_error(struct json_object *details, const struct event *event,
    const struct past *past)
{
	put_call(details, event, past);
	put_failure(details, event->error);
}

/* The member that has the details of each type; types without have none. */
static const struct {
	const char *member;
	put_details *put;
} details_of[EVENT_TYPES] = {
	[EVENT_EXECUTION_STARTED] = { "executionStartedEventDetails",
	    put_started },
	[EVENT_EXECUTION_SUCCEEDED] = { "executionSucceededEventDetails",
	    put_output },
	[EVENT_EXECUTION_FAILED] = { "executionFailedEventDetails", put_error },
	[EVENT_EXECUTION_ABORTED] = { "executionAbortedEventDetails",
	    put_error },
	[EVENT_EXECUTION_REDRIVEN] = { "executionRedrivenEventDetails",
	    put_redriven },
	[EVENT_STATE_ENTERED] = { "stateEnteredEventDetails", put_entered },
	[EVENT_STATE_EXITED] = { "stateExitedEventDetails", put_exited },
	[EVENT_TASK_SCHEDULED] = { "taskScheduledEventDetails", put_call },
	[EVENT_TASK_STARTED] = { "taskStartedEventDetails", put_call },
	[EVENT_TASK_SUBMITTED] = { "taskSubmittedEventDetails", put_result },
	[EVENT_TASK_SUCCEEDED] = { "taskSucceededEventDetails", put_result },
	[EVENT_TASK_FAILED] = { "taskFailedEventDetails", put_task_error },
	[EVENT_TASK_TIMED_OUT] = { "taskTimedOutEventDetails", put_task_error },
};

/* As Step Functions has it: nothing comes before the first event, nor before
 * the first state. */
static int64_t
previous(const struct event *event)
{
	bool first_state = event->id == 2 && event->type == EVENT_STATE_ENTERED;

	return first_state ? 0 : event->id - 1;
}

static struct json_object *
render(const struct event *event, const struct past *past)
{
	struct json_object *doc = doc_object(), *details;

	doc_put_int(doc, "id", event->id);
	doc_put_int(doc, "previousEventId", previous(event));
	doc_put_time(doc, "timestamp", event->wall_ms);
	doc_put_string(doc, "type", event_type_name(event->type));
	if (details_of[event->type].put == NULL)
		return doc;
	details = doc_object();
	details_of[event->type].put(details, event, past);
	doc_put(doc, details_of[event->type].member, details);
	return doc;
}

struct json_object *
render_event(const struct event *event)
{
	return render(event, &(struct past){ 0 });
}

/* ---- executions ---- */

struct json_object *
render_execution(const struct store_execution *execution)
{
	const struct standing *standing = &execution->standing;
	struct json_object *doc = doc_object();

	doc_put_string(doc, "name", execution->name);
	doc_put_string(doc, "status", status_name(standing->status));
	doc_put_string(doc, "outcome", standing->outcome);
	doc_put_time(doc, "startDate", execution->start_wall_ms);
	doc_put_time(doc, "stopDate", execution->stop_wall_ms);
	doc_put_time(doc, "dueDate", standing->due_wall_ms);
	doc_put_string(doc, "account", standing->tags[TAG_ACCOUNT]);
	doc_put_string(doc, "accessKeyId", standing->tags[TAG_KEY]);
	doc_put_string(doc, "userName", standing->tags[TAG_USER]);
	doc_put_string(doc, "containedBy", execution->contained_by);
	return doc;
}

/* What the last event says about the end; after a redrive there is none. */
static void
put_end(struct json_object *doc, const struct event *last, const char *data)
{
	if (last->type == EVENT_EXECUTION_SUCCEEDED)
		doc_put_string(doc, "output", data);
	else if (last->error != NULL &&
	    (last->type == EVENT_EXECUTION_FAILED ||
		last->type == EVENT_EXECUTION_ABORTED)) {
		doc_put_string(doc, "error", last->error->name);
		if (last->error->cause[0] != '\0')
			doc_put_string(doc, "cause", last->error->cause);
	}
}

struct json_object *
render_history(const struct store_execution *execution,
    const struct event *events, size_t count)
{
	struct json_object *doc = render_execution(execution);
	struct json_object *list = doc_array();
	struct past past = { 0 };

	for (size_t i = 0; i < count; i++) {
		const struct event *event = &events[i];

		past.redrives += event->type == EVENT_EXECUTION_REDRIVEN;
		if (event->type == EVENT_TASK_SCHEDULED)
			past.resource = event->resource;
		doc_push(list, render(event, &past));
		if (event->type == EVENT_EXECUTION_STARTED ||
		    event->type == EVENT_STATE_EXITED)
			past.data = event->data;
	}
	doc_put_int(doc, "redriveCount", past.redrives);
	if (count > 0) {
		doc_put_string(doc, "input", events[0].data);
		put_end(doc, &events[count - 1], past.data);
	}
	doc_put(doc, "events", list);
	return doc;
}

/* ---- failures and refusals ---- */

struct json_object *
render_failure(const struct error *error)
{
	struct json_object *doc = doc_object();

	put_failure(doc, error);
	return doc;
}

struct json_object *
render_rejected(const struct rejected *rejected)
{
	struct json_object *doc = doc_object();
	FREE_LATER char *body = xmemdup0(rejected->body, rejected->body_len);

	/* A NUL would end it; the rest that is no text doc replaces alike. */
	for (size_t i = 0; i < rejected->body_len; i++)
		if (body[i] == '\0')
			body[i] = '?';
	doc_put_int(doc, "id", rejected->id);
	doc_put_time(doc, "receivedDate", rejected->received_wall_ms);
	doc_put_string(doc, "messageId", rejected->message_id);
	doc_put_string(doc, "error", rejected->error);
	doc_put_string(doc, "cause", rejected->cause);
	doc_put_string(doc, "body", body);
	return doc;
}
