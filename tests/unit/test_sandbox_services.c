/* SPDX-License-Identifier: Apache-2.0 */
/* The sandbox's SNS and CloudTrail: rules, answers and errors. */
#include <stdlib.h>
#include <string.h>

#include "unit/ask.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"

/* ---- SNS ---- */

#define TOPIC "arn:aws:sns:us-east-1:123456789012:alarm"
#define TO    "&TopicArn=" TOPIC

static void
publish(struct ask *ask, const char *form)
{
	ask_query(ask, "sns", "2010-03-31", "Publish", form);
}

START_TEST(published_is_kept_in_order)
{
	struct ask ask;

	ask_init(&ask, "{'topics':[{'arn':'" TOPIC "'}]}");
	publish(&ask, TO "&Subject=One&Message=first+line%0Asecond");
	publish(&ask, TO "&Message=two");
	ck_assert_int_eq(ask.answer.status, 200);
	FREE_LATER char *id = ask_text(&ask, "PublishResult/MessageId");
	DOC_LATER struct json_object *dump = model_dump(ask.model, ask.now_ms);
	struct json_object *topic = doc_element(doc_at(dump, "topics"), 0);
	struct json_object *first = doc_element(doc_at(topic, "published"), 0);
	struct json_object *second = doc_element(doc_at(topic, "published"), 1);

	ck_assert_str_eq(doc_string(first, "subject"), "One");
	ck_assert_str_eq(doc_string(first, "message"), "first line\nsecond");
	ck_assert_str_eq(doc_string(second, "messageId"), id);
	ck_assert_ptr_null(doc_string(second, "subject"));
	ask_done(&ask);
}
END_TEST

START_TEST(subjects_have_99_characters)
{
	static const struct {
		int repeat;
		const char *character;
		int status;
	} cases[] = {
		{ 0, "", 400 },
		{ 99, "a", 200 },
		{ 100, "a", 400 },
		{ 99, "%C3%A9", 200 },
		{ 1, "%0A", 400 },
		{ 1, "%7F", 400 },
	};
	char form[2048] = TO "&Message=m&Subject=";
	struct ask ask;

	for (int i = 0; i < cases[_i].repeat; i++)
		strcat(form, cases[_i].character);
	ask_init(&ask, "{'topics':[{'arn':'" TOPIC "'}]}");
	publish(&ask, form);
	ck_assert_int_eq(ask.answer.status, cases[_i].status);
	if (cases[_i].status == 400)
		ask_refused(&ask, 400, "InvalidParameter",
		    "Invalid parameter: Subject");
	ask_done(&ask);
}
END_TEST

START_TEST(what_cannot_be_published)
{
	struct ask ask;

	ask_init(&ask, "{'topics':[{'arn':'" TOPIC "'}]}");
	publish(&ask, TO "x&Message=m");
	ask_refused(&ask, 404, "NotFound", "Topic does not exist");
	publish(&ask, TO "&Message=");
	ask_refused(
	    &ask, 400, "InvalidParameter", "Invalid parameter: Empty message");
	FREE_LATER char *form = xasprintf(TO "&Message=%0262145d", 0);

	publish(&ask, form);
	ask_refused(&ask, 400, "InvalidParameter",
	    "Invalid parameter: Message too long");
	ask.region = "eu-west-1";
	publish(&ask, TO "&Message=m");
	ask_refused(
	    &ask, 400, "InvalidParameter", "Invalid parameter: TopicArn");
	ck_assert_int_eq(ask_counter(&ask, "published"), 0);
	ask_done(&ask);
}
END_TEST

START_TEST(queues_subscribe)
{
	struct ask ask;

	ask_init(&ask,
	    "{'queues':[{'name':'raw'},{'name':'wrapped'}],"
	    "'topics':[{'arn':'" TOPIC "','subscriptions':["
	    "{'queue':'raw','raw':true},{'queue':'wrapped'}]}]}");
	publish(&ask, TO "&Subject=S&Message=m");
	ask_json(&ask, "sqs", "AmazonSQS.ReceiveMessage",
	    "{'QueueUrl':'/123456789012/raw'}");
	ck_assert_ptr_nonnull(strstr(ask.answer.body, "\"Body\":\"m\""));
	ask_json(&ask, "sqs", "AmazonSQS.ReceiveMessage",
	    "{'QueueUrl':'/123456789012/wrapped'}");
	const char *body =
	    doc_string(doc_element(doc_at(ask.doc, "Messages"), 0), "Body");
	DOC_LATER struct json_object *envelope =
	    doc_parse(body, strlen(body), NULL);

	ck_assert_str_eq(doc_string(envelope, "Type"), "Notification");
	ck_assert_str_eq(doc_string(envelope, "TopicArn"), TOPIC);
	ck_assert_str_eq(doc_string(envelope, "Subject"), "S");
	ck_assert_str_eq(doc_string(envelope, "Message"), "m");
	ask_done(&ask);
}
END_TEST

/* ---- CloudTrail ---- */

static void
lookup(struct ask *ask, const char *json)
{
	ask_json(ask, "cloudtrail",
	    "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101."
	    "LookupEvents",
	    json);
}

