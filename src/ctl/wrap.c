/* SPDX-License-Identifier: Apache-2.0 */
/* Fills lines greedily. The locale says what a character is, and how wide. */
#include "ctl/wrap.h"

#include <string.h>
#include <wchar.h>

#include "util/alloc.h"
#include "util/buf.h"

/* The bytes of the character at `text`, and its columns; a byte that is no part
 * of one counts as one. */
static size_t
character(const char *text, size_t *ret_columns)
{
	mbstate_t state = { 0 };
	wchar_t wide;
	size_t len = mbrtowc(&wide, text, strlen(text), &state);
	int columns = len == 0 || len > strlen(text) ? 1 : wcwidth(wide);

	*ret_columns = columns < 0 ? 1 : (size_t)columns;
	return len == 0 || len > strlen(text) ? 1 : len;
}

/* How many bytes of `text` fit: up to a blank or the end if there is one, or
 * else as many as there is room for, but at least one character. */
static size_t
fit(const char *text, size_t columns)
{
	size_t used = 0, len = 0, blank = 0, bytes, wide;

	for (; text[len] != '\0'; len += bytes, used += wide) {
		bytes = character(text + len, &wide);
		if (text[len] == ' ')
			blank = len;
		if (used + wide > columns)
			return blank > 0 ? blank : len > 0 ? len : bytes;
	}
	return len;
}

char *
wrap(const char *text, size_t columns)
{
	/* A break for each character at most. */
	struct buf lines = BUF_INIT(2 * strlen(text));

	while (*text != '\0') {
		size_t len = fit(text, columns);

		buf_printf(&lines, "%s%.*s", lines.len > 0 ? "\n" : "",
		    (int)len, text);
		text += len;
		text += *text == ' ';
	}
	return buf_take(&lines);
}

char *
wrap_cut(const char *text, size_t columns)
{
	size_t used = 0, len = 0, keep = 0, bytes, wide;

	for (; text[len] != '\0'; len += bytes, used += wide) {
		bytes = character(text + len, &wide);
		if (used + strlen("...") <= columns)
			keep = len;
		if (used + wide > columns)
			return xasprintf("%.*s...", (int)keep, text);
	}
	return xstrdup(text);
}
