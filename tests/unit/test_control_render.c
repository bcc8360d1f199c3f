/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Histories in Step Functions' shapes. The one here goes through every type of
 * event, so that the fields it renders are all that the definition has.
 */
#include <stdio.h>
#include <string.h>

#include "control/interface.h"
#include "control/render.h"
#include "control/varlink_interface.h"
#include "machine/history.h"
#include "store/read.h"
#include "unit/unit.h"
#include "util/doc.h"

static const struct error throttled = { .name = "IAM.Throttling",
	.cause = "Rate exceeded",
	.request_id = "7a62c49f" };
static const struct error late = { .name = "States.Timeout" };

#define DELETE "DeleteAccessKeyPair"

static const struct event history[] = {
	{ 1, 1000, EVENT_EXECUTION_STARTED, .data = "{\"a\":1}",
	    .resource = "sqs:059f36b4" },
	{ 2, 1001, EVENT_STATE_ENTERED, .state = DELETE },
	{ 3, 1002, EVENT_TASK_SCHEDULED, .state = DELETE,
	    .resource = "iam:deleteAccessKey" },
	{ 4, 1003, EVENT_TASK_STARTED, .state = DELETE,
	    .resource = "iam:deleteAccessKey" },
	{ 5, 1004, EVENT_TASK_FAILED, .state = DELETE, .error = &throttled },
	{ 6, 1005, EVENT_TASK_TIMED_OUT, .state = DELETE, .error = &late },
	{ 7, 1006, EVENT_TASK_SUBMITTED, .state = DELETE, .data = "{\"u\":2}" },
	{ 8, 1007, EVENT_TASK_SUCCEEDED, .state = DELETE, .data = "{\"r\":3}" },
	{ 9, 1008, EVENT_STATE_EXITED, .state = DELETE, .data = "{\"b\":4}" },
	{ 10, 1009, EVENT_STATE_ENTERED, .state = "NotifySecurity" },
	{ 11, 1010, EVENT_STATE_ABORTED, .state = "NotifySecurity" },
	{ 12, 1011, EVENT_EXECUTION_ABORTED, .error = &late },
	{ 13, 1012, EVENT_EXECUTION_FAILED, .error = &throttled },
	{ 14, 1013, EVENT_EXECUTION_REDRIVEN, .resource = "redrive:uid=0" },
	{ 15, 1014, EVENT_EXECUTION_SUCCEEDED, .state = NULL },
};
enum { EVENTS = sizeof history / sizeof *history };

static const char *const details[EVENTS] = {
	"\"executionStartedEventDetails\":"
	"{\"input\":\"{\\\"a\\\":1}\",\"origin\":\"sqs:059f36b4\"}",
	"\"stateEnteredEventDetails\":"
	"{\"name\":\"DeleteAccessKeyPair\",\"input\":\"{\\\"a\\\":1}\"}",
	"\"taskScheduledEventDetails\":"
	"{\"resourceType\":\"iam\",\"resource\":\"deleteAccessKey\"}",
	"\"taskStartedEventDetails\":"
	"{\"resourceType\":\"iam\",\"resource\":\"deleteAccessKey\"}",
	"\"taskFailedEventDetails\":{\"resourceType\":\"iam\","
	"\"resource\":\"deleteAccessKey\",\"error\":\"IAM.Throttling\","
	"\"cause\":\"Rate exceeded\",\"requestId\":\"7a62c49f\"}",
	"\"taskTimedOutEventDetails\":{\"resourceType\":\"iam\","
	"\"resource\":\"deleteAccessKey\",\"error\":\"States.Timeout\"}",
	"\"taskSubmittedEventDetails\":{\"resourceType\":\"iam\","
	"\"resource\":\"deleteAccessKey\",\"output\":\"{\\\"u\\\":2}\"}",
	"\"taskSucceededEventDetails\":{\"resourceType\":\"iam\","
	"\"resource\":\"deleteAccessKey\",\"output\":\"{\\\"r\\\":3}\"}",
	"\"stateExitedEventDetails\":"
	"{\"name\":\"DeleteAccessKeyPair\",\"output\":\"{\\\"b\\\":4}\"}",
	"\"stateEnteredEventDetails\":"
	"{\"name\":\"NotifySecurity\",\"input\":\"{\\\"b\\\":4}\"}",
	NULL,
	"\"executionAbortedEventDetails\":{\"error\":\"States.Timeout\"}",
	"\"executionFailedEventDetails\":{\"error\":\"IAM.Throttling\","
	"\"cause\":\"Rate exceeded\",\"requestId\":\"7a62c49f\"}",
	"\"executionRedrivenEventDetails\":"
	"{\"redriveCount\":1,\"origin\":\"redrive:uid=0\"}",
	"\"executionSucceededEventDetails\":"
	"{\"output\":\"{\\\"b\\\":4}\"}",
};

static const struct store_execution execution = {
	.name = "n",
	.standing = {
		.status = STATUS_SUCCEEDED,
		.outcome = "contained",
		.due_wall_ms = 300000,
		.tags = { "123456789012", "AKIAIOSFODNN7EXAMPLE", "test-user",
		    "123456789012/AKIAIOSFODNN7EXAMPLE" },
	},
	.start_wall_ms = 1000,
	.stop_wall_ms = 1014,
};

