/* SPDX-License-Identifier: Apache-2.0 */
/* The buffer: its maximum, and that a failure sticks and changes nothing. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "unit/unit.h"
#include "util/buf.h"
#include "util/cleanup.h"

START_TEST(empty_reads_as_no_text)
{
	struct buf buf = BUF_INIT(8);

	ck_assert_str_eq(buf_text(&buf), "");
	ck_assert_uint_eq(buf.len, 0);
	ck_assert(buf_ok(&buf));
}
END_TEST

START_TEST(appends_add_up)
{
	CLEANUP(buf_done) struct buf buf = BUF_INIT(64);

	ck_assert(buf_puts(&buf, "GET "));
	ck_assert(buf_add(&buf, "/path?", 5));
	ck_assert(buf_printf(&buf, " HTTP/%d.%d", 1, 1));
	ck_assert(buf_add(&buf, NULL, 0));
	ck_assert_str_eq(buf_text(&buf), "GET /path HTTP/1.1");
	ck_assert_uint_eq(buf.len, 18);
}
END_TEST

START_TEST(bytes_may_be_nul)
{
	CLEANUP(buf_done) struct buf buf = BUF_INIT(64);

	ck_assert(buf_add(&buf, "a\0b", 3));
	ck_assert_uint_eq(buf.len, 3);
	ck_assert_mem_eq(buf.data, "a\0b", 4);
}
END_TEST

START_TEST(many_small_appends_arrive)
{
	CLEANUP(buf_done) struct buf buf = BUF_INIT(10000);

	for (int i = 0; i < 10000; i++)
		ck_assert(buf_add(&buf, i % 2 == 0 ? "a" : "b", 1));
	ck_assert_uint_eq(strlen(buf_text(&buf)), 10000);
	ck_assert_uint_eq(buf.room, 10001);
	ck_assert_mem_eq(buf.data + 9996, "abab", 5);
}
END_TEST

START_TEST(the_maximum_itself_fits)
{
	CLEANUP(buf_done) struct buf buf = BUF_INIT(5);

	ck_assert(buf_puts(&buf, "12345"));
	ck_assert(buf_ok(&buf));
	ck_assert(!buf_puts(&buf, "6"));
	ck_assert_str_eq(buf_text(&buf), "12345");
}
END_TEST

START_TEST(a_failure_sticks)
{
	CLEANUP(buf_done) struct buf buf = BUF_INIT(5);

	ck_assert(buf_puts(&buf, "123"));
	ck_assert(!buf_printf(&buf, "%s", "456"));
	ck_assert(!buf_puts(&buf, "4"));
	ck_assert(!buf_add(&buf, NULL, 0));
	ck_assert(!buf_ok(&buf));
	ck_assert_str_eq(buf_text(&buf), "123");
	ck_assert_ptr_null(buf_take(&buf));
}
END_TEST

START_TEST(an_absurd_length_fails_softly)
{
	CLEANUP(buf_done) struct buf buf = BUF_INIT(64);

	ck_assert(buf_puts(&buf, "x"));
	ck_assert(!buf_reserve(&buf, SIZE_MAX));
	ck_assert(buf_ok(&buf));
	ck_assert(!buf_add(&buf, "y", SIZE_MAX));
	ck_assert(!buf_ok(&buf));
	ck_assert_str_eq(buf_text(&buf), "x");
}
END_TEST

START_TEST(clear_forgets_a_failure)
{
	CLEANUP(buf_done) struct buf buf = BUF_INIT(3);

	ck_assert(buf_puts(&buf, "abc"));
	ck_assert(!buf_puts(&buf, "d"));
	buf_clear(&buf);
	ck_assert_str_eq(buf_text(&buf), "");
	ck_assert(buf_puts(&buf, "xyz"));
	ck_assert_str_eq(buf_text(&buf), "xyz");
}
END_TEST

START_TEST(done_keeps_the_maximum)
{
	struct buf buf = BUF_INIT(3);

	ck_assert(!buf_puts(&buf, "abcd"));
	buf_done(&buf);
	ck_assert(buf_ok(&buf));
	ck_assert_ptr_null(buf.data);
	ck_assert(!buf_puts(&buf, "abcd"));
	buf_done(&buf);
}
END_TEST

START_TEST(drop_takes_from_the_front)
{
	CLEANUP(buf_done) struct buf buf = BUF_INIT(8);

	buf_drop(&buf, 0);
	ck_assert(buf_puts(&buf, "12345678"));
	buf_drop(&buf, 3);
	ck_assert_str_eq(buf_text(&buf), "45678");
	ck_assert(buf_puts(&buf, "9ab"));
	ck_assert_str_eq(buf_text(&buf), "456789ab");
	buf_drop(&buf, 8);
	ck_assert_str_eq(buf_text(&buf), "");
}
END_TEST

START_TEST(reserve_is_exact)
{
	CLEANUP(buf_done) struct buf buf = BUF_INIT(1000);

	ck_assert(buf_reserve(&buf, 300));
	ck_assert_uint_eq(buf.room, 301);
	char *data = buf.data;

	for (int i = 0; i < 300; i++)
		ck_assert(buf_add(&buf, "x", 1));
	ck_assert_ptr_eq(buf.data, data);
	ck_assert(!buf_reserve(&buf, 701));
	ck_assert(buf_reserve(&buf, 700));
}
END_TEST

START_TEST(take_empties)
{
	struct buf buf = BUF_INIT(8);

	ck_assert(buf_puts(&buf, "text"));
	FREE_LATER char *text = buf_take(&buf);
	FREE_LATER char *none = buf_take(&buf);

	ck_assert_str_eq(text, "text");
	ck_assert_str_eq(none, "");
	ck_assert_ptr_null(buf.data);
	ck_assert_uint_eq(buf.len, 0);
}
END_TEST

START_TEST(wipe_empties)
{
	struct buf buf = BUF_INIT(8);

	buf_wipe(&buf);
	ck_assert(buf_puts(&buf, "secret"));
	buf_wipe(&buf);
	ck_assert_ptr_null(buf.data);
	ck_assert_uint_eq(buf.len, 0);
	ck_assert_uint_eq(buf.max, 8);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("util/buf");
	TCase *tcase = tcase_create("buf");

	tcase_add_test(tcase, empty_reads_as_no_text);
	tcase_add_test(tcase, appends_add_up);
	tcase_add_test(tcase, bytes_may_be_nul);
	tcase_add_test(tcase, many_small_appends_arrive);
	tcase_add_test(tcase, the_maximum_itself_fits);
	tcase_add_test(tcase, a_failure_sticks);
	tcase_add_test(tcase, an_absurd_length_fails_softly);
	tcase_add_test(tcase, clear_forgets_a_failure);
	tcase_add_test(tcase, done_keeps_the_maximum);
	tcase_add_test(tcase, drop_takes_from_the_front);
	tcase_add_test(tcase, reserve_is_exact);
	tcase_add_test(tcase, take_empties);
	tcase_add_test(tcase, wipe_empties);
	suite_add_tcase(suite, tcase);
	return suite;
}
