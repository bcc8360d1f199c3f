/* SPDX-License-Identifier: Apache-2.0 */
/* IAM, SNS, STS and CloudTrail: what is sent, byte for byte, what is read. */
#include <stdio.h>
#include <string.h>

#include "aws/cloudtrail.h"
#include "aws/iam.h"
#include "aws/sns.h"
#include "aws/sts.h"
#include "unit/aws_peer.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/doc.h"

#define TOPIC "arn:aws:sns:eu-west-3:123456789012:topic"
#define META  "<ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata>"

static struct peer peer;
static char body[4096], scope[64]; /* of the last request */
static const char *answer;
static struct error last; /* of the last call; name "" on success */
static char results[512]; /* what the callback was given, in words */

static void
on_asked(void *arg, struct peer_request *request)
{
	const char *credential =
	    strstr(peer_header(request, "Authorization"), "/20");

	(void)arg;
	strcpy(scope, "");
	if (credential != NULL)
		strncat(scope, credential + 10, strcspn(credential, ",") - 10);
	snprintf(body, sizeof body, "%s %s %s",
	    peer_header(request, "Content-Type") + strlen("application/"),
	    peer_header(request, "X-Amz-Target"), request->body);
	peer_answer(
	    request, 200, "x-amzn-RequestId: r-0\r\n", answer, strlen(answer));
}

static void
setup(void)
{
	peer_init(&peer, on_asked, NULL);
	results[0] = '\0';
}

static void
teardown(void)
{
	peer_done(&peer);
}

static void
end(const struct error *error)
{
	last = error != NULL ? *error : (struct error){ 0 };
	peer_end(&peer);
}

static void
wait_for_end(void)
{
	peer_wait(&peer, &peer.ended, peer.ended + 1);
}

static const char *
or_none(const char *text)
{
	return text != NULL ? text : "none";
}

#define FORM "x-www-form-urlencoded; charset=utf-8  "

/* ---- IAM ---- */

static void
on_last_used(
    void *arg, const struct iam_last_used *result, const struct error *error)
{
	ck_assert_ptr_eq(arg, &peer);
	ck_assert((result == NULL) == (error != NULL));
	if (result != NULL)
		snprintf(results, sizeof results, "%s %s %s %s %s",
		    or_none(result->user_name), or_none(result->date),
		    or_none(result->service), or_none(result->region),
		    or_none(result->request_id));
	end(error);
}

#define LAST_USED(result)                                                      \
	"<GetAccessKeyLastUsedResponse xmlns=\"https://iam.amazonaws.com/doc/" \
	"2010-05-08/\"><GetAccessKeyLastUsedResult>" result                    \
	"</GetAccessKeyLastUsedResult>" META "</GetAccessKeyLastUsedResponse>"

static const struct {
	const char *answer, *results;
} last_used[] = {
	{ LAST_USED(
	      "<AccessKeyLastUsed><Region>us-west-2</Region><LastUsedDate>"
	      "2026-07-21T16:02:00Z</LastUsedDate><ServiceName>s3"
	      "</ServiceName></AccessKeyLastUsed><UserName>alice</UserName>"),
	    "alice 2026-07-21T16:02:00Z s3 us-west-2 r-1" },
	/* never used; a root key */
	{ LAST_USED("<UserName>j\xc3\xbcrgen</UserName><AccessKeyLastUsed>"
		    "<Region>N/A</Region><ServiceName>N/A</ServiceName>"
		    "</AccessKeyLastUsed>"),
	    "j\xc3\xbcrgen none N/A N/A r-1" },
	{ LAST_USED("<AccessKeyLastUsed/>"), "none none none none r-1" },
	{ "<GetAccessKeyLastUsedResponse><GetAccessKeyLastUsedResult>"
	  "<AccessKeyLastUsed/></GetAccessKeyLastUsedResult>"
	  "</GetAccessKeyLastUsedResponse>",
	    "none none none none r-0" },
	{ LAST_USED("<UserName>alice</UserName>"), "" },
	{ "<html><body>Welcome</body></html>", "" },
};

START_TEST(owners_are_looked_up)
{
	answer = last_used[_i].answer;
	iam_last_used(
	    peer.aws, "AKIAIOSFODNN7EXAMPLE", NULL, on_last_used, &peer);
	wait_for_end();
	ck_assert_str_eq(body,
	    FORM "Action=GetAccessKeyLastUsed&Version=2010-05-08&"
		 "AccessKeyId=AKIAIOSFODNN7EXAMPLE");
	ck_assert_str_eq(scope, "us-east-1/iam/aws4_request");
	ck_assert_str_eq(results, last_used[_i].results);
	ck_assert_str_eq(last.name,
	    *last_used[_i].results != '\0' ? "" : "Aws.MalformedAnswer");
}
END_TEST

