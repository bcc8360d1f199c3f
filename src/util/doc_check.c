/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tokens of JSON (RFC 8259), strictly. One pass, no memory.
 */
#include "util/doc_check.h"

#include <stdint.h>
#include <string.h>

#include "util/error.h"
#include "util/utf8.h"

struct scan {
	const char *at, *end;
	const char *complaint; /* what is wrong at `at` */
};

static bool
complain(struct scan *scan, const char *complaint)
{
	scan->complaint = complaint;
	return false;
}

/* The byte at hand; a NUL, which JSON never has, at the end. */
static char
peek(const struct scan *scan)
{
	return scan->at < scan->end ? *scan->at : '\0';
}

static bool
one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Steps over one or more digits. */
static bool
digits(struct scan *scan)
{
	if (!is_digit(peek(scan)))
		return complain(scan, "a digit is missing");
	while (is_digit(peek(scan)))
		scan->at++;
	return true;
}

/* Whether the digits from `first` on are what 64 bits can hold. */
static bool
representable(const char *first, const char *end, bool negative)
{
	uint64_t limit = negative ? (uint64_t)INT64_MAX + 1 : UINT64_MAX;
	uint64_t value = 0;

	for (; first < end; first++) {
		unsigned digit = (unsigned)(*first - '0');

		if (value > (limit - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	return true;
}

static bool
check_number(struct scan *scan)
{
	bool negative = peek(scan) == '-', whole = true;
	const char *first = scan->at += negative;

	if (!digits(scan))
		return false;
	if (*first == '0' && scan->at > first + 1)
		return complain(scan, "a number begins with 0");
	if (peek(scan) == '.') {
		whole = false;
		scan->at++;
		if (!digits(scan))
			return false;
	}
	if (one_of(peek(scan), "eE")) {
		whole = false;
		scan->at++;
		scan->at += one_of(peek(scan), "+-");
		if (!digits(scan))
			return false;
	}
	if (whole && !representable(first, scan->at, negative))
		return complain(scan, "an integer of more than 64 bits");
	return true;
}

/* Steps over one character or escape of a string; notes an escaped NUL. */
static bool
check_character(struct scan *scan, bool *has_nul)
{
	size_t left = (size_t)(scan->end - scan->at);
	size_t len = utf8_char(scan->at, left);

	if ((unsigned char)*scan->at < ' ')
		return complain(scan, "a control character in a string");
	if (len == 0)
		return complain(scan, "not UTF-8");
	if (*scan->at == '\\' && left >= 2) {
		*has_nul |= left >= 6 && memcmp(scan->at, "\\u0000", 6) == 0;
		len = 1 + utf8_char(scan->at + 1, left - 1);
	}
	scan->at += len;
	return true;
}

static bool
check_string(struct scan *scan)
{
	bool has_nul = false;

	for (scan->at++; peek(scan) != '"';) {
		if (scan->at == scan->end)
			return complain(scan, "the end within a string");
		if (!check_character(scan, &has_nul))
			return false;
	}
	for (scan->at++; one_of(peek(scan), " \t\r\n");)
		scan->at++;
	if (has_nul && peek(scan) == ':')
		return complain(scan, "a NUL in a member's name");
	return true;
}

/* Brackets, white space, and the letters of true, false and null. */
static bool
check_other(struct scan *scan)
{
	if (!one_of(peek(scan), "{}[]:, \t\r\ntruefalsn"))
		return complain(scan, "not JSON");
	scan->at++;
	return true;
}

static bool
check_token(struct scan *scan)
{
	char c = peek(scan);

	if (c == '"')
		return check_string(scan);
	if (c == '-' || is_digit(c))
		return check_number(scan);
	return check_other(scan);
}

bool
doc_check(const char *text, size_t len, struct error *error)
{
	struct scan scan = { .at = text, .end = text + len };

	while (scan.at < scan.end)
		if (!check_token(&scan))
			return error_set(error, "Doc.Malformed", "byte %zu: %s",
			    (size_t)(scan.at - text), scan.complaint);
	return true;
}
