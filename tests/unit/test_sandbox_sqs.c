/* SPDX-License-Identifier: Apache-2.0 */
/* The sandbox's SQS on the wire: answers, batches, refusals. */
#include <stdlib.h>
#include <string.h>

#include "unit/ask_sqs.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"

START_TEST(a_message_as_it_is_received)
{
	struct ask ask;

	ask_init(&ask,
	    QUEUE ",'messages':['message-1','h\xc3\xa9llo "
		  "\xe2\x98\x83']}]}");
	ask.now_ms += 5;
	receive(&ask);
	ck_assert_uint_eq(received(&ask), 2);
	FREE_LATER char *body = member(&ask, 0, "Body");
	FREE_LATER char *md5 = member(&ask, 0, "MD5OfBody");
	FREE_LATER char *other = member(&ask, 1, "MD5OfBody");
	FREE_LATER char *sent = member(&ask, 0, "Attributes.SentTimestamp");
	FREE_LATER char *first =
	    member(&ask, 0, "Attributes.ApproximateFirstReceiveTimestamp");
	FREE_LATER char *count =
	    member(&ask, 0, "Attributes.ApproximateReceiveCount");

	ck_assert_str_eq(body, "message-1");
	ck_assert_str_eq(md5, "3d6b824fd8c1520e9a047d21fee6fb1f");
	ck_assert_str_eq(other, "ef3e44ec264a71ab40ccc920b794ebae");
	ck_assert_str_eq(sent, "1785000000000");
	ck_assert_str_eq(first, "1785000000005");
	ck_assert_str_eq(count, "1");
	ck_assert_str_eq(
	    ask_header(&ask, "Content-Type"), "application/x-amz-json-1.0");
	ck_assert_uint_eq(strlen(ask_header(&ask, "x-amzn-RequestId")), 36);
	ask_done(&ask);
}
END_TEST

START_TEST(nothing_received_is_an_empty_object)
{
	struct ask ask;

	ask_init(&ask, QUEUE "}]}");
	receive(&ask);
	ck_assert_str_eq(ask.answer.body, "{}");
	ask_done(&ask);
}
END_TEST

START_TEST(attributes_are_strings)
{
	struct ask ask;

	ask_init(&ask,
	    QUEUE ",'maxReceiveCount':3,'deadLetterQueue':'dead',"
		  "'messages':['a','b','c']},{'name':'dead'}]}");
	sqs(&ask, "ReceiveMessage", "{" URL "}");
	sqs(&ask, "GetQueueAttributes", "{" URL ",'AttributeNames':['All']}");
	ck_assert_str_eq(
	    ask_string(&ask, "Attributes.ApproximateNumberOfMessages"), "2");
	ck_assert_str_eq(
	    ask_string(
		&ask, "Attributes.ApproximateNumberOfMessagesNotVisible"),
	    "1");
	ck_assert_str_eq(
	    ask_string(&ask, "Attributes.VisibilityTimeout"), "30");
	ck_assert_str_eq(ask_string(&ask, "Attributes.RedrivePolicy"),
	    "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:123456789012:"
	    "dead\",\"maxReceiveCount\":3}");
	/* Without names nothing is returned. */
	sqs(&ask, "GetQueueAttributes", "{" URL "}");
	ck_assert_str_eq(ask.answer.body, "{\"Attributes\":{}}");
	ask_done(&ask);
}
END_TEST

#define ENTRY(id) "{'Id':'" id "','ReceiptHandle':'%s'}"

START_TEST(batches_fail_by_entry)
{
	struct ask ask;

	ask_init(&ask, QUEUE ",'messages':['a']}]}");
	receive(&ask);
	FREE_LATER char *handle = handle_of(&ask, 0);

	sqs_with(&ask, "DeleteMessageBatch",
	    "{" URL ",'Entries':[" ENTRY("good") ",{'Id':'bad',"
						 "'ReceiptHandle':'x'}]}",
	    handle);
	ck_assert_int_eq(ask.answer.status, 200);
	ck_assert_str_eq(
	    doc_string(doc_element(doc_at(ask.doc, "Successful"), 0), "Id"),
	    "good");
	struct json_object *bad = doc_element(doc_at(ask.doc, "Failed"), 0);

	ck_assert_str_eq(doc_string(bad, "Id"), "bad");
	ck_assert_str_eq(doc_string(bad, "Code"), "ReceiptHandleIsInvalid");
	ck_assert(doc_bool(bad, "SenderFault", false));
	ck_assert_int_eq(ask_counter(&ask, "messages"), 0);
	ask_done(&ask);
}
END_TEST

