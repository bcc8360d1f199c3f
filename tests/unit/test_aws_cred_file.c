/* SPDX-License-Identifier: Apache-2.0 */
/* Credentials from files: the shared one, and what systemd hands over. */
#include <sys/stat.h>

#include "unit/aws_look.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"

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
	look_put(".aws/credentials", FILE_TEXT);
	look_set("AWS_ACCESS_KEY_ID", " ");
	CLEANUP(look_done) struct look by_default = look_up();

	look_check_found(
	    &by_default, "D", "SECRET", NULL, "shared credentials file");
	look_set("AWS_PROFILE", "other");
	CLEANUP(look_done) struct look named = look_up();

	look_check_found(&named, "O", "SECRET", "T", "shared credentials file");
}
END_TEST

START_TEST(the_shared_file_can_be_elsewhere)
{
	look_put("other", FILE_TEXT);
	look_set("AWS_SHARED_CREDENTIALS_FILE", "~/other");
	CLEANUP(look_done) struct look result = look_up();

	look_check_found(
	    &result, "D", "SECRET", NULL, "shared credentials file");
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
	look_put(".aws/credentials", FILE_TEXT);
	look_put("aws", FILE_TEXT);
	look_set("CREDENTIALS_DIRECTORY", look_home());
	look_set("AWS_PROFILE", profiles[_i].profile);
	look_check_none(profiles[_i].reason);
}
END_TEST

START_TEST(a_broken_file_is_told_by_line)
{
	look_put(
	    ".aws/credentials", "[default]\naws_access_key_id = D\nSECRET");
	look_check_none("/.aws/credentials:3: a line without =");
}
END_TEST

START_TEST(a_large_file_is_refused)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(1 << 20);

	while (text.len < 64 << 10)
		buf_puts(&text, "# SECRET\n");
	look_put(".aws/credentials", buf_text(&text));
	look_check_none("/.aws/credentials: File too large");
}
END_TEST

/* Reading it would block the loop, or never end. */
START_TEST(what_is_no_file_is_refused)
{
	FREE_LATER char *path = xasprintf("%s/.aws/credentials", look_home());

	ck_assert_int_eq(mkfifo(path, 0600), 0);
	look_check_none("/.aws/credentials: not a regular file");
}
END_TEST

START_TEST(systemd_comes_last)
{
	look_put("aws", FILE_TEXT);
	look_set("CREDENTIALS_DIRECTORY", look_home());
	CLEANUP(look_done) struct look result = look_up();

	look_check_found(&result, "D", "SECRET", NULL, "systemd credential");
}
END_TEST

#define COUNT(table) (sizeof(table) / sizeof *(table))

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("aws/cred_file");
	TCase *tests = tcase_create("cred_file");

	tcase_add_checked_fixture(tests, look_setup, look_teardown);
	tcase_add_test(tests, the_shared_file_has_profiles);
	tcase_add_test(tests, the_shared_file_can_be_elsewhere);
	tcase_add_loop_test(tests, broken_profiles_decide, 0, COUNT(profiles));
	tcase_add_test(tests, a_broken_file_is_told_by_line);
	tcase_add_test(tests, a_large_file_is_refused);
	tcase_add_test(tests, what_is_no_file_is_refused);
	tcase_add_test(tests, systemd_comes_last);
	suite_add_tcase(suite, tests);
	return suite;
}
