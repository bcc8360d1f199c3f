/* SPDX-License-Identifier: Apache-2.0 */
/* Which keys may be deleted, by the operator's rules. */
#include "workflow/response.h"

#include <string.h>

#include "unit/unit.h"

#define KEY "AKIAIOSFODNN7EXAMPLE"

static const struct {
	struct response response;
	const char *user, *error, *cause; /* error NULL: allowed */
} cases[] = {
	{ { RESPONSE_DELETE, "", "" }, "alice", NULL, NULL },
	{ { RESPONSE_DELETE, "bob", "AKIAIOSFODNN8EXAMPLE" }, "alice", NULL,
	    NULL },
	{ { RESPONSE_DELETE, "alic ce*", "" }, "alice", NULL, NULL },
	{ { RESPONSE_DELETE, "bob ali*", "" }, "alice",
	    "Response.ProtectedUser",
	    "[response] protected_users = ali* protects alice" },
	{ { RESPONSE_DELETE, "Alice", "" }, "aLICE", "Response.ProtectedUser",
	    "[response] protected_users = Alice protects aLICE" },
	{ { RESPONSE_DELETE, "ci-[0-9]", "" }, "ci-7", "Response.ProtectedUser",
	    "[response] protected_users = ci-[0-9] protects ci-7" },
	{ { RESPONSE_DELETE, "*", "" }, ".hidden", "Response.ProtectedUser",
	    "[response] protected_users = * protects .hidden" },
	{ { RESPONSE_DELETE, "", "AKIAIOSFODNN8EXAMPLE " KEY }, "alice",
	    "Response.ProtectedKey",
	    "[response] protected_keys = " KEY " protects " KEY },
	{ { RESPONSE_DELETE, "", "akiaiosfodnn7example" }, "alice",
	    "Response.ProtectedKey",
	    "[response] protected_keys = akiaiosfodnn7example protects " KEY },
	{ { RESPONSE_NOTIFY_ONLY, "", "" }, "alice", "Response.NotifyOnly",
	    "[response] action = notify-only: no key is deleted" },
	{ { RESPONSE_NOTIFY_ONLY, "*", KEY }, "alice", "Response.ProtectedKey",
	    "[response] protected_keys = " KEY " protects " KEY },
};

START_TEST(a_rule_is_named_by_what_it_says)
{
	struct error error;
	bool allowed =
	    response_allows(&cases[_i].response, cases[_i].user, KEY, &error);

	ck_assert_int_eq(allowed, cases[_i].error == NULL);
	if (allowed)
		return;
	ck_assert_str_eq(error.name, cases[_i].error);
	ck_assert_str_eq(error.cause, cases[_i].cause);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("workflow/response");
	TCase *tcase = tcase_create("response");

	tcase_add_loop_test(tcase, a_rule_is_named_by_what_it_says, 0,
	    sizeof cases / sizeof cases[0]);
	suite_add_tcase(suite, tcase);
	return suite;
}
