/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cache: one look-up for all who wait, the next credentials in time, and
 * what becomes of failures. The source answers when the test says so.
 */
#include <string.h>

#include "aws/cred_cache.h"
#include "loop/loop.h"
#include "unit/unit.h"
#include "util/cleanup.h"
#include "util/clock.h"

#define HOUR MINUTES(60)

/* ---- a source ---- */

static struct {
	struct credentials_provider provider;
	struct credentials_wait *wait; /* who asked */
	unsigned asked, cancelled, invalidated, freed;
} source;

static void
source_get(void *self, struct credentials_wait *wait)
{
	(void)self;
	ck_assert_ptr_null(source.wait);
	source.wait = wait;
	source.asked++;
}

static void
source_cancel(void *self, struct credentials_wait *wait)
{
	(void)self;
	ck_assert_ptr_eq(source.wait, wait);
	source.wait = NULL;
	source.cancelled++;
}

static void
source_invalidate(void *self)
{
	(void)self;
	source.invalidated++;
}

static void
source_free(void *self)
{
	(void)self;
	source.freed++;
}

/* ---- time ---- */

static int64_t wall_ms;

static int64_t
test_wall_ms(void *self)
{
	(void)self;
	return wall_ms;
}

/* Puts the loop's wall clock, but not its timers, into the test's hands. */
static void
take_clock(struct loop *from)
{
	struct clock *clock = (struct clock *)loop_clock(from);

	wall_ms = INT64_C(1440938160000);
	clock->wall_ms = test_wall_ms;
}

/* ---- who asks ---- */

struct caller {
	struct credentials_wait wait;
	unsigned called;
	char id[32]; /* what was found; "" for an error */
	bool again;  /* asks again when called */
	struct caller *cancels;
};

static struct loop *loop;
static struct credentials_provider *cache;
static struct caller callers[8];

static void
ask(struct caller *caller)
{
	cache->get(cache->self, &caller->wait);
}

static void
on_found(
    void *arg, const struct credentials *credentials, const struct error *error)
{
	struct caller *caller = arg;

	ck_assert((credentials == NULL) == (error != NULL));
	caller->called++;
	strcpy(
	    caller->id, credentials != NULL ? credentials->access_key_id : "");
	if (caller->cancels != NULL)
		cache->cancel(cache->self, &caller->cancels->wait);
	if (caller->again)
		ask(caller);
}

static void
stop(void *arg)
{
	(void)arg;
	loop_stop(loop);
}

/* Lets everything happen that is due. */
static void
turn(void)
{
	struct loop_timer timer;

	loop_timer_init(&timer, loop, stop, NULL);
	loop_timer_set(&timer, 0);
	loop_run(loop);
	loop_timer_done(&timer);
}

static int64_t
in(int64_t ms)
{
	return wall_ms + ms;
}

/* The source answers: credentials that expire then (0: never). */
static void
give(const char *id, int64_t expires_wall_ms)
{
	CLEANUP(credentials_done)
	struct credentials credentials = {
		.expires_wall_ms = expires_wall_ms,
	};
	struct credentials_wait *wait = STEAL(source.wait);

	ck_assert_ptr_nonnull(wait);
	strcpy(credentials.access_key_id, id);
	secret_set(&credentials.secret_key, "key", 3);
	wait->found(wait->arg, &credentials, NULL);
}

static void
give_nothing(void)
{
	struct credentials_wait *wait = STEAL(source.wait);
	struct error error;

	error_set_class(&error, CLASS_TRANSIENT, "Aws.NoCredentials", "no");
	ck_assert_ptr_nonnull(wait);
	wait->found(wait->arg, NULL, &error);
}

static void
setup(void)
{
	memset(&source, 0, sizeof source);
	source.provider = (struct credentials_provider){
		.get = source_get,
		.cancel = source_cancel,
		.invalidate = source_invalidate,
		.free = source_free,
	};
	loop = loop_new();
	take_clock(loop);
	cache = cred_cache_new(loop, &source.provider);
	memset(callers, 0, sizeof callers);
	for (size_t i = 0; i < sizeof callers / sizeof *callers; i++)
		callers[i].wait = (struct credentials_wait){ .found = on_found,
			.arg = &callers[i] };
}

static void
teardown(void)
{
	cache->free(cache->self);
	ck_assert_uint_eq(source.freed, 1);
	ck_assert_ptr_null(source.wait);
	loop_free(loop);
}

/* ---- one look-up ---- */

START_TEST(many_wait_for_one_look_up)
{
	for (int i = 0; i < 5; i++)
		ask(&callers[i]);
	turn();
	ck_assert_uint_eq(source.asked, 1);
	ck_assert_uint_eq(callers[0].called, 0);
	cache->cancel(cache->self, &callers[2].wait);
	callers[0].cancels = &callers[3];
	give("ID", 0);
	for (int i = 0; i < 5; i++)
		ck_assert_uint_eq(callers[i].called, i == 2 || i == 3 ? 0 : 1);
	ck_assert_str_eq(callers[4].id, "ID");
}
END_TEST

