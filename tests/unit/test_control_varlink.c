/* SPDX-License-Identifier: Apache-2.0 */
/* The codec: where messages end, and what is one. */
#include <stdio.h>
#include <string.h>

#include "control/varlink.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"

START_TEST(a_message_ends_at_its_nul)
{
	size_t len = 77;

	ck_assert(!varlink_whole(NULL, 0, &len));
	ck_assert(!varlink_whole("{}", 2, &len));
	ck_assert_uint_eq(len, 77);
	ck_assert(varlink_whole("{}\0{\0", 5, &len));
	ck_assert_uint_eq(len, 2);
	ck_assert(varlink_whole("\0", 1, &len));
	ck_assert_uint_eq(len, 0);
}
END_TEST

static bool
parse_call(const char *text, struct varlink_call *ret, struct error *error)
{
	return varlink_call_parse(text, strlen(text), ret, error);
}

static bool
parse_reply(const char *text, struct varlink_reply *ret, struct error *error)
{
	return varlink_reply_parse(text, strlen(text), ret, error);
}

START_TEST(a_call_has_its_members)
{
	struct varlink_call call;

	ck_assert(parse_call("{\"method\":\"a.B\"}", &call, NULL));
	ck_assert_str_eq(call.method, "a.B");
	ck_assert_ptr_null(call.parameters);
	ck_assert(!call.more && !call.oneway && !call.upgrade);
	varlink_call_done(&call);
	ck_assert(parse_call("{\"method\":\"a.B\",\"parameters\":{\"x\":1},"
			     "\"more\":true,\"oneway\":true,\"upgrade\":true,"
			     "\"later\":[]}",
	    &call, NULL));
	ck_assert_int_eq(doc_int(call.parameters, "x", 0), 1);
	ck_assert(call.more && call.oneway && call.upgrade);
	varlink_call_done(&call);
	ck_assert(parse_call("{\"method\":\"a.B\",\"parameters\":null,"
			     "\"more\":null,\"oneway\":false}",
	    &call, NULL));
	ck_assert_ptr_null(call.parameters);
	ck_assert(!call.more && !call.oneway);
	varlink_call_done(&call);
}
END_TEST

START_TEST(what_is_no_call_is_refused)
{
	static const char *const bad[] = { "{}", "[]", "5", "\"a.B\"",
		"{\"method\":null}", "{\"method\":[\"a.B\"]}",
		"{\"method\":\"a\\u0000.B\"}",
		"{\"method\":\"a.B\",\"more\":\"true\"}",
		"{\"method\":\"a.B\",\"upgrade\":0}",
		"{\"method\":\"a.B\",\"parameters\":\"\"}" };
	struct varlink_call call;
	struct error error;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		ck_assert(!parse_call(bad[i], &call, &error));
		ck_assert_str_eq(error.name, "Varlink.NoCall");
		ck_assert_ptr_null(call.message);
		ck_assert_ptr_null(call.method);
	}
}
END_TEST

START_TEST(what_is_no_json_is_refused)
{
	char deep[2 * (DOC_DEPTH + 1) + 1];
	struct varlink_call call;
	struct error error;

	memset(deep, '[', DOC_DEPTH + 1);
	memset(deep + DOC_DEPTH + 1, ']', DOC_DEPTH + 1);
	deep[sizeof deep - 1] = '\0';
	FREE_LATER char *text =
	    xasprintf("{\"method\":\"a.B\",\"parameters\":{\"x\":%s}}", deep);

	ck_assert(!parse_call("", &call, &error));
	ck_assert_str_eq(error.name, "Doc.Malformed");
	ck_assert(!parse_call("{\"method\":\"a.B\"} {}", &call, &error));
	ck_assert_str_eq(error.name, "Doc.Malformed");
	ck_assert(!parse_call("{\"method\":\"\xff\"}", &call, &error));
	ck_assert_str_eq(error.name, "Doc.Malformed");
	ck_assert(!parse_call(text, &call, &error));
	ck_assert_str_eq(error.name, "Doc.TooDeep");
}
END_TEST

START_TEST(a_reply_has_its_members)
{
	struct varlink_reply reply;

	ck_assert(parse_reply("{}", &reply, NULL));
	ck_assert_ptr_null(reply.error);
	ck_assert_ptr_null(reply.parameters);
	ck_assert(!reply.continues);
	varlink_reply_done(&reply);
	ck_assert(parse_reply("{\"error\":\"a.B\",\"parameters\":{\"x\":1},"
			      "\"continues\":true}",
	    &reply, NULL));
	ck_assert_str_eq(reply.error, "a.B");
	ck_assert_int_eq(doc_int(reply.parameters, "x", 0), 1);
	ck_assert(reply.continues);
	varlink_reply_done(&reply);
}
END_TEST

START_TEST(what_is_no_reply_is_refused)
{
	static const char *const bad[] = { "[]", "5", "{\"error\":5}",
		"{\"parameters\":[]}", "{\"continues\":1}" };
	struct varlink_reply reply;
	struct error error;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		ck_assert(!parse_reply(bad[i], &reply, &error));
		ck_assert_str_eq(error.name, "Varlink.NoReply");
		ck_assert_ptr_null(reply.message);
	}
}
END_TEST

static struct json_object *
x_is_1(void)
{
	struct json_object *doc = doc_object();

	doc_put_int(doc, "x", 1);
	return doc;
}

START_TEST(messages_are_written)
{
	FREE_LATER char *plain = varlink_call_text("a.B", NULL, false);
	FREE_LATER char *more = varlink_call_text("a.B", x_is_1(), true);
	FREE_LATER char *reply = varlink_reply_text(x_is_1(), false);
	FREE_LATER char *one = varlink_reply_text(NULL, true);
	FREE_LATER char *error = varlink_error_text("a.C", x_is_1());

	ck_assert_str_eq(plain, "{\"method\":\"a.B\",\"parameters\":{}}");
	ck_assert_str_eq(more,
	    "{\"method\":\"a.B\",\"more\":true,\"parameters\":{\"x\":1}}");
	ck_assert_str_eq(reply, "{\"parameters\":{\"x\":1}}");
	ck_assert_str_eq(one, "{\"continues\":true,\"parameters\":{}}");
	ck_assert_str_eq(error, "{\"error\":\"a.C\",\"parameters\":{\"x\":1}}");
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		a_message_ends_at_its_nul,
		a_call_has_its_members,
		what_is_no_call_is_refused,
		what_is_no_json_is_refused,
		a_reply_has_its_members,
		what_is_no_reply_is_refused,
		messages_are_written,
	};
	Suite *suite = suite_create("control/varlink");
	TCase *tcase = tcase_create("varlink");

	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
