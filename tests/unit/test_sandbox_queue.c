/* SPDX-License-Identifier: Apache-2.0 */
/* The sandbox's queues: visibility, receipts, dead letters, long polls. */
#include <stdlib.h>
#include <string.h>

#include "unit/ask_sqs.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"

START_TEST(received_is_hidden_and_comes_back)
{
	struct ask ask;

	ask_init(&ask, QUEUE ",'messages':['a']}]}");
	receive(&ask);
	FREE_LATER char *old = handle_of(&ask, 0);
	FREE_LATER char *id = member(&ask, 0, "MessageId");

	ask.now_ms += 29999;
	receive(&ask);
	ck_assert_uint_eq(received(&ask), 0);
	ask.now_ms += 1;
	receive(&ask);
	ck_assert_uint_eq(received(&ask), 1);
	FREE_LATER char *new = handle_of(&ask, 0);
	FREE_LATER char *again = member(&ask, 0, "MessageId");
	FREE_LATER char *count =
	    member(&ask, 0, "Attributes.ApproximateReceiveCount");

	ck_assert_str_ne(old, new);
	ck_assert_str_eq(id, again);
	ck_assert_str_eq(count, "2");
	/* The old handle "succeeds" without deleting. */
	sqs_with(&ask, "DeleteMessage", "{" URL ",'ReceiptHandle':'%s'}", old);
	ck_assert_int_eq(ask.answer.status, 200);
	ck_assert_int_eq(ask_counter(&ask, "messages"), 1);
	sqs_with(&ask, "DeleteMessage", "{" URL ",'ReceiptHandle':'%s'}", new);
	ck_assert_int_eq(ask.answer.status, 200);
	ck_assert_int_eq(ask_counter(&ask, "messages"), 0);
	ck_assert_int_eq(ask_counter(&ask, "acknowledged"), 1);
	/* And once more: it is idempotent. */
	sqs_with(&ask, "DeleteMessage", "{" URL ",'ReceiptHandle':'%s'}", new);
	ck_assert_int_eq(ask.answer.status, 200);
	ck_assert_int_eq(ask_counter(&ask, "acknowledged"), 1);
	ask_done(&ask);
}
END_TEST

#define HIDE(seconds)                                                          \
	"{" URL ",'VisibilityTimeout':" #seconds ",'ReceiptHandle':'%s'}"

START_TEST(visibility_counts_from_the_call)
{
	struct ask ask;

	ask_init(&ask, QUEUE ",'messages':['a']}]}");
	receive(&ask);
	FREE_LATER char *handle = handle_of(&ask, 0);

	ask.now_ms += 20000;
	sqs_with(&ask, "ChangeMessageVisibility", HIDE(60), handle);
	ck_assert_int_eq(ask.answer.status, 200);
	ask.now_ms += 59999;
	ck_assert_int_eq(ask_counter(&ask, "inFlight"), 1);
	sqs_with(&ask, "ChangeMessageVisibility", HIDE(0), handle);
	ck_assert_int_eq(ask_counter(&ask, "inFlight"), 0);
	receive(&ask);
	ck_assert_uint_eq(received(&ask), 1);
	FREE_LATER char *newest = handle_of(&ask, 0);

	/* An old handle changes nothing. */
	sqs_with(&ask, "ChangeMessageVisibility", HIDE(0), handle);
	ck_assert_int_eq(ask.answer.status, 200);
	ck_assert_int_eq(ask_counter(&ask, "inFlight"), 1);
	/* Twelve hours are the end, counted from the receive. */
	sqs_with(&ask, "ChangeMessageVisibility", HIDE(43200), newest);
	ck_assert_int_eq(ask.answer.status, 200);
	ask.now_ms += 1000;
	sqs_with(&ask, "ChangeMessageVisibility", HIDE(43200), newest);
	refused(&ask, 400, "InvalidParameterValueException",
	    "InvalidParameterValue");
	sqs_with(
	    &ask, "DeleteMessage", "{" URL ",'ReceiptHandle':'%s'}", newest);
	sqs_with(&ask, "ChangeMessageVisibility", HIDE(10), newest);
	refused(&ask, 400, "InvalidParameterValueException",
	    "InvalidParameterValue");
	ask_done(&ask);
}
END_TEST

START_TEST(handles_of_nobody)
{
	struct ask ask;

	ask_init(&ask,
	    "{'queues':[{'name':'q'},{'name':'other',"
	    "'messages':['a']}]}");
	sqs(&ask, "DeleteMessage", "{" URL ",'ReceiptHandle':'AQEBabcd'}");
	refused(&ask, 404, "ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid");
	sqs(&ask, "ReceiveMessage",
	    "{'QueueUrl':'http://127.0.0.1/123456789012/other'}");
	FREE_LATER char *handle = handle_of(&ask, 0);

	sqs_with(
	    &ask, "DeleteMessage", "{" URL ",'ReceiptHandle':'%s'}", handle);
	refused(&ask, 404, "ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid");
	ck_assert_ptr_nonnull(
	    strstr(ask_string(&ask, "message"), "not valid for this queue"));
	ask_done(&ask);
}
END_TEST

