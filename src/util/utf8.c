/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8 by the table of RFC 3629: what the first byte says about the length
 * and about the range of the second; all later bytes are 80 to BF.
 */
#include "util/utf8.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const struct lead {
	unsigned char first, last; /* of the first byte */
	unsigned char len;
	unsigned char low, high; /* of the second byte */
} leads[] = {
	{ 0x00, 0x7f, 1, 0, 0 }, { 0xc2, 0xdf, 2, 0x80, 0xbf },
	{ 0xe0, 0xe0, 3, 0xa0, 0xbf }, /* lower: overlong */
	{ 0xe1, 0xec, 3, 0x80, 0xbf },
	{ 0xed, 0xed, 3, 0x80, 0x9f }, /* higher: surrogates */
	{ 0xee, 0xef, 3, 0x80, 0xbf },
	{ 0xf0, 0xf0, 4, 0x90, 0xbf }, /* lower: overlong */
	{ 0xf1, 0xf3, 4, 0x80, 0xbf },
	{ 0xf4, 0xf4, 4, 0x80, 0x8f }, /* higher: past U+10FFFF */
};

static const struct lead *
lead_of(unsigned char byte)
{
	for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++)
		if (byte >= leads[i].first && byte <= leads[i].last)
			return &leads[i];
	return NULL;
}

size_t
utf8_char(const char *text, size_t len)
{
	const unsigned char *byte = (const unsigned char *)text;
	const struct lead *lead = len == 0 ? NULL : lead_of(byte[0]);

	if (lead == NULL || lead->len > len)
		return 0;
	if (lead->len > 1 && (byte[1] < lead->low || byte[1] > lead->high))
		return 0;
	for (size_t i = 2; i < lead->len; i++)
		if (byte[i] < 0x80 || byte[i] > 0xbf)
			return 0;
	return lead->len;
}

/* The first byte that belongs to no character; the NUL when there is none. */
static char *
first_bad(const char *text)
{
	const char *end = text + strlen(text);

	while (text < end) {
		size_t len = utf8_char(text, (size_t)(end - text));

		if (len == 0)
			break;
		text += len;
	}
	return (char *)text;
}

bool
utf8_valid(const char *text)
{
	return *first_bad(text) == '\0';
}

void
utf8_repair(char *text)
{
	for (char *bad = first_bad(text); *bad != '\0'; bad = first_bad(bad))
		*bad = '?';
}

void
utf8_vformat(char *out, size_t room, const char *format, va_list args)
{
	static const char dots[] = "...";
	size_t len, keep;

	assert(room > sizeof dots);
	int wanted = vsnprintf(out, room, format, args);
	assert(wanted >= 0);
	utf8_repair(out);
	if ((size_t)wanted < room)
		return;

	keep = room - sizeof dots;
	for (len = 0; len < keep;) {
		size_t step = utf8_char(out + len, room - len);

		if (step == 0 || len + step > keep)
			break;
		len += step;
	}
	memcpy(out + len, dots, sizeof dots);
}
