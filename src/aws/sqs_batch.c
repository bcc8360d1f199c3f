/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQS: the batches. An answer says 200 even when every entry failed; what it
 * says nothing about, or two things, counts as not done.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "aws/answer.h"
#include "aws/failure_table.h"
#include "aws/sqs.h"
#include "aws/sqs_start.h"
#include "util/doc.h"

/* What became of each entry. */
struct results {
	struct error error[SQS_BATCH];
	const struct error *at[SQS_BATCH];
};

/* The place of an entry of the answer in the request: its id. */
static bool
place_of(struct json_object *entry, size_t count, size_t *ret_place)
{
	const char *id = doc_string(entry, "Id");

	if (id == NULL || id[0] < '0' || id[0] > '9' || id[1] != '\0' ||
	    (size_t)(id[0] - '0') >= count)
		return false;
	*ret_place = (size_t)(id[0] - '0');
	return true;
}

static void
read_failure(struct json_object *entry, struct error *error)
{
	const char *code = doc_string(entry, "Code");
	const char *message = doc_string(entry, "Message");
	const struct failure_code *row;
	char name[sizeof error->name];

	if (code == NULL)
		code = "InternalError";
	row = failure_find(AWS_SQS, code);
	snprintf(name, sizeof name, "SQS.%s", row != NULL ? row->code : code);
	error_set(error, name, "%s", message != NULL ? message : code);
	if (doc_bool(entry, "SenderFault", false))
		return;
	error->class = row != NULL && row->class != CLASS_NONE
	    ? row->class
	    : CLASS_TRANSIENT;
}

static void
read_results(const struct call_end *end, struct json_object *doc,
    struct results *results)
{
	struct json_object *done = doc_at(doc, "Successful");
	struct json_object *failed = doc_at(doc, "Failed");
	size_t place;

	for (size_t i = 0; i < end->count; i++) {
		answer_malformed(
		    end, "nothing about this entry", &results->error[i]);
		results->at[i] = &results->error[i];
	}
	for (size_t i = 0; i < doc_count(done, ""); i++)
		if (place_of(doc_element(done, i), end->count, &place))
			results->at[place] = NULL;
	for (size_t i = 0; i < doc_count(failed, ""); i++)
		if (place_of(doc_element(failed, i), end->count, &place)) {
			read_failure(
			    doc_element(failed, i), &results->error[place]);
			results->at[place] = &results->error[place];
		}
}

static void
finish_batch(const struct call_end *end)
{
	sqs_batched *done = (sqs_batched *)end->done;
	struct error error;
	DOC_LATER struct json_object *doc = answer_json(end, &error);
	struct results results;

	if (doc == NULL) {
		done(end->arg, NULL, 0, &error);
		return;
	}
	read_results(end, doc, &results);
	done(end->arg, results.at, end->count, NULL);
}

static struct aws_call *
start_batch(struct aws *aws, const char *target, const char *queue_url,
    const struct sqs_entry *entries, size_t count, bool visibility,
    const struct aws_options *options, sqs_batched *done, void *arg)
{
	DOC_LATER struct json_object *doc = sqs_document(queue_url);
	struct json_object *list = doc_array();

	assert(count >= 1 && count <= SQS_BATCH);
	for (size_t i = 0; i < count; i++) {
		struct json_object *entry = doc_object();
		char id[] = { (char)('0' + i), '\0' };

		doc_put_string(entry, "Id", id);
		doc_put_string(
		    entry, "ReceiptHandle", entries[i].receipt_handle);
		if (visibility)
			doc_put_int(entry, "VisibilityTimeout",
			    entries[i].visibility_seconds);
		doc_push(list, entry);
	}
	doc_put(doc, "Entries", list);
	return sqs_start(aws, doc,
	    (struct call_operation){
		.request.target = target,
		.finish = finish_batch,
		.count = count,
	    },
	    options, (call_any *)done, arg);
}

struct aws_call *
sqs_delete_batch(struct aws *aws, const char *queue_url,
    const struct sqs_entry *entries, size_t count,
    const struct aws_options *options, sqs_batched *done, void *arg)
{
	return start_batch(aws, "AmazonSQS.DeleteMessageBatch", queue_url,
	    entries, count, false, options, done, arg);
}

struct aws_call *
sqs_visibility_batch(struct aws *aws, const char *queue_url,
    const struct sqs_entry *entries, size_t count,
    const struct aws_options *options, sqs_batched *done, void *arg)
{
	return start_batch(aws, "AmazonSQS.ChangeMessageVisibilityBatch",
	    queue_url, entries, count, true, options, done, arg);
}
