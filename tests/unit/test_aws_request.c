/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The headers of whole requests, against the worked vectors of the real
 * operations (aws-protocols 1.7).
 */
#include <string.h>

#include "aws/credentials.h"
#include "aws/request.h"
#include "unit/unit.h"
#include "util/cleanup.h"

#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define TIME   INT64_C(1440938160000) /* 2015-08-30T12:36:00Z */

/* The value of a header; "" when it is not sent. */
static const char *
value_of(const struct request_signed *sent, const char *name)
{
	for (const struct http_header *at = sent->headers; at->name != NULL;
	     at++)
		if (strcmp(at->name, name) == 0)
			return at->value;
	return "";
}

static size_t
count(const struct request_signed *sent)
{
	size_t i = 0;

	while (sent->headers[i].name != NULL)
		i++;
	return i;
}

static void
sign(struct request *request, const char *region, const char *token,
    struct request_signed *sent)
{
	CLEANUP(credentials_done)
	struct credentials credentials = {
		.access_key_id = "AKIDEXAMPLE",
	};
	struct endpoint endpoint;

	secret_set(&credentials.secret_key, SECRET, strlen(SECRET));
	if (token != NULL)
		secret_set(&credentials.token, token, strlen(token));
	ck_assert(
	    endpoint_resolve(request->service, region, NULL, &endpoint, NULL));
	ck_assert(
	    request_sign(request, &endpoint, &credentials, TIME, sent, NULL));
	ck_assert_str_eq(
	    value_of(sent, "X-Amz-Security-Token"), token != NULL ? token : "");
}

/* AWS JSON, without a token. Vector A signs no x-amzn-query-mode, which we
 * send: the signature is of the same headers with it, by make_sigv4.py. */
START_TEST(json_for_sqs)
{
	char body[] = "{\"QueueUrl\":\"https://sqs.eu-west-1.amazonaws.com/"
		      "123456789012/q1\",\"MaxNumberOfMessages\":10,"
		      "\"WaitTimeSeconds\":20,"
		      "\"MessageSystemAttributeNames\":[\"All\"]}";
	struct request request = {
		.service = AWS_SQS,
		.target = "AmazonSQS.ReceiveMessage",
		.body = body,
	};
	struct request_signed sent;

	sign(&request, "eu-west-1", NULL, &sent);
	ck_assert_str_eq(
	    value_of(&sent, "Content-Type"), "application/x-amz-json-1.0");
	ck_assert_str_eq(value_of(&sent, "X-Amz-Date"), "20150830T123600Z");
	ck_assert_str_eq(
	    value_of(&sent, "X-Amz-Target"), "AmazonSQS.ReceiveMessage");
	ck_assert_str_eq(value_of(&sent, "x-amzn-query-mode"), "true");
	ck_assert_str_eq(
	    value_of(&sent, "User-Agent"), "keyguardd/" PACKAGE_VERSION);
	ck_assert_str_eq(value_of(&sent, "Authorization"),
	    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-west-1/sqs/"
	    "aws4_request, SignedHeaders=content-type;host;x-amz-date;"
	    "x-amz-target;x-amzn-query-mode, Signature="
	    "f61a9169b8092a8c13999bf98051d6f00c3f813c5cfeae7691dceca1e0350f37");
	ck_assert_uint_eq(count(&sent), 6);
	request_signed_done(&sent);
}
END_TEST

/* Vector B: a form, with a token. */
START_TEST(a_form_for_iam)
{
	char body[] = "Action=DeleteAccessKey&Version=2010-05-08&"
		      "UserName=alice%40example.com&"
		      "AccessKeyId=AKIAIOSFODNN7EXAMPLE";
	struct request request = { .service = AWS_IAM, .body = body };
	struct request_signed sent;

	sign(&request, "eu-west-1", "TOKENEXAMPLE", &sent);
	ck_assert_str_eq(value_of(&sent, "Content-Type"),
	    "application/x-www-form-urlencoded; charset=utf-8");
	ck_assert_str_eq(value_of(&sent, "Authorization"),
	    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/"
	    "aws4_request, SignedHeaders=content-type;host;x-amz-date;"
	    "x-amz-security-token, Signature="
	    "db86a5681b4de7fbeef078aa739fc5879e9f7707fb3fdaab2a36a2a484dfe4e2");
	ck_assert_uint_eq(count(&sent), 5);
	request_signed_done(&sent);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("aws/request");
	TCase *tests = tcase_create("request");

	tcase_add_test(tests, json_for_sqs);
	tcase_add_test(tests, a_form_for_iam);
	suite_add_tcase(suite, tests);
	return suite;
}
