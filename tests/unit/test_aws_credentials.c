/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The chain of credentials: environment, shared file, systemd.
 */
#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aws/credentials.h"
#include "loop/loop.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"

/* ---- an environment, and a folder for files ---- */

struct variable {
	const char *name, *value;
};

static char folder[64];
static struct variable environment[8];
static unsigned variables;

static const char *
env(void *arg, const char *name)
{
	(void)arg;
	for (unsigned i = 0; i < variables; i++)
		if (strcmp(environment[i].name, name) == 0)
			return environment[i].value;
	return NULL;
}

static void
set(const char *name, const char *value)
{
	ck_assert_uint_lt(variables, 8);
	environment[variables++] = (struct variable){ name, value };
}

static void
put_file(const char *name, const char *text, mode_t mode)
{
	FREE_LATER char *path = xasprintf("%s/%s", folder, name);
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
	chmod(path, mode);
}

static void
remove_file(const char *name)
{
	FREE_LATER char *path = xasprintf("%s/%s", folder, name);

	if (remove(path) != 0)
		ck_assert_int_eq(errno, ENOENT);
}

static void
setup(void)
{
	FREE_LATER char *aws = NULL;

	strcpy(folder, "/tmp/keyguard-credentials-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	aws = xasprintf("%s/.aws", folder);
	ck_assert_int_eq(mkdir(aws, 0700), 0);
	variables = 0;
	set("HOME", folder);
}

static void
teardown(void)
{
	remove_file(".aws/credentials");
	remove_file(".aws");
	remove_file("aws");
	remove_file("other");
	ck_assert_int_eq(rmdir(folder), 0);
}

/* ---- asking the chain ---- */

struct result {
	struct loop *loop;
	struct credentials credentials;
	struct error error;
};

static void
result_done(struct result *result)
{
	credentials_done(&result->credentials);
}

static void
on_found(
    void *arg, const struct credentials *credentials, const struct error *error)
{
	struct result *result = arg;

	ck_assert((credentials == NULL) == (error != NULL));
	if (credentials != NULL)
		credentials_copy(&result->credentials, credentials);
	else
		result->error = *error;
	loop_stop(result->loop);
}

static struct result
look(void)
{
	struct result result = { .loop = loop_new() };
	struct credentials_provider *provider = credentials_chain_new(
	    result.loop, &(struct credentials_sources){ .env = env });
	struct credentials_wait wait = { .found = on_found, .arg = &result };

	provider->get(provider->self, &wait);
	/* Never at once. */
	ck_assert_str_eq(result.credentials.access_key_id, "");
	ck_assert_str_eq(result.error.name, "");
	loop_run(result.loop);
	provider->free(provider->self);
	loop_free(result.loop);
	return result;
}

static void
check_found(const struct result *result, const char *id, const char *key,
    const char *token, const char *source)
{
	const struct credentials *found = &result->credentials;

	ck_assert_str_eq(result->error.cause, "");
	ck_assert_str_eq(found->access_key_id, id);
	ck_assert_str_eq(found->secret_key.bytes, key);
	ck_assert(secret_given(&found->token) == (token != NULL));
	if (token != NULL)
		ck_assert_str_eq(found->token.bytes, token);
	ck_assert_str_eq(found->source, source);
}

/* Fails for a reason that is told, but for no secret. */
static void
check_none(const char *reason)
{
	CLEANUP(result_done) struct result result = look();

	ck_assert_str_eq(result.error.name, "Aws.NoCredentials");
	ck_assert_int_eq(result.error.class, CLASS_TRANSIENT);
	ck_assert_msg(strstr(result.error.cause, reason) != NULL,
	    "\"%s\" is not in \"%s\"", reason, result.error.cause);
	ck_assert_ptr_null(strstr(result.error.cause, "SECRET"));
}

/* ---- the environment ---- */

START_TEST(the_environment_comes_first)
{
	put_file(".aws/credentials",
	    "[default]\naws_access_key_id=NO\naws_secret_access_key=NO\n",
	    0600);
	set("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
	set("AWS_SECRET_ACCESS_KEY", " SECRET\n");
	CLEANUP(result_done) struct result result = look();

	check_found(
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
	set("AWS_ACCESS_KEY_ID", "ID");
	set("AWS_SECRET_ACCESS_KEY", "SECRET");
	set(sessions[_i].more[0].name, sessions[_i].more[0].value);
	set(sessions[_i].more[1].name, sessions[_i].more[1].value);
	CLEANUP(result_done) struct result result = look();

	check_found(&result, "ID", "SECRET", sessions[_i].token, "environment");
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
	put_file(".aws/credentials",
	    "[default]\naws_access_key_id=NO\naws_secret_access_key=NO\n",
	    0600);
	for (int i = 0; i < 3 && broken[_i].variable[i].name != NULL; i++)
		set(broken[_i].variable[i].name, broken[_i].variable[i].value);
	check_none(broken[_i].reason);
}
END_TEST

/* ---- files ---- */

#define FILE_TEXT                                                              \
	"[default]\naws_access_key_id = D\naws_secret_access_key = SECRET\n"   \
	"[other]\naws_access_key_id = O\naws_secret_access_key = SECRET\n"     \
	"aws_session_token = T\n"                                              \
	"[half]\naws_access_key_id = H\n"                                      \
	"[role]\nrole_arn = SECRET\nsource_profile = default\n"                \
	"[process]\ncredential_process = SECRET\n"                             \
	"[empty]\n"

START_TEST(the_shared_file_has_profiles)
{
	put_file(".aws/credentials", FILE_TEXT, 0600);
	set("AWS_ACCESS_KEY_ID", " ");
	CLEANUP(result_done) struct result by_default = look();

	check_found(
	    &by_default, "D", "SECRET", NULL, "shared credentials file");
	set("AWS_PROFILE", "other");
	CLEANUP(result_done) struct result named = look();

	check_found(&named, "O", "SECRET", "T", "shared credentials file");
}
END_TEST

START_TEST(the_shared_file_can_be_elsewhere)
{
	put_file("other", FILE_TEXT, 0600);
	set("AWS_SHARED_CREDENTIALS_FILE", "~/other");
	CLEANUP(result_done) struct result result = look();

	check_found(&result, "D", "SECRET", NULL, "shared credentials file");
}
END_TEST

static const struct {
	const char *profile, *reason;
} profiles[] = {
	{ "absent", "no profile \"absent\"" },
	{ "half", "profile \"half\": an access key id without a secret" },
	{ "role", "has a role_arn, which keyguard does not follow" },
	{ "process", "has a credential_process, which keyguard does not" },
};

START_TEST(broken_profiles_decide)
{
	put_file(".aws/credentials", FILE_TEXT, 0600);
	put_file("aws", FILE_TEXT, 0600);
	set("CREDENTIALS_DIRECTORY", folder);
	set("AWS_PROFILE", profiles[_i].profile);
	check_none(profiles[_i].reason);
}
END_TEST

START_TEST(a_broken_file_is_told_by_line)
{
	put_file(".aws/credentials", "[default]\naws_access_key_id = D\nSECRET",
	    0600);
	check_none("/.aws/credentials:3: a line without =");
}
END_TEST

START_TEST(a_large_file_is_refused)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(1 << 20);

	while (text.len < 64 << 10)
		buf_puts(&text, "# SECRET\n");
	put_file(".aws/credentials", buf_text(&text), 0600);
	check_none("/.aws/credentials: File too large");
}
END_TEST

/* Reading it would block the loop, or never end. */
START_TEST(what_is_no_file_is_refused)
{
	FREE_LATER char *path = xasprintf("%s/.aws/credentials", folder);

	ck_assert_int_eq(mkfifo(path, 0600), 0);
	check_none("/.aws/credentials: not a regular file");
}
END_TEST

START_TEST(systemd_comes_last)
{
	put_file("aws", FILE_TEXT, 0400);
	set("CREDENTIALS_DIRECTORY", folder);
	CLEANUP(result_done) struct result result = look();

	check_found(&result, "D", "SECRET", NULL, "systemd credential");
}
END_TEST

START_TEST(where_was_looked_is_told)
{
	FREE_LATER char *all = xasprintf(
	    "environment: no access key id; %s/.aws/credentials: No such file "
	    "or directory; systemd: CREDENTIALS_DIRECTORY is not set",
	    folder);

	check_none(all);
	put_file(".aws/credentials", "[other]\n", 0600);
	check_none("/.aws/credentials: no profile \"default\"; systemd");
	put_file(".aws/credentials", "[default]\n", 0600);
	check_none("profile \"default\": no access key id; systemd");
	environment[0].value = "";
	set("CREDENTIALS_DIRECTORY", folder);
	check_none("shared credentials file: HOME is not set; ");
	check_none("/aws: No such file or directory");
}
END_TEST

#define COUNT(table) (sizeof(table) / sizeof *(table))

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("aws/credentials");
	TCase *tests = tcase_create("credentials");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, the_environment_comes_first);
	tcase_add_loop_test(
	    tests, sessions_in_the_environment, 0, COUNT(sessions));
	tcase_add_loop_test(
	    tests, a_broken_environment_decides, 0, COUNT(broken));
	tcase_add_test(tests, the_shared_file_has_profiles);
	tcase_add_test(tests, the_shared_file_can_be_elsewhere);
	tcase_add_loop_test(tests, broken_profiles_decide, 0, COUNT(profiles));
	tcase_add_test(tests, a_broken_file_is_told_by_line);
	tcase_add_test(tests, a_large_file_is_refused);
	tcase_add_test(tests, what_is_no_file_is_refused);
	tcase_add_test(tests, systemd_comes_last);
	tcase_add_test(tests, where_was_looked_is_told);
	suite_add_tcase(suite, tests);
	return suite;
}
