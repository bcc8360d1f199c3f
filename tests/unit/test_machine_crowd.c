/* SPDX-License-Identifier: Apache-2.0 */
/* Ten thousand executions at once: they all arrive, and waiting costs little.
 */
#include <stdio.h>
#include <string.h>

#include "machine/inside.h"
#include "unit/machine_rig.h"
#include "unit/unit.h"

#define CROWD   10000
#define SMALL   1024 /* bytes of memory that one may take while it waits */
#define BLOCK   16   /* what malloc adds to a block */
#define NODE    48   /* of tsearch(3), likewise */
#define AT_ONCE 64   /* starts in one wake-up */

static struct rig rig;

static void
set_up(void)
{
	rig_init(&rig);
}

static void
tear_down(void)
{
	rig_done(&rig);
}

/* Each has a lane of its own, and names as long as those of the daemon. */
static void
start_all(void)
{
	for (int i = 0; i < CROWD; i++) {
		char name[80], lane[80];

		snprintf(name, sizeof name,
		    "123456789012-AKIAIOSFODNN7EXAMPLE-%012d", i);
		snprintf(
		    lane, sizeof lane, "123456789012-AKIAIOSFODNN7EX%04d", i);
		engine_start(rig.engine,
		    &(struct engine_order){
			.name = name,
			.input = "{\"detail\":{}}",
			.origin = "sqs:059f36b4-87a3-44ab-83d2-661975830a7d",
			.tags = { "123456789012", "AKIAIOSFODNN7EXAMPLE",
			    "somebody", lane },
		    });
	}
}

/* The world deletes, is in trouble with CloudTrail once, and notifies. */
static void
play(struct rig *on, struct attempt *attempt)
{
	bool first =
	    fake_find(&on->journal, run_name(attempt->run))->count < 10;

	run_left(attempt->run);
	if (attempt->state == LOOKUP && first)
		rig_fail(attempt, "Try.Again", CLASS_NONE);
	else
		rig_succeed(attempt, "{}");
}

static size_t
block(const char *text)
{
	return text != NULL ? strlen(text) + 1 + BLOCK : 0;
}

static size_t
size_of(const struct execution *execution)
{
	size_t size = sizeof *execution + BLOCK + NODE + sizeof(void *);

	size += block(execution->name) + block(execution->outcome) +
	    block(execution->origin) + block(execution->data) +
	    block(execution->intent);
	for (int tag = 0; tag < TAGS; tag++)
		size += block(execution->tags[tag]);
	return size;
}

static void
assert_all_wait(enum waits what)
{
	for (size_t i = 0; i < rig.journal.count; i++) {
		const struct execution *one =
		    engine_find(rig.engine, rig.journal.order[i]->name);

		ck_assert_int_eq(one->waits, what);
		ck_assert_uint_lt(size_of(one), SMALL);
	}
}

START_TEST(they_all_arrive)
{
	rig.script = play;
	start_all();
	ck_assert_uint_eq(engine_count_in(rig.engine, DELETE), CROWD);
	rig_pass(&rig, 4999);
	ck_assert_uint_eq(engine_count_in(rig.engine, LOOKUP), CROWD);
	assert_all_wait(WAITS_RETRY);
	rig_pass(&rig, 1);
	ck_assert_uint_eq(engine_count(rig.engine), 0);
	ck_assert(engine_quiet(rig.engine));
	for (size_t i = 0; i < rig.journal.count; i++)
		ck_assert_int_eq(
		    fake_last(&rig.journal, rig.journal.order[i]->name)
			->standing.status,
		    STATUS_SUCCEEDED);
}
END_TEST

/* The loop is not held up: a wake-up starts some, and asks for the next. */
START_TEST(they_start_in_portions)
{
	start_all();
	for (size_t started = 0; started < CROWD; started = rig.attempt_count) {
		ck_assert_int_eq(rig.wake_ms, 0);
		rig_wake(&rig);
		ck_assert_uint_gt(rig.attempt_count, started);
		ck_assert_uint_le(rig.attempt_count, started + AT_ONCE);
	}
}
END_TEST

/* Contain first: who has to be contained is started before those who come
 * back from elsewhere. */
START_TEST(lane_states_go_first)
{
	rig.script = play;
	start_all();
	rig_settle(&rig);
	rig.script = NULL;
	rig.mono_ms += 5000;
	rig_wake(&rig);
	ck_assert_uint_gt(rig.journal.load_count, 0);
	rig_start(&rig, "new");
	rig_wake(&rig);
	ck_assert_str_eq(run_name(rig_attempt(&rig)->run), "new");
}
END_TEST

START_TEST(they_all_resume)
{
	start_all();
	rig_settle(&rig);
	rig_restart(&rig);
	ck_assert_uint_eq(engine_count(rig.engine), CROWD);
	ck_assert_uint_eq(rig.attempt_count, CROWD);
	for (size_t i = 0; i < CROWD; i++)
		ck_assert_str_eq(
		    run_name(rig.attempts[i]->run), rig.journal.order[i]->name);
}
END_TEST

static void
hold(struct rig *on, struct attempt *attempt)
{
	(void)on;
	rig_fail(attempt, "Hold.On", CLASS_NONE);
}

/* Though they are in a lane state, they have no data; they are no brake. */
START_TEST(they_are_all_held)
{
	rig.script = hold;
	start_all();
	rig_settle(&rig);
	assert_all_wait(WAITS_HOLD);
	for (size_t i = 0; i < rig.journal.count; i++)
		ck_assert_ptr_null(
		    engine_find(rig.engine, rig.journal.order[i]->name)->data);
	ck_assert_uint_eq(engine_count_in(rig.engine, DELETE), 0);
	rig.script = play;
	ck_assert_uint_eq(
	    engine_release(rig.engine, NULL, NULL, "resume:test"), CROWD);
	rig_pass(&rig, 5000);
	ck_assert_uint_eq(engine_count(rig.engine), 0);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("machine/crowd");
	TCase *crowd = tcase_create("crowd");

	tcase_add_checked_fixture(crowd, set_up, tear_down);
	tcase_add_test(crowd, they_all_arrive);
	tcase_add_test(crowd, they_start_in_portions);
	tcase_add_test(crowd, lane_states_go_first);
	tcase_add_test(crowd, they_all_resume);
	tcase_add_test(crowd, they_are_all_held);
	suite_add_tcase(suite, crowd);
	return suite;
}
