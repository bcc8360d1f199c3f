/* SPDX-License-Identifier: Apache-2.0 */
/* The rounds: what is looked at, and what is told of it. */
#include "daemon/rounds.h"

#include <string.h>

#include "fake/fake_loop.h"
#include "intake/intake.h"
#include "store/store.h"
#include "unit/unit.h"
#include "util/buf.h"
#include "util/clock.h"
#include "util/log.h"
#include "util/message_id.h"

static struct loop *loop;
static struct rounds rounds;
static struct census_asker *asking;
static int64_t dead_letters;
static struct error denied;
static int notes;
static struct buf lines = BUF_INIT(1 << 16);

/* ---- intake and store, played ---- */

void
intake_ask(struct intake *intake, struct census_asker *asker)
{
	(void)intake;
	asker->waits = true;
	asking = asker;
}

void
census_unask(struct census_asker *asker)
{
	asker->waits = false;
	asking = NULL;
}

void
intake_status(const struct intake *intake, struct intake_status *ret)
{
	(void)intake;
	*ret = (struct intake_status){
		.dead_letters = dead_letters,
		.uncounted = denied.name[0] != '\0' ? &denied : NULL,
	};
}

void
store_note(struct store *store, const char *key, const char *text,
    store_done *done, void *arg)
{
	(void)store, (void)done, (void)arg;
	ck_assert_str_eq(key, "round");
	ck_assert_ptr_nonnull(text);
	notes++;
}

static void
answer(int64_t count)
{
	ck_assert_ptr_nonnull(asking);
	dead_letters = count;
	asking->waits = false;
	asking->told(asking->arg);
	asking = NULL;
}

static void
record(void *self, enum log_level level, const char *text,
    const struct log_field *fields, size_t count)
{
	(void)self;
	ck_assert_int_eq(level, LEVEL_WARNING);
	ck_assert_uint_eq(count, 1);
	ck_assert_str_eq(fields[0].value,
	    denied.name[0] != '\0' ? denied.name : MESSAGE_ID_DEAD_LETTERS);
	buf_printf(&lines, "%s\n", text);
}

static void
setup(void)
{
	static const struct log_sink sink = { NULL, record };

	log_bind(&sink);
	loop = loop_new();
	asking = NULL;
	denied.name[0] = '\0';
	notes = 0;
	rounds_init(&rounds, loop, NULL, NULL);
	rounds_begin(&rounds);
}

static void
teardown(void)
{
	rounds_done(&rounds);
	loop_free(loop);
	buf_done(&lines);
	log_bind(NULL);
}

START_TEST(every_quarter_of_an_hour_both_are_looked_at)
{
	for (int i = 1; i <= 5; i++) {
		answer(0);
		ck_assert_int_eq(notes, i);
		fake_loop_pass(loop, MINUTES(15) - 1);
		ck_assert_ptr_null(asking);
		fake_loop_pass(loop, 1);
	}
	ck_assert_str_eq(buf_text(&lines), "");
}
END_TEST

START_TEST(dead_letters_are_told_of_when_they_grow)
{
	static const int64_t counts[] = { 0, 2, 2, -1, 2, 1, 3 };

	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
		answer(counts[i]);
		fake_loop_pass(loop, MINUTES(15));
	}
	ck_assert_str_eq(buf_text(&lines),
	    "dead letters: 2 in their queue (0 when last counted): events that "
	    "nobody has handled\n"
	    "dead letters: 3 in their queue (1 when last counted): events that "
	    "nobody has handled\n");
}
END_TEST

START_TEST(what_cannot_be_counted_is_told_once)
{
	error_set(&denied, "SQS.AccessDenied", "no");
	for (int i = 0; i < 3; i++) {
		answer(-1);
		fake_loop_pass(loop, MINUTES(15));
	}
	denied.name[0] = '\0';
	answer(0);
	fake_loop_pass(loop, MINUTES(15));
	error_set(&denied, "Http.Timeout", "late");
	answer(-1);
	ck_assert_str_eq(buf_text(&lines),
	    "dead letters: their queue cannot be counted: SQS.AccessDenied: "
	    "no\n"
	    "dead letters: their queue cannot be counted: Http.Timeout: "
	    "late\n");
}
END_TEST

START_TEST(a_queue_that_does_not_answer_holds_up_nothing)
{
	fake_loop_pass(loop, MINUTES(45));
	ck_assert_int_eq(notes, 4);
	answer(1);
	fake_loop_pass(loop, MINUTES(15));
	ck_assert_ptr_nonnull(asking);
}
END_TEST

START_TEST(there_are_none_once_it_is_stopped)
{
	answer(0);
	rounds_stop(&rounds);
	fake_loop_pass(loop, MINUTES(60));
	ck_assert_int_eq(notes, 1);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("daemon/rounds");
	TCase *tests = tcase_create("rounds");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, every_quarter_of_an_hour_both_are_looked_at);
	tcase_add_test(tests, dead_letters_are_told_of_when_they_grow);
	tcase_add_test(tests, what_cannot_be_counted_is_told_once);
	tcase_add_test(tests, a_queue_that_does_not_answer_holds_up_nothing);
	tcase_add_test(tests, there_are_none_once_it_is_stopped);
	suite_add_tcase(suite, tests);
	return suite;
}
