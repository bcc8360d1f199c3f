/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IAM: the two calls that find and delete an access key.
 */
#include "aws/iam.h"

#include "aws/answer.h"
#include "aws/query.h"
#include "util/cleanup.h"
#include "util/xml.h"

#define IAM_VERSION "2010-05-08"
#define RESULT      "GetAccessKeyLastUsedResult/"
#define USED        RESULT "AccessKeyLastUsed"

static void
finish_last_used(const struct call_end *end)
{
	iam_last_used_done *done = (iam_last_used_done *)end->done;
	struct error error;
	CLEANUP(xml_free_at)
	struct xml *xml =
	    answer_xml(end, "GetAccessKeyLastUsedResponse", &error);
	struct iam_last_used result;

	if (xml == NULL) {
		done(end->arg, NULL, &error);
		return;
	}
	if (xml_text(xml, USED) == NULL) {
		answer_malformed(end, "no AccessKeyLastUsed", &error);
		done(end->arg, NULL, &error);
		return;
	}
	result = (struct iam_last_used){
		.user_name = xml_text(xml, RESULT "UserName"),
		.date = xml_text(xml, USED "/LastUsedDate"),
		.service = xml_text(xml, USED "/ServiceName"),
		.region = xml_text(xml, USED "/Region"),
		.request_id = answer_request_id(end, xml),
	};
	done(end->arg, &result, NULL);
}

struct aws_call *
iam_last_used(struct aws *aws, const char *access_key_id,
    const struct aws_options *options, iam_last_used_done *done, void *arg)
{
	struct buf body = BUF_INIT(QUERY_MAX);

	query_begin(&body, "GetAccessKeyLastUsed", IAM_VERSION);
	query_add(&body, "AccessKeyId", access_key_id);
	return call_start(aws,
	    &(struct call_operation){
		.request = { .service = AWS_IAM, .body = buf_take(&body) },
		.finish = finish_last_used,
	    },
	    options, (call_any *)done, arg);
}

static void
finish_delete(const struct call_end *end)
{
	iam_deleted *done = (iam_deleted *)end->done;
	struct error error;
	CLEANUP(xml_free_at)
	struct xml *xml = answer_xml(end, "DeleteAccessKeyResponse", &error);

	if (xml == NULL)
		done(end->arg, NULL, &error);
	else
		done(end->arg, answer_request_id(end, xml), NULL);
}

struct aws_call *
iam_delete_access_key(struct aws *aws, const char *user_name,
    const char *access_key_id, const struct aws_options *options,
    iam_deleted *done, void *arg)
{
	struct call_operation operation = {
		.request = { .service = AWS_IAM },
		.finish = finish_delete,
	};
	struct buf body = BUF_INIT(QUERY_MAX);
	struct error error;

	if (user_name == NULL || *user_name == '\0') {
		error_set(&error, "Aws.NoUserName",
		    "no user to delete %s of: IAM would take the caller",
		    access_key_id);
		return call_refuse(
		    aws, &operation, &error, (call_any *)done, arg);
	}
	query_begin(&body, "DeleteAccessKey", IAM_VERSION);
	query_add(&body, "UserName", user_name);
	query_add(&body, "AccessKeyId", access_key_id);
	operation.request.body = buf_take(&body);
	return call_start(aws, &operation, options, (call_any *)done, arg);
}