#define BY(key, value)                                                         \
	"'LookupAttributes':[{'AttributeKey':'" key                            \
	"','AttributeValue':'" value "'}]"

static struct json_object *
event(const struct ask *ask, size_t i)
{
	return doc_element(doc_at(ask->doc, "Events"), i);
}

START_TEST(events_are_looked_up_newest_first)
{
	struct ask ask;

	ask_init(&ask,
	    "{'events':["
	    "{'EventName':'Old','Username':'alice','ageSeconds':7200},"
	    "{'EventName':'New','Username':'alice','ageSeconds':60,"
	    "'Resources':[{'ResourceType':'AWS::S3::Bucket',"
	    "'ResourceName':'b'}]},"
	    "{'EventName':'Other','Username':'bob','ageSeconds':90},"
	    "{'EventName':'Far','Username':'alice','region':'eu-west-1'}]}");
	lookup(&ask, "{" BY("Username", "alice") "}");
	ck_assert_str_eq(
	    ask_header(&ask, "Content-Type"), "application/x-amz-json-1.1");
	ck_assert_uint_eq(doc_count(ask.doc, "Events"), 2);
	ck_assert_str_eq(doc_string(event(&ask, 0), "EventName"), "New");
	ck_assert(doc_double(event(&ask, 0), "EventTime", 0) ==
	    (double)(ASK_NOW / 1000 - 60));
	ck_assert_ptr_nonnull(doc_string(event(&ask, 0), "CloudTrailEvent"));
	ck_assert_str_eq(doc_string(event(&ask, 1), "EventName"), "Old");
	lookup(&ask, "{" BY("ResourceName", "b") "}");
	ck_assert_uint_eq(doc_count(ask.doc, "Events"), 1);
	lookup(&ask,
	    "{" BY("Username", "alice") ",'StartTime':1784996400,"
					"'EndTime':1785000000.5}");
	ck_assert_uint_eq(doc_count(ask.doc, "Events"), 1);
	lookup(&ask, "{}");
	ck_assert_uint_eq(doc_count(ask.doc, "Events"), 3);
	ask_done(&ask);
}
END_TEST

START_TEST(a_page_has_fifty_events)
{
	FREE_LATER char *token = NULL, *json = NULL;
	struct ask ask;

	ask_init(&ask, "{}");
	for (int i = 0; i < 51; i++) {
		FREE_LATER char *one = xasprintf(
		    "{'events':[{'EventName':'E%d','Username':'alice'}]}", i);

		ask_load(&ask, one);
	}
	lookup(&ask, "{" BY("Username", "alice") "}");
	ck_assert_uint_eq(doc_count(ask.doc, "Events"), 50);
	ck_assert_str_eq(doc_string(event(&ask, 0), "EventName"), "E50");
	token = xstrdup(ask_string(&ask, "NextToken"));
	json =
	    xasprintf("{" BY("Username", "alice") ",'NextToken':'%s'}", token);
	lookup(&ask, json);
	ck_assert_uint_eq(doc_count(ask.doc, "Events"), 1);
	ck_assert_str_eq(doc_string(event(&ask, 0), "EventName"), "E0");
	ck_assert_ptr_null(ask_string(&ask, "NextToken"));
	/* The token belongs to the other parameters. */
	free(json);
	json = xasprintf("{" BY("Username", "bob") ",'NextToken':'%s'}", token);
	lookup(&ask, json);
	ck_assert_int_eq(ask.answer.status, 400);
	ck_assert_str_eq(
	    ask_string(&ask, "__type"), "InvalidNextTokenException");
	ask_done(&ask);
}
END_TEST

START_TEST(questions_that_are_none)
{
	static const struct {
		const char *json;
		const char *type;
	} cases[] = {
		{ "{" BY("Colour", "red") "}",
		    "InvalidLookupAttributesException" },
		{ "{" BY("Username", "") "}",
		    "InvalidLookupAttributesException" },
		{ "{'StartTime':2,'EndTime':1}", "InvalidTimeRangeException" },
		{ "{'MaxResults':51}", "InvalidMaxResultsException" },
	};
	struct ask ask;

	ask_init(&ask, "{}");
	lookup(&ask, cases[_i].json);
	ck_assert_int_eq(ask.answer.status, 400);
	ck_assert_str_eq(ask_string(&ask, "__type"), cases[_i].type);
	ck_assert_ptr_null(ask_header(&ask, "x-amzn-query-error"));
	ask_done(&ask);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("sandbox/services");
	TCase *tcase = tcase_create("services");

	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, published_is_kept_in_order);
	tcase_add_loop_test(tcase, subjects_have_99_characters, 0, 6);
	tcase_add_test(tcase, what_cannot_be_published);
	tcase_add_test(tcase, queues_subscribe);
	tcase_add_test(tcase, events_are_looked_up_newest_first);
	tcase_add_test(tcase, a_page_has_fifty_events);
	tcase_add_loop_test(tcase, questions_that_are_none, 0, 4);
	return suite;
}
