/* SPDX-License-Identifier: Apache-2.0 */
/* What a message body says: every shape AWS sends, and what others send. */
#include "workflow/finding.h"

#include <string.h>

#include "unit/file.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/doc.h"

#define KEY_1 "AKIAIOSFODNN7EXAMPLE"
#define KEY_2 "AKIAI44QH8DHBEXAMPLE"
#define ARN   "arn:aws:health:us-east-1::event/RISK/X/1"

#define EVENT(top, detail)                                                     \
	"{\"source\":\"aws.health\"" top ",\"detail\":{"                       \
	"\"eventTypeCode\":\"AWS_RISK_CREDENTIALS_EXPOSED\"" detail "}}"
#define ENTITY(key)         "{\"entityValue\":\"" key "\"}"
#define ENTITIES(...)       ",\"affectedEntities\":[" __VA_ARGS__ "]"
#define DETAIL(name, value) ",\"" name "\":\"" value "\""

static enum finding_kind
parse(const char *body, struct finding *finding, struct error *error)
{
	return finding_parse(body, strlen(body), finding, error);
}

static struct finding
parsed(const char *body)
{
	struct finding finding;
	struct error error = { 0 };

	ck_assert_msg(parse(body, &finding, &error) == FINDING_EXPOSED_KEY,
	    "%s: %s", error.name, error.cause);
	return finding;
}

START_TEST(the_sample_of_the_seed)
{
	FREE_LATER char *body = file_read("scenarios/events/seed.json");
	struct finding finding = parsed(body);

	ck_assert_str_eq(finding.account, "123456789012");
	ck_assert_str_eq(finding.event_arn,
	    "arn:aws:health:us-east-1::event/"
	    "AWS_RISK_CREDENTIALS_EXPOSED_XXXXXXXXXXXXXXXXX");
	ck_assert_str_eq(finding.communication_id, "");
	ck_assert_uint_eq(finding.key_count, 1);
	ck_assert_str_eq(finding.keys[0], "ACCESS_KEY_ID_HERE");
	ck_assert_uint_eq(finding.bad_count, 0);
	finding_done(&finding);
}
END_TEST

static const char *const codes[] = {
	"AWS_RISK_CREDENTIALS_COMPROMISED",
	"AWS_RISK_CREDENTIALS_COMPROMISE_SUSPECTED",
	"AWS_RISK_CREDENTIALS_EXPOSED",
	"AWS_RISK_CREDENTIALS_EXPOSURE_SUSPECTED",
	"AWS_RISK_IAM_QUARANTINE",
};

START_TEST(each_of_the_five_codes)
{
	FREE_LATER char *body = xasprintf(
	    "{\"source\":\"aws.health\",\"detail\":{\"eventTypeCode\":\"%s\","
	    "\"service\":\"IAM\",\"eventTypeCategory\":\"accountNotification\""
	    ",\"statusCode\":\"closed\"}}",
	    codes[_i]);
	struct finding finding = parsed(body);

	ck_assert(finding_suspected(body, strlen(body)));
	finding_done(&finding);
}
END_TEST

static const char *const others[] = {
	"{}",
	"{\"source\":null}",
	"{\"source\":[\"aws.health\"]}",
	"{\"source\":\"aws.ec2\",\"detail\":[]}",
	"{\"source\":\"aws.health\",\"detail\":{}}",
	"{\"source\":\"aws.health\","
	"\"detail\":{\"eventTypeCode\":\"AWS_EC2_OPERATIONAL_ISSUE\"}}",
	"{\"source\":\"custom\","
	"\"detail\":{\"eventTypeCode\":\"AWS_RISK_CREDENTIALS_EXPOSED\"}}",
	"{\"Type\":\"Notification\",\"Message\":\"{}\"}",
	"{\"Type\":\"Notification\",\"Message\":{}}",
	"{\"Type\":\"SubscriptionConfirmation\",\"Message\":\"You have\"}",
};

START_TEST(other_events_are_told_apart)
{
	struct finding finding;
	struct error error = { 0 };

	ck_assert_int_eq(
	    parse(others[_i], &finding, &error), FINDING_OTHER_EVENT);
	ck_assert_str_eq(error.name, "Finding.OtherEvent");
	ck_assert_ptr_null(finding.event);
}
END_TEST