static void
on_deleted(void *arg, const char *request_id, const struct error *error)
{
	ck_assert_ptr_eq(arg, &peer);
	snprintf(results, sizeof results, "%s", or_none(request_id));
	end(error);
}

START_TEST(keys_are_deleted)
{
	answer = "<DeleteAccessKeyResponse>" META "</DeleteAccessKeyResponse>";
	iam_delete_access_key(
	    peer.aws, "a b+c@\xc3\xa9/~", "AKIA", NULL, on_deleted, &peer);
	wait_for_end();
	ck_assert_str_eq(body,
	    FORM "Action=DeleteAccessKey&Version=2010-05-08&"
		 "UserName=a%20b%2Bc%40%C3%A9%2F~&AccessKeyId=AKIA");
	ck_assert_str_eq(last.name, "");
	ck_assert_str_eq(results, "r-1");
}
END_TEST

static const char *const no_users[] = { NULL, "" };

/* IAM would take the key's user to be our own. */
START_TEST(no_key_is_deleted_without_a_user)
{
	iam_delete_access_key(
	    peer.aws, no_users[_i], "AKIA", NULL, on_deleted, &peer);
	ck_assert_uint_eq(peer.ended, 0);
	wait_for_end();
	ck_assert_str_eq(last.name, "Aws.NoUserName");
	ck_assert_int_eq(last.class, CLASS_NONE);
	ck_assert_uint_eq(peer.count, 0);
}
END_TEST

/* ---- SNS ---- */

static void
on_published(void *arg, const char *message_id, const char *request_id,
    const struct error *error)
{
	ck_assert_ptr_eq(arg, &peer);
	snprintf(results, sizeof results, "%s %s", or_none(message_id),
	    or_none(request_id));
	end(error);
}

#define PUBLISHED                                                              \
	"<PublishResponse><PublishResult><MessageId>m-1</MessageId>"           \
	"</PublishResult>" META "</PublishResponse>"

START_TEST(messages_are_published)
{
	answer = PUBLISHED;
	sns_publish(peer.aws, TOPIC, "Sub ject", "Mess\nage", "dedup", NULL,
	    on_published, &peer);
	wait_for_end();
	ck_assert_str_eq(body,
	    FORM "Action=Publish&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns"
		 "%3Aeu-west-3%3A123456789012%3Atopic&Subject=Sub%20ject&"
		 "Message=Mess%0Aage");
	/* the topic's Region, not the client's */
	ck_assert_str_eq(scope, "eu-west-3/sns/aws4_request");
	ck_assert_str_eq(results, "m-1 r-1");
}
END_TEST

START_TEST(fifo_topics_need_ids)
{
	char dedup[201];

	memset(dedup, 'd', 200);
	dedup[200] = '\0';
	answer = PUBLISHED;
	sns_publish(peer.aws, TOPIC ".fifo", NULL, "m", dedup, NULL,
	    on_published, &peer);
	wait_for_end();
	dedup[128] = '\0';
	FREE_LATER char *expected =
	    xasprintf("&Message=m&MessageGroupId=%s&MessageDeduplicationId=%s",
		dedup, dedup);

	ck_assert_str_eq(strstr(body, "&Message=m"), expected);
	ck_assert_ptr_null(strstr(body, "Subject"));
}
END_TEST

START_TEST(unusable_publishes_are_refused)
{
	struct buf large = BUF_INIT(1 << 20);

	sns_publish(
	    peer.aws, "topic", "s", "m", "d", NULL, on_published, &peer);
	wait_for_end();
	ck_assert_str_eq(last.name, "Aws.BadTopicArn");
	buf_printf(&large, "%*s", 400 << 10, "");
	sns_publish(peer.aws, TOPIC, "s", buf_text(&large), "d", NULL,
	    on_published, &peer);
	wait_for_end();
	ck_assert_str_eq(last.name, "Aws.RequestTooLarge");
	ck_assert_uint_eq(peer.count, 0);
	answer = "<PublishResponse><PublishResult/></PublishResponse>";
	sns_publish(peer.aws, TOPIC, "s", "m", "d", NULL, on_published, &peer);
	wait_for_end();
	ck_assert_str_eq(last.name, "Aws.MalformedAnswer");
	ck_assert_str_eq(last.request_id, "r-0");
	buf_done(&large);
}
END_TEST

/* ---- STS ---- */

static void
on_identified(
    void *arg, const struct sts_identity *identity, const struct error *error)
{
	ck_assert_ptr_eq(arg, &peer);
	ck_assert((identity == NULL) == (error != NULL));
	if (identity != NULL)
		snprintf(results, sizeof results, "%s %s %s", identity->account,
		    identity->arn, or_none(identity->user_id));
	end(error);
}

