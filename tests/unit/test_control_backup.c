/* SPDX-License-Identifier: Apache-2.0 */
/* Backup: one piece at a time, and nothing left of what is given up. */
#include <stdlib.h>
#include <string.h>

#include "control/call.h"
#include "control/varlink.h"
#include "unit/control_world.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/cleanup.h"

#define MORE ",\"more\":true"

static const struct error store_down = { .name = "Store.CannotOpen",
	.cause = "disk I/O error" };

static void
begin(void)
{
	world_call("Backup", "{}", MORE);
	while (!world.copying)
		world_settle();
}

static void
give(const void *bytes, size_t len)
{
	world.backup.on_piece(world.backup.arg, bytes, len, NULL);
}

/* Waits until as many pieces as that were asked for. */
static void
wait_for_piece(int number)
{
	while (world.pieces < number)
		world_settle();
	ck_assert_int_eq(world.pieces, number);
}

START_TEST(a_copy_comes_in_pieces)
{
	begin();
	ck_assert_int_eq(world.pieces, 0);
	world.backup.on_made(world.backup.arg, 9, NULL);
	ck_assert_str_eq(world_reply("Backup", true), "{\"bytes\":9}");
	wait_for_piece(1);
	give("foobar", 6);
	ck_assert_str_eq(
	    world_reply("Backup", true), "{\"piece\":\"Zm9vYmFy\"}");
	wait_for_piece(2);
	give("\0\xff!", 3);
	ck_assert_str_eq(world_reply("Backup", true), "{\"piece\":\"AP8h\"}");
	wait_for_piece(3);
	give(NULL, 0);
	ck_assert_str_eq(world_reply("Backup", false), "{}");
	ck_assert(!world.copying);
	ck_assert_int_eq(world.warnings, 0);
}
END_TEST

/* More than the socket holds waits for the client; nothing is read meanwhile,
 * and others are served. */
START_TEST(a_client_that_does_not_read_costs_one_piece)
{
	enum { LEN = 256 << 10, MOST = 64 };
	FREE_LATER char *piece = xzalloc(LEN);
	int given = 0;

	begin();
	world.backup.on_made(world.backup.arg, (int64_t)LEN * MOST, NULL);
	wait_for_piece(1);
	while (world.pieces > given) {
		ck_assert_int_lt(given, MOST);
		give(piece, LEN);
		given++;
		world_settle();
	}
	world_connect(1);
	world_send(1, "{\"method\":\"io.keyguard.Control.Machine\"}", 41);
	ck_assert_int_eq(world.pieces, given);
	world_reply("Backup", true);
	for (int i = 0; i < given; i++)
		world_reply("Backup", true);
	wait_for_piece(given + 1);
	give(NULL, 0);
	world_reply("Backup", false);
}
END_TEST

START_TEST(a_copy_that_cannot_be_made_is_told_of)
{
	begin();
	world.backup.on_made(world.backup.arg, 0, &store_down);
	ck_assert_str_eq(world_error(CONTROL_STORE_FAILED),
	    "{\"error\":\"Store.CannotOpen\",\"cause\":\"disk I/O error\"}");
	ck_assert(!world.copying);
	ck_assert_int_eq(world.warnings, 1);
}
END_TEST

START_TEST(a_copy_that_cannot_be_read_is_told_of)
{
	begin();
	world.backup.on_made(world.backup.arg, 9, NULL);
	world_reply("Backup", true);
	wait_for_piece(1);
	world.backup.on_piece(world.backup.arg, NULL, 0, &store_down);
	world_error(CONTROL_STORE_FAILED);
	ck_assert(!world.copying);
	ck_assert_int_eq(world.warnings, 1);
}
END_TEST

START_TEST(when_the_client_goes_the_copy_goes)
{
	begin();
	world.backup.on_made(world.backup.arg, 9, NULL);
	world_reply("Backup", true);
	wait_for_piece(1);
	world_disconnect(0);
	while (world.copying)
		world_settle();
}
END_TEST

START_TEST(only_who_takes_more_gets_a_copy)
{
	world_call("Backup", "{}", "");
	world_error(VARLINK_EXPECTED_MORE);
	ck_assert(!world.copying);
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		a_copy_comes_in_pieces,
		a_client_that_does_not_read_costs_one_piece,
		a_copy_that_cannot_be_made_is_told_of,
		a_copy_that_cannot_be_read_is_told_of,
		when_the_client_goes_the_copy_goes,
		only_who_takes_more_gets_a_copy,
	};
	Suite *suite = suite_create("control/backup");
	TCase *tcase = tcase_create("backup");

	tcase_add_checked_fixture(tcase, world_setup, world_teardown);
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
