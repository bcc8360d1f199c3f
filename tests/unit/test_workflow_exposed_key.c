/* SPDX-License-Identifier: Apache-2.0 */
/* THE TABLE: sound, and the policy that the design has written down. */
#include "workflow/exposed_key.h"

#include <string.h>

#include "machine/task.h"
#include "unit/unit.h"
#include "util/clock.h"
#include "util/random.h"

enum fault { THROTTLED, TRANSIENT, TIMEOUT, REFUSED, FAULTS };

static const struct error faults[FAULTS] = {
	[THROTTLED] = { .class = CLASS_THROTTLED },
	[TRANSIENT] = { .class = CLASS_TRANSIENT },
	[TIMEOUT] = { .name = "States.Timeout" },
	[REFUSED] = { .name = "IAM.AccessDenied" },
};

START_TEST(is_sound)
{
	struct error error = { 0 };

	ck_assert_msg(table_check(&exposed_key, &error), "%s", error.cause);
	ck_assert_int_eq(exposed_key.start_at, DELETE_KEY);
	ck_assert_str_eq(exposed_key.aborted_outcome, OUTCOME_UNCONTAINED);
}
END_TEST

static const struct {
	const char *name, *resource, *service, *result_path;
	int timeout_seconds, next;
} states[] = {
	[DELETE_KEY] = { "DeleteAccessKeyPair", "iam:deleteAccessKey", "IAM",
	    "$.deletion", 15, SUMMARIZE },
	[SUMMARIZE] = { "LookupCloudTrailEvents", "cloudtrail:lookupEvents",
	    "CloudTrail", "$.summary", 60, NOTIFY },
	[NOTIFY] = { "NotifySecurity", "sns:publish", "SNS", "$.notification",
	    15, STATE_END },
};

START_TEST(states_have_their_names)
{
	const struct state *state = &exposed_key.states[_i];

	ck_assert_str_eq(state->name, states[_i].name);
	ck_assert_str_eq(state->task->resource, states[_i].resource);
	ck_assert_str_eq(state->task->service, states[_i].service);
	ck_assert_str_eq(state->result_path, states[_i].result_path);
	ck_assert_int_eq(state->timeout_seconds, states[_i].timeout_seconds);
	ck_assert_int_eq(state->next, states[_i].next);
	ck_assert_int_eq(state->lane, _i == DELETE_KEY);
	ck_assert_int_eq(state->after_commit, _i == NOTIFY);
}
END_TEST

/* Interval, longest delay and attempts of the retrier that takes an error;
 * attempts -1: none does. */
static const struct {
	int state;
	enum fault fault;
	int interval, max_delay, attempts;
	enum jitter jitter;
} retries[] = {
	{ DELETE_KEY, THROTTLED, 1, 10, 20, JITTER_FULL },
	{ DELETE_KEY, TRANSIENT, 1, 10, 8, JITTER_FULL },
	{ DELETE_KEY, TIMEOUT, 1, 10, 8, JITTER_FULL },
	{ DELETE_KEY, REFUSED, .attempts = -1 },
	{ SUMMARIZE, THROTTLED, 2, 20, 5, JITTER_FULL },
	{ SUMMARIZE, TRANSIENT, 2, 20, 5, JITTER_FULL },
	{ SUMMARIZE, TIMEOUT, 2, 20, 5, JITTER_FULL },
	{ SUMMARIZE, REFUSED, .attempts = -1 },
	{ NOTIFY, THROTTLED, 1, 60, 20, JITTER_NONE },
	{ NOTIFY, TRANSIENT, 1, 60, 20, JITTER_NONE },
	{ NOTIFY, TIMEOUT, 1, 60, 20, JITTER_NONE },
	{ NOTIFY, REFUSED, .attempts = -1 },
};

START_TEST(retries_are_as_designed)
{
	const struct state *state = &exposed_key.states[retries[_i].state];
	int i = table_retrier(state, &faults[retries[_i].fault]);

	if (retries[_i].attempts < 0) {
		ck_assert_int_eq(i, -1);
		return;
	}
	ck_assert_int_ge(i, 0);
	ck_assert_int_eq(
	    state->retry[i].interval_seconds, retries[_i].interval);
	ck_assert_int_eq(
	    state->retry[i].max_delay_seconds, retries[_i].max_delay);
	ck_assert_int_eq(state->retry[i].max_attempts, retries[_i].attempts);
	ck_assert_int_eq(state->retry[i].jitter, retries[_i].jitter);
	ck_assert_double_eq(state->retry[i].backoff_rate, 2.0);
}
END_TEST

/* The last catcher takes everything. */
static const struct catcher *
last_resort(int state)
{
	const struct catcher *catch = exposed_key.states[state].catch;

	while (catch[1].error_equals[0] != NULL)
		catch ++;
	return catch;
}

