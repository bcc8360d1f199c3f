/* SPDX-License-Identifier: Apache-2.0 */
/* Allocation that cannot fail: what it gives, and that it aborts. */
#include <search.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "unit/unit.h"
#include "util/alloc.h"
#include "util/cleanup.h"

START_TEST(blocks_are_zeroed)
{
	FREE_LATER char *block = xzalloc(64);
	FREE_LATER int *array = xcalloc(8, sizeof *array);

	for (size_t i = 0; i < 64; i++)
		ck_assert_int_eq(block[i], 0);
	for (size_t i = 0; i < 8; i++)
		ck_assert_int_eq(array[i], 0);
}
END_TEST

START_TEST(empty_blocks_are_blocks)
{
	FREE_LATER void *block = xzalloc(0);
	FREE_LATER void *array = xreallocarray(NULL, 0, sizeof(int));
	FREE_LATER void *bytes = xrealloc(xmalloc(0), 0);

	ck_assert_ptr_nonnull(bytes);
	ck_assert_ptr_nonnull(block);
	ck_assert_ptr_nonnull(array);
}
END_TEST

START_TEST(arrays_keep_their_elements)
{
	FREE_LATER int *array = xcalloc(1, sizeof *array);

	array[0] = 42;
	array = xreallocarray(array, 1000, sizeof *array);
	array[999] = 7;
	ck_assert_int_eq(array[0], 42);
}
END_TEST

START_TEST(copies_are_terminated)
{
	FREE_LATER char *some = xmemdup0("abcdef", 3);
	FREE_LATER char *none = xmemdup0(NULL, 0);
	FREE_LATER char *made = xasprintf("%s-%d", "key", 7);

	ck_assert_str_eq(some, "abc");
	ck_assert_str_eq(none, "");
	ck_assert_str_eq(made, "key-7");
	ck_assert_ptr_null(xstrdup(NULL));
}
END_TEST

START_TEST(steal_leaves_nothing)
{
	FREE_LATER char *from = xstrdup("mine");
	FREE_LATER char *to = STEAL(from);

	ck_assert_ptr_null(from);
	ck_assert_str_eq(to, "mine");
}
END_TEST

static int
compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

START_TEST(trees_have_what_was_put_into_them)
{
	void *tree = NULL;

	xtsearch("b", &tree, compare);
	xtsearch("a", &tree, compare);
	ck_assert_str_eq(*(char **)tfind("a", &tree, compare), "a");
	ck_assert_str_eq(*(char **)tfind("b", &tree, compare), "b");
	ck_assert_ptr_null(tfind("c", &tree, compare));
	tdelete("a", &tree, compare);
	tdelete("b", &tree, compare);
}
END_TEST

START_TEST(overflow_aborts)
{
	/* volatile: the compiler would see that it cannot be. */
	volatile size_t many = SIZE_MAX / 2;

	free(xcalloc(many, 4));
}
END_TEST

START_TEST(overflow_of_a_resize_aborts)
{
	volatile size_t many = SIZE_MAX / 2;

	free(xreallocarray(NULL, many, 4));
}
END_TEST

/* More than there can be. */
START_TEST(no_memory_aborts)
{
	volatile size_t much = SIZE_MAX / 4;

	free(_i == 0 ? xmalloc(much) : xrealloc(NULL, much));
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("util/alloc");
	TCase *tcase = tcase_create("alloc");

	tcase_add_test(tcase, blocks_are_zeroed);
	tcase_add_test(tcase, empty_blocks_are_blocks);
	tcase_add_test(tcase, arrays_keep_their_elements);
	tcase_add_test(tcase, copies_are_terminated);
	tcase_add_test(tcase, steal_leaves_nothing);
	tcase_add_test(tcase, trees_have_what_was_put_into_them);
	tcase_add_test_raise_signal(tcase, overflow_aborts, SIGABRT);
	tcase_add_test_raise_signal(
	    tcase, overflow_of_a_resize_aborts, SIGABRT);
	tcase_add_loop_test_raise_signal(
	    tcase, no_memory_aborts, SIGABRT, 0, 2);
	suite_add_tcase(suite, tcase);
	return suite;
}