START_TEST(too_often_received_is_a_dead_letter)
{
	struct ask ask;

	ask_init(&ask,
	    QUEUE ",'maxReceiveCount':2,'deadLetterQueue':'dead',"
		  "'messages':['a']},{'name':'dead'}]}");
	for (int i = 0; i < 2; i++) {
		receive(&ask);
		ck_assert_uint_eq(received(&ask), 1);
		ask.now_ms += 30000;
	}
	receive(&ask);
	ck_assert_uint_eq(received(&ask), 0);
	sqs(&ask, "GetQueueAttributes",
	    "{'QueueUrl':'/123456789012/dead','AttributeNames':['All']}");
	ck_assert_str_eq(
	    ask_string(&ask, "Attributes.ApproximateNumberOfMessages"), "1");
	sqs(&ask, "ReceiveMessage",
	    "{'QueueUrl':'/123456789012/dead','AttributeNames':['All']}");
	FREE_LATER char *from =
	    member(&ask, 0, "Attributes.DeadLetterQueueSourceArn");

	ck_assert_str_eq(from, "arn:aws:sqs:us-east-1:123456789012:q");
	ask_done(&ask);
}
END_TEST

START_TEST(a_long_poll_waits_for_a_message)
{
	uint64_t ticket;
	struct ask ask;

	ask_init(&ask, QUEUE "}]}");
	sqs(&ask, "ReceiveMessage", "{" URL ",'WaitTimeSeconds':20}");
	ck_assert_int_eq(ask.answer.end, MODEL_PARK);
	ck_assert_int_eq(ask.answer.wake_ms, ASK_NOW + 20000);
	ck_assert_int_eq(ask_counter(&ask, "parked"), 1);
	ticket = ask.answer.ticket;
	ask.now_ms += 7000;
	ask_resume(&ask, ticket);
	ck_assert_int_eq(ask.answer.end, MODEL_PARK);
	ck_assert_uint_eq(ask.answer.ticket, ticket);
	ck_assert_ptr_nonnull(
	    model_send(ask.model, "q", "late", 4, ask.now_ms, NULL));
	ask_resume(&ask, ticket);
	ck_assert_int_eq(ask.answer.end, MODEL_ANSWER);
	ck_assert_uint_eq(received(&ask), 1);
	ck_assert_int_eq(ask_counter(&ask, "parked"), 0);
	/* The next one has no luck. What is hidden wakes it first. */
	sqs(&ask, "ReceiveMessage", "{" URL ",'WaitTimeSeconds':20}");
	ticket = ask.answer.ticket;
	ck_assert_int_eq(ask.answer.wake_ms, ask.now_ms + 20000);
	ask.now_ms += 20000;
	ask_resume(&ask, ticket);
	ck_assert_str_eq(ask.answer.body, "{}");
	sqs(&ask, "ReceiveMessage", "{" URL ",'WaitTimeSeconds':20}");
	ck_assert_int_eq(ask.answer.wake_ms, ask.now_ms + 10000);
	model_forget(ask.model, ask.answer.ticket);
	ck_assert_int_eq(ask_counter(&ask, "parked"), 0);
	ask_resume(&ask, ask.answer.ticket);
	ck_assert_int_eq(ask.answer.end, MODEL_CLOSE);
	ask_done(&ask);
}
END_TEST

START_TEST(a_shuffled_queue_gives_all)
{
	struct ask ask;

	ask_init(&ask,
	    QUEUE ",'shuffle':true,"
		  "'messages':['a','b','c','d','e','f']}]}");
	receive(&ask);
	ck_assert_uint_eq(received(&ask), 6);
	FREE_LATER char *first = member(&ask, 0, "Body");
	FREE_LATER char *second = member(&ask, 1, "Body");

	ck_assert(strcmp(first, "a") != 0 || strcmp(second, "b") != 0);
	ask_done(&ask);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("sandbox/queue");
	TCase *tcase = tcase_create("queue");

	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, received_is_hidden_and_comes_back);
	tcase_add_test(tcase, visibility_counts_from_the_call);
	tcase_add_test(tcase, handles_of_nobody);
	tcase_add_test(tcase, too_often_received_is_a_dead_letter);
	tcase_add_test(tcase, a_long_poll_waits_for_a_message);
	tcase_add_test(tcase, a_shuffled_queue_gives_all);
	return suite;
}
