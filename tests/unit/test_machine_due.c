/* SPDX-License-Identifier: Apache-2.0 */
/* The heap: always the earliest, and anybody can be taken out. */
#include "machine/due.h"

#include <stdint.h>

#include "machine/execution.h"
#include "unit/unit.h"
#include "util/random.h"

#define MANY 1000

START_TEST(the_earliest_comes_first)
{
	struct due due = { 0 };
	struct execution a = { 0 }, b = { 0 }, c = { 0 };

	ck_assert_ptr_null(due_first(&due));
	due_set(&due, &a, 30);
	due_set(&due, &b, 10);
	due_set(&due, &c, 20);
	ck_assert_ptr_eq(due_first(&due), &b);
	due_set(&due, &b, 40);
	ck_assert_ptr_eq(due_first(&due), &c);
	due_clear(&due, &c);
	due_clear(&due, &c);
	ck_assert_ptr_eq(due_first(&due), &a);
	due_clear(&due, &a);
	due_clear(&due, &b);
	ck_assert_ptr_null(due_first(&due));
	due_done(&due);
}
END_TEST

/* Against the plain way: the least of all that are in. */
START_TEST(as_the_plain_way_has_it)
{
	static struct execution all[MANY];
	struct due due = { 0 };
	struct random random = random_seeded(7);

	for (int step = 0; step < 20000; step++) {
		struct execution *one = &all[random_next(&random) % MANY];
		const struct execution *first = due_first(&due);
		int64_t least = INT64_MAX;

		if (random_next(&random) % 3 == 0)
			due_clear(&due, one);
		else
			due_set(
			    &due, one, (int64_t)(random_next(&random) % 5000));
		first = due_first(&due);
		for (int i = 0; i < MANY; i++)
			if (all[i].due_place > 0 && all[i].due_ms < least)
				least = all[i].due_ms;
		ck_assert_int_eq(
		    first != NULL ? first->due_ms : INT64_MAX, least);
	}
	due_done(&due);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("machine/due");
	TCase *heap = tcase_create("heap");

	tcase_add_test(heap, the_earliest_comes_first);
	tcase_add_test(heap, as_the_plain_way_has_it);
	suite_add_tcase(suite, heap);
	return suite;
}
