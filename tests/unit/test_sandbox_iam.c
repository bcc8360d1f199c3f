/* SPDX-License-Identifier: Apache-2.0 */
/* The sandbox's IAM and STS: rules, answers and errors. */
#include <stdlib.h>
#include <string.h>

#include "unit/ask.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"

static void
iam(struct ask *ask, const char *action, const char *form)
{
	ask_query(ask, "iam", "2010-05-08", action, form);
}

#define ALICE                                                                  \
	"{'users':[{'name':'alice','keys':[{'id':'AKIAIOSFODNN7EXAMPLE',"      \
	"'lastUsed':{'date':'2026-07-21T16:02:00Z','service':'s3',"            \
	"'region':'us-west-2'}},{'id':'AKIANEVERUSED0000000'}]},"              \
	"{'name':'bob'},{'kind':'root','keys':[{'id':'AKIAROOTROOT00000000'}"  \
	"]},{'account':'999999999999','name':'alice',"                         \
	"'keys':[{'id':'AKIAFOREIGN000000000'}]}]}"

#define LAST "GetAccessKeyLastUsedResult/"

START_TEST(last_used)
{
	struct ask ask;

	ask_init(&ask, ALICE);
	iam(&ask, "GetAccessKeyLastUsed", "&AccessKeyId=AKIAIOSFODNN7EXAMPLE");
	ck_assert_int_eq(ask.answer.status, 200);
	ck_assert_str_eq(ask_header(&ask, "Content-Type"), "text/xml");
	FREE_LATER char *user = ask_text(&ask, LAST "UserName");
	FREE_LATER char *date =
	    ask_text(&ask, LAST "AccessKeyLastUsed/LastUsedDate");
	FREE_LATER char *service =
	    ask_text(&ask, LAST "AccessKeyLastUsed/ServiceName");

	ck_assert_str_eq(user, "alice");
	ck_assert_str_eq(date, "2026-07-21T16:02:00Z");
	ck_assert_str_eq(service, "s3");
	iam(&ask, "GetAccessKeyLastUsed", "&AccessKeyId=AKIANEVERUSED0000000");
	FREE_LATER char *region =
	    ask_text(&ask, LAST "AccessKeyLastUsed/Region");

	ck_assert_str_eq(region, "N/A");
	ck_assert_ptr_null(strstr(ask.answer.body, "LastUsedDate"));
	iam(&ask, "GetAccessKeyLastUsed", "&AccessKeyId=AKIAROOTROOT00000000");
	ck_assert_int_eq(ask.answer.status, 200);
	ck_assert_ptr_null(strstr(ask.answer.body, "UserName"));
	ask_done(&ask);
}
END_TEST

START_TEST(an_unknown_key_is_denied_and_not_found_by_emulators)
{
	static const char *const forms[] = {
		"&AccessKeyId=AKIAUNKNOWNUNKNOWN00",
		"&AccessKeyId=AKIAFOREIGN000000000",
	};
	struct ask ask;

	ask_init(&ask, ALICE);
	iam(&ask, "GetAccessKeyLastUsed", forms[_i]);
	ask_refused(&ask, 403, "AccessDenied", NULL);
	ck_assert_ptr_nonnull(
	    strstr(ask.answer.body, "iam:GetAccessKeyLastUsed"));
	ask_load(&ask, "{'emulator':true}");
	iam(&ask, "GetAccessKeyLastUsed", forms[_i]);
	ask_refused(&ask, 404, "NoSuchEntity", NULL);
	iam(&ask, "GetAccessKeyLastUsed", "&AccessKeyId=short");
	ask_refused(&ask, 400, "ValidationError", NULL);
	ask_done(&ask);
}
END_TEST

