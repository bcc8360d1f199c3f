/* SPDX-License-Identifier: Apache-2.0 */
/* Digests against published vectors. */
#include <string.h>

#include "unit/unit.h"
#include "util/digest.h"

START_TEST(sha256_of_fips_180)
{
	char hex[DIGEST_SHA256_HEX];

	digest_sha256_hex("abc", 3, hex);
	ck_assert_str_eq(hex,
	    "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
	digest_sha256_hex(NULL, 0, hex);
	ck_assert_str_eq(hex,
	    "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855");
}
END_TEST

/* RFC 4231, test cases 1, 2 and 6 (a key longer than a block). */
START_TEST(hmac_of_rfc_4231)
{
	static const char text[] =
	    "Test Using Larger Than Block-Size Key - Hash Key First";
	unsigned char key[131], raw[DIGEST_SHA256_BYTES];
	char hex[DIGEST_SHA256_HEX];

	memset(key, 0x0b, 20);
	digest_hmac_sha256(key, 20, "Hi There", 8, raw);
	digest_hex(raw, sizeof raw, hex);
	ck_assert_str_eq(hex,
	    "b0344c61d8db38535ca8afceaf0bf12b"
	    "881dc200c9833da726e9376c2e32cff7");
	digest_hmac_sha256("Jefe", 4, "what do ya want for nothing?", 28, raw);
	digest_hex(raw, sizeof raw, hex);
	ck_assert_str_eq(hex,
	    "5bdcc146bf60754e6a042426089575c7"
	    "5a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof key);
	digest_hmac_sha256(key, sizeof key, text, sizeof text - 1, raw);
	digest_hex(raw, sizeof raw, hex);
	ck_assert_str_eq(hex,
	    "60e431591ee0b67f0d8a26aacbf5b77f"
	    "8e0bc6213728c5140546040f0ee37f54");
}
END_TEST

START_TEST(hmac_of_nothing)
{
	unsigned char raw[DIGEST_SHA256_BYTES];
	char hex[DIGEST_SHA256_HEX];

	digest_hmac_sha256(NULL, 0, "", 0, raw);
	digest_hex(raw, sizeof raw, hex);
	ck_assert_str_eq(hex,
	    "b613679a0814d9ec772f95d778c35fc5"
	    "ff1697c493715653c6c712144292c5ad");
}
END_TEST

START_TEST(md5_of_an_sqs_body)
{
	char hex[DIGEST_MD5_HEX];

	ck_assert(digest_md5_hex("h\xc3\xa9llo \xe2\x98\x83", 10, hex));
	ck_assert_str_eq(hex, "ef3e44ec264a71ab40ccc920b794ebae");
}
END_TEST

START_TEST(hex_is_lower_case)
{
	static const unsigned char bytes[] = { 0x00, 0x0f, 0xa0, 0xff };
	char hex[9];

	digest_hex(bytes, sizeof bytes, hex);
	ck_assert_str_eq(hex, "000fa0ff");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("util/digest");
	TCase *tcase = tcase_create("digest");

	tcase_add_test(tcase, sha256_of_fips_180);
	tcase_add_test(tcase, hmac_of_rfc_4231);
	tcase_add_test(tcase, hmac_of_nothing);
	tcase_add_test(tcase, md5_of_an_sqs_body);
	tcase_add_test(tcase, hex_is_lower_case);
	suite_add_tcase(suite, tcase);
	return suite;
}