START_TEST(we_know_who_we_are)
{
	answer =
	    "<GetCallerIdentityResponse><GetCallerIdentityResult>"
	    "<Arn>arn:aws:iam::123456789012:user/k</Arn><UserId>U</UserId>"
	    "<Account>123456789012</Account></GetCallerIdentityResult>" META
	    "</GetCallerIdentityResponse>";
	sts_caller_identity(peer.aws, NULL, on_identified, &peer);
	wait_for_end();
	ck_assert_str_eq(
	    body, FORM "Action=GetCallerIdentity&Version=2011-06-15");
	ck_assert_str_eq(scope, "us-east-1/sts/aws4_request");
	ck_assert_str_eq(
	    results, "123456789012 arn:aws:iam::123456789012:user/k U");
	answer = "<GetCallerIdentityResponse/>";
	sts_caller_identity(peer.aws, NULL, on_identified, &peer);
	wait_for_end();
	ck_assert_str_eq(last.name, "Aws.MalformedAnswer");
}
END_TEST

/* ---- CloudTrail ---- */

static void
on_looked_up(void *arg, struct json_object *events, const char *next_token,
    const char *request_id, const struct error *error)
{
	ck_assert_ptr_eq(arg, &peer);
	snprintf(results, sizeof results, "%zu %s %s", doc_count(events, ""),
	    or_none(next_token), or_none(request_id));
	end(error);
}

#define TARGET                                                                 \
	"x-amz-json-1.1 com.amazonaws.cloudtrail.v20131101."                   \
	"CloudTrail_20131101.LookupEvents "

static const struct {
	const char *token, *sent, *answer, *results;
} look_ups[] = {
	{ NULL, "}", "{\"Events\":[]}", "0 none r-0" },
	{ NULL, "}", "{\"Events\":[{},{}],\"NextToken\":\"n\"}", "2 n r-0" },
	{ "t", ",\"NextToken\":\"t\"}", "{\"Events\":[],\"NextToken\":\"\"}",
	    "0 none r-0" },
	{ NULL, "}", "<html>", "0 none none" },
	{ NULL, "}", "", "0 none none" },
	{ NULL, "}", "{}", "0 none none" },
	{ NULL, "}", "{\"Events\":{}}", "0 none none" },
};

START_TEST(events_are_looked_up)
{
	struct cloudtrail_query query = { "al\"ice", INT64_C(1440851760999),
		INT64_C(1440938160500), 50, look_ups[_i].token };
	FREE_LATER char *expected = xasprintf(TARGET
	    "{\"LookupAttributes\":[{\"AttributeKey\":\"Username\","
	    "\"AttributeValue\":\"al\\\"ice\"}],\"StartTime\":1440851760,"
	    "\"EndTime\":1440938160,\"MaxResults\":50%s",
	    look_ups[_i].sent);

	answer = look_ups[_i].answer;
	cloudtrail_lookup(peer.aws, &query, NULL, on_looked_up, &peer);
	wait_for_end();
	ck_assert_str_eq(body, expected);
	ck_assert_str_eq(scope, "us-east-1/cloudtrail/aws4_request");
	ck_assert_str_eq(results, look_ups[_i].results);
}
END_TEST

/* ---- settings ---- */

START_TEST(settings_are_checked)
{
	struct aws_settings settings = { .region = "no region",
		.lookup_rate = 2 };
	struct error error;

	ck_assert_ptr_null(aws_new(peer.loop, peer.http,
	    &peer.credentials.provider, &settings, &error));
	ck_assert_str_eq(error.name, "Config.Region");
	settings.region = "us-east-1";
	settings.endpoint[AWS_SNS] = "http://example.com/";
	ck_assert_ptr_null(aws_new(peer.loop, peer.http,
	    &peer.credentials.provider, &settings, &error));
	ck_assert_str_eq(error.name, "Config.Endpoint");
}
END_TEST

#define COUNT(table) (sizeof(table) / sizeof *(table))

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("aws/operations");
	TCase *tests = tcase_create("operations");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, owners_are_looked_up, 0, COUNT(last_used));
	tcase_add_test(tests, keys_are_deleted);
	tcase_add_loop_test(
	    tests, no_key_is_deleted_without_a_user, 0, COUNT(no_users));
	tcase_add_test(tests, messages_are_published);
	tcase_add_test(tests, fifo_topics_need_ids);
	tcase_add_test(tests, unusable_publishes_are_refused);
	tcase_add_test(tests, we_know_who_we_are);
	tcase_add_loop_test(tests, events_are_looked_up, 0, COUNT(look_ups));
	tcase_add_test(tests, settings_are_checked);
	suite_add_tcase(suite, tests);
	return suite;
}