START_TEST(a_key_is_deleted_once)
{
	static const char form[] =
	    "&UserName=alice&AccessKeyId=AKIAIOSFODNN7EXAMPLE";
	struct ask ask;

	ask_init(&ask, ALICE);
	iam(&ask, "DeleteAccessKey", form);
	ck_assert_int_eq(ask.answer.status, 200);
	FREE_LATER char *id = ask_text(&ask, "ResponseMetadata/RequestId");

	ck_assert_str_eq(id, ask_header(&ask, "x-amzn-RequestId"));
	ck_assert_int_eq(ask_counter(&ask, "deletedKeys"), 1);
	iam(&ask, "DeleteAccessKey", form);
	ask_refused(&ask, 404, "NoSuchEntity",
	    "The Access Key with id AKIAIOSFODNN7EXAMPLE cannot be found");
	ck_assert_int_eq(ask_counter(&ask, "deletedKeys"), 1);
	ask_done(&ask);
}
END_TEST

START_TEST(keys_are_found_under_their_user_alone)
{
	struct ask ask;

	ask_init(&ask, ALICE);
	iam(&ask, "DeleteAccessKey",
	    "&UserName=bob&AccessKeyId=AKIAIOSFODNN7EXAMPLE");
	ask_refused(&ask, 404, "NoSuchEntity",
	    "The Access Key with id AKIAIOSFODNN7EXAMPLE cannot be found");
	iam(&ask, "DeleteAccessKey",
	    "&UserName=carol&AccessKeyId=AKIAIOSFODNN7EXAMPLE");
	ask_refused(&ask, 404, "NoSuchEntity",
	    "The user with name carol cannot be found.");
	iam(&ask, "DeleteAccessKey",
	    "&UserName=&AccessKeyId=AKIAIOSFODNN7EXAMPLE");
	ask_refused(&ask, 400, "ValidationError", NULL);
	iam(&ask, "DeleteAccessKey",
	    "&UserName=alice&AccessKeyId=AKIAFOREIGN000000000");
	ask_refused(&ask, 404, "NoSuchEntity",
	    "The Access Key with id AKIAFOREIGN000000000 cannot be found");
	ck_assert_int_eq(ask_counter(&ask, "deletedKeys"), 0);
	ask_done(&ask);
}
END_TEST

START_TEST(without_a_user_the_signer_is_meant)
{
	struct ask ask;

	ask_init(&ask, ALICE);
	iam(&ask, "DeleteAccessKey", "&AccessKeyId=AKIAIOSFODNN7EXAMPLE");
	ask_refused(&ask, 404, "NoSuchEntity", NULL);
	iam(&ask, "DeleteAccessKey", "&AccessKeyId=AKIAI44QH8DHBEXAMPLE");
	ck_assert_int_eq(ask.answer.status, 200);
	/* It has shot its own foot. */
	iam(&ask, "ListAccessKeys", "");
	ask_refused(&ask, 403, "InvalidClientTokenId", NULL);
	ask_done(&ask);
}
END_TEST

START_TEST(a_role_has_no_keys_of_its_own)
{
	struct ask ask;

	ask_init(&ask,
	    "{'users':[{'kind':'role','name':'guard/session',"
	    "'keys':[{'id':'ASIAEXAMPLEEXAMPLE00',"
	    "'token':'token'}]}]}");
	ask.key_id = "ASIAEXAMPLEEXAMPLE00";
	ask.token = "token";
	iam(&ask, "DeleteAccessKey", "&AccessKeyId=AKIAI44QH8DHBEXAMPLE");
	ask_refused(&ask, 400, "ValidationError", NULL);
	iam(&ask, "DeleteAccessKey",
	    "&UserName=daemon&AccessKeyId=AKIAI44QH8DHBEXAMPLE");
	ck_assert_int_eq(ask.answer.status, 200);
	ask_done(&ask);
}
END_TEST

START_TEST(keys_are_listed_and_put_to_rest)
{
	struct ask ask;

	ask_init(&ask, ALICE);
	iam(&ask, "UpdateAccessKey",
	    "&UserName=alice&AccessKeyId=AKIAIOSFODNN7EXAMPLE"
	    "&Status=Inactive");
	ck_assert_int_eq(ask.answer.status, 200);
	iam(&ask, "ListAccessKeys", "&UserName=alice");
	FREE_LATER char *status = ask_text(
	    &ask, "ListAccessKeysResult/AccessKeyMetadata/member/Status");

	ck_assert_str_eq(status, "Inactive");
	ck_assert_ptr_nonnull(strstr(ask.answer.body, "AKIANEVERUSED0000000"));
	ask_done(&ask);
}
END_TEST