START_TEST(security_is_told_whatever_fails)
{
	const struct state *state = &exposed_key.states[_i];

	for (int fault = 0; fault < FAULTS; fault++) {
		int i = table_catcher(state, &faults[fault]);

		ck_assert_int_ge(i, 0);
		ck_assert_int_eq(state->catch[i].next, NOTIFY);
		ck_assert_str_eq(
		    state->catch[i].result_path, last_resort(_i)->result_path);
	}
	ck_assert_str_eq(last_resort(_i)->error_equals[0], "States.ALL");
	ck_assert_int_eq(last_resort(_i)->next, NOTIFY);
}
END_TEST

START_TEST(what_passes_is_tried_again)
{
	const struct state *state = &exposed_key.states[DELETE_KEY];
	const struct catcher *catch =
	    &state->catch[table_catcher(state, &faults[_i])];

	ck_assert_int_eq(catch->again, _i != REFUSED);
	ck_assert_str_eq(catch->outcome, OUTCOME_UNCONTAINED);
}
END_TEST

START_TEST(pauses_grow_from_five_minutes_to_an_hour)
{
	static const int minutes[] = { 5, 10, 20, 40, 60, 60 };

	for (int n = 0; n < 6; n++)
		ck_assert_int_eq(
		    table_longest_delay(&exposed_key.redrive, n + 1),
		    MINUTES(minutes[n]));
}
END_TEST

static const char *const brakes[] = { "Response.NotifyOnly",
	"Response.ProtectedUser", "Response.ProtectedKey" };

START_TEST(a_key_that_is_spared_is_looked_into)
{
	const struct state *state = &exposed_key.states[DELETE_KEY];
	const struct catcher *catch;
	struct error error;

	error_set(&error, brakes[_i], "as it was told");
	ck_assert_int_eq(table_retrier(state, &error), -1);
	catch = &state->catch[table_catcher(state, &error)];
	ck_assert_int_eq(catch->next, SUMMARIZE);
	ck_assert_str_eq(catch->outcome, OUTCOME_UNCONTAINED);
	ck_assert_str_eq(catch->result_path, "$.untouched");
}
END_TEST

START_TEST(what_is_too_much_at_once_is_held)
{
	struct error error;

	error_set(&error, "Response.Held", "more than 50 keys");
	for (int i = 0; i < exposed_key.count; i++)
		ck_assert_int_eq(table_holds(&exposed_key.states[i], &error),
		    i == DELETE_KEY);
}
END_TEST

START_TEST(only_the_deletion_decides_the_outcome)
{
	const struct state *deletion = &exposed_key.states[DELETE_KEY];
	const struct state *summary = &exposed_key.states[SUMMARIZE];
	const struct state *notification = &exposed_key.states[NOTIFY];

	ck_assert_str_eq(deletion->outcome, OUTCOME_CONTAINED);
	ck_assert_str_eq(last_resort(DELETE_KEY)->outcome, OUTCOME_UNCONTAINED);
	ck_assert_str_eq(last_resort(DELETE_KEY)->result_path, "$.error-info");
	ck_assert_ptr_null(summary->outcome);
	ck_assert_ptr_null(last_resort(SUMMARIZE)->outcome);
	ck_assert_str_eq(
	    last_resort(SUMMARIZE)->result_path, "$.summary-error");
	ck_assert_ptr_null(notification->outcome);
	ck_assert_ptr_null(notification->catch);
}
END_TEST

START_TEST(security_is_tried_for_a_quarter_of_an_hour)
{
	struct random random = random_seeded(1);
	int64_t total_ms = 0;

	for (int n = 1; n <= 20; n++)
		total_ms += table_delay(
		    &exposed_key.states[NOTIFY].retry[0], n, &random);
	ck_assert_int_eq(total_ms, (1 + 2 + 4 + 8 + 16 + 32 + 14 * 60) * 1000);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("workflow/exposed_key");
	TCase *tcase = tcase_create("exposed_key");

	tcase_add_test(tcase, is_sound);
	tcase_add_loop_test(
	    tcase, states_have_their_names, 0, exposed_key.count);
	tcase_add_loop_test(tcase, retries_are_as_designed, 0,
	    sizeof retries / sizeof retries[0]);
	tcase_add_loop_test(tcase, security_is_told_whatever_fails, 0, NOTIFY);
	tcase_add_loop_test(tcase, a_key_that_is_spared_is_looked_into, 0,
	    sizeof brakes / sizeof brakes[0]);
	tcase_add_test(tcase, what_is_too_much_at_once_is_held);
	tcase_add_test(tcase, only_the_deletion_decides_the_outcome);
	tcase_add_test(tcase, security_is_tried_for_a_quarter_of_an_hour);
	tcase_add_loop_test(tcase, what_passes_is_tried_again, 0, FAULTS);
	tcase_add_test(tcase, pauses_grow_from_five_minutes_to_an_hour);
	suite_add_tcase(suite, tcase);
	return suite;
}
