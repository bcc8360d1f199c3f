/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration: what is accepted, what is refused and in which words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/config.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "workflow/response.h"

#define MINIMAL                                                                \
	"[aws]\nregion = us-east-1\n"                                          \
	"[queue]\nurl = https://sqs.us-east-1.amazonaws.com/1/q\n"             \
	"[notify]\ntopic_arn = arn:aws:sns:us-east-1:123456789012:T\n"

static char folder[] = "/tmp/keyguard-config-XXXXXX";
static char *file, *drop_ins;
static struct config config;
static struct buf complaints = BUF_INIT(1 << 16);
static const char *variables[8][2];

static char *
env(const char *name)
{
	for (int i = 0; variables[i][0] != NULL; i++)
		if (strcmp(variables[i][0], name) == 0)
			return (char *)(uintptr_t)variables[i][1];
	return NULL;
}

static void
write_file(const char *path, const char *text)
{
	FILE *out = fopen(path, "we");

	ck_assert_ptr_nonnull(out);
	ck_assert_int_ge(fputs(text, out), 0);
	fclose(out);
}

static void
write_drop_in(const char *name, const char *text)
{
	char *path FREE_LATER = xasprintf("%s/%s", drop_ins, name);

	write_file(path, text);
}

static bool
load(const char *text)
{
	write_file(file, text);
	return config_load(&config, file, env, &complaints);
}

static void
setup(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	file = xasprintf("%s/k.conf", folder);
	drop_ins = xasprintf("%s/k.conf.d", folder);
	ck_assert_int_eq(mkdir(drop_ins, 0700), 0);
	memset(variables, 0, sizeof variables);
}

static void
teardown(void)
{
	char *command FREE_LATER = xasprintf("rm -r %s", folder);

	ck_assert_int_eq(system(command), 0);
	config_done(&config);
	buf_done(&complaints);
	free(file);
	free(drop_ins);
	memcpy(strrchr(folder, '-'), "-XXXXXX", 7);
}

START_TEST(the_minimum_has_the_documented_defaults)
{
	ck_assert_msg(load(MINIMAL), "%s", buf_text(&complaints));
	ck_assert(config.details);
	ck_assert_int_eq(config.alarm_after_ms, 10 * 60 * 1000);
	ck_assert_int_eq(config.max_events, 50);
	ck_assert_int_eq(config.hours, 24);
	ck_assert(config.lookup_rate == 2);
	ck_assert_int_eq(config.action, RESPONSE_DELETE);
	ck_assert_str_eq(config.protected_users, "");
	ck_assert_str_eq(config.protected_keys, "");
	ck_assert_int_eq(config.max_per_window, 50);
	ck_assert_int_eq(config.window_ms, 600000);
	ck_assert_int_eq(config.hold_timeout_ms, 3600000);
	ck_assert_int_eq(config.containing, 256);
	ck_assert_str_eq(config.store_path, "/var/lib/keyguardd/keyguardd.db");
	ck_assert_int_eq(config.retention_ms, DAYS(90));
	ck_assert_int_eq(config.max_executions, 100000);
	ck_assert_str_eq(config.socket, "/run/keyguardd/control.sock");
	ck_assert_str_eq(config.group, "keyguard");
}
END_TEST

START_TEST(what_is_missing_is_named)
{
	ck_assert(!load("# nothing\n"));
	ck_assert_ptr_nonnull(
	    strstr(buf_text(&complaints), "[aws] region must be given"));
	ck_assert_ptr_nonnull(
	    strstr(buf_text(&complaints), "[queue] url must be given"));
	ck_assert_ptr_nonnull(
	    strstr(buf_text(&complaints), "[notify] topic_arn must be given"));
}
END_TEST

START_TEST(a_missing_file_is_refused)
{
	ck_assert(
	    !config_load(&config, "/nonexistent/k.conf", env, &complaints));
	ck_assert_ptr_nonnull(strstr(buf_text(&complaints),
	    "/nonexistent/k.conf: No such file or directory"));
}
END_TEST

struct refusal {
	const char *text;
	const char *says; /* after the file's name */
};

