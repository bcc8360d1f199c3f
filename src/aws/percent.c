/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Percent-encoding, byte by byte and independent of any locale.
 */
#include "aws/percent.h"

#include <string.h>

#include "util/buf.h"

static bool
is_unreserved(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	    c == '~';
}

static bool
encode_byte(char c, struct buf *out)
{
	if (is_unreserved(c))
		return buf_add(out, &c, 1);
	return buf_printf(out, "%%%02X", (unsigned char)c);
}

bool
percent_encode(const char *bytes, size_t len, struct buf *out)
{
	for (size_t i = 0; i < len; i++)
		encode_byte(bytes[i], out);
	return buf_ok(out);
}

/* The value of a hex digit, -1 when it is none. */
static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool
percent_normalize(const char *bytes, size_t len, struct buf *out)
{
	for (size_t i = 0; i < len; i++) {
		int high = i + 2 < len ? hex_value(bytes[i + 1]) : -1;
		int low = i + 2 < len ? hex_value(bytes[i + 2]) : -1;

		if (bytes[i] == '%' && high >= 0 && low >= 0) {
			encode_byte((char)(high << 4 | low), out);
			i += 2;
		} else {
			encode_byte(bytes[i], out);
		}
	}
	return buf_ok(out);
}
