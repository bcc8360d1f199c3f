/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CloudTrail: LookupEvents.
 */
#include "aws/cloudtrail.h"

#include "aws/answer.h"
#include "util/doc.h"

#define TARGET                                                                 \
	"com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"
#define MAX_ANSWER ((size_t)4 << 20)

static void
finish_lookup(const struct call_end *end)
{
	cloudtrail_looked_up *done = (cloudtrail_looked_up *)end->done;
	struct error error;
	DOC_LATER struct json_object *doc = answer_json(end, &error);
	const char *token = NULL;

	/* Of who did nothing the list is empty; no list is no answer. */
	if (doc == NULL ||
	    (!doc_is_array(doc_at(doc, "Events")) &&
		!answer_malformed(end, "no Events", &error))) {
		done(end->arg, NULL, NULL, NULL, &error);
		return;
	}
	token = doc_string(doc, "NextToken");
	if (token != NULL && *token == '\0')
		token = NULL;
	done(end->arg, doc_at(doc, "Events"), token,
	    answer_request_id(end, NULL), NULL);
}

static struct json_object *
by_user_name(const char *user_name)
{
	struct json_object *attribute = doc_object(), *list = doc_array();

	doc_put_string(attribute, "AttributeKey", "Username");
	doc_put_string(attribute, "AttributeValue", user_name);
	doc_push(list, attribute);
	return list;
}

struct aws_call *
cloudtrail_lookup(struct aws *aws, const struct cloudtrail_query *query,
    const struct aws_options *options, cloudtrail_looked_up *done, void *arg)
{
	DOC_LATER struct json_object *doc = doc_object();

	doc_put(doc, "LookupAttributes", by_user_name(query->user_name));
	doc_put_int(doc, "StartTime", query->start_wall_ms / 1000);
	doc_put_int(doc, "EndTime", query->end_wall_ms / 1000);
	doc_put_int(doc, "MaxResults", query->max_results);
	doc_put_string(doc, "NextToken", query->next_token);
	return call_start(aws,
	    &(struct call_operation){
		.request = {
			.service = AWS_CLOUDTRAIL,
			.target = TARGET,
			.body = doc_text(doc),
			.max_answer = MAX_ANSWER,
		},
		.finish = finish_lookup,
	    },
	    options, (call_any *)done, arg);
}