static const struct refusal refusals[] = {
	{ "[aws]\nregoin = us-east-1\n",
	    ":2: unknown key 'regoin' in section [aws]; known are: region, " },
	{ "[sqs]\nurl = x\n", ":1: unknown section [sqs]; known are: [aws], " },
	{ "[aws]\n[empty]\n",
	    ":2: unknown section [empty]; known are: [aws], " },
	{ "[summary]\nmax_events = 0\n",
	    ":2: [summary] max_events = 0: not accepted; it takes a number of "
	    "events from 1 to 1000" },
	{ "[summary]\nmax_events = 1001\n", ":2: [summary] max_events" },
	{ "[summary]\nmax_events = 5.5\n", ":2: [summary] max_events" },
	{ "[summary]\nmax_events = 0x10\n", ":2: [summary] max_events" },
	{ "[summary]\nmax_events =\n", ":2: [summary] max_events" },
	{ "[summary]\nlookup_rate = nan\n", ":2: [summary] lookup_rate" },
	{ "[summary]\nhours = -1\n", ":2: [summary] hours" },
	{ "[notify]\ndetails = maybe\n",
	    ":2: [notify] details = maybe: not accepted; it takes yes or no" },
	{ "[response]\naction = kill\n",
	    ":2: [response] action = kill: not accepted; it takes delete or "
	    "notify-only" },
	{ "[response]\nprotected_users = alice, bob\n",
	    ":2: [response] protected_users = alice, bob: not accepted; it "
	    "takes names of IAM users, or globs such as ci-*, with blanks "
	    "between them" },
	{ "[response]\nprotected_keys = AKIA*\n",
	    ":2: [response] protected_keys = AKIA*: not accepted; it takes "
	    "access key ids with blanks between them" },
	{ "[response]\nmax_per_window = 0\n",
	    ":2: [response] max_per_window = 0: not accepted; it takes a "
	    "number of keys from 1 to 100000" },
	{ "[response]\nwindow = 10\n",
	    ":2: [response] window = 10: not accepted; it takes a time from 1s "
	    "to 7d, such as 10min" },
	{ "[response]\nhold_timeout = 8d\n",
	    ":2: [response] hold_timeout = 8d: not accepted; it takes a time "
	    "from 1s to 7d, such as 1h" },
	{ "[notify]\nalarm_after = soon\n",
	    ":2: [notify] alarm_after = soon: not accepted; it takes a time "
	    "from 1s to 7d, such as 10min" },
	{ "[notify]\nalarm_after = 0s\n", ":2: [notify] alarm_after" },
	{ "[notify]\nalarm_after = 8d\n", ":2: [notify] alarm_after" },
	{ "[notify]\nalarm_after = 10\n", ":2: [notify] alarm_after" },
	{ "[store]\nretention = for ever\n",
	    ":2: [store] retention = for ever: not accepted; it takes a time "
	    "from 1h to 3650d" },
	{ "[store]\nretention = 30min\n", ":2: [store] retention" },
	{ "[store]\nmax_executions = 99\n",
	    ":2: [store] max_executions = 99: not accepted; it takes a number "
	    "of executions from 100 to 100000000" },
	{ "[notify]\ntopic_arn = arn:aws:sqs:us-east-1:1:T\n",
	    ":2: [notify] topic_arn" },
	{ "[aws]\nregion = us-east-1.evil.example\n", ":2: [aws] region" },
	{ "[aws]\nregion = -x\n", ":2: [aws] region" },
	{ "[aws]\nendpoint_url = http://192.0.2.1/\n",
	    ":2: [aws] endpoint_url" },
	{ "[aws]\nendpoint_url_iam = ftp://127.0.0.1/\n",
	    ":2: [aws] endpoint_url_iam" },
	{ "[store]\npath = relative.db\n",
	    ":2: [store] path = relative.db: not accepted; it takes an "
	    "absolute path" },
	{ "[control]\nsocket = /a/very/long/path/that/does/not/fit/into/the/"
	  "address/of/a/unix/socket/because/it/has/more/than/a/hundred/bytes\n",
	    ":2: [control] socket" },
	{ "region = us-east-1\n", ":1: stands before any section" },
	{ "[aws\nregion = x\n", ":1: not a section: [aws" },
	{ "[]\n", ":1: not a section: []" },
	{ "[aws]\nregion\n", ":2: not `key = value`: region" },
	{ "[aws]\n = x\n", ":2: not `key = value`: = x" },
};

