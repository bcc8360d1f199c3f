/* SPDX-License-Identifier: Apache-2.0 */
/* The command line: what is understood, and what is said of the rest. */
#include <stdio.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/sentence.h"
#include "unit/ctl_world.h"
#include "unit/unit.h"

#define SENTENCE "do FILE [--limit COUNT] NAME [--wait] [--format FORMAT]"

static struct words words;
static struct error error;

static void
setup(void)
{
	words = (struct words){ .count = 0 };
}

static int
option(const char *first, const char *second)
{
	char *const argv[] = { (char *)first, (char *)second, NULL };

	return sentence_option(
	    SENTENCE, second == NULL ? 1 : 2, argv, &words, &error);
}

START_TEST(options_with_and_without_a_value)
{
	ck_assert_int_eq(option("--limit", "5"), 2);
	ck_assert_int_eq(option("--format=dot", "x"), 1);
	ck_assert_int_eq(option("--wait", "--limit"), 1);
	ck_assert_int_eq(option("--lim", "5"), 0);
	ck_assert_int_eq(option("--nothing=5", NULL), 0);
	ck_assert_str_eq(words_get(&words, "--limit"), "5");
	ck_assert_str_eq(words_get(&words, "--format"), "dot");
	ck_assert_str_eq(words_get(&words, "--wait"), "");
	ck_assert_ptr_null(words_get(&words, "FORMAT"));
}
END_TEST

START_TEST(bad_options)
{
	static const struct {
		const char *option, *value, *cause;
	} bad[] = {
		{ "--limit", NULL, "--limit needs its COUNT" },
		{ "--limit", "x", "COUNT is how many: 1 to 1000, not 'x'" },
		{ "--limit", "0", "COUNT is how many: 1 to 1000, not '0'" },
		{ "--limit", "1001",
		    "COUNT is how many: 1 to 1000, not '1001'" },
		{ "--limit=", NULL, "COUNT is how many: 1 to 1000, not ''" },
		{ "--limit=5x", NULL,
		    "COUNT is how many: 1 to 1000, not '5x'" },
		{ "--limit= 5", NULL,
		    "COUNT is how many: 1 to 1000, not ' 5'" },
		{ "--wait=yes", NULL, "--wait takes no value" },
		{ "--format", "do", "FORMAT is text, dot or asl, not 'do'" },
		{ "--format", "text|dot",
		    "FORMAT is text, dot or asl, not 'text|dot'" },
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		ck_assert_int_eq(option(bad[i].option, bad[i].value), -1);
		ck_assert_str_eq(error.cause, bad[i].cause);
	}
	ck_assert_int_eq(option("--wait", NULL), 1);
	ck_assert_int_eq(option("--wait", NULL), -1);
	ck_assert_str_eq(error.cause, "--wait is given twice");
}
END_TEST

START_TEST(words_find_their_places)
{
	ck_assert(!sentence_complete(SENTENCE, &words, &error));
	ck_assert(sentence_word(SENTENCE, "a", &words, &error));
	ck_assert(!sentence_complete(SENTENCE, &words, &error));
	ck_assert_str_eq(error.cause, "a NAME is missing: " SENTENCE);
	ck_assert(sentence_word(SENTENCE, "b", &words, &error));
	ck_assert(sentence_complete(SENTENCE, &words, &error));
	ck_assert(!sentence_word(SENTENCE, "c", &words, &error));
	ck_assert_str_eq(error.cause, "'c' is too much");
	ck_assert_str_eq(words_get(&words, "FILE"), "a");
	ck_assert_str_eq(words_get(&words, "NAME"), "b");
	ck_assert(!sentence_word("do", "a", &words, &error));
	ck_assert(sentence_complete("do", &words, &error));
	ck_assert(!sentence_word(
	    "do NAME", "", &(struct words){ .count = 0 }, &error));
}
END_TEST

/* ---- through the whole program ---- */

START_TEST(what_is_not_understood_is_usage)
{
	static const struct {
		const char *words[5], *complaint;
	} bad[] = {
		{ { NULL }, "a verb is missing" },
		{ { "frobnicate" }, "no verb is named 'frobnicate'" },
		{ { "lis" }, "no verb is named 'lis'" },
		{ { "--frob", "list" }, "no option is named --frob" },
		{ { "--limit", "5", "list" }, "no option is named --limit" },
		{ { "list", "--wait" }, "no option is named --wait" },
		{ { "show" }, "a NAME is missing: show NAME" },
		{ { "show", "a", "b" }, "'b' is too much" },
		{ { "status", "-s", "x" }, "-s is given twice" },
		{ { "show", "--", "--json", "x" }, "'x' is too much" },
		{ { "list", "--status", "failed" },
		    "STATUS is RUNNING, SUCCEEDED, FAILED or ABORTED, not "
		    "'failed'" },
		{ { "show", "\033[2J", "\033[31m" }, "'?[31m' is too much" },
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char expected[200];

		snprintf(expected, sizeof expected,
		    "keyguardctl: %s\nTry 'keyguardctl --help'.\n",
		    bad[i].complaint);
		ck_assert_int_eq(world_run(80, bad[i].words), CTL_USAGE);
		ck_assert_str_eq(world_err(), expected);
		ck_assert_str_eq(world_out(), "");
	}
}
END_TEST

START_TEST(help_and_version_need_no_verb)
{
	ck_assert_int_eq(WORLD_RUN(80, "--version"), CTL_DONE);
	ck_assert_str_eq(world_out(), "keyguardctl " PACKAGE_VERSION "\n");
	ck_assert_int_eq(WORLD_RUN(80, "list", "--help"), CTL_DONE);
	ck_assert_ptr_nonnull(strstr(world_out(), "  inject FILE [--wait]\n"));
	ck_assert_ptr_nonnull(strstr(world_out(), "  COUNT     how many"));
	ck_assert_str_eq(world_err(), "");
	for (const char *at = world_out(); *at != '\0'; at++) {
		size_t len = strcspn(at, "\n");

		ck_assert_uint_le(len, 80);
		at += len;
	}
}
END_TEST

START_TEST(options_may_follow_the_verb)
{
	static const struct turn turns[] = {
		{ .call = "{\"method\":\"io.keyguard.Control.List\","
			  "\"parameters\":{}}",
		    .replies = { "{\"parameters\":{\"executions\":[]}}" } },
		{ .call = NULL },
	};

	world_daemon(turns);
	ck_assert_int_eq(WORLD_RUN(80, "list", "--json"), CTL_DONE);
	ck_assert_int_eq(world_out()[0], '{');
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("ctl/sentence");
	TCase *tcase = tcase_create("sentence");
	TCase *program = tcase_create("program");

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, options_with_and_without_a_value);
	tcase_add_test(tcase, bad_options);
	tcase_add_test(tcase, words_find_their_places);
	suite_add_tcase(suite, tcase);
	tcase_add_checked_fixture(program, world_setup, world_teardown);
	tcase_add_test(program, what_is_not_understood_is_usage);
	tcase_add_test(program, help_and_version_need_no_verb);
	tcase_add_test(program, options_may_follow_the_verb);
	suite_add_tcase(suite, program);
	return suite;
}
