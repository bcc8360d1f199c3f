/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sandbox's check of signatures, by requests that others have signed: AWS's
 * own test suite, where it is at hand ($KEYGUARD_VECTORS or ../shared/vectors),
 * and worked examples of the real operations.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox/model_sign.h"
#include "unit/ask.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"

#define THEN   INT64_C(1440938160000) /* 20150830T123600Z */
#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define KEY    "{'users':[{'name':'vector','keys':[{'id':'AKIDEXAMPLE',"
#define SIGNED(scope, list, signature)                                         \
	{                                                                      \
		"Authorization",                                               \
		    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/" scope  \
		    "/aws4_request, SignedHeaders=" list                       \
		    ", Signature=" signature                                   \
	}

static const struct service vector_service = {
	.name = "Vector",
	.signing_name = "service",
	.namespace = "",
};

/* Whether the signature is good for the service of AWS's suite. */
static bool
good(struct model *model, const struct model_request *request)
{
	struct model_answer answer = { 0 };
	struct call call = {
		.model = model,
		.now_ms = THEN,
		.service = &vector_service,
		.entry = doc_object(),
		.answer = &answer,
	};
	bool ok = sign_check(&call, request);

	if (!ok)
		fprintf(stderr, "%s\n", answer.body);
	model_answer_done(&answer);
	doc_free(call.entry);
	free(call.region);
	return ok;
}

/* ---- AWS's suite ---- */

static glob_t suite;

static void
find_suite(void)
{
	const char *folder = getenv("KEYGUARD_VECTORS");
	const char *source = getenv("srcdir");
	FREE_LATER char *pattern = folder != NULL
	    ? xasprintf("%s/sigv4/*", folder)
	    : xasprintf("%s/../shared/vectors/sigv4/*",
		  source == NULL ? ".." : source);

	glob(pattern, GLOB_ONLYDIR, NULL, &suite);
	if (suite.gl_pathc == 0)
		fprintf(stderr, "skipped, vectors not present\n");
}

static char *
read_text(const char *folder, const char *name)
{
	FREE_LATER char *path = xasprintf("%s/%s", folder, name);
	char *text = xzalloc(65536);
	FILE *file = fopen(path, "r");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_lt(fread(text, 1, 65535, file), 65535);
	fclose(file);
	return text;
}

/* Cuts "METHOD target HTTP/1.1", header lines and a body apart, in place. */
static void
split(char *text, struct model_request *ret, struct model_header headers[16])
{
	char *version = strstr(text, " HTTP/1.1\n"), *at, *colon;
	size_t count = 0;

	ret->method = strsep(&text, " ");
	ret->target = text;
	*version = '\0';
	at = version + strlen(" HTTP/1.1\n");
	while (*at != '\n' && *at != '\0') {
		char *end = strchr(at, '\n');

		while (end != NULL && (end[1] == ' ' || end[1] == '\t'))
			end = strchr(end + 1, '\n');
		colon = strchr(at, ':');
		*colon = '\0';
		headers[count++] = (struct model_header){ at, colon + 1 };
		ck_assert_ptr_nonnull(end);
		*end = '\0';
		at = end + 1;
	}
	headers[count].name = NULL;
	ret->headers = headers;
	ret->body = *at == '\n' ? at + 1 : at;
}

static void
load_key(struct ask *ask, struct json_object *context)
{
	const char *token = doc_string(context, "credentials.token");
	FREE_LATER char *member =
	    token == NULL ? xstrdup("") : xasprintf(",'token':'%s'", token);
	FREE_LATER char *document = xasprintf("%s'secret':'%s'%s}]}]}", KEY,
	    doc_string(context, "credentials.secret_access_key"), member);

	ask_init(ask, document);
}

START_TEST(a_case_of_the_suite_is_good)
{
	const char *folder = suite.gl_pathv[_i];
	FREE_LATER char *context = read_text(folder, "context.json");
	FREE_LATER char *text = read_text(folder, "header-signed-request.txt");
	DOC_LATER struct json_object *doc =
	    doc_parse(context, strlen(context), NULL);
	struct model_request request;
	struct model_header headers[16];
	struct ask ask;

	/* Paths as S3 has them, and unsigned tokens, are not for us. */
	if (!doc_bool(doc, "normalize", true) ||
	    doc_bool(doc, "omit_session_token", false))
		return;
	split(text, &request, headers);
	request.body_len =
	    doc_bool(doc, "sign_body", false) ? strlen(request.body) : 0;
	load_key(&ask, doc);
	ck_assert_msg(good(ask.model, &request), "%s", folder);
	ask_done(&ask);
}
END_TEST

/* ---- worked examples ---- */

START_TEST(quick_reference)
{
	static const struct {
		const char *method;
		const char *signature;
	} cases[] = {
		{ "GET",
		    "5fa00fa31553b73ebf1942676e86291e"
		    "8372ff2a2260956d9b8aae1d763fbf31" },
		{ "POST",
		    "5da7c1a2acd57cee7505fc6676e4e544"
		    "621c30862966e37dddb68e92efbe5d6b" },
	};
	FREE_LATER char *authorization = xasprintf(
	    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/"
	    "service/aws4_request, SignedHeaders=host;x-amz-date, "
	    "Signature=%s",
	    cases[_i].signature);
	const struct model_header headers[] = {
		{ "Host", "example.amazonaws.com" },
		{ "X-Amz-Date", "20150830T123600Z" },
		{ "Authorization", authorization },
		{ NULL, NULL },
	};
	struct model_request request = { cases[_i].method, "/", headers, "",
		0 };
	struct ask ask;

	ask_init(&ask, KEY "'secret':'" SECRET "'}]}]}");
	ck_assert(good(ask.model, &request));
	request.body = "x";
	request.body_len = 1;
	ck_assert(!good(ask.model, &request));
	ask_done(&ask);
}
END_TEST

#define RECEIVE                                                                \
	"{\"QueueUrl\":\"https://sqs.eu-west-1.amazonaws.com/123456789012/q1"  \
	"\",\"MaxNumberOfMessages\":10,\"WaitTimeSeconds\":20,"                \
	"\"MessageSystemAttributeNames\":[\"All\"]}"

START_TEST(receive_message_of_vector_a)
{
	const struct model_header headers[] = {
		{ "Content-Type", "application/x-amz-json-1.0" },
		{ "Host", "sqs.eu-west-1.amazonaws.com" },
		{ "X-Amz-Date", "20150830T123600Z" },
		{ "X-Amz-Target", "AmazonSQS.ReceiveMessage" },
		SIGNED("eu-west-1/sqs",
		    "content-type;host;x-amz-date;x-amz-target",
		    "061980c306ec453b653a3d262e5ba6e4"
		    "b829160d59b37f78f6024bd1d18485a8"),
		{ NULL, NULL },
	};
	struct model_request request = { "POST", "/", headers, RECEIVE,
		strlen(RECEIVE) };
	struct ask ask;

	ask_init(&ask, "{}");
	ask.now_ms = THEN;
	ask_load(&ask,
	    KEY "'secret':'" SECRET "'}]}],'queues':[{'name':'q1',"
		"'region':'eu-west-1','messages':['test']}]}");
	ask_raw(&ask, &request);
	ck_assert_int_eq(ask.answer.status, 200);
	request.target = "/elsewhere";
	ask_raw(&ask, &request);
	ck_assert_int_eq(ask.answer.status, 403);
	ck_assert_str_eq(ask_string(&ask, "__type"),
	    "com.amazonaws.sqs#InvalidSignatureException");
	ck_assert_str_eq(ask_header(&ask, "x-amzn-query-error"),
	    "SignatureDoesNotMatch;Sender");
	ask_done(&ask);
}
END_TEST

#define DELETE                                                                 \
	"Action=DeleteAccessKey&Version=2010-05-08&UserName=alice%40example."  \
	"com&AccessKeyId=AKIAIOSFODNN7EXAMPLE"

START_TEST(delete_access_key_of_vector_b)
{
	struct model_header headers[] = {
		{ "Content-Type",
		    "application/x-www-form-urlencoded; charset=utf-8" },
		{ "Host", "iam.amazonaws.com" },
		{ "X-Amz-Date", "20150830T123600Z" },
		{ "X-Amz-Security-Token", "TOKENEXAMPLE" },
		SIGNED("us-east-1/iam",
		    "content-type;host;x-amz-date;x-amz-security-token",
		    "db86a5681b4de7fbeef078aa739fc587"
		    "9e9f7707fb3fdaab2a36a2a484dfe4e2"),
		{ NULL, NULL },
	};
	const struct model_request request = { "POST", "/", headers, DELETE,
		strlen(DELETE) };
	struct ask ask;

	ask_init(&ask,
	    KEY "'secret':'" SECRET "','token':'TOKENEXAMPLE'}]},"
		"{'name':'alice@example.com',"
		"'keys':[{'id':'AKIAIOSFODNN7EXAMPLE'}]}]}");
	ask.now_ms = THEN;
	ask_raw(&ask, &request);
	ck_assert_int_eq(ask.answer.status, 200);
	ck_assert_int_eq(ask_counter(&ask, "deletedKeys"), 1);
	headers[3].value = "ANOTHERTOKEN";
	ask_raw(&ask, &request);
	ck_assert_int_eq(ask.answer.status, 403);
	ck_assert_ptr_nonnull(
	    strstr(ask.answer.body, "<Code>InvalidClientTokenId</Code>"));
	ask_done(&ask);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *tests = suite_create("sandbox/sign");
	TCase *tcase = tcase_create("sign");

	find_suite();
	suite_add_tcase(tests, tcase);
	tcase_add_loop_test(
	    tcase, a_case_of_the_suite_is_good, 0, (int)suite.gl_pathc);
	tcase_add_loop_test(tcase, quick_reference, 0, 2);
	tcase_add_test(tcase, receive_message_of_vector_a);
	tcase_add_test(tcase, delete_access_key_of_vector_b);
	return tests;
}
