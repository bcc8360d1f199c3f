/* SPDX-License-Identifier: Apache-2.0 */
/* Resume: what the breaker is told, and what the client hears of it. */
#include <stdlib.h>
#include <string.h>

#include "control/call.h"
#include "unit/control_world.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/error.h"
#include "workflow/breaker.h"

/* What was resumed last is durable, or cannot be. */
static void
durable(const struct error *error)
{
	struct breaker_waiter *waiter;

	while (world.waiter == NULL)
		world_settle();
	waiter = world.waiter;
	world.waiter = NULL;
	waiter->durable(waiter->arg, error);
}

START_TEST(it_tells_how_many_go_on)
{
	FREE_LATER char *deed = NULL;

	world.held = 3;
	world_call("Resume", "{\"account\":\"123456789012\"}", "");
	durable(NULL);
	ck_assert_str_eq(world_reply("Resume", false), "{\"released\":3}");
	deed = xasprintf("resume 123456789012 by %s", world_by("resume"));
	ck_assert_str_eq(world.deeds, deed);
	world_call("Resume", "{}", "");
	durable(NULL);
	world_reply("Resume", false);
	ck_assert_ptr_nonnull(strstr(world.deeds, "; resume all by "));
}
END_TEST

START_TEST(what_cannot_be_kept_is_not_confirmed)
{
	struct error error;

	world.held = 1;
	world_call("Resume", "{}", "");
	error_set(&error, "Store.Io", "disk I/O error");
	durable(&error);
	ck_assert_ptr_nonnull(
	    strstr(world_error(CONTROL_STORE_FAILED), "Store.Io"));
}
END_TEST

START_TEST(it_refuses_when_nothing_is_held)
{
	world.held = -1;
	world_call("Resume", "{\"account\":\"123456789012\"}", "");
	ck_assert_str_eq(world_error(CONTROL_NOTHING_HELD),
	    "{\"account\":\"123456789012\"}");
	world_call("Resume", "{}", "");
	ck_assert_str_eq(world_error(CONTROL_NOTHING_HELD), "{}");
}
END_TEST

START_TEST(it_does_not_know_before_the_store_is_read)
{
	world.starting = true;
	world_call("Resume", "{}", "");
	ck_assert_ptr_nonnull(
	    strstr(world_error(CONTROL_NOT_POSSIBLE), "Daemon.NotResumed"));
	ck_assert_str_eq(world.deeds, "");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("control/resume");
	TCase *tcase = tcase_create("resume");

	tcase_add_checked_fixture(tcase, world_setup, world_teardown);
	tcase_add_test(tcase, it_tells_how_many_go_on);
	tcase_add_test(tcase, what_cannot_be_kept_is_not_confirmed);
	tcase_add_test(tcase, it_refuses_when_nothing_is_held);
	tcase_add_test(tcase, it_does_not_know_before_the_store_is_read);
	suite_add_tcase(suite, tcase);
	return suite;
}