START_TEST(names_are_utf_8_and_escaped)
{
	struct ask ask;

	ask_init(&ask,
	    "{'users':[{'name':'j\xc3\xbcrgen+<&','keys':[{"
	    "'id':'AKIAIOSFODNN7EXAMPLE'}]}]}");
	iam(&ask, "GetAccessKeyLastUsed", "&AccessKeyId=AKIAIOSFODNN7EXAMPLE");
	ck_assert_ptr_nonnull(strstr(
	    ask.answer.body, "<UserName>j\xc3\xbcrgen+&lt;&amp;</UserName>"));
	iam(&ask, "DeleteAccessKey",
	    "&UserName=j%C3%BCrgen%2B%3C%26"
	    "&AccessKeyId=AKIAIOSFODNN7EXAMPLE");
	ck_assert_int_eq(ask.answer.status, 200);
	ask_done(&ask);
}
END_TEST

START_TEST(who_signed)
{
	struct ask ask;

	ask_init(&ask, "{}");
	ask_query(&ask, "sts", "2011-06-15", "GetCallerIdentity", "");
	FREE_LATER char *arn = ask_text(&ask, "GetCallerIdentityResult/Arn");
	FREE_LATER char *account =
	    ask_text(&ask, "GetCallerIdentityResult/Account");

	ck_assert_str_eq(arn, "arn:aws:iam::123456789012:user/daemon");
	ck_assert_str_eq(account, "123456789012");
	ask_query(&ask, "sts", "2011-06-15", "NoSuchThing", "");
	ask_refused(&ask, 400, "InvalidAction", NULL);
	ask_done(&ask);
}
END_TEST

#define DELETE "&UserName=alice&AccessKeyId=AKIAIOSFODNN7EXAMPLE"

START_TEST(done_twice_the_second_answer_counts)
{
	struct ask ask;

	ask_init(&ask, ALICE);
	ask_load(&ask, "{'faults':[{'do':'twice'}]}");
	iam(&ask, "DeleteAccessKey", DELETE);
	ask_refused(&ask, 404, "NoSuchEntity", NULL);
	ck_assert_int_eq(ask_counter(&ask, "deletedKeys"), 1);
	ask_done(&ask);
}
END_TEST

START_TEST(a_deleted_key_may_be_known_for_a_while)
{
	struct ask ask;

	ask_init(&ask, ALICE);
	ask_load(&ask, "{'faults':[{'do':'behind','count':2}]}");
	iam(&ask, "DeleteAccessKey", DELETE);
	iam(&ask, "GetAccessKeyLastUsed", "&AccessKeyId=AKIAIOSFODNN7EXAMPLE");
	ck_assert_int_eq(ask.answer.status, 200);
	iam(&ask, "GetAccessKeyLastUsed", "&AccessKeyId=AKIAIOSFODNN7EXAMPLE");
	ck_assert_int_eq(ask.answer.status, 403);
	ask_done(&ask);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("sandbox/iam");
	TCase *tcase = tcase_create("iam");

	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, last_used);
	tcase_add_loop_test(
	    tcase, an_unknown_key_is_denied_and_not_found_by_emulators, 0, 2);
	tcase_add_test(tcase, a_key_is_deleted_once);
	tcase_add_test(tcase, keys_are_found_under_their_user_alone);
	tcase_add_test(tcase, without_a_user_the_signer_is_meant);
	tcase_add_test(tcase, a_role_has_no_keys_of_its_own);
	tcase_add_test(tcase, keys_are_listed_and_put_to_rest);
	tcase_add_test(tcase, names_are_utf_8_and_escaped);
	tcase_add_test(tcase, who_signed);
	tcase_add_test(tcase, done_twice_the_second_answer_counts);
	tcase_add_test(tcase, a_deleted_key_may_be_known_for_a_while);
	return suite;
}
