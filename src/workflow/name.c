/* SPDX-License-Identifier: Apache-2.0 */
/* Names, from their beginning and their digits. */
#include "workflow/name.h"

#include <string.h>

#include "util/alloc.h"
#include "util/digest.h"
#include "util/random.h"

#define DIGITS  12
#define SUBJECT 20 /* characters */

static char *
compose(const char *account, const char *subject, const char *digits)
{
	return xasprintf(
	    "%s-%.*s-%.*s", account, SUBJECT, subject, DIGITS, digits);
}

char *
name_of(const char *account, const char *subject, const void *about, size_t len)
{
	char digits[DIGEST_SHA256_HEX];

	digest_sha256_hex(about, len, digits);
	return compose(account, subject, digits);
}

char *
name_new(const char *account, const char *subject, struct random *random)
{
	char digits[DIGITS + 1];

	random_hex(random, digits, DIGITS);
	return compose(account, subject, digits);
}

static char *
replace_digits(const char *of, const char *digits)
{
	int len = (int)strlen(of) - DIGITS;

	return xasprintf("%.*s%.*s", len, of, DIGITS, digits);
}

char *
name_after(const char *of)
{
	char digits[DIGEST_SHA256_HEX];

	digest_sha256_hex(of, strlen(of), digits);
	return replace_digits(of, digits);
}

char *
name_new_after(const char *of, struct random *random)
{
	char digits[DIGITS + 1];

	random_hex(random, digits, DIGITS);
	return replace_digits(of, digits);
}
