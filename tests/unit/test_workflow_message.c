/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What security is told, byte for byte: each case against a file of
 * tests/messages, which holds the subject, an empty line and the body.
 */
#include "workflow/message.h"

#include <string.h>

#include "unit/file.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/clock.h"
#include "util/doc.h"
#include "workflow/text.h"

#define RECEIVED 1787405760000 /* 2026-08-22T13:36:00Z */

#define EVENT                                                                  \
	"\"time\":\"2016-06-05T06:27:57Z\",\"detail\":{"                       \
	"\"eventTypeCode\":\"AWS_RISK_CREDENTIALS_EXPOSED\",\"eventArn\":"     \
	"\"arn:aws:health:us-east-1::event/RISK/X/1\",\"eventMetadata\":{"     \
	"\"exposedUrl\":\"https://github.com/a/b/blob/main/c.env\","           \
	"\"userName\":\"test-user\"},"                                         \
	"\"affectedEntities\":[{\"entityValue\":\"AKIAIOSFODNN7EXAMPLE\"}]}"
#define DELETION(more)                                                         \
	",\"deletion\":{\"AccessKeyId\":\"AKIAIOSFODNN7EXAMPLE\","             \
	"\"UserName\":\"test-user\",\"LastUsedDate\":"                         \
	"\"2026-07-21T16:02:00Z\",\"ServiceName\":\"s3\","                     \
	"\"Region\":\"us-west-2\",\"DeletedDate\":"                            \
	"\"2026-08-22T13:36:00.040Z\"" more "}"
#define ROW(name, count) "{\"Name\":\"" name "\",\"Count\":" count "}"
#define SUMMARY                                                                \
	",\"summary\":{\"Events\":50,\"Actions\":[" ROW("PutRolePolicy",       \
	    "16") "," ROW("CreateRole", "10") "," ROW("DeleteRolePolicy",      \
	    "10") "," ROW("DeleteRole", "8") "," ROW("CreateStateMachine",     \
	    "2") "," ROW("DeleteStateMachine", "1") "," ROW("StartExecution",  \
	    "1") "],\"ResourceNames\":[" ROW("SomeResourceName",               \
	    "10") "," ROW("SomeOtherResourceName",                             \
	    "39") "],\"ResourceTypes\":[" ROW("AWS::IAM::Role",                \
	    "64") "," ROW("AWS::IAM::Policy", "26") "],\"Hours\":24}"
#define EMPTY                                                                  \
	",\"summary\":{\"Events\":0,\"Actions\":[],\"ResourceNames\":[],"      \
	"\"ResourceTypes\":[],\"Hours\":24}"
#define SPARED(error, cause)                                                   \
	",\"untouched\":{\"Error\":\"" error "\",\"Cause\":\"" cause "\"}"
#define FAILED(error, cause)                                                   \
	",\"error-info\":{\"Error\":\"" error "\",\"Cause\":\"" cause "\"}"
#define RETRIED                                                                \
	",\"keyguard\":{\"Retry\":{\"First\":\"123456789012-"                  \
	"AKIAIOSFODNN7EXAMPLE-0a1b2c3d4e5f\",\"FirstDate\":"                   \
	"\"2026-08-22T13:31:00.000Z\",\"Error\":\"IAM.Throttling\"}}"

