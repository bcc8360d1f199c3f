/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who had deleted a key: what the store says in two answers, the second of
 * which may have changed its mind. The store is played here.
 */
#include "workflow/earlier.h"

#include <stdlib.h>

#include "store/read.h"
#include "unit/unit.h"
#include "util/doc.h"

#define DELETE "DeleteAccessKeyPair"
#define LOOKUP "LookupCloudTrailEvents"

struct store_read {
	store_found *found;
	store_shown *shown;
	void *arg;
};

/* What is asked now, and what came of it. */
static struct store_read asked;
static struct json_object *result;
static struct error failure;
static int answers;
static struct earlier *earlier;

struct store_read *__wrap_store_contained(
    struct store *store, const char *key_id, store_found *done, void *arg);
struct store_read *__wrap_store_show(
    struct store *store, const char *name, store_shown *done, void *arg);
void __wrap_store_read_cancel(struct store_read *read);

struct store_read *
__wrap_store_contained(
    struct store *store, const char *key_id, store_found *done, void *arg)
{
	(void)store;
	ck_assert_str_eq(key_id, "AKIAIOSFODNN7EXAMPLE");
	asked = (struct store_read){ .found = done, .arg = arg };
	return &asked;
}

struct store_read *
__wrap_store_show(
    struct store *store, const char *name, store_shown *done, void *arg)
{
	(void)store;
	ck_assert_str_eq(name, "the-one");
	asked = (struct store_read){ .shown = done, .arg = arg };
	return &asked;
}

void
__wrap_store_read_cancel(struct store_read *read)
{
	*read = (struct store_read){ 0 };
}

static void
on_earlier(void *arg, struct json_object *its, const struct error *error)
{
	(void)arg;
	answers++;
	result = its;
	if (error != NULL)
		failure = *error;
}

static const struct store_execution one = { .name = "the-one" };

static void
ask(void)
{
	earlier = earlier_find(NULL, "AKIAIOSFODNN7EXAMPLE", on_earlier, NULL);
}

/* The store has named the execution: this is its history. */
static void
show(const struct store_execution *execution, const struct event *events,
    size_t count, const struct error *error)
{
	ask();
	asked.found(asked.arg, &one, NULL);
	ck_assert_int_eq(answers, 0);
	asked.shown(asked.arg, execution, events, count, error);
	ck_assert_int_eq(answers, 1);
}

static void
setup(void)
{
	answers = 0;
	failure.name[0] = '\0';
}

static void
teardown(void)
{
	doc_free(result);
	result = NULL;
}

START_TEST(its_deletion_is_what_counts)
{
	static const struct event events[] = {
		{ .type = EVENT_EXECUTION_STARTED, .data = "{}" },
		{ .type = EVENT_TASK_SUCCEEDED,
		    .state = DELETE,
		    .data = "{\"UserName\":\"alice\"}" },
		{ .type = EVENT_TASK_SUCCEEDED,
		    .state = LOOKUP,
		    .data = "{\"Events\":0}" },
	};

	show(&one, events, 3, NULL);
	ck_assert_str_eq(doc_string(result, "UserName"), "alice");
	ck_assert_str_eq(doc_string(result, "DeletedBy"), "the-one");
}
END_TEST

START_TEST(who_had_found_it_gone_passes_that_on)
{
	static const struct event events[] = {
		{ .type = EVENT_TASK_SUCCEEDED,
		    .state = DELETE,
		    .data = "{\"DeletedBy\":\"the-first\"}" },
	};

	show(&one, events, 1, NULL);
	ck_assert_str_eq(doc_string(result, "DeletedBy"), "the-first");
}
END_TEST

/* Of a table whose states had other names; or it is no JSON any more. */
START_TEST(a_deletion_that_cannot_be_found_is_none)
{
	static const struct event events[] = {
		{ .type = EVENT_TASK_SUCCEEDED, .state = "Kill", .data = "{}" },
		{ .type = EVENT_TASK_SUCCEEDED, .state = DELETE, .data = "{" },
	};

	show(&one, events, 2, NULL);
	ck_assert_ptr_null(result);
	ck_assert_str_eq(failure.name, "");
}
END_TEST

START_TEST(nobody_deleted_it)
{
	ask();
	asked.found(asked.arg, NULL, NULL);
	ck_assert_int_eq(answers, 1);
	ck_assert_ptr_null(result);
	ck_assert_str_eq(failure.name, "");
}
END_TEST

START_TEST(it_was_pruned_meanwhile)
{
	show(NULL, NULL, 0, NULL);
	ck_assert_ptr_null(result);
	ck_assert_str_eq(failure.name, "");
}
END_TEST

START_TEST(a_store_that_cannot_be_read_says_so)
{
	struct error error;

	error_set(&error, "Store.Io", "disk I/O error");
	show(NULL, NULL, 0, &error);
	ck_assert_str_eq(failure.name, "Store.Io");
	failure.name[0] = '\0';
	ask();
	asked.found(asked.arg, NULL, &error);
	ck_assert_str_eq(failure.name, "Store.Io");
}
END_TEST

START_TEST(a_search_can_be_given_up)
{
	ask();
	asked.found(asked.arg, &one, NULL);
	earlier_cancel(earlier);
	ck_assert_ptr_null(asked.shown);
	ck_assert_int_eq(answers, 0);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("workflow/earlier");
	TCase *tcase = tcase_create("earlier");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, its_deletion_is_what_counts);
	tcase_add_test(tcase, who_had_found_it_gone_passes_that_on);
	tcase_add_test(tcase, a_deletion_that_cannot_be_found_is_none);
	tcase_add_test(tcase, nobody_deleted_it);
	tcase_add_test(tcase, it_was_pruned_meanwhile);
	tcase_add_test(tcase, a_store_that_cannot_be_read_says_so);
	tcase_add_test(tcase, a_search_can_be_given_up);
	suite_add_tcase(suite, tcase);
	return suite;
}
