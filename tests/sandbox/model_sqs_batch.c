/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The batch forms of SQS: each entry succeeds or fails for itself, and the
 * answer is 200 even if all of them failed.
 */
#include "sandbox/model_sqs.h"

#include <ctype.h>
#include <string.h>

#include "sandbox/model_fault.h"
#include "sandbox/model_queue.h"
#include "util/doc.h"

#define ENTRIES_MAX 10
#define ID_MAX      80

typedef bool entry_run(struct call *call, struct queue *queue,
    struct json_object *entry, struct error *error);

static bool
good_id(const char *id)
{
	size_t len = id == NULL ? 0 : strlen(id);

	if (len == 0 || len > ID_MAX)
		return false;
	for (; *id != '\0'; id++)
		if (!isalnum((unsigned char)*id) && *id != '-' && *id != '_')
			return false;
	return true;
}

/* The Id of the i-th entry. */
static const char *
id_of(struct json_object *entries, size_t i)
{
	return doc_string(doc_element(entries, i), "Id");
}

static bool
check_ids(struct call *call, struct json_object *entries, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!good_id(id_of(entries, i)))
			return call_fail(call,
			    "AWS.SimpleQueueService.InvalidBatchEntryId", NULL);
		for (size_t j = 0; j < i; j++)
			if (strcmp(id_of(entries, i), id_of(entries, j)) == 0)
				return call_fail(call,
				    "AWS.SimpleQueueService."
				    "BatchEntryIdsNotDistinct",
				    "Id %s repeated.", id_of(entries, i));
	}
	return true;
}

static bool
check_entries(struct call *call, struct json_object *entries)
{
	size_t count = doc_count(entries, "");

	if (count == 0)
		return call_fail(
		    call, "AWS.SimpleQueueService.EmptyBatchRequest", NULL);
	if (count > ENTRIES_MAX)
		return call_fail(call,
		    "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
		    "Maximum number of entries per request are 10. You have "
		    "sent %zu.",
		    count);
	return check_ids(call, entries, count);
}

/* Whether the fault wants the i-th entry to fail; says how. */
static bool
struck(const struct call *call, size_t i, struct error *error)
{
	const struct fault *fault = call->fault;

	if (!fault_is(call, FAULT_FAIL_ENTRY) ||
	    (fault->entry >= 0 && (size_t)fault->entry != i))
		return false;
	error_set(error, fault->code == NULL ? "InternalError" : fault->code,
	    "%s", fault->message == NULL ? "Internal error" : fault->message);
	return true;
}

static struct json_object *
failed(const struct call *call, const char *id, const struct error *error,
    bool by_fault)
{
	struct json_object *out = doc_object();

	doc_put_string(out, "Id", id);
	doc_put_string(out, "Code", error->name);
	doc_put_string(out, "Message", error->cause);
	doc_put_bool(
	    out, "SenderFault", by_fault ? call->fault->sender_fault : true);
	return out;
}

static bool
run_batch(struct call *call, entry_run *run)
{
	struct queue *queue = sqs_queue(call);
	struct json_object *entries = doc_at(call->params, "Entries");
	struct json_object *good = doc_array(), *bad = doc_array();

	call->result = doc_object();
	doc_put(call->result, "Successful", good);
	doc_put(call->result, "Failed", bad);
	if (queue == NULL || !check_entries(call, entries))
		return false;
	for (size_t i = 0; i < doc_count(entries, ""); i++) {
		struct json_object *entry = doc_element(entries, i);
		struct error error;
		bool by_fault = struck(call, i, &error);

		if (!by_fault && run(call, queue, entry, &error)) {
			struct json_object *out = doc_object();

			doc_put_string(out, "Id", id_of(entries, i));
			doc_push(good, out);
			continue;
		}
		doc_push(
		    bad, failed(call, id_of(entries, i), &error, by_fault));
	}
	return true;
}

static const char *
handle_of(struct json_object *entry)
{
	const char *handle = doc_string(entry, "ReceiptHandle");

	return handle == NULL ? "" : handle;
}

static bool
delete_entry(struct call *call, struct queue *queue, struct json_object *entry,
    struct error *error)
{
	return queue_delete(call->model, queue, handle_of(entry),
	    fault_is(call, FAULT_REVIVE), error);
}

static bool
hide_entry(struct call *call, struct queue *queue, struct json_object *entry,
    struct error *error)
{
	return queue_hide(call->model, queue, handle_of(entry),
	    doc_int(entry, "VisibilityTimeout", -1), call->now_ms, error);
}

bool
sqs_do_delete_batch(struct call *call)
{
	return run_batch(call, delete_entry);
}

bool
sqs_do_hide_batch(struct call *call)
{
	return run_batch(call, hide_entry);
}
