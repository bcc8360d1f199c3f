/* SPDX-License-Identifier: Apache-2.0 */
/* The vectors of RFC 4648, every byte, and what is no base64. */
#include "util/base64.h"

#include <string.h>

#include "unit/unit.h"
#include "util/cleanup.h"

START_TEST(the_vectors_of_the_rfc)
{
	static const struct {
		const char *bytes, *text;
	} vectors[] = {
		{ "", "" },
		{ "f", "Zg==" },
		{ "fo", "Zm8=" },
		{ "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" },
	};

	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
		size_t len = strlen(vectors[i].bytes), got;
		FREE_LATER char *text = base64_encode(vectors[i].bytes, len);
		FREE_LATER char *bytes = base64_decode(text, &got);

		ck_assert_str_eq(text, vectors[i].text);
		ck_assert_uint_eq(got, len);
		ck_assert_mem_eq(bytes, vectors[i].bytes, len);
	}
}
END_TEST

START_TEST(every_byte_comes_back)
{
	unsigned char bytes[256];

	for (int i = 0; i < 256; i++)
		bytes[i] = (unsigned char)i;
	for (size_t from = 0; from < 3; from++) {
		size_t len = sizeof bytes - from, got;
		FREE_LATER char *text = base64_encode(bytes + from, len);
		FREE_LATER char *back = base64_decode(text, &got);

		ck_assert_uint_eq(got, len);
		ck_assert_mem_eq(back, bytes + from, len);
	}
}
END_TEST

START_TEST(what_is_no_base64)
{
	static const char *const bad[] = { "Z", "Zg",
		"Zg=", "Zg===", "====", "Z===", "Zg==Zg==", "Zm=v", "=m9v",
		" Zg==", "Zg== ", "Zm9v\n", "Zm-_", "Zm9\xc3" };
	size_t len;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(
		    base64_decode(bad[i], &len) == NULL, "%s", bad[i]);
}
END_TEST

Suite *
unit_suite(void)
{
	const TTest *const tests[] = {
		the_vectors_of_the_rfc,
		every_byte_comes_back,
		what_is_no_base64,
	};
	Suite *suite = suite_create("util/base64");
	TCase *tcase = tcase_create("base64");

	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}
