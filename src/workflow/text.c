/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Characters are counted by the bytes that begin one. Control characters are
 * those below U+0020, U+007F and the C1 set, U+0080 to U+009F, which is
 * C2 80 to C2 9F; U+2028 and U+2029, which break lines too, are E2 80 A8 and
 * A9.
 */
#include "workflow/text.h"

#include <string.h>

#include "util/alloc.h"
#include "util/cleanup.h"

static bool
begins(char byte)
{
	return ((unsigned char)byte & 0xc0) != 0x80;
}

static size_t
character(const char *text)
{
	size_t len = 1;

	while (!begins(text[len]))
		len++;
	return len;
}

static bool
control(const char *text)
{
	unsigned char c = (unsigned char)text[0];

	if (c == 0xc2)
		return (unsigned char)text[1] < 0xa0;
	if (c == 0xe2)
		return strncmp(text, "\xe2\x80\xa8", 3) == 0 ||
		    strncmp(text, "\xe2\x80\xa9", 3) == 0;
	return c < 0x20 || c == 0x7f;
}

size_t
text_length(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += begins(*text);
	return count;
}

size_t
text_first(const char *text, size_t max)
{
	size_t len = 0;

	while (text[len] != '\0' && max-- > 0)
		len += character(text + len);
	return len;
}

size_t
text_fit(const char *text, size_t max)
{
	size_t len = strlen(text);

	if (len <= max)
		return len;
	while (max > 0 && !begins(text[max]))
		max--;
	return max;
}

bool
text_plain(const char *text)
{
	for (; *text != '\0'; text += character(text))
		if (control(text))
			return false;
	return true;
}

static bool
blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n';
}

char *
text_clean(const char *text, size_t max)
{
	FREE_LATER char *clean = xstrdup(text);
	size_t len = 0;

	if (text == NULL)
		return NULL;
	while (*text != '\0') {
		size_t step = character(text);

		if (blank(*text))
			clean[len++] = ' ';
		else if (!control(text)) {
			memcpy(clean + len, text, step);
			len += step;
		}
		if (len == 1 && clean[0] == ' ')
			len = 0;
		text += step;
	}
	clean[len] = '\0';
	len = text_first(clean, max);
	while (len > 0 && clean[len - 1] == ' ')
		len--;
	clean[len] = '\0';
	return len == 0 ? NULL : STEAL(clean);
}
