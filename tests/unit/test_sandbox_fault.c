/* SPDX-License-Identifier: Apache-2.0 */
/* The sandbox's faults: which calls they strike, and with what. */
#include <stdlib.h>
#include <string.h>

#include "unit/ask.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/doc.h"

#define KEYS                                                                   \
	"{'users':[{'name':'alice','keys':[{'id':'AKIAIOSFODNN7EXAMPLE'},"     \
	"{'id':'AKIASECOND0000000000'}]}],"                                    \
	"'queues':[{'name':'q','messages':['a']}],"                            \
	"'topics':[{'arn':'arn:aws:sns:us-east-1:123456789012:alarm'}]}"

static void
delete_key(struct ask *ask, const char *id)
{
	FREE_LATER char *form = xasprintf("&UserName=alice&AccessKeyId=%s", id);

	ask_query(ask, "iam", "2010-05-08", "DeleteAccessKey", form);
}

static void
look(struct ask *ask)
{
	ask_query(ask, "iam", "2010-05-08", "GetAccessKeyLastUsed",
	    "&AccessKeyId=AKIAIOSFODNN7EXAMPLE");
}

static void
receive(struct ask *ask)
{
	ask_json(ask, "sqs", "AmazonSQS.ReceiveMessage",
	    "{'QueueUrl':'/123456789012/q','MaxNumberOfMessages':10}");
}

static void
with(struct ask *ask, const char *rules)
{
	FREE_LATER char *document = xasprintf("{'faults':[%s]}", rules);

	ask_init(ask, KEYS);
	ask_load(ask, document);
}

/* The last entry of the log. */
static const char *
logged(struct ask *ask, const char *member, char out[128])
{
	DOC_LATER struct json_object *calls = model_calls(ask->model, 1);
	const char *text =
	    doc_string(doc_element(calls, doc_count(calls, "") - 1), member);

	strcpy(out, text == NULL ? "" : text);
	return out;
}

START_TEST(rules_strike_what_they_name)
{
	struct ask ask;

	with(&ask,
	    "{'service':'IAM','operation':'DeleteAccessKey',"
	    "'parameter':'AKIAIOSFODNN7EXAMPLE','do':'error',"
	    "'code':'ServiceFailure','message':'Ouch'}");
	look(&ask);
	ck_assert_int_eq(ask.answer.status, 200);
	delete_key(&ask, "AKIASECOND0000000000");
	ck_assert_int_eq(ask.answer.status, 200);
	delete_key(&ask, "AKIAIOSFODNN7EXAMPLE");
	ck_assert_int_eq(ask.answer.status, 500);
	ck_assert_ptr_nonnull(strstr(ask.answer.body,
	    "<Type>Receiver</Type><Code>ServiceFailure</Code>"
	    "<Message>Ouch</Message>"));
	ck_assert_int_eq(ask_counter(&ask, "deletedKeys"), 1);
	ask_done(&ask);
}
END_TEST

START_TEST(rules_count)
{
	static const struct {
		const char *rule;
		const char *statuses; /* of five calls: 2 or 5 */
	} cases[] = {
		{ "{'do':'error'}", "55555" },
		{ "{'do':'error','count':2}", "55222" },
		{ "{'do':'error','nth':3}", "22522" },
		{ "{'do':'error','from':4}", "22255" },
		{ "{'do':'error','from':2,'count':2}", "25522" },
		{ "{'do':'error','chance':0}", "22222" },
		{ "{'do':'error','count':1},"
		  "{'do':'error','status':500,'nth':1}",
		    "55222" },
	};
	struct ask ask;

	with(&ask, cases[_i].rule);
	for (int i = 0; i < 5; i++) {
		look(&ask);
		ck_assert_int_eq(
		    ask.answer.status / 100, cases[_i].statuses[i] - '0');
	}
	ask_done(&ask);
}
END_TEST

START_TEST(what_comes_too_fast_is_throttled)
{
	static const char *const spellings[] = { "Throttling",
		"RequestThrottled", "Throttled" };
	struct ask ask;

	with(&ask,
	    "{'service':'IAM','do':'throttle','perSecond':2},"
	    "{'service':'SQS','do':'throttle'},"
	    "{'service':'SNS','do':'throttle'}");
	look(&ask);
	ck_assert_int_eq(ask.answer.status, 200);
	look(&ask);
	ck_assert_int_eq(ask.answer.status, 200);
	look(&ask);
	ck_assert_int_eq(ask.answer.status, 400);
	ck_assert_ptr_nonnull(strstr(ask.answer.body, spellings[0]));
	ask.now_ms += 500;
	look(&ask);
	ck_assert_int_eq(ask.answer.status, 200);
	look(&ask);
	ck_assert_int_eq(ask.answer.status, 400);
	receive(&ask);
	ck_assert_int_eq(ask.answer.status, 403);
	ck_assert_ptr_nonnull(strstr(ask.answer.body, spellings[1]));
	ask_query(&ask, "sns", "2010-03-31", "Publish", "");
	ck_assert_int_eq(ask.answer.status, 429);
	ck_assert_ptr_nonnull(strstr(ask.answer.body, spellings[2]));
	ask_done(&ask);
}
END_TEST