START_TEST(batches_that_are_no_batches)
{
	static const struct {
		const char *entries;
		const char *code;
	} cases[] = {
		{ "", "EmptyBatchRequest" },
		{ "{'Id':'a b','ReceiptHandle':'x'}", "InvalidBatchEntryId" },
		{ "{'Id':'a','ReceiptHandle':'x'},"
		  "{'Id':'a','ReceiptHandle':'y'}",
		    "BatchEntryIdsNotDistinct" },
		{ "{},{},{},{},{},{},{},{},{},{},{}",
		    "TooManyEntriesInBatchRequest" },
	};
	FREE_LATER char *json =
	    xasprintf("{" URL ",'Entries':[%s]}", cases[_i].entries);
	FREE_LATER char *query =
	    xasprintf("AWS.SimpleQueueService.%s", cases[_i].code);
	struct ask ask;

	ask_init(&ask, QUEUE "}]}");
	sqs(&ask, "ChangeMessageVisibilityBatch", json);
	refused(&ask, 400, cases[_i].code, query);
	ask_done(&ask);
}
END_TEST

START_TEST(refusals_of_the_queue)
{
	struct ask ask;

	ask_init(&ask, QUEUE ",'maxInFlight':1,'messages':['a','b']}]}");
	sqs(&ask, "ReceiveMessage", "{'QueueUrl':'/123456789012/none'}");
	refused(&ask, 400, "QueueDoesNotExist",
	    "AWS.SimpleQueueService.NonExistentQueue");
	ask.region = "eu-west-1";
	sqs(&ask, "ReceiveMessage", "{" URL "}");
	refused(&ask, 400, "QueueDoesNotExist",
	    "AWS.SimpleQueueService.NonExistentQueue");
	ask.region = "us-east-1";
	sqs(&ask, "ReceiveMessage", "{" URL ",'MaxNumberOfMessages':11}");
	refused(&ask, 400, "InvalidParameterValueException",
	    "InvalidParameterValue");
	sqs(&ask, "ReceiveMessage", "{}");
	refused(
	    &ask, 400, "MissingRequiredParameterException", "MissingParameter");
	sqs(&ask, "NoSuchThing", "{}");
	refused(&ask, 404, "UnknownOperationException", "InvalidAction");
	sqs(&ask, "ReceiveMessage", "{" URL);
	refused(&ask, 400, "SerializationException", "MalformedQueryString");
	sqs(&ask, "ReceiveMessage", "{" URL "}");
	ck_assert_uint_eq(received(&ask), 1);
	sqs(&ask, "ReceiveMessage", "{" URL "}");
	refused(&ask, 403, "OverLimit", "OverLimit");
	ask_done(&ask);
}
END_TEST

START_TEST(bodies_may_hold_anything)
{
	struct ask ask;

	ask_init(&ask, QUEUE ",'messages':[[97,0,98]]}]}");
	receive(&ask);
	ck_assert_ptr_nonnull(
	    strstr(ask.answer.body, "\"Body\":\"a\\u0000b\""));
	/* printf 'a\0b' | md5sum */
	FREE_LATER char *md5 = member(&ask, 0, "MD5OfBody");

	ck_assert_str_eq(md5, "70350f6027bce3713f6b76473084309b");
	ask_done(&ask);
}
END_TEST

START_TEST(sent_is_received)
{
	struct ask ask;

	ask_init(&ask, QUEUE "}]}");
	sqs(&ask, "SendMessage", "{" URL ",'MessageBody':'test'}");
	ck_assert_str_eq(ask_string(&ask, "MD5OfMessageBody"),
	    "098f6bcd4621d373cade4e832627b4f6");
	receive(&ask);
	ck_assert_uint_eq(received(&ask), 1);
	ask_done(&ask);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("sandbox/sqs");
	TCase *tcase = tcase_create("sqs");

	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, a_message_as_it_is_received);
	tcase_add_test(tcase, nothing_received_is_an_empty_object);
	tcase_add_test(tcase, attributes_are_strings);
	tcase_add_test(tcase, batches_fail_by_entry);
	tcase_add_loop_test(tcase, batches_that_are_no_batches, 0, 4);
	tcase_add_test(tcase, refusals_of_the_queue);
	tcase_add_test(tcase, bodies_may_hold_anything);
	tcase_add_test(tcase, sent_is_received);
	return suite;
}
