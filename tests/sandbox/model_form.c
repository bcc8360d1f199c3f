/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Percent-encoding by RFC 3986, written anew so that it does not share its
 * mistakes with the client under test.
 */
#include "sandbox/model_form.h"

#include <ctype.h>
#include <string.h>

#include <json-c/json.h>

#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/doc.h"

static int
hex_digit(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = strchr(digits, tolower((unsigned char)c));

	return c == '\0' || at == NULL ? -1 : (int)(at - digits);
}

/* The byte that "%XX" stands for; 0 for what is no escape. */
static char
escaped_byte(const char *text, size_t len)
{
	if (len < 3 || hex_digit(text[1]) < 0 || hex_digit(text[2]) < 0)
		return '\0';
	return (char)(hex_digit(text[1]) * 16 + hex_digit(text[2]));
}

char *
form_unescape(const char *text, size_t len, bool plus)
{
	FREE_LATER char *out = xmemdup0(text, len);
	char *end = out;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (c == '%') {
			c = escaped_byte(text + i, len - i);
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		if (c == '\0')
			return NULL;
		*end++ = c;
	}
	*end = '\0';
	return STEAL(out);
}

static bool
add_member(struct json_object *form, const char *pair, size_t len)
{
	const char *equals = memchr(pair, '=', len);
	size_t name_len = equals == NULL ? len : (size_t)(equals - pair);
	size_t value_len = equals == NULL ? 0 : len - name_len - 1;
	FREE_LATER char *name = form_unescape(pair, name_len, true);
	FREE_LATER char *value =
	    form_unescape(pair + len - value_len, value_len, true);

	if (name == NULL || value == NULL)
		return false;
	if (!json_object_object_get_ex(form, name, NULL))
		doc_put_string(form, name, value);
	return true;
}

struct json_object *
form_parse(const char *body, size_t len)
{
	DOC_LATER struct json_object *form = doc_object();
	const char *end = body + len;

	while (body < end) {
		const char *and = memchr(body, '&', (size_t)(end - body));
		const char *stop = and == NULL ? end : and;

		if (stop > body &&
		    !add_member(form, body, (size_t)(stop - body)))
			return NULL;
		body = stop + 1;
	}
	return STEAL(form);
}

void
form_escape(struct buf *out, const char *text, const char *keep)
{
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if ((c < 0x80 && isalnum(c)) || strchr("-._~", c) != NULL ||
		    strchr(keep, c) != NULL)
			buf_add(out, text, 1);
		else
			buf_printf(out, "%%%02X", c);
	}
}