static const struct {
	const char *golden, *data, *key_id, *user;
	bool brief;
} messages[] = {
	{ "success", EVENT DELETION("") SUMMARY, "AKIAIOSFODNN7EXAMPLE",
	    "test-user", false },
	{ "success-brief", EVENT DELETION("") SUMMARY, "AKIAIOSFODNN7EXAMPLE",
	    "test-user", true },
	{ "success-empty-brief", EVENT DELETION("") EMPTY,
	    "AKIAIOSFODNN7EXAMPLE", "test-user", true },
	{ "no-summary",
	    EVENT DELETION("") ",\"summary-error\":{\"Error\":"
			       "\"CloudTrail.ThrottlingException\","
			       "\"Cause\":\"Rate exceeded\"}",
	    "AKIAIOSFODNN7EXAMPLE", "test-user", false },
	{ "deleted-before",
	    EVENT DELETION(",\"DeletedBy\":\"123456789012-"
			   "AKIAIOSFODNN7EXAMPLE-0a1b2c3d4e5f\"") EMPTY,
	    "AKIAIOSFODNN7EXAMPLE", "test-user", false },
	{ "already-gone", EVENT DELETION(",\"AlreadyGone\":true") EMPTY,
	    "AKIAIOSFODNN7EXAMPLE", "test-user", false },
	{ "untouched",
	    EVENT SPARED("Response.ProtectedUser",
		"[response] protected_users = *neill protects o'neill") SUMMARY,
	    "AKIAIOSFODNN7EXAMPLE", "o'neill", false },
	{ "untouched-brief",
	    EVENT SPARED("Response.NotifyOnly",
		"[response] action = notify-only: no key is deleted") EMPTY,
	    "AKIAIOSFODNN7EXAMPLE", "test-user", true },
	{ "untouched-no-summary",
	    EVENT SPARED("Response.NotifyOnly",
		"[response] action = notify-only: no key is deleted") ",\"summa"
								      "ry-"
								      "error\":"
								      "{\"Error"
								      "\":"
								      "\"States"
								      ".Timeout"
								      "\","
								      "\"Cause"
								      "\":"
								      "\"not "
								      "done "
								      "within "
								      "60 s\"}",
	    "AKIAIOSFODNN7EXAMPLE", "test-user", false },
	{ "failure-brief", EVENT FAILED("IAM.NoSuchEntity", "gone"),
	    "AKIAIOSFODNN7EXAMPLE", NULL, true },
	{ "failure",
	    EVENT FAILED("IAM.ServiceFailure", "Service failed.\\nTry again"),
	    "AKIAIOSFODNN7EXAMPLE", "o'neill", false },
	{ "failure-unknown-key",
	    EVENT FAILED("IAM.NoSuchEntity",
		"The Access Key with id AKIAIOSFODNN7EXAMPLE cannot be "
		"found."),
	    "AKIAIOSFODNN7EXAMPLE", NULL, false },
	{ "failure-root-key",
	    EVENT FAILED("Finding.NoUser", "IAM names no user"),
	    "AKIAIOSFODNN7EXAMPLE", NULL, false },
	{ "failure-unreadable",
	    "\"keyguard\":{}" FAILED("Finding.Unreadable",
		"Finding.Malformed: byte 7: unexpected character"),
	    NULL, NULL, false },
	{ "retried", EVENT RETRIED DELETION("") EMPTY, "AKIAIOSFODNN7EXAMPLE",
	    "test-user", false },
};

static struct message
compose(const char *data, const char *key_id, const char *user, bool details)
{
	FREE_LATER char *text = xasprintf("{%s}", data);
	DOC_LATER struct json_object *doc = doc_parse(text, strlen(text), NULL);
	struct message_facts facts = {
		.data = doc,
		.execution = "123456789012-AKIAIOSFODNN7EXAMPLE-a5e68fae5b1c",
		.account = key_id == NULL ? "unknown" : "123456789012",
		.key_id = key_id,
		.user = user,
		.received_wall_ms = RECEIVED,
		.hours = 24,
		.details = details,
	};
	struct message message;

	ck_assert_ptr_nonnull(doc);
	message_compose(&facts, &message);
	return message;
}

START_TEST(says_when_it_is_tried_again)
{
	static const char text[] = "{\"x\":1" FAILED("IAM.Throttling", "") "}";
	DOC_LATER struct json_object *data =
	    doc_parse(text, strlen(text), NULL);
	struct message_facts facts = {
		.data = data, .execution = "e", .details = true
	};
	static const char again[] =
	    "\n\nSuch an error can pass. keyguard tries again by itself, in 10 "
	    "minutes and then after growing pauses, and tells when it has "
	    "succeeded or fails by another error.\n\nWHAT TO DO NOW\n";
	struct message message;

	message_compose(&facts, &message);
	ck_assert_ptr_null(strstr(message.body, "again"));
	message_done(&message);
	facts.again_ms = MINUTES(10);
	message_compose(&facts, &message);
	ck_assert_ptr_nonnull(strstr(message.body, again));
	message_done(&message);
}
END_TEST

START_TEST(says_of_the_last_use_what_is_known)
{
	struct message message =
	    compose(EVENT ",\"deletion\":{\"LastUsedDate\":\"2026-07-21\","
			  "\"DeletedDate\":\"2026-08-22T13:36:00.040Z\"}" EMPTY,
		"AKIAIOSFODNN7EXAMPLE", "test-user", true);

	ck_assert_ptr_nonnull(strstr(message.body,
	    "Key last used:  2026-07-21, service unknown, Region unknown\n"));
	message_done(&message);
}
END_TEST

START_TEST(reads_as_its_golden_file)
{
	struct message message = compose(messages[_i].data, messages[_i].key_id,
	    messages[_i].user, !messages[_i].brief);
	FREE_LATER char *path =
	    xasprintf("messages/%s.txt", messages[_i].golden);
	FREE_LATER char *golden = file_read(path);
	FREE_LATER char *whole =
	    xasprintf("%s\n\n%s", message.subject, message.body);

	ck_assert_str_eq(whole, golden);
	message_done(&message);
}
END_TEST

START_TEST(details_only_follow)
{
	struct message message = compose(
	    messages[_i].data, messages[_i].key_id, messages[_i].user, true);
	struct message brief = compose(
	    messages[_i].data, messages[_i].key_id, messages[_i].user, false);

	ck_assert_str_eq(message.subject, brief.subject);
	ck_assert_int_eq(
	    strncmp(message.body, brief.body, strlen(brief.body)), 0);
	ck_assert_int_eq(
	    strncmp(message.body + strlen(brief.body), "\n\n", 2), 0);
	message_done(&message);
	message_done(&brief);
}
END_TEST

