/* SPDX-License-Identifier: Apache-2.0 */
/* The form of credentials files, by every rule of aws-protocols 5.3. */
#include <string.h>

#include "aws/cred_profile.h"
#include "unit/unit.h"
#include "util/cleanup.h"

static const char *
text_of(const struct secret *secret)
{
	return secret->bytes != NULL ? secret->bytes : "";
}

static const struct {
	const char *text, *id, *key, *token;
} good[] = {
	{ "[p]\naws_access_key_id=ID\naws_secret_access_key=KEY\n", "ID", "KEY",
	    "" },
	/* white space, case of properties, no line break at the end, CR LF */
	{ "[ p ]\r\n\r\nAWS_Access_Key_ID \t=  ID \r\n"
	  "aws_secret_access_key= K=E/Y+ \r\n \t\r\naws_session_token = T",
	    "ID", "K=E/Y+", "T" },
	/* other sections, also of other case and with a prefix */
	{ "[q]\naws_access_key_id=NO\n[P]\naws_access_key_id=NO\n"
	  "[profile p]\naws_access_key_id=NO\n[p]\naws_access_key_id=ID\n"
	  "[r]\naws_access_key_id=NO\n",
	    "ID", "", "" },
	/* the last of two counts, also over sections */
	{ "[p]\naws_access_key_id=NO\naws_secret_access_key=KEY\n[q]\n[p]\n"
	  "aws_access_key_id=NO\naws_access_key_id=ID\n",
	    "ID", "KEY", "" },
	/* comments */
	{ "# [q]\n; x\n[p] # p\naws_access_key_id = ID # not this\n"
	  "aws_secret_access_key = K#E;Y ; nor this\n#aws_session_token=NO\n",
	    "ID", "K#E;Y", "" },
	{ "[p];x\naws_access_key_id =# x\naws_secret_access_key = # x\n", "# x",
	    "", "" },
	/* a longer value, with its comments; blank lines do not end it */
	{ "[p]\naws_session_token = T1\n  T2 # kept \n\n\t# T3\n"
	  "aws_access_key_id = ID\n",
	    "ID", "", "T1\nT2 # kept\n# T3" },
	/* below an empty value there are properties of another level */
	{ "[p]\ns3 =\n  aws_access_key_id = NO\naws_access_key_id =\n"
	  "  aws_access_key_id = NO\n",
	    "", "", "" },
	{ "[p]\naws_access_key_id = ID\nregion = us-east-1\n  more\n", "ID", "",
	    "" },
};

START_TEST(profiles_are_read)
{
	CLEANUP(cred_profile_done) struct cred_profile profile = { 0 };
	unsigned line;

	ck_assert_ptr_null(cred_profile_parse(
	    good[_i].text, strlen(good[_i].text), "p", &profile, &line));
	ck_assert(profile.found);
	ck_assert_str_eq(text_of(&profile.keys.id), good[_i].id);
	ck_assert_str_eq(text_of(&profile.keys.key), good[_i].key);
	ck_assert_str_eq(text_of(&profile.keys.token), good[_i].token);
}
END_TEST

static const struct {
	const char *text;
	unsigned line;
} bad[] = {
	{ "aws_access_key_id = SECRET\n", 1 },
	{ "[p\naws_access_key_id = SECRET\n", 1 },
	{ "[p] SECRET\n", 1 },
	{ "[p]\n\nSECRET\n", 3 },
	{ "[p]\n= SECRET\n", 2 },
	{ "[p]\n SECRET\n", 2 },
	{ " SECRET\n", 1 },
	{ "[p]\na = b\n[q]\n SECRET\n", 4 },
	{ "[q]\n# x\nSECRET", 3 },
};

START_TEST(broken_files_are_refused_by_line)
{
	CLEANUP(cred_profile_done) struct cred_profile profile = { 0 };
	unsigned line;
	const char *wrong = cred_profile_parse(
	    bad[_i].text, strlen(bad[_i].text), "p", &profile, &line);

	ck_assert_ptr_nonnull(wrong);
	ck_assert_uint_eq(line, bad[_i].line);
	ck_assert_ptr_null(strstr(wrong, "SECRET"));
}
END_TEST

START_TEST(absent_profiles_are_not_found)
{
	CLEANUP(cred_profile_done) struct cred_profile profile = { 0 };
	unsigned line;

	ck_assert_ptr_null(cred_profile_parse("", 0, "p", &profile, &line));
	ck_assert(!profile.found);
	ck_assert_ptr_null(
	    cred_profile_parse("[q]\n", 4, "p", &profile, &line));
	ck_assert(!profile.found);
}
END_TEST

#define COUNT(table) (sizeof(table) / sizeof *(table))

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("aws/cred_profile");
	TCase *tests = tcase_create("cred_profile");

	tcase_add_loop_test(tests, profiles_are_read, 0, COUNT(good));
	tcase_add_loop_test(
	    tests, broken_files_are_refused_by_line, 0, COUNT(bad));
	tcase_add_test(tests, absent_profiles_are_not_found);
	suite_add_tcase(suite, tests);
	return suite;
}
