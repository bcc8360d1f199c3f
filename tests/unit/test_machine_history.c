/* SPDX-License-Identifier: Apache-2.0 */
/* The persisted names: there, back, and no others. */
#include "machine/history.h"

#include "unit/unit.h"

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

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("machine/history");
	TCase *names = tcase_create("names");

	tcase_add_test(names, a_status_is_found_by_its_name);
	tcase_add_test(names, an_event_type_is_found_by_its_name);
	tcase_add_test(names, an_unknown_name_changes_nothing);
	suite_add_tcase(suite, names);
	return suite;
}