START_TEST(a_bad_line_is_refused_with_its_place)
{
	char *expected FREE_LATER = xasprintf("%s%s", file, refusals[_i].says);

	ck_assert(!load(refusals[_i].text));
	ck_assert_msg(
	    strncmp(buf_text(&complaints), expected, strlen(expected)) == 0,
	    "%s\nis not\n%s", buf_text(&complaints), expected);
}
END_TEST

START_TEST(every_bad_line_is_named_in_one_go)
{
	ck_assert(!load(MINIMAL "[limits]\ncontaining = 0\nfoo = 1\n"));
	ck_assert_ptr_nonnull(strstr(buf_text(&complaints), ":8: "));
	ck_assert_ptr_nonnull(strstr(buf_text(&complaints), ":9: "));
}
END_TEST

START_TEST(drop_ins_are_read_in_order_and_win)
{
	write_drop_in("20-b.conf", "[summary]\nhours = 20\n");
	write_drop_in("10-a.conf", "[summary]\nhours = 10\nmax_events = 11\n");
	write_drop_in("README", "not read");
	ck_assert_msg(load(MINIMAL "[summary]\nhours = 5\n"), "%s",
	    buf_text(&complaints));
	ck_assert_int_eq(config.hours, 20);
	ck_assert_int_eq(config.max_events, 11);
}
END_TEST

START_TEST(a_bad_drop_in_is_refused_by_its_own_name)
{
	write_drop_in("10-a.conf", "\n\n[summary]\nhours = x\n");
	ck_assert(!load(MINIMAL));
	ck_assert_ptr_nonnull(
	    strstr(buf_text(&complaints), "k.conf.d/10-a.conf:4: "));
}
END_TEST

START_TEST(endpoints_have_a_precedence)
{
	variables[0][0] = "AWS_ENDPOINT_URL_IAM";
	variables[0][1] = "http://127.0.0.1:1/";
	variables[1][0] = "AWS_ENDPOINT_URL";
	variables[1][1] = "http://127.0.0.1:2/";
	variables[2][0] = "AWS_ENDPOINT_URL_SQS";
	variables[2][1] = ""; /* counts as unset */
	ck_assert_msg(load(MINIMAL), "%s", buf_text(&complaints));
	ck_assert_str_eq(config.endpoint[AWS_IAM], "http://127.0.0.1:1/");
	ck_assert_str_eq(config.endpoint[AWS_SQS], "");
	ck_assert_str_eq(config.endpoint_url, "http://127.0.0.1:2/");
	config_done(&config);

	/* the file's global one is before the environment's specific one */
	ck_assert(load("[aws]\nendpoint_url = http://127.0.0.1:3/\n" MINIMAL));
	ck_assert_str_eq(config.endpoint[AWS_IAM], "");
	ck_assert_str_eq(config.endpoint_url, "http://127.0.0.1:3/");
}
END_TEST

START_TEST(region_comes_from_the_environment_last)
{
	variables[0][0] = "AWS_DEFAULT_REGION";
	variables[0][1] = "eu-west-1";
	ck_assert(load(MINIMAL));
	ck_assert_str_eq(config.region, "us-east-1");
	config_done(&config);
	ck_assert(
	    load("[queue]\nurl = https://sqs.eu-west-1.amazonaws.com/1/q\n"
		 "[notify]\ntopic_arn = arn:aws:sns:us-east-1:1:T\n"));
	ck_assert_str_eq(config.region, "eu-west-1");
}
END_TEST

START_TEST(a_queue_of_another_region_is_refused)
{
	ck_assert(
	    !load(MINIMAL "[queue]\n"
			  "url = https://sqs.eu-west-1.amazonaws.com/1/q\n"));
	ck_assert_ptr_nonnull(strstr(buf_text(&complaints),
	    "[queue] url is of Region eu-west-1, but [aws] region is "
	    "us-east-1"));
}
END_TEST