START_TEST(every_event_in_its_shape)
{
	DOC_LATER struct json_object *doc =
	    render_history(&execution, history, EVENTS);
	struct json_object *list = doc_at(doc, "events");

	ck_assert_uint_eq(doc_count(list, ""), EVENTS);
	for (int i = 0; i < EVENTS; i++) {
		FREE_LATER char *text = doc_text(doc_element(list, (size_t)i));
		char expected[512];

		snprintf(expected, sizeof expected,
		    "{\"id\":%d,\"previousEventId\":%d,\"timestamp\":"
		    "\"1970-01-01T00:00:01.%03dZ\",\"type\":\"%s\"%s%s}",
		    i + 1, i == 1 ? 0 : i, i, event_type_name(history[i].type),
		    details[i] == NULL ? "" : ",",
		    details[i] == NULL ? "" : details[i]);
		ck_assert_str_eq(text, expected);
	}
}
END_TEST

START_TEST(a_history_is_what_describe_promises)
{
	DOC_LATER struct json_object *doc =
	    render_history(&execution, history, EVENTS);
	char wrong[INTERFACE_NAME];

	ck_assert_msg(
	    interface_answers(varlink_interface, "Describe", doc, wrong), "%s",
	    wrong);
	doc_put(doc, "events", doc_array());
	FREE_LATER char *text = doc_text(doc);
	ck_assert_str_eq(text,
	    "{\"name\":\"n\",\"status\":\"SUCCEEDED\",\"outcome\":"
	    "\"contained\",\"startDate\":\"1970-01-01T00:00:01.000Z\","
	    "\"stopDate\":\"1970-01-01T00:00:01.014Z\","
	    "\"dueDate\":\"1970-01-01T00:05:00.000Z\","
	    "\"account\":\"123456789012\","
	    "\"accessKeyId\":\"AKIAIOSFODNN7EXAMPLE\","
	    "\"userName\":\"test-user\",\"redriveCount\":1,"
	    "\"input\":\"{\\\"a\\\":1}\",\"output\":\"{\\\"b\\\":4}\","
	    "\"events\":[]}");
}
END_TEST

START_TEST(a_failure_is_told_at_the_top)
{
	DOC_LATER struct json_object *failed =
	    render_history(&execution, history, 13);
	DOC_LATER struct json_object *aborted =
	    render_history(&execution, history, 12);
	DOC_LATER struct json_object *redriven =
	    render_history(&execution, history, 14);

	ck_assert_str_eq(doc_string(failed, "error"), "IAM.Throttling");
	ck_assert_str_eq(doc_string(failed, "cause"), "Rate exceeded");
	ck_assert_ptr_null(doc_at(failed, "output"));
	ck_assert_str_eq(doc_string(aborted, "error"), "States.Timeout");
	ck_assert_ptr_null(doc_at(aborted, "cause"));
	ck_assert_ptr_null(doc_at(redriven, "error"));
	ck_assert_ptr_null(doc_at(redriven, "output"));
	ck_assert_int_eq(doc_int(redriven, "redriveCount", 0), 1);
}
END_TEST

/* While a task fails and is tried again, the execution has not failed. */
START_TEST(a_running_history)
{
	const struct store_execution running = { .name = "n",
		.start_wall_ms = 1000 };
	DOC_LATER struct json_object *doc =
	    render_history(&running, history, 5);
	char wrong[INTERFACE_NAME];

	ck_assert(interface_answers(varlink_interface, "Describe", doc, wrong));
	ck_assert_str_eq(doc_string(doc, "status"), "RUNNING");
	ck_assert_ptr_null(doc_at(doc, "stopDate"));
	ck_assert_ptr_null(doc_at(doc, "outcome"));
	ck_assert_ptr_null(doc_at(doc, "error"));
	ck_assert_ptr_null(doc_at(doc, "output"));
}
END_TEST

START_TEST(an_event_alone_leaves_out_what_went_before)
{
	DOC_LATER struct json_object *entered = render_event(&history[1]);
	DOC_LATER struct json_object *failed = render_event(&history[4]);
	DOC_LATER struct json_object *ended = render_event(&history[14]);
	DOC_LATER struct json_object *redriven = render_event(&history[13]);
	FREE_LATER char *text =
	    doc_text(doc_at(entered, "stateEnteredEventDetails"));

	ck_assert_str_eq(text, "{\"name\":\"DeleteAccessKeyPair\"}");
	ck_assert_ptr_null(doc_at(failed, "taskFailedEventDetails.resource"));
	ck_assert_str_eq(doc_string(failed, "taskFailedEventDetails.error"),
	    "IAM.Throttling");
	ck_assert_ptr_null(
	    doc_at(ended, "executionSucceededEventDetails.output"));
	ck_assert_ptr_null(
	    doc_at(redriven, "executionRedrivenEventDetails.redriveCount"));
	ck_assert_str_eq(
	    doc_string(redriven, "executionRedrivenEventDetails.origin"),
	    "redrive:uid=0");
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		every_event_in_its_shape,
		a_history_is_what_describe_promises,
		a_failure_is_told_at_the_top,
		a_running_history,
		an_event_alone_leaves_out_what_went_before,
	};
	Suite *suite = suite_create("control/render");
	TCase *tcase = tcase_create("render");

	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
