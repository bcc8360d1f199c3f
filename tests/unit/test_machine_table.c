/* SPDX-License-Identifier: Apache-2.0 */
/* What the table says of an error: matching, delays, results. */
#include "machine/table.h"

#include <stdlib.h>
#include <string.h>

#include "unit/unit.h"
#include "util/cleanup.h"
#include "util/random.h"

static struct error
error_of(const char *name, enum error_class class)
{
	struct error error;

	error_set_class(&error, class, name, "for the test");
	return error;
}

/* Whether a retrier and a catcher for `listed` match an error. */
static bool
matches(const char *listed, const char *name, enum error_class class)
{
	const struct retrier retry[] = { { .error_equals = { listed } },
		{ .error_equals = { NULL } } };
	const struct catcher catch[] = { { .error_equals = { listed } },
		{ .error_equals = { NULL } } };
	const struct state state = { .retry = retry, .catch = catch };
	const struct error error = error_of(name, class);

	ck_assert_int_eq(
	    table_retrier(&state, &error), table_catcher(&state, &error));
	return table_retrier(&state, &error) == 0;
}

START_TEST(names_match_exactly)
{
	ck_assert(matches("IAM.NoSuchEntity", "IAM.NoSuchEntity", CLASS_NONE));
	ck_assert(!matches("IAM.NoSuchEntity", "IAM.nosuchentity", CLASS_NONE));
	ck_assert(!matches("IAM.NoSuch", "IAM.NoSuchEntity", CLASS_NONE));
}
END_TEST

START_TEST(classes_match_whatever_the_spelling)
{
	ck_assert(
	    matches("Class.Throttled", "IAM.Throttling", CLASS_THROTTLED));
	ck_assert(!matches("Class.Throttled", "Http.Timeout", CLASS_TRANSIENT));
	ck_assert(matches("Class.Transient", "Http.Timeout", CLASS_TRANSIENT));
	ck_assert(!matches("Class.Transient", "IAM.X", CLASS_NONE));
}
END_TEST

START_TEST(task_failed_matches_all_but_the_timeout)
{
	ck_assert(matches("States.TaskFailed", "IAM.X", CLASS_NONE));
	ck_assert(matches("States.TaskFailed", "IAM.X", CLASS_THROTTLED));
	ck_assert(!matches("States.TaskFailed", "States.Timeout", CLASS_NONE));
	ck_assert(matches("States.Timeout", "States.Timeout", CLASS_NONE));
}
END_TEST

START_TEST(all_matches_all_but_what_cannot_be_processed)
{
	ck_assert(matches("States.ALL", "IAM.X", CLASS_NONE));
	ck_assert(matches("States.ALL", "States.Timeout", CLASS_NONE));
	ck_assert(!matches("States.ALL", "States.Runtime", CLASS_NONE));
	ck_assert(!matches("States.TaskFailed", "States.Runtime", CLASS_NONE));
	ck_assert(!matches("States.Runtime", "States.Runtime", CLASS_NONE));
}
END_TEST

START_TEST(the_first_that_matches_decides)
{
	const struct retrier retry[] = {
		{ .error_equals = { "A", "B", "C", "D" } },
		{ .error_equals = { "D", "E" } },
		{ .error_equals = { NULL } },
	};
	const struct state state = { .retry = retry };
	struct error error = error_of("D", CLASS_NONE);

	ck_assert_int_eq(table_retrier(&state, &error), 0);
	error = error_of("E", CLASS_NONE);
	ck_assert_int_eq(table_retrier(&state, &error), 1);
	error = error_of("F", CLASS_NONE);
	ck_assert_int_eq(table_retrier(&state, &error), -1);
	ck_assert_int_eq(table_catcher(&state, &error), -1);
}
END_TEST

START_TEST(a_state_without_retriers_matches_nothing)
{
	const struct state state = { .name = "A" };
	const struct error error = error_of("A", CLASS_NONE);

	ck_assert_int_eq(table_retrier(&state, &error), -1);
	ck_assert_int_eq(table_catcher(&state, &error), -1);
}
END_TEST

START_TEST(states_are_found_by_name)
{
	const struct state states[] = { { .name = "A" }, { .name = "B" } };
	const struct machine machine = { .states = states, .count = 2 };

	ck_assert_int_eq(table_find(&machine, "B"), 1);
	ck_assert_int_eq(table_find(&machine, "b"), -1);
}
END_TEST

/* Retrier 1 {A, B; 1 s; rate 2; 2 times}, retrier 2 {C; 5 s}: A, B, C, B wait
 * 1, 2, 5 s, and then the catcher. */
START_TEST(the_worked_case)
{
	const struct retrier retry[] = {
		{ { "A", "B" }, .interval_seconds = 1, .max_attempts = 2 },
		{ { "C" }, .interval_seconds = 5, .max_attempts = 3 },
		{ .error_equals = { NULL } },
	};
	static const struct {
		const char *name;
		int retrier;
		int64_t delay;
	} errors[] = { { "A", 0, 1000 }, { "B", 0, 2000 }, { "C", 1, 5000 },
		{ "B", -1, 0 } };
	const struct state state = { .retry = retry };
	int fired[TABLE_RETRIERS] = { 0 };

	for (size_t i = 0; i < 4; i++) {
		struct error error = error_of(errors[i].name, CLASS_NONE);
		int found = table_fire(&state, &error, fired);

		ck_assert_int_eq(found, errors[i].retrier);
		if (found >= 0)
			ck_assert_int_eq(
			    table_delay(&retry[found], fired[found], NULL),
			    errors[i].delay);
	}
	ck_assert_int_eq(fired[0], 2);
	ck_assert_int_eq(fired[1], 1);
}
END_TEST

