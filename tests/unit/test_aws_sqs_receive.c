/* SPDX-License-Identifier: Apache-2.0 */
/* SQS, receiving: the long poll, and what is made of its answers. */
#include <string.h>

#include "aws/sqs.h"
#include "unit/aws_peer.h"
#include "unit/unit.h"
#include "util/buf.h"

static struct peer peer;
static char target[64], body[2048]; /* of the last request */
static const char *answer;
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
	peer_answer(request, 200, "", answer, strlen(answer));
}

static void
setup(void)
{
	peer_init(&peer, on_asked, NULL);
}

static void
teardown(void)
{
	peer_done(&peer);
}

#define URL "{\"QueueUrl\":\"" PEER_URL "\","

static struct {
	char id[64], handle[64], body[64];
	size_t body_len;
	bool intact;
	int64_t sent_wall_ms;
	int receive_count;
} received[SQS_BATCH];
static size_t received_count;

static void
on_received(void *arg, const struct sqs_message *messages, size_t count,
    const struct error *error)
{
	ck_assert_ptr_eq(arg, received);
	received_count = count;
	for (size_t i = 0; i < count; i++) {
		strcpy(received[i].id, messages[i].id);
		strcpy(received[i].handle, messages[i].receipt_handle);
		memcpy(received[i].body, messages[i].body,
		    messages[i].body_len + 1);
		received[i].body_len = messages[i].body_len;
		received[i].intact = messages[i].body_intact;
		received[i].sent_wall_ms = messages[i].sent_wall_ms;
		received[i].receive_count = messages[i].receive_count;
	}
	last = error != NULL ? *error : (struct error){ 0 };
	peer_end(&peer);
}

static void
receive(const char *text)
{
	unsigned before = peer.ended;

	answer = text;
	sqs_receive(peer.aws, PEER_URL, 10, 20, NULL, on_received, received);
	peer_wait(&peer, &peer.ended, before + 1);
}

START_TEST(a_poll_asks_for_all)
{
	receive("{}");
	ck_assert_str_eq(target, "AmazonSQS.ReceiveMessage");
	ck_assert_str_eq(body,
	    URL "\"MaxNumberOfMessages\":10,\"WaitTimeSeconds\":20,"
		"\"MessageSystemAttributeNames\":[\"All\"]}");
}
END_TEST

static const char *const nothing[] = { "{}", "{\"Messages\":[]}",
	"{\"Messages\":null,\"New\":1}" };

START_TEST(nothing_may_be_received)
{
	receive(nothing[_i]);
	ck_assert_str_eq(last.name, "");
	ck_assert_uint_eq(received_count, 0);
}
END_TEST

#define MESSAGE(id, body, md5)                                                 \
	"{\"MessageId\":\"" id "\",\"ReceiptHandle\":\"h-" id                  \
	"\",\"Body\":\"" body "\",\"MD5OfBody\":\"" md5 "\"}"

START_TEST(messages_are_read)
{
	receive("{\"Messages\":[{\"MessageId\":\"m-1\",\"ReceiptHandle\":"
		"\"h-1\",\"Body\":\"test\",\"MD5OfBody\":"
		"\"098f6bcd4621d373cade4e832627b4f6\",\"Attributes\":{"
		"\"SentTimestamp\":\"1440938160000\","
		"\"ApproximateReceiveCount\":\"3\",\"SenderId\":\"x\"}},"
		"{\"MessageId\":\"m-2\",\"ReceiptHandle\":\"h-2\","
		"\"Body\":\"\",\"Attributes\":{\"ApproximateReceiveCount\":"
		"\"99999999999\",\"SentTimestamp\":\"soon\"}}]}");
	ck_assert_uint_eq(received_count, 2);
	ck_assert_str_eq(received[0].id, "m-1");
	ck_assert_str_eq(received[0].handle, "h-1");
	ck_assert_str_eq(received[0].body, "test");
	ck_assert(received[0].intact);
	ck_assert_int_eq(received[0].sent_wall_ms, INT64_C(1440938160000));
	ck_assert_int_eq(received[0].receive_count, 3);
	ck_assert_uint_eq(received[1].body_len, 0);
	ck_assert(received[1].intact);
	ck_assert_int_eq(received[1].sent_wall_ms, 0);
	ck_assert_int_eq(received[1].receive_count, 2147483647);
}
END_TEST

/* Over the bytes after unescaping, NULs included. */
START_TEST(bodies_are_checked)
{
	receive("{\"Messages\":[" MESSAGE("1", "h\\u00e9llo \\u2603",
	    "ef3e44ec264a71ab40ccc920b794ebae") "," MESSAGE("2",
	    "h\xc3\xa9llo \xe2\x98\x83",
	    "ef3e44ec264a71ab40ccc920b794ebae") "," MESSAGE("3", "message-1",
	    "3d6b824fd8c1520e9a047d21fee6fb1f") "," MESSAGE("4", "message-2",
	    "3d6b824fd8c1520e9a047d21fee6fb1f") "," MESSAGE("5", "a\\u0000b",
	    "70350f6027bce3713f6b76473084309b") "]}");
	ck_assert_uint_eq(received_count, 5);
	ck_assert(received[0].intact);
	ck_assert(received[1].intact);
	ck_assert(received[2].intact);
	ck_assert(!received[3].intact);
	ck_assert(received[4].intact);
	ck_assert_uint_eq(received[4].body_len, 3);
	ck_assert_int_eq(memcmp(received[4].body, "a\0b", 4), 0);
}
END_TEST

static const char *const malformed[] = {
	"",
	"<html>",
	"{\"Messages\":[",
	"[]",
	"1",
	"{\"Messages\":[{}]}",
	"{\"Messages\":[{\"MessageId\":\"m\",\"ReceiptHandle\":\"h\"}]}",
	"{\"Messages\":[{\"MessageId\":\"m\",\"Body\":\"b\"}]}",
	"{\"Messages\":[0]}",
	"{\"Messages\":[{},{},{},{},{},{},{},{},{},{},{}]}",
};

START_TEST(malformed_answers_fail)
{
	receive(malformed[_i]);
	ck_assert_str_eq(last.name, "Aws.MalformedAnswer");
	ck_assert_int_eq(last.class, CLASS_TRANSIENT);
	ck_assert_uint_eq(received_count, 0);
}
END_TEST

/* Ten messages of 1 MiB are taken, more than 24 MiB are not. */
START_TEST(answers_are_capped)
{
	struct buf text = BUF_INIT(32 << 20);

	buf_printf(&text, "{%*s}", 24 << 20, "");
	receive(buf_text(&text));
	ck_assert_str_eq(last.name, "Http.AnswerTooLarge");
	text.data[(24 << 20) - 1] = '}';
	text.data[24 << 20] = '\0';
	receive(buf_text(&text));
	ck_assert_str_eq(last.name, "");
	buf_done(&text);
}
END_TEST

#define COUNT(table) (sizeof(table) / sizeof *(table))

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("aws/sqs_receive");
	TCase *tests = tcase_create("sqs_receive");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, a_poll_asks_for_all);
	tcase_add_loop_test(tests, nothing_may_be_received, 0, COUNT(nothing));
	tcase_add_test(tests, messages_are_read);
	tcase_add_test(tests, bodies_are_checked);
	tcase_add_loop_test(tests, malformed_answers_fail, 0, COUNT(malformed));
	tcase_add_test(tests, answers_are_capped);
	suite_add_tcase(suite, tests);
	return suite;
}