START_TEST(what_is_held_is_given_out_later)
{
	ask(&callers[0]);
	give("ID", in(MINUTES(60)));
	ask(&callers[1]);
	ask(&callers[2]);
	ck_assert_uint_eq(callers[1].called, 0);
	cache->cancel(cache->self, &callers[1].wait);
	turn();
	ck_assert_uint_eq(callers[1].called, 0);
	ck_assert_str_eq(callers[2].id, "ID");
	ck_assert_uint_eq(source.asked, 1);
}
END_TEST

START_TEST(who_asks_again_does_not_hold_up_the_rest)
{
	callers[0].again = true;
	ask(&callers[0]);
	ask(&callers[1]);
	give("ID", 0);
	ck_assert_uint_eq(callers[0].called, 1);
	ck_assert_uint_eq(callers[1].called, 1);
	callers[0].again = false;
	turn();
	ck_assert_uint_eq(callers[0].called, 2);
}
END_TEST

START_TEST(failures_are_told_and_not_kept)
{
	ask(&callers[0]);
	ask(&callers[1]);
	give_nothing();
	ck_assert_uint_eq(callers[0].called, 1);
	ck_assert_str_eq(callers[1].id, "");
	ask(&callers[0]);
	ck_assert_uint_eq(source.asked, 2);
	give("ID", 0);
	ck_assert_str_eq(callers[0].id, "ID");
}
END_TEST

/* ---- the next ones ---- */

START_TEST(aging_ones_are_used_while_the_next_come)
{
	ask(&callers[0]);
	give("OLD", in(HOUR));
	wall_ms += MINUTES(46);
	ask(&callers[1]);
	ask(&callers[2]);
	turn();
	ck_assert_str_eq(callers[1].id, "OLD");
	ck_assert_uint_eq(source.asked, 2);
	/* A failure is nobody's. */
	give_nothing();
	ck_assert_uint_eq(callers[2].called, 1);
	ask(&callers[3]);
	turn();
	ck_assert_str_eq(callers[3].id, "OLD");
	give("NEW", in(HOUR));
	ask(&callers[4]);
	turn();
	ck_assert_str_eq(callers[4].id, "NEW");
	ck_assert_uint_eq(source.asked, 3);
}
END_TEST

START_TEST(old_ones_are_used_only_if_there_are_no_others)
{
	ask(&callers[0]);
	give("OLD", in(HOUR));
	wall_ms += MINUTES(51);
	ask(&callers[1]);
	turn();
	ck_assert_uint_eq(callers[1].called, 0);
	give_nothing();
	ck_assert_str_eq(callers[1].id, "OLD");
	ask(&callers[2]);
	give("NEW", in(HOUR));
	ck_assert_str_eq(callers[2].id, "NEW");
}
END_TEST

START_TEST(what_expires_while_asked_for_is_not_given_out)
{
	ask(&callers[0]);
	give("OLD", in(HOUR));
	ask(&callers[1]);
	wall_ms += HOUR;
	turn();
	ck_assert_uint_eq(callers[1].called, 0);
	give_nothing();
	ck_assert_uint_eq(callers[1].called, 1);
	ck_assert_str_eq(callers[1].id, "");
}
END_TEST

START_TEST(expired_ones_are_refused)
{
	ask(&callers[0]);
	give("LATE", in(-1000));
	ck_assert_uint_eq(callers[0].called, 1);
	ck_assert_str_eq(callers[0].id, "");
}
END_TEST

START_TEST(invalid_ones_are_thrown_away)
{
	ask(&callers[0]);
	give("BAD", 0);
	cache->invalidate(cache->self);
	ck_assert_uint_eq(source.invalidated, 1);
	ask(&callers[1]);
	turn();
	ck_assert_uint_eq(callers[1].called, 0);
	give("GOOD", 0);
	ck_assert_str_eq(callers[1].id, "GOOD");
}
END_TEST

/* Between asking and being served. */
START_TEST(invalidating_makes_waiters_wait)
{
	ask(&callers[0]);
	give("BAD", 0);
	ask(&callers[1]);
	cache->invalidate(cache->self);
	turn();
	ck_assert_uint_eq(callers[1].called, 0);
	give("GOOD", 0);
	ck_assert_str_eq(callers[1].id, "GOOD");
}
END_TEST

START_TEST(freeing_cancels_the_look_up)
{
	ask(&callers[0]);
	cache->cancel(cache->self, &callers[0].wait);
	/* teardown frees the cache */
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("aws/cred_cache");
	TCase *tests = tcase_create("cred_cache");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, many_wait_for_one_look_up);
	tcase_add_test(tests, what_is_held_is_given_out_later);
	tcase_add_test(tests, who_asks_again_does_not_hold_up_the_rest);
	tcase_add_test(tests, failures_are_told_and_not_kept);
	tcase_add_test(tests, aging_ones_are_used_while_the_next_come);
	tcase_add_test(tests, old_ones_are_used_only_if_there_are_no_others);
	tcase_add_test(tests, what_expires_while_asked_for_is_not_given_out);
	tcase_add_test(tests, expired_ones_are_refused);
	tcase_add_test(tests, invalid_ones_are_thrown_away);
	tcase_add_test(tests, invalidating_makes_waiters_wait);
	tcase_add_test(tests, freeing_cancels_the_look_up);
	suite_add_tcase(suite, tests);
	return suite;
}
