/* SPDX-License-Identifier: Apache-2.0 */
/* Whom the sandbox refuses: clocks, keys, tokens, scopes, secrets. */
#include <string.h>

#include "unit/ask.h"
#include "unit/unit.h"

static void
who(struct ask *ask)
{
	ask_query(ask, "sts", "2011-06-15", "GetCallerIdentity", "");
}

static void
refused(const struct ask *ask, int status, const char *part)
{
	ck_assert_int_eq(ask->answer.status, status);
	ck_assert_msg(
	    strstr(ask->answer.body, part) != NULL, "%s", ask->answer.body);
}

START_TEST(the_clock_may_be_a_quarter_of_an_hour_off)
{
	struct ask ask;

	ask_init(&ask, "{}");
	ask.clock_ms = 15 * 60 * 1000;
	who(&ask);
	ck_assert_int_eq(ask.answer.status, 200);
	ask.clock_ms += 1000;
	who(&ask);
	refused(&ask, 403,
	    "<Message>Signature not yet current: 20260725T173501Z is still "
	    "later than 20260725T173500Z (20260725T172000Z + 15 min.)"
	    "</Message>");
	ask.clock_ms = -60 * 60 * 1000;
	who(&ask);
	refused(&ask, 403,
	    "<Message>Signature expired: 20260725T162000Z is now earlier than "
	    "20260725T170500Z (20260725T172000Z - 15 min.)</Message>");
	/* AWS's clock, an hour behind as well: they agree. */
	ask_load(&ask, "{'clockSkewSeconds':-3600}");
	who(&ask);
	ck_assert_int_eq(ask.answer.status, 200);
	ck_assert_str_eq(
	    ask_header(&ask, "Date"), "Sat, 25 Jul 2026 16:20:00 GMT");
	ask_done(&ask);
}
END_TEST

START_TEST(keys_that_are_no_good)
{
	struct ask ask;

	ask_init(&ask,
	    "{'users':[{'name':'gone','keys':[{'id':'AKIAGONEGONEGONEGONE',"
	    "'status':'Inactive'}]},"
	    "{'kind':'role','name':'r/s','keys':[{'id':'ASIASESSIONSESSION',"
	    "'token':'t','expires':'2026-07-25T17:20:01Z'}]}]}");
	ask.key_id = "AKIAUNKNOWNUNKNOWN00";
	who(&ask);
	refused(&ask, 403, "InvalidClientTokenId");
	ask.key_id = "AKIAGONEGONEGONEGONE";
	who(&ask);
	refused(&ask, 403, "InvalidClientTokenId");
	ask.key_id = "ASIASESSIONSESSION";
	who(&ask);
	refused(&ask, 403, "InvalidClientTokenId");
	ask.token = "t";
	who(&ask);
	refused(&ask, 200, "assumed-role/r/s");
	ask.now_ms += 1000;
	who(&ask);
	refused(&ask, 403, "<Code>ExpiredToken</Code>");
	ask_json(&ask, "sqs", "AmazonSQS.GetQueueAttributes", "{}");
	refused(&ask, 400, "#ExpiredTokenException");
	ask_done(&ask);
}
END_TEST

START_TEST(another_secret_does_not_match)
{
	struct ask ask;

	ask_init(&ask, "{}");
	ask.secret = "another";
	who(&ask);
	refused(&ask, 403, "<Code>SignatureDoesNotMatch</Code>");
	refused(&ask, 403, "The Canonical String for this request");
	ask_json(&ask, "cloudtrail",
	    "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101."
	    "LookupEvents",
	    "{}");
	refused(&ask, 400, "InvalidSignatureException");
	ask_done(&ask);
}
END_TEST

START_TEST(the_scope_must_be_the_services)
{
	struct ask ask;

	ask_init(&ask, "{}");
	ask_query(&ask, "iam", "2011-06-15", "GetCallerIdentity", "");
	refused(&ask, 403, "scoped to correct service: 'sts'");
	ask.region = "eu-west-1";
	who(&ask);
	ck_assert_int_eq(ask.answer.status, 200);
	ask_query(&ask, "iam", "2010-05-08", "ListAccessKeys", "");
	refused(&ask, 403, "scoped to a valid region");
	ask_done(&ask);
}
END_TEST

START_TEST(unsigned_is_refused)
{
	static const char body[] =
	    "Action=GetCallerIdentity&Version=2011-06-15";
	struct model_header headers[] = {
		{ "Host", "127.0.0.1" },
		{ NULL, NULL },
		{ NULL, NULL },
	};
	const struct model_request request = { "POST", "/", headers, body,
		strlen(body) };
	struct ask ask;

	ask_init(&ask, "{}");
	ask_raw(&ask, &request);
	refused(&ask, 403, "<Code>MissingAuthenticationToken</Code>");
	headers[1] = (struct model_header){ "Authorization", "Basic eDp5" };
	ask_raw(&ask, &request);
	refused(&ask, 400, "<Code>IncompleteSignature</Code>");
	ask_done(&ask);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("sandbox/auth");
	TCase *tcase = tcase_create("auth");

	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, the_clock_may_be_a_quarter_of_an_hour_off);
	tcase_add_test(tcase, keys_that_are_no_good);
	tcase_add_test(tcase, another_secret_does_not_match);
	tcase_add_test(tcase, the_scope_must_be_the_services);
	tcase_add_test(tcase, unsigned_is_refused);
	return suite;
}
