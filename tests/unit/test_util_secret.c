/* SPDX-License-Identifier: Apache-2.0 */
/* The type that holds a secret: copies, aliasing and wiping. */
#include "unit/unit.h"
#include "util/secret.h"

START_TEST(set_copies_and_terminates)
{
	char bytes[] = "wJalrXUtnFEMI rest";
	struct secret secret = { 0 };

	ck_assert(!secret_given(&secret));
	secret_set(&secret, bytes, 13);
	bytes[0] = '-';
	ck_assert(secret_given(&secret));
	ck_assert_str_eq(secret.bytes, "wJalrXUtnFEMI");
	ck_assert_uint_eq(secret.len, 13);
	secret_done(&secret);
	ck_assert(!secret_given(&secret));
	ck_assert_uint_eq(secret.len, 0);
}
END_TEST

START_TEST(set_takes_a_part_of_itself)
{
	struct secret secret = { 0 };

	secret_set(&secret, "AWS4key", 7);
	secret_set(&secret, secret.bytes + 4, 3);
	ck_assert_str_eq(secret.bytes, "key");
	secret_done(&secret);
}
END_TEST

START_TEST(copy_also_copies_none)
{
	struct secret from = { 0 }, to = { 0 };

	secret_set(&from, "one", 3);
	secret_copy(&to, &from);
	ck_assert_str_eq(to.bytes, "one");
	ck_assert_ptr_ne(to.bytes, from.bytes);
	secret_copy(&to, &to);
	ck_assert_str_eq(to.bytes, "one");
	secret_done(&from);
	secret_copy(&to, &from);
	ck_assert(!secret_given(&to));
}
END_TEST

START_TEST(wipe_leaves_zeros)
{
	char bytes[] = "secret";

	secret_wipe(bytes, 6);
	ck_assert_mem_eq(bytes, "\0\0\0\0\0\0", 7);
	secret_wipe(NULL, 0);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("util/secret");
	TCase *tcase = tcase_create("secret");

	tcase_add_test(tcase, set_copies_and_terminates);
	tcase_add_test(tcase, set_takes_a_part_of_itself);
	tcase_add_test(tcase, copy_also_copies_none);
	tcase_add_test(tcase, wipe_leaves_zeros);
	suite_add_tcase(suite, tcase);
	return suite;
}
