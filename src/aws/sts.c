/* SPDX-License-Identifier: Apache-2.0 */
/*
 * STS: GetCallerIdentity, which needs no permission.
 */
#include "aws/sts.h"

#include "aws/answer.h"
#include "aws/query.h"
#include "util/cleanup.h"
#include "util/xml.h"

#define RESULT "GetCallerIdentityResult/"

static void
finish_identity(const struct call_end *end)
{
	sts_identified *done = (sts_identified *)end->done;
	struct error error;
	CLEANUP(xml_free_at)
	struct xml *xml = answer_xml(end, "GetCallerIdentityResponse", &error);
	struct sts_identity identity;

	if (xml == NULL) {
		done(end->arg, NULL, &error);
		return;
	}
	identity = (struct sts_identity){
		.account = xml_text(xml, RESULT "Account"),
		.arn = xml_text(xml, RESULT "Arn"),
		.user_id = xml_text(xml, RESULT "UserId"),
	};
	if (identity.account == NULL || identity.arn == NULL) {
		answer_malformed(end, "no Account or Arn", &error);
		done(end->arg, NULL, &error);
		return;
	}
	done(end->arg, &identity, NULL);
}

struct aws_call *
sts_caller_identity(struct aws *aws, const struct aws_options *options,
    sts_identified *done, void *arg)
{
	struct buf body = BUF_INIT(QUERY_MAX);

	query_begin(&body, "GetCallerIdentity", "2011-06-15");
	return call_start(aws,
	    &(struct call_operation){
		.request = { .service = AWS_STS, .body = buf_take(&body) },
		.finish = finish_identity,
	    },
	    options, (call_any *)done, arg);
}
