/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQS but for receiving: what is sent, byte for byte, and what is read.
 */
#include <string.h>

#include "aws/sqs.h"
#include "unit/aws_peer.h"
#include "unit/unit.h"

static struct peer peer;
static char target[64], body[2048]; /* of the last request */
static int status;                  /* of the answer */
static const char *answer;
static size_t answer_len;
static struct error last; /* of the last call; name "" on success */

static void
on_asked(void *arg, struct peer_request *request)
{
	(void)arg;
	ck_assert_str_eq(peer_header(request, "x-amzn-query-mode"), "true");
	ck_assert_str_eq(
	    peer_header(request, "Content-Type"), "application/x-amz-json-1.0");
	/* The queue's Region, not the client's. */
	ck_assert_ptr_nonnull(strstr(peer_header(request, "Authorization"),
	    "/eu-west-1/sqs/aws4_request"));
	strcpy(target, peer_header(request, "X-Amz-Target"));
	strcpy(body, request->body);
	peer_answer(request, status, "", answer, answer_len);
}

static void
set_answer(int new_status, const char *text)
{
	status = new_status;
	answer = text;
	answer_len = strlen(text);
}

static void
setup(void)
{
	peer_init(&peer, on_asked, NULL);
	set_answer(200, "{}");
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

#define URL "{\"QueueUrl\":\"" PEER_URL "\","

/* ---- batches ---- */

static struct error results[SQS_BATCH]; /* name "": done */
static size_t result_count;

static void
on_batched(void *arg, const struct error *const *errors, size_t count,
    const struct error *error)
{
	ck_assert_ptr_eq(arg, &peer);
	result_count = count;
	for (size_t i = 0; i < count; i++)
		results[i] =
		    errors[i] != NULL ? *errors[i] : (struct error){ 0 };
	end(error);
}

static const struct sqs_entry entries[SQS_BATCH] = { { "h-0", 30 },
	{ "h-1", 0 }, { "h-2", 60 }, { "h-3", 1 }, { "h-4", 2 }, { "h-5", 3 },
	{ "h-6", 4 }, { "h-7", 5 }, { "h-8", 6 }, { "h-9", 7 } };

START_TEST(batches_delete)
{
	set_answer(200, "{\"Successful\":[{\"Id\":\"1\"},{\"Id\":\"0\"}]}");
	sqs_delete_batch(
	    peer.aws, PEER_URL, entries, 2, NULL, on_batched, &peer);
	peer_wait(&peer, &peer.ended, 1);
	ck_assert_str_eq(target, "AmazonSQS.DeleteMessageBatch");
	ck_assert_str_eq(body,
	    URL "\"Entries\":[{\"Id\":\"0\",\"ReceiptHandle\":\"h-0\"},"
		"{\"Id\":\"1\",\"ReceiptHandle\":\"h-1\"}]}");
	ck_assert_uint_eq(result_count, 2);
	ck_assert_str_eq(results[0].name, "");
	ck_assert_str_eq(results[1].name, "");
}
END_TEST

START_TEST(batches_keep_invisible)
{
	set_answer(200, "{\"Successful\":[{\"Id\":\"0\"}],\"Failed\":[]}");
	sqs_visibility_batch(
	    peer.aws, PEER_URL, entries, 1, NULL, on_batched, &peer);
	peer_wait(&peer, &peer.ended, 1);
	ck_assert_str_eq(target, "AmazonSQS.ChangeMessageVisibilityBatch");
	ck_assert_str_eq(body,
	    URL "\"Entries\":[{\"Id\":\"0\",\"ReceiptHandle\":\"h-0\","
		"\"VisibilityTimeout\":30}]}");
	ck_assert_str_eq(results[0].name, "");
}
END_TEST

/* An answer says 200 although entries failed. */
START_TEST(entries_fail_one_by_one)
{
	set_answer(200,
	    "{\"Failed\":["
	    "{\"Id\":\"0\",\"Code\":\"ReceiptHandleIsInvalid\","
	    "\"Message\":\"no\",\"SenderFault\":true},"
	    "{\"Id\":\"1\",\"Code\":\"InternalError\",\"SenderFault\":false},"
	    "{\"Id\":\"2\",\"Code\":\"RequestThrottled\"},"
	    "{\"Id\":\"3\",\"Code\":\"AWS.SimpleQueueService."
	    "MessageNotInflight\",\"SenderFault\":true},"
	    "{\"Id\":\"4\"},"
	    "{\"Id\":\"77\",\"Code\":\"X\"},{\"Id\":\"/\"},{},7],"
	    "\"Successful\":[{\"Id\":\"9\"},{\"Id\":\"11\"},null]}");
	sqs_delete_batch(
	    peer.aws, PEER_URL, entries, 10, NULL, on_batched, &peer);
	peer_wait(&peer, &peer.ended, 1);
	ck_assert_uint_eq(result_count, 10);
	ck_assert_str_eq(results[0].name, "SQS.ReceiptHandleIsInvalid");
	ck_assert_str_eq(results[0].cause, "no");
	ck_assert_int_eq(results[0].class, CLASS_NONE);
	ck_assert_str_eq(results[1].name, "SQS.InternalError");
	ck_assert_int_eq(results[1].class, CLASS_TRANSIENT);
	ck_assert_int_eq(results[2].class, CLASS_THROTTLED);
	ck_assert_str_eq(results[3].name, "SQS.MessageNotInflight");
	ck_assert_int_eq(results[3].class, CLASS_NONE);
	ck_assert_int_eq(results[4].class, CLASS_TRANSIENT);
	/* Nothing was said about these. */
	for (int i = 5; i < 9; i++) {
		ck_assert_str_eq(results[i].name, "Aws.MalformedAnswer");
		ck_assert_int_eq(results[i].class, CLASS_TRANSIENT);
	}
	ck_assert_str_eq(results[9].name, "");
}
END_TEST

/* Of what is said in two ways about one entry the worse counts: to delete a
 * message twice does no harm, to believe that it is gone may. */
START_TEST(an_entry_named_twice_is_not_done)
{
	set_answer(200,
	    "{\"Successful\":[{\"Id\":\"0\"},{\"Id\":\"0\"},"
	    "{\"Id\":\"1\"},{\"Id\":\"2\"}],"
	    "\"Failed\":[{\"Id\":\"1\",\"Code\":\"InternalError\"},"
	    "{\"Id\":\"2\",\"Code\":\"InternalError\"},"
	    "{\"Id\":\"2\",\"Code\":\"RequestThrottled\"}]}");
	sqs_delete_batch(
	    peer.aws, PEER_URL, entries, 3, NULL, on_batched, &peer);
	peer_wait(&peer, &peer.ended, 1);
	ck_assert_str_eq(results[0].name, "");
	ck_assert_str_eq(results[1].name, "SQS.InternalError");
	ck_assert_str_eq(results[2].name, "SQS.RequestThrottled");
}
END_TEST

START_TEST(a_batch_can_fail_as_a_whole)
{
	set_answer(503, "");
	sqs_delete_batch(
	    peer.aws, PEER_URL, entries, 2, NULL, on_batched, &peer);
	peer_wait(&peer, &peer.ended, 1);
	ck_assert_str_eq(last.name, "Http.Status503");
	ck_assert_uint_eq(result_count, 0);
}
END_TEST

/* ---- the queue ---- */

static struct sqs_attributes described;
static char dead_letter_arn[128];

static void
on_described(void *arg, const struct sqs_attributes *attributes,
    const struct error *error)
{
	ck_assert_ptr_eq(arg, &peer);
	ck_assert((attributes == NULL) == (error != NULL));
	strcpy(dead_letter_arn, "none");
	if (attributes != NULL)
		described = *attributes;
	if (attributes != NULL && attributes->dead_letter_arn != NULL)
		strcpy(dead_letter_arn, attributes->dead_letter_arn);
	end(error);
}

static void
describe(const char *text)
{
	unsigned before = peer.ended;

	set_answer(200, text);
	sqs_describe(peer.aws, PEER_URL, NULL, on_described, &peer);
	peer_wait(&peer, &peer.ended, before + 1);
}

START_TEST(queues_are_described)
{
	describe("{\"Attributes\":{\"ApproximateNumberOfMessages\":\"12\","
		 "\"ApproximateNumberOfMessagesNotVisible\":\"3\","
		 "\"VisibilityTimeout\":\"30\","
		 "\"MessageRetentionPeriod\":\"345600\",\"RedrivePolicy\":"
		 "\"{\\\"deadLetterTargetArn\\\":\\\"arn:aws:sqs:eu-west-1:"
		 "1:dead\\\",\\\"maxReceiveCount\\\":5}\"}}");
	ck_assert_str_eq(target, "AmazonSQS.GetQueueAttributes");
	ck_assert_str_eq(body, URL "\"AttributeNames\":[\"All\"]}");
	ck_assert_int_eq(described.depth, 12);
	ck_assert_int_eq(described.in_flight, 3);
	ck_assert_int_eq(described.visibility_seconds, 30);
	ck_assert_int_eq(described.retention_seconds, 345600);
	ck_assert_str_eq(dead_letter_arn, "arn:aws:sqs:eu-west-1:1:dead");
	ck_assert_int_eq(described.max_receive_count, 5);
	/* The count may be a string, the policy may be missing or broken. */
	describe("{\"Attributes\":{\"RedrivePolicy\":"
		 "\"{\\\"maxReceiveCount\\\":\\\"7\\\"}\"}}");
	ck_assert_int_eq(described.max_receive_count, 7);
	ck_assert_int_eq(described.depth, 0);
	describe("{\"Attributes\":{\"RedrivePolicy\":\"{\"}}");
	ck_assert_int_eq(described.max_receive_count, 0);
	ck_assert_str_eq(dead_letter_arn, "none");
	describe("{}");
	ck_assert_str_eq(last.name, "Aws.MalformedAnswer");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("aws/sqs");
	TCase *tests = tcase_create("sqs");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, batches_delete);
	tcase_add_test(tests, batches_keep_invisible);
	tcase_add_test(tests, entries_fail_one_by_one);
	tcase_add_test(tests, an_entry_named_twice_is_not_done);
	tcase_add_test(tests, a_batch_can_fail_as_a_whole);
	tcase_add_test(tests, queues_are_described);
	suite_add_tcase(suite, tests);
	return suite;
}