START_TEST(ends_without_an_answer)
{
	static const struct {
		const char *name;
		enum model_end end;
	} cases[] = {
		{ "close", MODEL_CLOSE },
		{ "reset", MODEL_RESET },
		{ "hang", MODEL_HANG },
	};
	FREE_LATER char *before =
	    xasprintf("{'do':'%s','delayMs':50}", cases[_i].name);
	FREE_LATER char *after =
	    xasprintf("{'do':'%s','act':true}", cases[_i].name);
	FREE_LATER char *within =
	    xasprintf("{'do':'%s','bodyBytes':7}", cases[_i].name);
	char text[128];
	struct ask ask;

	with(&ask, before);
	delete_key(&ask, "AKIAIOSFODNN7EXAMPLE");
	ck_assert_int_eq(ask.answer.end, cases[_i].end);
	ck_assert_int_eq(ask.answer.delay_ms, 50);
	ck_assert_uint_eq(ask.answer.cut, 0);
	ck_assert_int_eq(ask_counter(&ask, "deletedKeys"), 0);
	ck_assert_str_eq(logged(&ask, "end", text), cases[_i].name);
	ask_done(&ask);
	/* It deletes and hangs up. */
	with(&ask, after);
	delete_key(&ask, "AKIAIOSFODNN7EXAMPLE");
	ck_assert_int_eq(ask.answer.end, cases[_i].end);
	ck_assert_uint_eq(ask.answer.cut, 0);
	ck_assert_int_eq(ask_counter(&ask, "deletedKeys"), 1);
	ask_done(&ask);
	with(&ask, within);
	delete_key(&ask, "AKIAIOSFODNN7EXAMPLE");
	ck_assert_uint_eq(ask.answer.cut, 7);
	ck_assert(ask.answer.cut_in_body);
	ck_assert_int_eq(ask.answer.status, 200);
	ck_assert_int_eq(ask_counter(&ask, "deletedKeys"), 1);
	ask_done(&ask);
}
END_TEST

START_TEST(answers_that_cannot_be_read)
{
	struct ask ask;

	with(&ask,
	    "{'do':'html','count':1},{'do':'malformed','count':1},"
	    "{'do':'html','status':200,'body':'','contentType':"
	    "'text/plain','count':1},{'byteMs':10}");
	receive(&ask);
	ck_assert_int_eq(ask.answer.status, 502);
	ck_assert_str_eq(ask_header(&ask, "Content-Type"), "text/html");
	ck_assert_ptr_null(ask_header(&ask, "x-amzn-RequestId"));
	ck_assert_ptr_nonnull(strstr(ask.answer.body, "502 Bad Gateway"));
	receive(&ask);
	ck_assert_int_eq(ask.answer.status, 200);
	ck_assert_ptr_null(ask.doc);
	ck_assert_uint_gt(ask.answer.body_len, 20);
	ck_assert_int_eq(ask_counter(&ask, "inFlight"), 1);
	receive(&ask);
	ck_assert_int_eq(ask.answer.status, 200);
	ck_assert_uint_eq(ask.answer.body_len, 0);
	receive(&ask);
	ck_assert_int_eq(ask.answer.byte_ms, 10);
	ck_assert_str_eq(ask.answer.body, "{}");
	ask_done(&ask);
}
END_TEST

START_TEST(a_wrong_date)
{
	struct ask ask;

	with(&ask, "{'do':'date','skewSeconds':-3600}");
	look(&ask);
	ck_assert_int_eq(ask.answer.status, 200);
	ck_assert_str_eq(
	    ask_header(&ask, "Date"), "Sat, 25 Jul 2026 16:20:00 GMT");
	ask_done(&ask);
}
END_TEST

static const char *
message(const struct ask *ask, size_t i, const char *member)
{
	return doc_string(doc_element(doc_at(ask->doc, "Messages"), i), member);
}

START_TEST(a_wrong_checksum)
{
	struct ask ask;

	with(&ask, "{'do':'wrong-md5'}");
	receive(&ask);
	ck_assert_str_ne(
	    message(&ask, 0, "MD5OfBody"), "0cc175b9c0f1b6a831c399e269772661");
	ck_assert_uint_eq(strlen(message(&ask, 0, "MD5OfBody")), 32);
	ask_done(&ask);
}
END_TEST

START_TEST(a_message_twice)
{
	struct ask ask;

	with(&ask,
	    "{'do':'duplicate','count':1},"
	    "{'do':'redeliver','count':1}");
	receive(&ask);
	ck_assert_uint_eq(doc_count(ask.doc, "Messages"), 2);
	ck_assert_str_eq(
	    message(&ask, 0, "MessageId"), message(&ask, 1, "MessageId"));
	ck_assert_str_ne(message(&ask, 0, "ReceiptHandle"),
	    message(&ask, 1, "ReceiptHandle"));
	ask.now_ms += 30000;
	receive(&ask);
	ck_assert_uint_eq(doc_count(ask.doc, "Messages"), 1);
	receive(&ask);
	ck_assert_uint_eq(doc_count(ask.doc, "Messages"), 1);
	receive(&ask);
	ck_assert_uint_eq(doc_count(ask.doc, "Messages"), 0);
	ask_done(&ask);
}
END_TEST