START_TEST(no_attempts_means_never)
{
	const struct retrier retry[] = { { { "A" }, .max_attempts = 0 },
		{ { "States.ALL" }, .max_attempts = 9 },
		{ .error_equals = { NULL } } };
	const struct state state = { .retry = retry };
	const struct error error = error_of("A", CLASS_NONE);
	int fired[TABLE_RETRIERS] = { 0 };

	ck_assert_int_eq(table_fire(&state, &error, fired), -1);
	ck_assert_int_eq(fired[1], 0);
}
END_TEST

START_TEST(delays_are_capped)
{
	const struct retrier capped = { { "A" }, 3, 2.0, 4, 9, JITTER_NONE };
	const struct retrier open = { { "A" }, 3, 2.0, 0, 9, JITTER_NONE };

	ck_assert_int_eq(table_delay(&open, 1, NULL), 3000);
	ck_assert_int_eq(table_delay(&open, 2, NULL), 6000);
	ck_assert_int_eq(table_delay(&capped, 1, NULL), 3000);
	ck_assert_int_eq(table_delay(&capped, 2, NULL), 4000);
	ck_assert_int_eq(table_delay(&capped, 99999998, NULL), 4000);
	ck_assert_int_eq(
	    table_delay(&open, 99999998, NULL), (int64_t)31622400 * 1000);
}
END_TEST

START_TEST(delays_of_fields_not_given)
{
	const struct retrier none = { { "A" }, .max_attempts = 9 };
	const struct retrier steady = { { "A" }, 7, 1.0, 0, 9, JITTER_NONE };
	const struct retrier slow = { { "A" }, 2, 1.5, 0, 9, JITTER_NONE };

	ck_assert_int_eq(table_delay(&none, 1, NULL), 1000);
	ck_assert_int_eq(table_delay(&none, 3, NULL), 4000);
	ck_assert_int_eq(table_delay(&steady, 99999998, NULL), 7000);
	ck_assert_int_eq(table_delay(&slow, 3, NULL), 4500);
}
END_TEST

/* Full jitter: uniform from nothing to the whole delay. */
START_TEST(jitter_has_its_bounds)
{
	const struct retrier full = { { "A" }, 4, 2.0, 0, 9, JITTER_FULL };
	struct random random = random_seeded(4711);
	int64_t least = INT64_MAX, most = -1, sum = 0;

	for (int i = 0; i < 100000; i++) {
		int64_t delay = table_delay(&full, 2, &random);

		least = delay < least ? delay : least;
		most = delay > most ? delay : most;
		sum += delay;
	}
	ck_assert_int_eq(least, 0);
	ck_assert_int_eq(most, 8000);
	ck_assert_int_ge(sum / 100000, 3950);
	ck_assert_int_le(sum / 100000, 4050);
	ck_assert_int_eq(table_longest_delay(&full, 2), 8000);
}
END_TEST

static void
assert_result(const char *input, const char *path, const char *result,
    const char *expected)
{
	struct error error;
	FREE_LATER char *text = table_result(input, path, result, &error);

	ck_assert_str_eq(text, expected);
}

START_TEST(results_go_where_the_path_says)
{
	assert_result("{\"a\":1}", "$", "[2]", "[2]");
	assert_result(
	    "{\"a\":1}", "$.b", "{\"c\":2}", "{\"a\":1,\"b\":{\"c\":2}}");
	assert_result(
	    "{\"a\":1,\"b\":0}", "$.a", "\"x\"", "{\"a\":\"x\",\"b\":0}");
	assert_result(" {}", "$.error-info", "1.50", "{\"error-info\":1.50}");
	assert_result("{\"a\":1}", "$.a", "null", "{\"a\":null}");
	assert_result("{\"a\":1}", "$", "null", "null");
}
END_TEST

static void
assert_no_result(const char *input, const char *result, const char *cause)
{
	struct error error;

	ck_assert_ptr_null(table_result(input, "$.x", result, &error));
	ck_assert_str_eq(error.name, "States.ResultPathMatchFailure");
	ck_assert_msg(strstr(error.cause, cause) != NULL, "%s", error.cause);
}

START_TEST(results_that_have_no_place)
{
	assert_no_result("[1]", "{}", "no $.x in an input that is no object");
	assert_no_result("7", "{}", "no object");
	assert_no_result("{", "{}", "the input cannot be read: ");
	assert_no_result("{}", "{]", "the result cannot be read: ");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("machine/table");
	TCase *matching = tcase_create("matching");
	TCase *delays = tcase_create("delays");
	TCase *results = tcase_create("results");

	tcase_add_test(matching, names_match_exactly);
	tcase_add_test(matching, classes_match_whatever_the_spelling);
	tcase_add_test(matching, task_failed_matches_all_but_the_timeout);
	tcase_add_test(matching, all_matches_all_but_what_cannot_be_processed);
	tcase_add_test(matching, the_first_that_matches_decides);
	tcase_add_test(matching, a_state_without_retriers_matches_nothing);
	tcase_add_test(matching, states_are_found_by_name);
	suite_add_tcase(suite, matching);
	tcase_add_test(delays, the_worked_case);
	tcase_add_test(delays, no_attempts_means_never);
	tcase_add_test(delays, delays_are_capped);
	tcase_add_test(delays, delays_of_fields_not_given);
	tcase_add_test(delays, jitter_has_its_bounds);
	suite_add_tcase(suite, delays);
	tcase_add_test(results, results_go_where_the_path_says);
	tcase_add_test(results, results_that_have_no_place);
	suite_add_tcase(suite, results);
	return suite;
}
