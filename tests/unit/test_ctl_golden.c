/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the verbs print, at both widths of terminal that people have (of `show`
 * one is a telephone's): golden files beside the replies they were made of. A
 * reply is held against the interface's definition, so that none is made up.
 * Ages count from a time that has not come yet, so that they do not change.
 *
 * To see what has changed: diff -r tests/golden/ctl build/golden-ctl
 */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "control/interface.h"
#include "control/varlink_interface.h"
#include "ctl/ctl.h"
#include "unit/ctl_world.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/doc.h"

#define NAME "123456789012-AKIAIOSFODNN7EXAMPLE-9f86d081884c"

#define SHOW(file)                                                             \
	.name = file, .method = "Describe", .words = { "show", NAME },         \
	.parameters = { "{\"name\":\"" NAME "\"}" }, .draws = true

static const struct golden {
	const char *name; /* of the files */
	const char *method;
	const char *words[8];
	const char *parameters[3]; /* of each call */
	int exit;
	bool draws;  /* asks for the machine as well */
	bool future; /* not of this interface yet */
} goldens[] = {
	{ .name = "list",
	    .method = "List",
	    .words = { "list", "--status", "FAILED", "--limit=5", "--after",
		"1-2" },
	    .parameters = { "{\"status\":\"FAILED\",\"after\":\"1-2\","
			    "\"limit\":5}" } },
	{ .name = "list-none",
	    .method = "List",
	    .words = { "list", "--outcome=contained" },
	    .parameters = { "{\"outcome\":\"contained\"}" } },
	{ .name = "rejected",
	    .method = "Rejected",
	    .words = { "rejected" },
	    .parameters = { "{}", "{\"before\":3}" } },
	{ .name = "rejected-none",
	    .method = "Rejected",
	    .words = { "rejected" },
	    .parameters = { "{}" } },
	{ .name = "status",
	    .method = "Status",
	    .words = { "status" },
	    .parameters = { "{}" },
	    .exit = CTL_FAILED },
	{ .name = "status-alone",
	    .method = "Status",
	    .words = { "status" },
	    .parameters = { "{}" } },
	{ .name = "status-uncounted",
	    .method = "Status",
	    .words = { "status" },
	    .parameters = { "{}" } },
	{ .name = "machine",
	    .method = "Machine",
	    .words = { "machine" },
	    .parameters = { "{\"format\":\"text\"}" } },
	{ .name = "inject",
	    .method = "Inject",
	    .words = { "inject", "/dev/null" },
	    .parameters = { "{\"event\":\"\"}" } },
	{ SHOW("show") },
	{ SHOW("show-caught") },
	{ SHOW("show-summary") },
	{ SHOW("show-retries") },
	{ SHOW("show-restarted") },
	{ SHOW("show-running") },
	{ SHOW("show-calling") },
	{ SHOW("show-waiting") },
	{ SHOW("show-held") },
	{ SHOW("show-resumed") },
	{ SHOW("show-stopped") },
	{ SHOW("show-stopped-later") },
	{ SHOW("show-stopped-last") },
	{ SHOW("show-failed") },
	{ SHOW("show-failed-alive") },
	{ SHOW("show-failed-stopped") },
	{ SHOW("show-redriven") },
	{ SHOW("show-keyless") },
	{ SHOW("show-earlier") },
	{ SHOW("show-again") },
	{ SHOW("show-untouched") },
	{ SHOW("show-telling") },
	{ SHOW("show-telling-alive") },
	{ SHOW("show-patient") },
	{ SHOW("show-later") },
	{ SHOW("show-hold") },
	{ SHOW("show-nothing") },
	{ SHOW("show-future"), .future = true },
	{ .name = "redrive",
	    .method = "Redrive",
	    .words = { "redrive", NAME },
	    .parameters = { "{\"name\":\"" NAME "\"}" } },
	{ .name = "retry",
	    .method = "Retry",
	    .words = { "retry", NAME },
	    .parameters = { "{\"name\":\"" NAME "\"}" } },
	{ .name = "stop",
	    .method = "Stop",
	    .words = { "stop", NAME },
	    .parameters = { "{\"name\":\"" NAME "\"}" } },
	{ .name = "resume",
	    .method = "Resume",
	    .words = { "resume" },
	    .parameters = { "{}" } },
	{ .name = "resume-account",
	    .method = "Resume",
	    .words = { "resume", "--account=123456789012" },
	    .parameters = { "{\"account\":\"123456789012\"}" } },
};
enum { GOLDENS = sizeof goldens / sizeof goldens[0] };

static void
load(const char *name, const char *suffix, struct buf *text)
{
	const char *srcdir = getenv("srcdir");
	FREE_LATER char *path = xasprintf("%s/tests/golden/ctl/%s.%s",
	    srcdir == NULL ? "." : srcdir, name, suffix);
	FILE *file = fopen(path, "r");
	char bytes[4096];
	size_t len;

	while (file != NULL && (len = fread(bytes, 1, sizeof bytes, file)) > 0)
		buf_add(text, bytes, len);
	if (file != NULL)
		fclose(file);
}

/* Where it can be compared with what was expected. */
static void
keep(const char *name, const char *suffix, const char *text)
{
	FREE_LATER char *path = xasprintf("golden-ctl/%s.%s", name, suffix);
	FILE *file;

	ck_assert(mkdir("golden-ctl", 0777) == 0 || errno == EEXIST);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static void
set_turn(struct turn *turn, const char *method, const char *parameters,
    const char *reply)
{
	turn->call = xasprintf("{\"method\":\"io.keyguard.Control.%s\","
			       "\"parameters\":%s}",
	    method, parameters);
	turn->replies[0] = xasprintf("{\"parameters\":%s}", reply);
}

static void
check_reply(const struct golden *golden, const char *reply)
{
	DOC_LATER struct json_object *doc =
	    doc_parse(reply, strlen(reply), NULL);
	char wrong[INTERFACE_NAME];

	ck_assert_msg(golden->future ||
		interface_answers(
		    varlink_interface, golden->method, doc, wrong),
	    "%s: %s", golden->name, wrong);
}

/* The turns of the daemon: one line of replies for each call. */
static void
prepare(
    const struct golden *golden, char *replies, bool json, struct turn *turns)
{
	CLEANUP(buf_done) struct buf machine = BUF_INIT(DOC_MAX);
	char *line;
	int i = 0;

	for (; (line = strsep(&replies, "\n")) && *line != '\0'; i++) {
		check_reply(golden, line);
		set_turn(
		    &turns[i], golden->method, golden->parameters[i], line);
	}
	if (!golden->draws || json)
		return;
	load("machine-asl", "reply", &machine);
	set_turn(
	    &turns[i], "Machine", "{\"format\":\"asl\"}", buf_text(&machine));
}

static void
forget(struct turn *turns)
{
	for (; turns->call != NULL; turns++) {
		free((char *)turns->call);
		free((char *)turns->replies[0]);
	}
}

static int
run(const struct golden *golden, int width, bool json)
{
	const char *words[10] = { "--json" };
	int count = json ? 1 : 0;

	for (int i = 0; golden->words[i] != NULL; i++)
		words[count++] = golden->words[i];
	return world_run(width, words);
}

static void
compare(const struct golden *golden, int width)
{
	CLEANUP(buf_done) struct buf replies = BUF_INIT(DOC_MAX);
	CLEANUP(buf_done) struct buf expected = BUF_INIT(DOC_MAX);
	FREE_LATER char *suffix = xasprintf("%d", width);
	struct turn turns[WORLD_TURNS] = { { .call = NULL } };

	load(golden->name, "reply", &replies);
	load(golden->name, suffix, &expected);
	prepare(golden, replies.data, false, turns);
	world_daemon(turns);
	ck_assert_int_eq(run(golden, width, false), golden->exit);
	world_played();
	forget(turns);
	ck_assert_str_eq(world_err(), "");
	if (strcmp(world_out(), buf_text(&expected)) != 0)
		keep(golden->name, suffix, world_out());
	ck_assert_str_eq(world_out(), buf_text(&expected));
}

START_TEST(a_narrow_terminal)
{
	setlocale(LC_ALL, "C.UTF-8");
	compare(&goldens[_i], goldens[_i].draws ? 50 : 80);
}
END_TEST

START_TEST(a_wide_terminal)
{
	setlocale(LC_ALL, "C.UTF-8");
	compare(&goldens[_i], goldens[_i].draws ? 80 : 120);
}
END_TEST

/* What is printed is what was answered, but that pages are one. */
START_TEST(one_document)
{
	const struct golden *golden = &goldens[_i];
	CLEANUP(buf_done) struct buf text = BUF_INIT(DOC_MAX);
	struct turn turns[WORLD_TURNS] = { { .call = NULL } };

	if (strcmp(golden->name, "machine") == 0)
		return;
	load(golden->name, "reply", &text);
	FREE_LATER char *first = xmemdup0(text.data, strcspn(text.data, "\n"));
	DOC_LATER struct json_object *expected =
	    doc_parse(first, strlen(first), NULL);

	prepare(golden, text.data, true, turns);
	world_daemon(turns);
	ck_assert_int_eq(run(golden, 80, true), golden->exit);
	world_played();
	forget(turns);
	DOC_LATER struct json_object *printed =
	    doc_parse(world_out(), strlen(world_out()), NULL);
	FREE_LATER char *expected_text = doc_text(expected);
	FREE_LATER char *printed_text = doc_text(printed);

	ck_assert_str_eq(printed_text, expected_text);
	for (const char *at = world_out(); *at != '\0'; at++) {
		unsigned char c = (unsigned char)*at;

		ck_assert(c == '\n' || (c >= ' ' && c != 0x7f));
		ck_assert(c != 0xc2 || (unsigned char)at[1] > 0x9f);
	}
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("ctl/golden");
	TCase *tcase = tcase_create("golden");

	tcase_add_checked_fixture(tcase, world_setup, world_teardown);
	tcase_add_loop_test(tcase, a_narrow_terminal, 0, GOLDENS);
	tcase_add_loop_test(tcase, a_wide_terminal, 0, GOLDENS);
	tcase_add_loop_test(tcase, one_document, 0, GOLDENS);
	suite_add_tcase(suite, tcase);
	return suite;
}
