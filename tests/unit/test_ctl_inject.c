/* SPDX-License-Identifier: Apache-2.0 */
/* keyguardctl inject: what is sent, and what is said if that goes wrong. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/varlink.h"
#include "ctl/ctl.h"
#include "unit/ctl_world.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/cleanup.h"

#define INJECT                                                                 \
	"{\"method\":\"io.keyguard.Control.Inject\","                          \
	"\"parameters\":{\"event\":\"{\\\"x\\\":1}\"}}"

static char file[] = "/tmp/event-XXXXXX";

static void
write_event(const char *bytes, size_t len)
{
	int fd;

	unlink(file);
	strcpy(file, "/tmp/event-XXXXXX");
	fd = mkstemp(file);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, len), (ssize_t)len);
	close(fd);
}

static void
setup(void)
{
	world_setup();
	write_event("{\"x\":1}", 7);
}

static void
teardown(void)
{
	unlink(file);
	world_teardown();
}

START_TEST(lost_before_the_names_nobody_knows)
{
	static const struct turn turns[] = {
		{ INJECT, { NULL }, true },
		{ .call = NULL },
	};

	world_daemon(turns);
	ck_assert_int_eq(WORLD_RUN(80, "inject", file), CTL_UNREACHABLE);
	ck_assert_str_eq(world_err(),
	    "keyguardctl: the daemon has hung up: systemctl status keyguardd\n"
	    "keyguardctl: not known whether it was accepted: "
	    "keyguardctl list\n");
}
END_TEST

START_TEST(who_does_not_answer_is_not_waited_for)
{
	static const struct turn turns[] = {
		{ INJECT, { NULL }, false },
		{ "never comes", { NULL }, false },
		{ .call = NULL },
	};

	world_daemon(turns);
	ck_assert_int_eq(WORLD_RUN(80, "inject", file), CTL_UNREACHABLE);
	ck_assert_ptr_nonnull(strstr(
	    world_err(), "no answer from the daemon: keyguardctl status"));
	ck_assert_ptr_nonnull(strstr(world_err(), "not known whether"));
	world_forget();
}
END_TEST

START_TEST(refusals_are_told)
{
	static const struct {
		const char *reply, *err;
		int status;
	} refusals[] = {
		{ "{\"error\":\"io.keyguard.Control.InvalidEvent\","
		  "\"parameters\":{\"error\":\"Finding.Malformed\","
		  "\"cause\":\"byte 0\"}}",
		    "keyguardctl: event refused: Finding.Malformed: byte 0\n",
		    CTL_USAGE },
		{ "{\"error\":\"io.keyguard.Control.StoreFailed\","
		  "\"parameters\":{\"error\":\"Store.Full\",\"cause\":\"x\"}}",
		    "keyguardctl: the store failed (keyguardctl status tells "
		    "more): Store.Full: x\n",
		    CTL_FAILED },
		{ "{\"error\":\"org.varlink.service.InvalidParameter\","
		  "\"parameters\":{\"parameter\":\"event\"}}",
		    "keyguardctl: the daemon refuses: event\n", CTL_USAGE },
		{ "{\"error\":\"org.varlink.service.MethodNotFound\","
		  "\"parameters\":{\"method\":\"x\"}}",
		    "keyguardctl: the daemon answers "
		    "org.varlink.service.MethodNotFound: x\n",
		    CTL_FAILED },
	};

	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		const struct turn turns[] = {
			{ INJECT, { refusals[i].reply }, false },
			{ .call = NULL },
		};

		world_daemon(turns);
		ck_assert_int_eq(
		    WORLD_RUN(80, "inject", file), refusals[i].status);
		ck_assert_str_eq(world_err(), refusals[i].err);
		ck_assert_str_eq(world_out(), "");
		world_played();
	}
}
END_TEST

START_TEST(what_was_not_acted_on_is_told)
{
	static const struct turn turns[] = {
		{ INJECT,
		    { "{\"parameters\":{\"executions\":[{\"name\":\"a\"}],"
		      "\"refused\":{\"error\":\"Finding.TooManyEntities\","
		      "\"cause\":\"2001\"}}}" },
		    false },
		{ .call = NULL },
	};

	world_daemon(turns);
	ck_assert_int_eq(WORLD_RUN(80, "inject", file), CTL_FAILED);
	ck_assert_str_eq(world_err(),
	    "keyguardctl: not all of it was acted on: "
	    "Finding.TooManyEntities: 2001\n");
	ck_assert_ptr_nonnull(strstr(world_out(), "a\n"));
}
END_TEST

START_TEST(files_that_cannot_be_sent)
{
	FREE_LATER char *large = xzalloc(VARLINK_MAX_CALL + 1);

	ck_assert_int_eq(WORLD_RUN(80, "inject", "/nowhere"), CTL_USAGE);
	ck_assert_str_eq(
	    world_err(), "keyguardctl: /nowhere: No such file or directory\n");
	ck_assert_int_eq(WORLD_RUN(80, "inject", "/"), CTL_USAGE);
	write_event("a\0b", 3);
	ck_assert_int_eq(WORLD_RUN(80, "inject", file), CTL_USAGE);
	ck_assert_ptr_nonnull(strstr(world_err(), "no UTF-8 text\n"));
	write_event("\xff", 1);
	ck_assert_int_eq(WORLD_RUN(80, "inject", file), CTL_USAGE);
	ck_assert_ptr_nonnull(strstr(world_err(), "no UTF-8 text\n"));
	memset(large, 'x', VARLINK_MAX_CALL + 1);
	write_event(large, VARLINK_MAX_CALL + 1);
	ck_assert_int_eq(WORLD_RUN(80, "inject", file), CTL_USAGE);
	ck_assert_ptr_nonnull(strstr(world_err(), "larger than 2 MiB\n"));
}
END_TEST

/* The file is not too large, but what it becomes is. */
START_TEST(a_call_that_is_too_long_is_not_sent)
{
	static const struct turn turns[] = {
		{ "never comes", { NULL }, false },
		{ .call = NULL },
	};
	FREE_LATER char *large = xzalloc(VARLINK_MAX_CALL);

	memset(large, '"', VARLINK_MAX_CALL);
	write_event(large, VARLINK_MAX_CALL);
	world_daemon(turns);
	ck_assert_int_eq(WORLD_RUN(80, "inject", file), CTL_USAGE);
	ck_assert_str_eq(world_err(),
	    "keyguardctl: larger than the daemon accepts: 2 MiB\n");
	world_forget();
}
END_TEST

START_TEST(nobody_is_there)
{
	char expected[200];

	snprintf(expected, sizeof expected,
	    "keyguardctl: no daemon at %s: systemctl start keyguardd\n",
	    world_socket());
	ck_assert_int_eq(WORLD_RUN(80, "inject", file), CTL_UNREACHABLE);
	ck_assert_str_eq(world_err(), expected);
	ck_assert_int_eq(WORLD_RUN(80, "status"), CTL_UNREACHABLE);
	ck_assert_str_eq(world_err(), expected);
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		lost_before_the_names_nobody_knows,
		who_does_not_answer_is_not_waited_for,
		refusals_are_told,
		what_was_not_acted_on_is_told,
		files_that_cannot_be_sent,
		a_call_that_is_too_long_is_not_sent,
		nobody_is_there,
	};
	Suite *suite = suite_create("ctl/inject");
	TCase *tcase = tcase_create("inject");

	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
