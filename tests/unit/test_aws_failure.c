/* SPDX-License-Identifier: Apache-2.0 */
/* Error answers of every shape, and the table of codes. */
#include <string.h>

#include "aws/failure.h"
#include "aws/failure_table.h"
#include "loop/http.h"
#include "unit/unit.h"
#include "util/buf.h"
#include "util/cleanup.h"

#define XML_ERROR(code)                                                        \
	"<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">"  \
	"<Error><Type>Sender</Type><Code>" code                                \
	"</Code><Message>Why</Message>"                                        \
	"</Error><RequestId>in-xml</RequestId></ErrorResponse>"
#define NO_QUEUE                                                               \
	"{\"__type\":\"com.amazonaws.sqs#QueueDoesNotExist\","                 \
	"\"message\":\"Why\"}"
#define NO_QUEUE_QUERY "AWS.SimpleQueueService.NonExistentQueue;Sender"

static const struct {
	enum aws_service service;
	struct http_answer answer;
	struct error expected;
} answers[] = {
	/* XML, both roots */
	{ AWS_IAM,
	    { .status = 404,
		.body = XML_ERROR("NoSuchEntity"),
		.request_id = "in-header" },
	    { "IAM.NoSuchEntity", "Why", "in-xml", CLASS_NONE } },
	{ AWS_STS,
	    { .status = 400,
		.request_id = "in-header",
		.body = "<Response><Errors><Error><Code>AuthFailure</Code>"
			"<Message>Why</Message></Error></Errors>"
			"<RequestID>r-1</RequestID></Response>" },
	    { "STS.AuthFailure", "Why", "r-1", CLASS_NONE } },
	/* an unknown code with 5xx, a throttling code with 5xx */
	{ AWS_SNS, { .status = 503, .body = XML_ERROR("Whatever") },
	    { "SNS.Whatever", "Why", "in-xml", CLASS_TRANSIENT } },
	{ AWS_SNS, { .status = 503, .body = XML_ERROR("Throttling") },
	    { "SNS.Throttling", "Why", "in-xml", CLASS_THROTTLED } },
	{ AWS_SNS, { .status = 429, .body = XML_ERROR("Whatever") },
	    { "SNS.Whatever", "Why", "in-xml", CLASS_THROTTLED } },
	/* JSON: header, __type, code; in that order, and cleaned */
	{ AWS_CLOUDTRAIL,
	    { .status = 400,
		.request_id = "r-2",
		.error_type = "a#ThrottlingException:http://example.com/#x",
		.body = "{\"__type\":\"Other\",\"Message\":\"Why\"}" },
	    { "CloudTrail.ThrottlingException", "Why", "r-2",
		CLASS_THROTTLED } },
	{ AWS_CLOUDTRAIL,
	    { .status = 400,
		.body = "{\"__type\":\"x#y#InvalidTimeRangeException\","
			"\"code\":\"Other\"}" },
	    { "CloudTrail.InvalidTimeRangeException",
		"CloudTrail answered with status 400", "", CLASS_NONE } },
	{ AWS_CLOUDTRAIL, { .status = 400, .body = "{\"code\":\"SlowDown\"}" },
	    { "CloudTrail.SlowDown", "CloudTrail answered with status 400", "",
		CLASS_THROTTLED } },
	/* SQS: named in the spelling of JSON, whichever there is */
	{ AWS_SQS,
	    { .status = 400, .body = NO_QUEUE, .query_error = NO_QUEUE_QUERY },
	    { "SQS.QueueDoesNotExist", "Why", "", CLASS_NONE } },
	{ AWS_SQS, { .status = 400, .body = "", .query_error = NO_QUEUE_QUERY },
	    { "SQS.QueueDoesNotExist", "SQS answered with status 400", "",
		CLASS_NONE } },
	{ AWS_SQS,
	    { .status = 400,
		.body = "",
		.query_error = "KMS.ThrottlingException;Receiver" },
	    { "SQS.KmsThrottled", "SQS answered with status 400", "",
		CLASS_THROTTLED } },
	/* either code is enough for the class */
	{ AWS_SQS,
	    { .status = 400,
		.body = "{\"__type\":\"SomethingNew\"}",
		.query_error = "RequestThrottled;Sender" },
	    { "SQS.SomethingNew", "SQS answered with status 400", "",
		CLASS_THROTTLED } },
	/* what says nothing */
	{ AWS_IAM, { .status = 502, .body = "<html><h1>Bad</h1></html>" },
	    { "Http.Status502", "IAM answered with status 502", "",
		CLASS_TRANSIENT } },
	{ AWS_SQS, { .status = 403, .body = "<html>" },
	    { "Http.Status403", "SQS answered with status 403", "",
		CLASS_TRANSIENT } },
	{ AWS_SQS, { .status = 429, .body = "" },
	    { "Http.Status429", "SQS answered with status 429", "",
		CLASS_THROTTLED } },
	{ AWS_SQS, { .status = 400, .body = "[1]" },
	    { "Http.Status400", "SQS answered with status 400", "",
		CLASS_TRANSIENT } },
	/* the first half of an answer does not */
	{ AWS_IAM,
	    { .status = 404,
		.body = "<ErrorResponse><Error><Code>NoSuchEntity</Co" },
	    { "Http.Status404", "IAM answered with status 404", "",
		CLASS_TRANSIENT } },
	/* no code is made of what cannot be one */
	{ AWS_SQS, { .status = 400, .body = "{\"__type\":\" \\n\"}" },
	    { "Http.Status400", "SQS answered with status 400", "",
		CLASS_TRANSIENT } },
	/* further lines may echo the request, with the session token in it */
	{ AWS_IAM,
	    { .status = 403,
		.body = "<ErrorResponse><Error>"
			"<Code>SignatureDoesNotMatch</Code><Message>No.\n\n"
			"x-amz-security-token:TOKEN</Message></Error>"
			"</ErrorResponse>" },
	    { "IAM.SignatureDoesNotMatch", "No.", "", CLASS_NONE } },
};

