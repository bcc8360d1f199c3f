/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of CloudTrail: what is counted, what is not, and how many of it. */
#include "workflow/summary.h"

#include <stdio.h>
#include <string.h>

#include "unit/unit.h"
#include "util/buf.h"
#include "util/doc.h"

static void
add(struct summary *summary, const char *page, int64_t max)
{
	DOC_LATER struct json_object *events =
	    doc_parse(page, strlen(page), NULL);

	ck_assert_ptr_nonnull(events);
	summary_add(summary, events, max);
}

static void
expect(const struct summary *summary, const char *json)
{
	DOC_LATER struct json_object *result = summary_result(summary);
	FREE_LATER char *text = doc_text(result);

	ck_assert_str_eq(text, json);
}

START_TEST(counts_actions_and_resources)
{
	struct summary summary = { 0 };

	add(&summary,
	    "[{\"EventName\":\"PutRolePolicy\",\"Resources\":["
	    "{\"ResourceType\":\"AWS::IAM::Policy\",\"ResourceName\":\"p\"},"
	    "{\"ResourceType\":\"AWS::IAM::Role\",\"ResourceName\":\"r\"}]},"
	    "{\"EventName\":\"CreateRole\",\"Resources\":["
	    "{\"ResourceType\":\"AWS::IAM::Role\",\"ResourceName\":\"r\"}]},"
	    "{\"EventName\":\"PutRolePolicy\"}]",
	    50);
	expect(&summary,
	    "{\"Events\":3,"
	    "\"Actions\":[{\"Name\":\"PutRolePolicy\",\"Count\":2},"
	    "{\"Name\":\"CreateRole\",\"Count\":1}],"
	    "\"ResourceNames\":[{\"Name\":\"r\",\"Count\":2},"
	    "{\"Name\":\"p\",\"Count\":1}],"
	    "\"ResourceTypes\":[{\"Name\":\"AWS::IAM::Role\",\"Count\":2},"
	    "{\"Name\":\"AWS::IAM::Policy\",\"Count\":1}]}");
	summary_done(&summary);
}
END_TEST

START_TEST(what_is_missing_is_not_counted)
{
	struct summary summary = { 0 };

	add(&summary,
	    "[{},{\"EventName\":null},{\"EventName\":7,\"Resources\":{}},17,"
	    "{\"EventName\":\"ListUsers\",\"Resources\":"
	    "[{\"ResourceName\":\"n\"},{\"ResourceType\":\"T\"},{},null]}]",
	    50);
	summary_add(&summary, NULL, 50);
	expect(&summary,
	    "{\"Events\":5,"
	    "\"Actions\":[{\"Name\":\"ListUsers\",\"Count\":1}],"
	    "\"ResourceNames\":[{\"Name\":\"n\",\"Count\":1}],"
	    "\"ResourceTypes\":[{\"Name\":\"T\",\"Count\":1}]}");
	summary_done(&summary);
}
END_TEST

START_TEST(names_cannot_break_lines)
{
	struct summary summary = { 0 };

	add(&summary, "[{\"EventName\":\" Put\\nObject\\u0085 \"}]", 50);
	expect(&summary,
	    "{\"Events\":1,"
	    "\"Actions\":[{\"Name\":\"Put Object\",\"Count\":1}],"
	    "\"ResourceNames\":[],\"ResourceTypes\":[]}");
	summary_done(&summary);
}
END_TEST

START_TEST(counts_over_pages_and_no_further)
{
	struct summary summary = { 0 };

	add(&summary, "[{\"EventName\":\"A\"},{\"EventName\":\"A\"}]", 3);
	add(&summary, "[{\"EventName\":\"A\"},{\"EventName\":\"A\"}]", 3);
	add(&summary, "[{\"EventName\":\"B\"}]", 3);
	expect(&summary,
	    "{\"Events\":3,\"Actions\":[{\"Name\":\"A\",\"Count\":3}],"
	    "\"ResourceNames\":[],\"ResourceTypes\":[]}");
	summary_done(&summary);
	expect(&summary,
	    "{\"Events\":0,\"Actions\":[],\"ResourceNames\":[],"
	    "\"ResourceTypes\":[]}");
}
END_TEST

START_TEST(the_ten_most_common_are_kept)
{
	struct summary summary = { 0 };
	struct buf page = BUF_INIT(DOC_MAX);

	buf_puts(&page, "[");
	for (int i = 0; i < 12; i++)
		buf_printf(&page, "{\"EventName\":\"%c\"},", 'a' + i);
	buf_puts(&page, "{\"EventName\":\"l\"}]");
	add(&summary, buf_text(&page), 50);
	DOC_LATER struct json_object *result = summary_result(&summary);
	struct json_object *actions = doc_at(result, "Actions");

	ck_assert_uint_eq(doc_count(actions, ""), SUMMARY_TOP);
	ck_assert_str_eq(doc_string(doc_element(actions, 0), "Name"), "l");
	ck_assert_str_eq(doc_string(doc_element(actions, 1), "Name"), "a");
	ck_assert_str_eq(doc_string(doc_element(actions, 9), "Name"), "i");
	buf_done(&page);
	summary_done(&summary);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("workflow/summary");
	TCase *tcase = tcase_create("summary");

	tcase_add_test(tcase, counts_actions_and_resources);
	tcase_add_test(tcase, what_is_missing_is_not_counted);
	tcase_add_test(tcase, names_cannot_break_lines);
	tcase_add_test(tcase, counts_over_pages_and_no_further);
	tcase_add_test(tcase, the_ten_most_common_are_kept);
	suite_add_tcase(suite, tcase);
	return suite;
}