#define TEN    "0123456789"
#define UMLAUT "\xc3\xa4"
#define HEAD   "Security Alert: Exposed IAM Key For User "
#define TAIL   " On Account 123456789012"

static const struct {
	const char *user, *shown;
} users[] = {
	{ "a", "a" },
	{ TEN TEN TEN "0123", TEN TEN TEN "0123" },
	{ TEN TEN TEN "01234", TEN TEN TEN "0..." },
	{ TEN TEN TEN TEN TEN TEN "0123", TEN TEN TEN "0..." },
	{ TEN TEN TEN UMLAUT UMLAUT UMLAUT UMLAUT,
	    TEN TEN TEN UMLAUT UMLAUT UMLAUT UMLAUT },
	{ TEN TEN TEN UMLAUT UMLAUT UMLAUT UMLAUT UMLAUT,
	    TEN TEN TEN UMLAUT "..." },
};

START_TEST(subjects_stay_within_what_sns_takes)
{
	struct message message = compose(EVENT DELETION("") EMPTY,
	    "AKIAIOSFODNN7EXAMPLE", users[_i].user, true);
	FREE_LATER char *subject = xasprintf(HEAD "%s" TAIL, users[_i].shown);

	ck_assert_str_eq(message.subject, subject);
	ck_assert_uint_le(text_length(message.subject), MESSAGE_SUBJECT);
	ck_assert_ptr_nonnull(strstr(message.body, users[_i].user));
	message_done(&message);
}
END_TEST

START_TEST(the_subject_of_a_spared_key_fits_as_well)
{
	struct message message =
	    compose(EVENT SPARED("Response.NotifyOnly", "so") EMPTY,
		"AKIAIOSFODNN7EXAMPLE", TEN TEN TEN TEN, true);

	ck_assert_str_eq(message.subject,
	    "Security Alert: Exposed IAM Key ALIVE: " TEN TEN TEN "0..." TAIL);
	ck_assert_uint_le(text_length(message.subject), MESSAGE_SUBJECT);
	message_done(&message);
}
END_TEST

START_TEST(without_a_time_the_arrival_is_told)
{
	struct message message = compose(
	    "\"x\":1" DELETION("") EMPTY, "AKIAIOSFODNN7EXAMPLE", "u", false);
	static const char head[] =
	    "At 2026-08-22T13:36:00.000Z the IAM access key ";

	ck_assert_int_eq(strncmp(message.body, head, sizeof head - 1), 0);
	message_done(&message);
}
END_TEST

START_TEST(the_hours_are_those_that_were_looked_up)
{
	struct message message = compose(EVENT DELETION("") ",\"summary\":{"
							    "\"Hours\":48}",
	    "AKIAIOSFODNN7EXAMPLE", "u", false);

	ck_assert_ptr_nonnull(
	    strstr(message.body, "this user over the last 48 hours.\n"));
	message_done(&message);
}
END_TEST

START_TEST(a_long_body_is_cut_at_a_character)
{
	struct buf data = BUF_INIT(DOC_MAX);

	buf_puts(&data,
	    EVENT DELETION("") ",\"summary\":{\"Actions\":["
			       "{\"Count\":1,\"Name\":\"");
	for (int i = 0; i < 200000; i++)
		buf_puts(&data, UMLAUT);
	buf_puts(&data, "\"}]}");
	struct message message =
	    compose(buf_text(&data), "AKIAIOSFODNN7EXAMPLE", "uu", true);
	size_t len = strlen(message.body);

	ck_assert_uint_ge(len, MESSAGE_BODY - 1);
	ck_assert_uint_le(len, MESSAGE_BODY);
	ck_assert_str_eq(message.body + len - 2, UMLAUT);
	message_done(&message);
	buf_done(&data);
}
END_TEST

#define LOOP(test, array)                                                      \
	tcase_add_loop_test(tcase, test, 0, sizeof(array) / sizeof(array)[0])

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("workflow/message");
	TCase *tcase = tcase_create("message");

	LOOP(reads_as_its_golden_file, messages);
	LOOP(details_only_follow, messages);
	LOOP(subjects_stay_within_what_sns_takes, users);
	tcase_add_test(tcase, says_of_the_last_use_what_is_known);
	tcase_add_test(tcase, says_when_it_is_tried_again);
	tcase_add_test(tcase, the_subject_of_a_spared_key_fits_as_well);
	tcase_add_test(tcase, without_a_time_the_arrival_is_told);
	tcase_add_test(tcase, the_hours_are_those_that_were_looked_up);
	tcase_add_test(tcase, a_long_body_is_cut_at_a_character);
	suite_add_tcase(suite, tcase);
	return suite;
}
