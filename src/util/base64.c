/* SPDX-License-Identifier: Apache-2.0 */
/* What OpenSSL's base64 leaves to do: the size, and the padding. */
#include "util/base64.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

#include <openssl/evp.h>

#include "util/alloc.h"

char *
base64_encode(const void *bytes, size_t len)
{
	char *text = xzalloc((len + 2) / 3 * 4 + 1);

	assert(len <= INT_MAX / 2);
	EVP_EncodeBlock((unsigned char *)text, bytes, (int)len);
	return text;
}

/* OpenSSL would strip blanks at both ends, and take '=' for a zero anywhere. */
static bool
valid(const char *text, size_t len)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t used = strspn(text, alphabet);

	return len <= INT_MAX && len % 4 == 0 && len - used <= 2 &&
	    used + strspn(text + used, "=") == len;
}

void *
base64_decode(const char *text, size_t *ret_len)
{
	size_t len = strlen(text);
	unsigned char *bytes;

	if (!valid(text, len))
		return NULL;
	bytes = xzalloc(len / 4 * 3 + 1);
	EVP_DecodeBlock(bytes, (const unsigned char *)text, (int)len);
	*ret_len = len / 4 * 3 - strspn(text + strcspn(text, "="), "=");
	return bytes;
}
