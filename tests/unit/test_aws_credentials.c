/* SPDX-License-Identifier: Apache-2.0 */
/* Credentials from the environment, and the chain of all sources. */
#include "unit/aws_look.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/cleanup.h"

struct variable {
	const char *name, *value;
};

/* ---- the environment ---- */

START_TEST(the_environment_comes_first)
{
	look_put(".aws/credentials",
	    "[default]\naws_access_key_id=NO\naws_secret_access_key=NO\n");
	look_set("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
	look_set("AWS_SECRET_ACCESS_KEY", " SECRET\n");
	CLEANUP(look_done) struct look result = look_up();

	look_check_found(
	    &result, "AKIAIOSFODNN7EXAMPLE", "SECRET", NULL, "environment");
	ck_assert_int_eq(result.credentials.expires_wall_ms, 0);
}
END_TEST

static const struct {
	struct variable more[2];
	const char *token;
	int64_t expires_wall_ms;
} sessions[] = {
	{ { { "AWS_SESSION_TOKEN", "T" }, { "AWS_SECURITY_TOKEN", "OLD" } },
	    "T", 0 },
	{ { { "AWS_SESSION_TOKEN", " " }, { "AWS_SECURITY_TOKEN", "OLD" } },
	    "OLD", 0 },
	{ { { "AWS_SESSION_TOKEN", "T" },
	      { "AWS_CREDENTIAL_EXPIRATION", "2100-01-01T00:00:00Z" } },
	    "T", INT64_C(4102444800000) },
};

START_TEST(sessions_in_the_environment)
{
	look_set("AWS_ACCESS_KEY_ID", "ID");
	look_set("AWS_SECRET_ACCESS_KEY", "SECRET");
	look_set(sessions[_i].more[0].name, sessions[_i].more[0].value);
	look_set(sessions[_i].more[1].name, sessions[_i].more[1].value);
	CLEANUP(look_done) struct look result = look_up();

	look_check_found(
	    &result, "ID", "SECRET", sessions[_i].token, "environment");
	ck_assert_int_eq(
	    result.credentials.expires_wall_ms, sessions[_i].expires_wall_ms);
}
END_TEST

static const struct {
	struct variable variable[3];
	const char *reason;
} broken[] = {
	{ { { "AWS_ACCESS_KEY_ID", "ID" }, { "AWS_SECRET_ACCESS_KEY", "" } },
	    "environment: an access key id without a secret access key" },
	{ { { "AWS_ACCESS_KEY_ID", "I D" },
	      { "AWS_SECRET_ACCESS_KEY", "SECRET" } },
	    "environment: the access key id cannot be one" },
	{ { { "AWS_ACCESS_KEY_ID", "ID" },
	      { "AWS_SECRET_ACCESS_KEY", "SECRET" },
	      { "AWS_SESSION_TOKEN", "T\r\nX-Evil: SECRET" } },
	    "environment: the session token cannot be one" },
	{ { { "AWS_ACCESS_KEY_ID", "ID" },
	      { "AWS_SECRET_ACCESS_KEY", "SECRET" },
	      { "AWS_CREDENTIAL_EXPIRATION", "tomorrow" } },
	    "AWS_CREDENTIAL_EXPIRATION is no time" },
	{ { { "AWS_ACCESS_KEY_ID", "ID" },
	      { "AWS_SECRET_ACCESS_KEY", "SECRET" },
	      { "AWS_CREDENTIAL_EXPIRATION", "2001-01-01T00:00:00Z" } },
	    "environment: the credentials have expired" },
};

/* What is configured and broken is not passed over. */
START_TEST(a_broken_environment_decides)
{
	look_put(".aws/credentials",
	    "[default]\naws_access_key_id=NO\naws_secret_access_key=NO\n");
	for (int i = 0; i < 3 && broken[_i].variable[i].name != NULL; i++)
		look_set(
		    broken[_i].variable[i].name, broken[_i].variable[i].value);
	look_check_none(broken[_i].reason);
}
END_TEST

/* ---- the chain ---- */

START_TEST(where_was_looked_is_told)
{
	FREE_LATER char *all = xasprintf(
	    "environment: no access key id; %s/.aws/credentials: No such file "
	    "or directory; systemd: CREDENTIALS_DIRECTORY is not set",
	    look_home());

	look_check_none(all);
	look_put(".aws/credentials", "[other]\n");
	look_check_none("/.aws/credentials: no profile \"default\"; systemd");
	look_put(".aws/credentials", "[default]\n");
	look_check_none("profile \"default\": no access key id; systemd");
	look_set("HOME", "");
	look_set("CREDENTIALS_DIRECTORY", look_home());
	look_check_none("shared credentials file: HOME is not set; ");
	look_check_none("/aws: No such file or directory");
}
END_TEST

START_TEST(files_are_read_anew_when_refused)
{
	struct loop *loop = loop_new();
	struct credentials_provider *provider = look_chain(loop);
	CLEANUP(look_done) struct look before = { .loop = loop };
	CLEANUP(look_done) struct look kept = { .loop = loop };
	CLEANUP(look_done) struct look after = { .loop = loop };

	look_put(".aws/credentials",
	    "[default]\naws_access_key_id=D\naws_secret_access_key=SECRET\n");
	look_ask(provider, &before);
	look_put(".aws/credentials",
	    "[default]\naws_access_key_id=N\naws_secret_access_key=SECRET\n");
	look_ask(provider, &kept);
	provider->invalidate(provider->self);
	look_ask(provider, &after);
	ck_assert_str_eq(before.credentials.access_key_id, "D");
	ck_assert_str_eq(kept.credentials.access_key_id, "D");
	ck_assert_str_eq(after.credentials.access_key_id, "N");
	provider->free(provider->self);
	loop_free(loop);
}
END_TEST

static void
on_never(
    void *arg, const struct credentials *credentials, const struct error *error)
{
	(void)arg;
	(void)credentials;
	ck_abort_msg("%s", error != NULL ? error->cause : "found");
}

START_TEST(a_look_up_can_be_given_up)
{
	struct loop *loop = loop_new();
	struct credentials_provider *provider = look_chain(loop);
	struct credentials_wait wait = { .found = on_never };

	provider->get(provider->self, &wait);
	provider->cancel(provider->self, &wait);
	provider->free(provider->self);
	loop_free(loop);
}
END_TEST

#define COUNT(table) (sizeof(table) / sizeof *(table))

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("aws/credentials");
	TCase *tests = tcase_create("credentials");

	tcase_add_checked_fixture(tests, look_setup, look_teardown);
	tcase_add_test(tests, the_environment_comes_first);
	tcase_add_loop_test(
	    tests, sessions_in_the_environment, 0, COUNT(sessions));
	tcase_add_loop_test(
	    tests, a_broken_environment_decides, 0, COUNT(broken));
	tcase_add_test(tests, where_was_looked_is_told);
	tcase_add_test(tests, files_are_read_anew_when_refused);
	tcase_add_test(tests, a_look_up_can_be_given_up);
	suite_add_tcase(suite, tests);
	return suite;
}