START_TEST(what_is_printed_can_be_read_again)
{
	struct buf one CLEANUP(buf_done) = BUF_INIT(1 << 16);
	struct buf two CLEANUP(buf_done) = BUF_INIT(1 << 16);

	ck_assert(load(MINIMAL "[summary]\nlookup_rate = 0.5\n"
			       "[store]\nretention = 48h\n"
			       "[notify]\ndetails = off\n"
			       "[response]\naction = notify-only\n"
			       "protected_users = ci-*  root\n"
			       "window = 120min\n"));
	config_print(&config, &one);
	config_done(&config);
	ck_assert_msg(load(buf_text(&one)), "%s", buf_text(&complaints));
	config_print(&config, &two);
	ck_assert_str_eq(buf_text(&one), buf_text(&two));
	ck_assert_ptr_nonnull(strstr(buf_text(&two), "details = no\n"));
	ck_assert_ptr_nonnull(strstr(buf_text(&two), "retention = 2d\n"));
	ck_assert_ptr_nonnull(strstr(buf_text(&two), "lookup_rate = 0.5\n"));
	ck_assert_ptr_nonnull(strstr(buf_text(&two), "window = 2h\n"));
	ck_assert_ptr_nonnull(strstr(buf_text(&two), "action = notify-only\n"));
	ck_assert_ptr_nonnull(
	    strstr(buf_text(&two), "protected_users = ci-* root\n"));
}
END_TEST

static char restart[256];

static void
needs_restart(const char *key)
{
	strcat(restart, key);
}

START_TEST(a_reload_takes_what_it_can_and_names_the_rest)
{
	struct config fresh;

	ck_assert(load(MINIMAL));
	write_file(file,
	    MINIMAL "[summary]\nhours = 3\n"
		    "[response]\nprotected_users = alice\n"
		    "hold_timeout = 90s\n"
		    "[store]\npath = /elsewhere.db\n");
	ck_assert(config_load(&fresh, file, env, &complaints));
	restart[0] = '\0';
	config_reload(&config, &fresh, needs_restart);
	ck_assert_int_eq(config.hours, 3);
	ck_assert_str_eq(config.protected_users, "alice");
	ck_assert_int_eq(config.hold_timeout_ms, 90000);
	ck_assert_str_eq(config.store_path, "/var/lib/keyguardd/keyguardd.db");
	ck_assert_str_eq(restart, "[store] path");
	config_done(&fresh);
}
END_TEST

START_TEST(the_shipped_file_wants_only_what_must_be_given)
{
	const char *source = getenv("srcdir");
	char *shipped FREE_LATER =
	    xasprintf("%s/etc/keyguardd.conf", source ? source : ".");

	ck_assert(!config_load(&config, shipped, env, &complaints));
	ck_assert_ptr_nonnull(
	    strstr(buf_text(&complaints), "[queue] url must be given"));
	ck_assert_ptr_nonnull(
	    strstr(buf_text(&complaints), "[notify] topic_arn must be given"));
	ck_assert_ptr_null(strstr(buf_text(&complaints), "not accepted"));
	ck_assert_ptr_null(strstr(buf_text(&complaints), "unknown"));
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("daemon/config");
	TCase *tests = tcase_create("config");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, the_minimum_has_the_documented_defaults);
	tcase_add_test(tests, what_is_missing_is_named);
	tcase_add_test(tests, a_missing_file_is_refused);
	tcase_add_loop_test(tests, a_bad_line_is_refused_with_its_place, 0,
	    sizeof refusals / sizeof refusals[0]);
	tcase_add_test(tests, every_bad_line_is_named_in_one_go);
	tcase_add_test(tests, drop_ins_are_read_in_order_and_win);
	tcase_add_test(tests, a_bad_drop_in_is_refused_by_its_own_name);
	tcase_add_test(tests, endpoints_have_a_precedence);
	tcase_add_test(tests, region_comes_from_the_environment_last);
	tcase_add_test(tests, a_queue_of_another_region_is_refused);
	tcase_add_test(tests, what_is_printed_can_be_read_again);
	tcase_add_test(tests, a_reload_takes_what_it_can_and_names_the_rest);
	tcase_add_test(tests, the_shipped_file_wants_only_what_must_be_given);
	suite_add_tcase(suite, tests);
	return suite;
}