START_TEST(a_message_that_does_not_go)
{
	static const char *const rules[] = {
		"{'operation':'DeleteMessage','do':'revive'}",
		"{'operation':'ReceiveMessage','do':'stale-receipt'}",
	};
	struct ask ask;

	with(&ask, rules[_i]);
	receive(&ask);
	FREE_LATER char *json =
	    xasprintf("{'QueueUrl':'/123456789012/q','ReceiptHandle':'%s'}",
		message(&ask, 0, "ReceiptHandle"));

	ask_json(&ask, "sqs", "AmazonSQS.DeleteMessage", json);
	ck_assert_int_eq(ask.answer.status, 200);
	ask.now_ms += 30000;
	receive(&ask);
	ck_assert_uint_eq(doc_count(ask.doc, "Messages"), 1);
	ask_done(&ask);
}
END_TEST

START_TEST(entries_of_a_batch_fail)
{
	struct ask ask;

	with(&ask, "{'do':'fail-entry','entry':1}");
	receive(&ask);
	FREE_LATER char *json =
	    xasprintf("{'QueueUrl':'/123456789012/q','Entries':["
		      "{'Id':'a','ReceiptHandle':'%s'},"
		      "{'Id':'b','ReceiptHandle':'x'}]}",
		message(&ask, 0, "ReceiptHandle"));

	ask_json(&ask, "sqs", "AmazonSQS.DeleteMessageBatch", json);
	struct json_object *bad = doc_element(doc_at(ask.doc, "Failed"), 0);

	ck_assert_uint_eq(doc_count(ask.doc, "Successful"), 1);
	ck_assert_str_eq(doc_string(bad, "Id"), "b");
	ck_assert_str_eq(doc_string(bad, "Code"), "InternalError");
	ck_assert(!doc_bool(bad, "SenderFault", true));
	ask_done(&ask);
}
END_TEST

START_TEST(calls_are_logged)
{
	char text[128];
	struct ask ask;

	with(&ask, "{'do':'error','nth':2}");
	delete_key(&ask, "AKIAIOSFODNN7EXAMPLE");
	ck_assert_str_eq(logged(&ask, "service", text), "IAM");
	ck_assert_str_eq(logged(&ask, "operation", text), "DeleteAccessKey");
	ck_assert_str_eq(logged(&ask, "parameters.UserName", text), "alice");
	ck_assert_str_eq(logged(&ask, "signer", text), ask.key_id);
	ck_assert_str_eq(logged(&ask, "requestId", text),
	    ask_header(&ask, "x-amzn-RequestId"));
	ck_assert_str_eq(logged(&ask, "error", text), "");
	delete_key(&ask, "AKIAIOSFODNN7EXAMPLE");
	ck_assert_str_eq(logged(&ask, "fault", text), "error");
	ck_assert_str_eq(logged(&ask, "error", text), "InternalFailure");
	ck_assert_int_eq(ask_counter(&ask, "IAM.DeleteAccessKey"), 2);
	ck_assert_int_eq(ask_counter(&ask, "calls"), 2);
	ask_done(&ask);
}
END_TEST

START_TEST(the_same_seed_gives_the_same_bytes)
{
	FREE_LATER char *first = NULL;
	struct ask ask;

	for (int i = 0; i < 2; i++) {
		with(&ask, "{'do':'error','chance':0.5}");
		look(&ask);
		look(&ask);
		receive(&ask);
		DOC_LATER struct json_object *dump =
		    model_dump(ask.model, ask.now_ms);
		FREE_LATER char *text = doc_text(dump);

		if (i == 0)
			first = STEAL(text);
		else
			ck_assert_str_eq(first, text);
		ask_done(&ask);
	}
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("sandbox/fault");
	TCase *tcase = tcase_create("fault");

	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, rules_strike_what_they_name);
	tcase_add_loop_test(tcase, rules_count, 0, 7);
	tcase_add_test(tcase, what_comes_too_fast_is_throttled);
	tcase_add_loop_test(tcase, ends_without_an_answer, 0, 3);
	tcase_add_test(tcase, answers_that_cannot_be_read);
	tcase_add_test(tcase, a_wrong_date);
	tcase_add_test(tcase, a_wrong_checksum);
	tcase_add_test(tcase, a_message_twice);
	tcase_add_loop_test(tcase, a_message_that_does_not_go, 0, 2);
	tcase_add_test(tcase, entries_of_a_batch_fail);
	tcase_add_test(tcase, calls_are_logged);
	tcase_add_test(tcase, the_same_seed_gives_the_same_bytes);
	return suite;
}