START_TEST(answers_are_named)
{
	const struct error *expected = &answers[_i].expected;
	struct http_answer answer = answers[_i].answer;
	struct error made;

	answer.body_len = strlen(answer.body);
	failure_parse(answers[_i].service, &answer, &made);
	ck_assert_str_eq(made.name, expected->name);
	ck_assert_str_eq(made.cause, expected->cause);
	ck_assert_str_eq(made.request_id, expected->request_id);
	ck_assert_int_eq(made.class, expected->class);
}
END_TEST

START_TEST(a_long_code_and_message_are_cut)
{
	CLEANUP(buf_done) struct buf body = BUF_INIT(64 << 10);
	struct http_answer answer = { .status = 400 };
	struct error made;

	buf_puts(&body, "{\"__type\":\"");
	for (int i = 0; i < 1000; i++)
		buf_puts(&body, "Code");
	buf_puts(&body, "\",\"message\":\"");
	for (int i = 0; i < 1000; i++)
		buf_puts(&body, "\xe2\x98\x83");
	buf_puts(&body, "\"}");
	answer.body = buf_text(&body);
	answer.body_len = body.len;
	failure_parse(AWS_SQS, &answer, &made);
	ck_assert_uint_eq(strlen(made.name), strlen("SQS.") + 100);
	ck_assert_uint_gt(strlen(made.cause), 1000);
	ck_assert_str_eq(made.cause + strlen(made.cause) - 3, "...");
}
END_TEST

START_TEST(only_2xx_is_success)
{
	ck_assert(failure_status(199));
	ck_assert(!failure_status(200));
	ck_assert(!failure_status(299));
	ck_assert(failure_status(302));
	ck_assert(failure_status(500));
}
END_TEST

static const struct {
	enum aws_service service;
	const char *code;
	enum error_class class;
} classes[] = {
	{ AWS_IAM, "Throttling", CLASS_THROTTLED },
	{ AWS_IAM, "LimitExceededException", CLASS_THROTTLED },
	{ AWS_IAM, "LimitExceeded", CLASS_NONE }, /* a quota */
	{ AWS_IAM, "EntityTemporarilyUnmodifiable", CLASS_TRANSIENT },
	{ AWS_SNS, "EntityTemporarilyUnmodifiable", CLASS_NONE },
	{ AWS_SNS, "Throttled", CLASS_THROTTLED },
	{ AWS_SNS, "KMSThrottling", CLASS_THROTTLED },
	{ AWS_SQS, "KmsThrottled", CLASS_THROTTLED },
	{ AWS_SQS, "KMS.ThrottlingException", CLASS_THROTTLED },
	{ AWS_SQS, "QueueDoesNotExist", CLASS_NONE },
	{ AWS_STS, "IDPCommunicationError", CLASS_TRANSIENT },
	{ AWS_STS, "RequestTimeout", CLASS_TRANSIENT },
	{ AWS_CLOUDTRAIL, "ThrottlingException", CLASS_THROTTLED },
	{ AWS_CLOUDTRAIL, "throttlingException", CLASS_NONE },
	{ AWS_CLOUDTRAIL, "", CLASS_NONE },
};

