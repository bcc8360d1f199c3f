/* SPDX-License-Identifier: Apache-2.0 */
/* The persisted names: there, back, and no others. What a state puts out. */
#include "machine/history.h"

#include "unit/unit.h"
#include "util/cleanup.h"

START_TEST(a_status_is_found_by_its_name)
{
	enum status back;

	for (int i = STATUS_RUNNING; i <= STATUS_ABORTED; i++) {
		ck_assert(status_parse(status_name((enum status)i), &back));
		ck_assert_int_eq(back, i);
	}
	ck_assert_str_eq(status_name(STATUS_SUCCEEDED), "SUCCEEDED");
}
END_TEST

START_TEST(an_event_type_is_found_by_its_name)
{
	enum event_type back;

	for (int i = 0; i < EVENT_TYPES; i++) {
		enum event_type type = (enum event_type)i;

		ck_assert(event_type_parse(event_type_name(type), &back));
		ck_assert_int_eq(back, i);
	}
	ck_assert_str_eq(
	    event_type_name(EVENT_STATE_ENTERED), "TaskStateEntered");
}
END_TEST

START_TEST(an_unknown_name_changes_nothing)
{
	enum status status = STATUS_FAILED;
	enum event_type type = EVENT_TASK_FAILED;

	ck_assert(!status_parse("PENDING_REDRIVE", &status));
	ck_assert_int_eq(status, STATUS_FAILED);
	ck_assert(!event_type_parse("MapRunStarted", &type));
	ck_assert_int_eq(type, EVENT_TASK_FAILED);
}
END_TEST

static void
assert_output(const char *input, const struct event *end, const char *path,
    const char *expected)
{
	FREE_LATER char *output = history_output(input, end, path, NULL);

	ck_assert_pstr_eq(output, expected);
}

START_TEST(the_result_of_a_task_is_put_out)
{
	const struct event end = { .type = EVENT_TASK_SUCCEEDED,
		.data = "[1, 2]" };

	assert_output("{\"a\": 0}", &end, "$.b", "{\"a\":0,\"b\":[1,2]}");
	assert_output("{\"a\":0}", &end, "$.a", "{\"a\":[1,2]}");
	assert_output("{\"a\":0}", &end, "$", "[1, 2]");
}
END_TEST

START_TEST(the_error_of_a_task_is_put_out)
{
	struct error why;
	struct event end = { .type = EVENT_TASK_TIMED_OUT, .error = &why };

	error_set(&why, "States.Timeout", "not \"done\"");
	assert_output("{}", &end, "$.error",
	    "{\"error\":{\"Error\":\"States.Timeout\","
	    "\"Cause\":\"not \\\"done\\\"\"}}");
	end.type = EVENT_TASK_FAILED;
	assert_output("[]", &end, "$",
	    "{\"Error\":\"States.Timeout\",\"Cause\":\"not \\\"done\\\"\"}");
}
END_TEST

START_TEST(an_output_without_a_place)
{
	const struct event end = { .type = EVENT_TASK_SUCCEEDED, .data = "1" };
	struct error error;

	ck_assert_ptr_null(history_output("[]", &end, "$.a", &error));
	ck_assert_str_eq(error.name, "States.ResultPathMatchFailure");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("machine/history");
	TCase *names = tcase_create("names");
	TCase *outputs = tcase_create("outputs");

	tcase_add_test(names, a_status_is_found_by_its_name);
	tcase_add_test(names, an_event_type_is_found_by_its_name);
	tcase_add_test(names, an_unknown_name_changes_nothing);
	suite_add_tcase(suite, names);
	tcase_add_test(outputs, the_result_of_a_task_is_put_out);
	tcase_add_test(outputs, the_error_of_a_task_is_put_out);
	tcase_add_test(outputs, an_output_without_a_place);
	suite_add_tcase(suite, outputs);
	return suite;
}