static const struct {
	const char *body, *error, *cause;
} unreadable[] = {
	{ "", "Finding.Malformed", "" },
	{ "hello", "Finding.Malformed", "" },
	{ "[]", "Finding.Malformed", "not a JSON object" },
	{ "{\"source\":\"aws.health\"}", "Finding.Malformed",
	    "detail is no object" },
	{ "{\"source\":\"aws.health\",\"detail\":\"x\"}", "Finding.Malformed",
	    "detail is no object" },
	{ "{\"source\":\"aws.health\",\"detail\":{\"eventTypeCode\":1}}",
	    "Finding.Malformed", "detail.eventTypeCode is no string" },
	{ "{\"source\":[\"aws.health\"],\"detail\":"
	  "{\"eventTypeCode\":\"AWS_RISK_CREDENTIALS_EXPOSED\"}}",
	    "Finding.Malformed", "source is no string" },
	{ "{\"source\":\"aws.health\",\"detail\":{\"eventTypeCode\":null,"
	  "\"eventArn\":\"RISK/AWS_RISK_CREDENTIALS_EXPOSED/1\"}}",
	    "Finding.Malformed", "detail.eventTypeCode is no string" },
	/* a rule with InputPath $.detail */
	{ "{\"eventTypeCode\":\"AWS_RISK_IAM_QUARANTINE\"}",
	    "Finding.Malformed", "source is no string" },
	{ EVENT(",\"account\":123456789012", ""), "Finding.Malformed",
	    "account is no string" },
	{ EVENT("", ",\"affectedAccount\":123456789012"), "Finding.Malformed",
	    "detail.affectedAccount is no string" },
	{ EVENT("", DETAIL("affectedAccount", "me")), "Finding.Malformed",
	    "detail.affectedAccount is no account" },
	{ EVENT("", DETAIL("affectedAccount", "12345678901x")),
	    "Finding.Malformed", "detail.affectedAccount is no account" },
	{ EVENT("", DETAIL("affectedAccount", "123456789012\\u0000")),
	    "Finding.Malformed", "detail.affectedAccount is no string" },
	{ EVENT("", ",\"eventArn\":{}"), "Finding.Malformed",
	    "detail.eventArn is no string" },
	{ EVENT("", ",\"communicationId\":1"), "Finding.Malformed",
	    "detail.communicationId is no string" },
	{ EVENT("", ",\"affectedEntities\":\"" KEY_1 "\""), "Finding.Malformed",
	    "detail.affectedEntities is no array" },
	{ "{\"Type\":\"Notification\",\"Message\":\"{\"}", "Finding.Malformed",
	    "" },
	{ "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "Finding.TooDeep", "" },
};

START_TEST(the_unreadable_is_named)
{
	struct finding finding;
	struct error error = { 0 };

	ck_assert_int_eq(
	    parse(unreadable[_i].body, &finding, &error), FINDING_UNREADABLE);
	ck_assert_str_eq(error.name, unreadable[_i].error);
	ck_assert_ptr_nonnull(strstr(error.cause, unreadable[_i].cause));
	ck_assert_ptr_null(finding.event);
	ck_assert_ptr_null(finding.keys);
}
END_TEST

START_TEST(a_mebibyte_is_read_and_no_more)
{
	size_t len = FINDING_BODY + 1;
	FREE_LATER char *body = xzalloc(len + 1);
	struct finding finding;
	struct error error = { 0 };

	memset(body, ' ', len);
	memcpy(body, "{}", 2);
	ck_assert_int_eq(
	    finding_parse(body, len, &finding, &error), FINDING_UNREADABLE);
	ck_assert_str_eq(error.name, "Finding.TooLarge");
	ck_assert_int_eq(finding_parse(body, len - 1, &finding, &error),
	    FINDING_OTHER_EVENT);
}
END_TEST

START_TEST(an_envelope_is_opened)
{
	DOC_LATER struct json_object *envelope = doc_object();

	doc_put_string(envelope, "Type", "Notification");
	doc_put_string(envelope, "TopicArn", "arn:aws:sns:us-east-1::t");
	doc_put_string(envelope, "Message", EVENT("", ENTITIES(ENTITY(KEY_1))));
	FREE_LATER char *body = doc_text(envelope);
	struct finding finding = parsed(body);

	ck_assert_uint_eq(finding.key_count, 1);
	ck_assert_str_eq(finding.keys[0], KEY_1);
	finding_done(&finding);
}
END_TEST

static const struct {
	const char *body, *account;
} accounts[] = {
	{ EVENT("", ""), NULL },
	{ EVENT(",\"account\":null", ""), NULL },
	{ EVENT(",\"account\":\"ACCOUNT\"", ""), NULL },
	{ EVENT(",\"account\":\"111111111111\"", ""), "111111111111" },
	{ EVENT(",\"account\":\"111111111111\"",
	      DETAIL("affectedAccount", "222222222222")),
	    "222222222222" },
	{ EVENT(",\"account\":\"111111111111\"", DETAIL("affectedAccount", "")),
	    "111111111111" },
};

START_TEST(the_victim_comes_before_the_receiver)
{
	struct finding finding = parsed(accounts[_i].body);

	ck_assert_pstr_eq(finding.account, accounts[_i].account);
	finding_done(&finding);
}
END_TEST

#define COMMUNICATION(id) DETAIL("communicationId", id)

static const struct {
	const char *body, *id;
} communications[] = {
	{ EVENT("", ""), "" },
	{ EVENT("", COMMUNICATION("abc-1")), "abc-1" },
	{ EVENT("", COMMUNICATION("abc-1") DETAIL("page", "1")), "abc" },
	{ EVENT("", COMMUNICATION("abc-12") DETAIL("page", "2")), "abc-12" },
	{ EVENT("", COMMUNICATION("abc") DETAIL("page", "1")), "abc" },
	{ EVENT("", COMMUNICATION("abc-1") ",\"page\":1"), "abc" },
	{ EVENT("", COMMUNICATION("-1") DETAIL("page", "1")), "-1" },
};

START_TEST(pages_of_one_communication_are_one)
{
	struct finding finding = parsed(communications[_i].body);

	ck_assert_str_eq(finding.communication_id, communications[_i].id);
	finding_done(&finding);
}
END_TEST

START_TEST(entities_are_sorted_out)
{
	struct finding finding = parsed(EVENT("",
	    ENTITIES(
		ENTITY(KEY_2) "," ENTITY("root") "," ENTITY(KEY_1) "," ENTITY(
		    KEY_2) ",{},\"" KEY_1
			   "\",null,17," ENTITY("") "," ENTITY(
			       "arn:aws:iam::1:"
			       "user/a") "," ENTITY("root") "," ENTITY(KEY_1
			       "\\n"))));
	const char *bad[] = { "\"" KEY_1 "\"", "(empty)", "17", KEY_1,
		"arn:aws:iam::1:user/a", "null", "root", "{}" };

	ck_assert_uint_eq(finding.key_count, 2);
	ck_assert_str_eq(finding.keys[0], KEY_2);
	ck_assert_str_eq(finding.keys[1], KEY_1);
	ck_assert_uint_eq(finding.bad_count, sizeof bad / sizeof bad[0]);
	for (size_t i = 0; i < finding.bad_count; i++)
		ck_assert_str_eq(finding.bad[i], bad[i]);
	finding_done(&finding);
}
END_TEST

static const struct {
	const char *id;
	bool good;
} key_ids[] = {
	{ "AKIA567890123456", true },
	{ "AKIA56789012345", false },
	{ "akia_567890123456", true },
	{ "AKIA-567890123456", false },
	{ "AKIA 567890123456", false },
	{ "\xc3\x84KIA5678901234567", false },
};

START_TEST(key_ids_are_word_characters)
{
	FREE_LATER char *body =
	    xasprintf(EVENT("", ENTITIES(ENTITY("%s"))), key_ids[_i].id);
	struct finding finding = parsed(body);

	ck_assert_uint_eq(finding.key_count, key_ids[_i].good);
	ck_assert_uint_eq(finding.bad_count, !key_ids[_i].good);
	finding_done(&finding);
}
END_TEST

START_TEST(a_key_id_has_128_characters_at_most)
{
	char id[130] = "";

	memset(id, 'A', 129);
	for (size_t len = 128; len <= 129; len++) {
		FREE_LATER char *body = xasprintf(
		    EVENT("", ENTITIES(ENTITY("%.*s"))), (int)len, id);
		struct finding finding = parsed(body);

		ck_assert_uint_eq(finding.key_count, len == 128);
		finding_done(&finding);
	}
}
END_TEST

START_TEST(two_thousand_entities_are_read)
{
	struct buf body = BUF_INIT(FINDING_BODY);

	buf_puts(&body,
	    "{\"source\":\"aws.health\",\"detail\":{\"eventTypeCode\":"
	    "\"AWS_RISK_CREDENTIALS_EXPOSED\",\"affectedEntities\":[");
	for (int i = 0; i < FINDING_ENTITIES + 3; i++)
		buf_printf(&body, "%s{\"entityValue\":\"AKIA%016d\"}",
		    i == 0 ? "" : ",", i);
	buf_puts(&body, "]}}");
	struct finding finding = parsed(buf_text(&body));

	ck_assert_uint_eq(finding.key_count, FINDING_ENTITIES);
	ck_assert_uint_eq(finding.left_out, 3);
	ck_assert_str_eq(finding.keys[1999], "AKIA0000000000001999");
	finding_done(&finding);
	buf_done(&body);
}
END_TEST

/* What we ourselves put into an input, nobody else can. */
START_TEST(the_event_is_reduced_to_a_key)
{
	struct finding finding = parsed(
	    EVENT(",\"id\":\"1\",\"time\":\" 2016-06-05T06:27:57Z\\n\","
		  "\"keyguard\":{\"Retry\":{\"Intent\":{}}},\"deletion\":{}",
		DETAIL("eventArn", ARN) DETAIL("page", "1") DETAIL("y",
		    "2") ",\"eventMetadata\":{\"exposedUrl\":\" "
			 "https://x/\\u0007y \","
			 "\"userName\":7,\"publicKey\":\"z\"},\"backupEvent\":["
			 "]" ENTITIES(ENTITY(KEY_1) "," ENTITY(KEY_2))));
	DOC_LATER struct json_object *input = finding_reduce(&finding, KEY_2);
	FREE_LATER char *text = doc_text(input);

	ck_assert_str_eq(text,
	    "{\"id\":\"1\",\"source\":\"aws.health\","
	    "\"time\":\"2016-06-05T06:27:57Z\",\"detail\":{"
	    "\"eventArn\":\"" ARN "\","
	    "\"eventTypeCode\":\"AWS_RISK_CREDENTIALS_EXPOSED\","
	    "\"page\":\"1\",\"eventMetadata\":{\"exposedUrl\":"
	    "\"https://x/y\"},\"affectedEntities\":[" ENTITY(KEY_2) "]}}");
	finding_done(&finding);
}
END_TEST

START_TEST(or_to_none)
{
	struct finding finding = parsed(EVENT("", ENTITIES(ENTITY(KEY_1))));
	DOC_LATER struct json_object *input = finding_reduce(&finding, NULL);

	ck_assert(doc_is_array(doc_at(input, "detail.affectedEntities")));
	ck_assert_uint_eq(doc_count(input, "detail.affectedEntities"), 0);
	finding_done(&finding);
}
END_TEST

START_TEST(suspicion_needs_a_code)
{
	const char *text = "{{ AWS_RISK_IAM_QUARANTINE";

	ck_assert(finding_suspected(text, strlen(text)));
	ck_assert(!finding_suspected(text, strlen(text) - 1));
	ck_assert(!finding_suspected("", 0));
}
END_TEST

#define LOOP(test, array)                                                      \
	tcase_add_loop_test(tcase, test, 0, sizeof(array) / sizeof(array)[0])

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("workflow/finding");
	TCase *tcase = tcase_create("finding");

	tcase_add_test(tcase, the_sample_of_the_seed);
	LOOP(each_of_the_five_codes, codes);
	LOOP(other_events_are_told_apart, others);
	LOOP(the_unreadable_is_named, unreadable);
	tcase_add_test(tcase, a_mebibyte_is_read_and_no_more);
	tcase_add_test(tcase, an_envelope_is_opened);
	LOOP(the_victim_comes_before_the_receiver, accounts);
	LOOP(pages_of_one_communication_are_one, communications);
	tcase_add_test(tcase, entities_are_sorted_out);
	LOOP(key_ids_are_word_characters, key_ids);
	tcase_add_test(tcase, a_key_id_has_128_characters_at_most);
	tcase_add_test(tcase, two_thousand_entities_are_read);
	tcase_add_test(tcase, the_event_is_reduced_to_a_key);
	tcase_add_test(tcase, or_to_none);
	tcase_add_test(tcase, suspicion_needs_a_code);
	suite_add_tcase(suite, tcase);
	return suite;
}