START_TEST(codes_have_classes)
{
	ck_assert_int_eq(failure_class(classes[_i].service, classes[_i].code),
	    classes[_i].class);
}
END_TEST

static const struct {
	enum aws_service service;
	struct error failure;
	enum failure_blame blame;
} blames[] = {
	{ AWS_IAM, { .name = "IAM.SignatureDoesNotMatch" }, BLAME_CLOCK },
	{ AWS_SQS, { .name = "SQS.InvalidSignatureException" }, BLAME_CLOCK },
	{ AWS_CLOUDTRAIL, { .name = "CloudTrail.AccessDeniedException" },
	    BLAME_CLOCK },
	{ AWS_IAM, { .name = "IAM.AccessDenied" }, BLAME_NOTHING },
	{ AWS_SNS, { .name = "SNS.ExpiredToken" }, BLAME_TOKEN },
	{ AWS_STS, { .name = "STS.ExpiredTokenException" }, BLAME_TOKEN },
	{ AWS_SQS, { .name = "SQS.UnrecognizedClientException" }, BLAME_KEY },
	{ AWS_IAM, { .name = "Http.Status403" }, BLAME_NOTHING },
};

START_TEST(codes_blame)
{
	ck_assert_int_eq(failure_blame(blames[_i].service, &blames[_i].failure),
	    blames[_i].blame);
}
END_TEST

/* ---- classes, expanded ---- */

static void
gather(void *arg, const char *name)
{
	buf_printf(arg, "%s ", name);
}

static const struct {
	const char *class, *service, *has, *has_not;
} expansions[] = {
	{ "Class.Throttled", "IAM", "IAM.Throttling ", "Transient" },
	{ "Class.Throttled", "IAM", "Http.Status429 ", "SNS." },
	{ "Class.Throttled", "SNS", "SNS.KMSThrottling ", "KmsThrottled" },
	{ "Class.Throttled", "SQS", "SQS.KmsThrottled ", "KMS" },
	{ "Class.Transient", "IAM", "IAM.ServiceFailure ", "Throttl" },
	{ "Class.Transient", "CloudTrail", "CloudTrail.InternalServerError ",
	    "CertificateRefused" },
	{ "Class.Transient", "IAM", "Aws.NoCredentials ", "Http.Status429" },
	{ "Class.Transient", "IAM", "Http.Timeout ", "IAM.AccessDenied" },
};

START_TEST(classes_expand)
{
	CLEANUP(buf_done) struct buf names = BUF_INIT(8192);

	failure_expand(
	    expansions[_i].class, expansions[_i].service, gather, &names);
	ck_assert_ptr_nonnull(strstr(buf_text(&names), expansions[_i].has));
	ck_assert_ptr_null(strstr(buf_text(&names), expansions[_i].has_not));
}
END_TEST

START_TEST(other_names_expand_to_nothing)
{
	CLEANUP(buf_done) struct buf names = BUF_INIT(8192);

	failure_expand("States.ALL", "IAM", gather, &names);
	failure_expand("", "IAM", gather, &names);
	ck_assert_str_eq(buf_text(&names), "");
}
END_TEST

#define COUNT(table) (sizeof(table) / sizeof *(table))

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("aws/failure");
	TCase *tests = tcase_create("failure");

	tcase_add_loop_test(tests, answers_are_named, 0, COUNT(answers));
	tcase_add_test(tests, a_long_code_and_message_are_cut);
	tcase_add_test(tests, only_2xx_is_success);
	tcase_add_loop_test(tests, codes_have_classes, 0, COUNT(classes));
	tcase_add_loop_test(tests, codes_blame, 0, COUNT(blames));
	tcase_add_loop_test(tests, classes_expand, 0, COUNT(expansions));
	tcase_add_test(tests, other_names_expand_to_nothing);
	suite_add_tcase(suite, tests);
	return suite;
}
