/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts are taken or refused as they stand; numbers have a range in their row.
 */
#include "daemon/schema_type.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "daemon/schema.h"
#include "loop/http.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/duration.h"
#include "workflow/finding.h"

static bool
set_text(const struct schema_row *row, void *value, const char *text)
{
	char **string = value;

	if (*text != '\0' && !row->type->accepts(text))
		return false;
	free(*string);
	*string = xstrdup(text);
	return true;
}

static void
print_text(const struct schema_row *row, const void *value, struct buf *out)
{
	char *const *string = value;

	(void)row;
	buf_puts(out, *string);
}

/* Words with blanks between them, each acceptable; kept with single ones. */
static bool
set_list(const struct schema_row *row, void *value, const char *text)
{
	struct buf CLEANUP(buf_done) list = BUF_INIT(strlen(text) + 1);
	FREE_LATER char *words = xstrdup(text);
	char *rest = NULL;

	for (char *word = strtok_r(words, " \t", &rest); word != NULL;
	     word = strtok_r(NULL, " \t", &rest)) {
		if (!row->type->accepts(word))
			return false;
		buf_printf(&list, "%s%s", list.len > 0 ? " " : "", word);
	}
	free(*(char **)value);
	*(char **)value = xstrdup(buf_text(&list));
	return true;
}

static bool
set_choice(const struct schema_row *row, void *value, const char *text)
{
	for (int i = 0; row->choices[i] != NULL; i++)
		if (strcmp(text, row->choices[i]) == 0) {
			*(int *)value = i;
			return true;
		}
	return false;
}

static void
print_choice(const struct schema_row *row, const void *value, struct buf *out)
{
	buf_puts(out, row->choices[*(const int *)value]);
}

static bool
set_bool(const struct schema_row *row, void *value, const char *text)
{
	static const char *const words[2][4] = {
		{ "no", "false", "off", "0" },
		{ "yes", "true", "on", "1" },
	};

	(void)row;
	for (int on = 0; on < 2; on++)
		for (int i = 0; i < 4; i++)
			if (strcasecmp(text, words[on][i]) == 0) {
				*(bool *)value = on;
				return true;
			}
	return false;
}

static void
print_bool(const struct schema_row *row, const void *value, struct buf *out)
{
	(void)row;
	buf_puts(out, *(const bool *)value ? "yes" : "no");
}

static bool
in_range(const struct schema_row *row, double number)
{
	return number >= row->min && number <= row->max;
}

static bool
set_number(const struct schema_row *row, void *value, const char *text)
{
	size_t len = strspn(text, "0123456789.");
	char *end;
	double number = strtod(text, &end);

	if (len == 0 || text[len] != '\0' || *end != '\0' ||
	    !in_range(row, number))
		return false;
	*(double *)value = number;
	return true;
}

static void
print_number(const struct schema_row *row, const void *value, struct buf *out)
{
	(void)row;
	buf_printf(out, "%g", *(const double *)value);
}

static bool
set_count(const struct schema_row *row, void *value, const char *text)
{
	double number;

	if (!set_number(row, &number, text) || number != floor(number))
		return false;
	*(int64_t *)value = (int64_t)number;
	return true;
}

static void
print_count(const struct schema_row *row, const void *value, struct buf *out)
{
	(void)row;
	buf_printf(out, "%" PRId64, *(const int64_t *)value);
}

static bool
set_duration(const struct schema_row *row, void *value, const char *text)
{
	int64_t ms;

	if (!duration_parse(text, &ms) || !in_range(row, (double)ms))
		return false;
	*(int64_t *)value = ms;
	return true;
}

static void
print_duration(const struct schema_row *row, const void *value, struct buf *out)
{
	FREE_LATER char *text = duration_text(*(const int64_t *)value);

	(void)row;
	buf_puts(out, text);
}

/* ---- which texts are accepted ---- */

static bool
is_region(const char *text)
{
	return strlen(text) <= 63 && text[0] != '-' &&
	    text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

static bool
is_url(const char *text)
{
	struct http_url url;

	return http_url_parse(text, &url, NULL);
}

static bool
is_topic(const char *text)
{
	int colons = 0;

	for (const char *at = text; *at != '\0'; at++)
		colons += *at == ':';
	return strncmp(text, "arn:", 4) == 0 && colons == 5 &&
	    strstr(text, ":sns:") != NULL && strrchr(text, ':')[1] != '\0' &&
	    strpbrk(text, " \t") == NULL;
}

static bool
is_path(const char *text)
{
	return text[0] == '/' && text[strlen(text) - 1] != '/';
}

/* A path that fits into the address of a unix socket. */
static bool
is_socket(const char *text)
{
	return is_path(text) && strlen(text) < 108;
}

static bool
is_group(const char *text)
{
	return strpbrk(text, " \t:/") == NULL;
}

#define USER_NAME                                                              \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+=.@-"

/* Of IAM user names, or a glob of them. What can match no name would protect
 * nobody: a bracket that does not end, or commas taken for separators. A name
 * with a comma, which IAM allows, takes a `?` for it. */
static bool
is_user_glob(const char *text)
{
	const char *at = text + strspn(text, USER_NAME "*?");

	while (*at == '[') {
		at += at[1] == '!' ? 2 : 1;
		if (*at == ']')
			return false;
		at += strspn(at, USER_NAME);
		if (*at++ != ']')
			return false;
		at += strspn(at, USER_NAME "*?");
	}
	return *at == '\0' && strlen(text) <= 256;
}

#define TEXT(set_, accepts_)                                                   \
	{                                                                      \
		sizeof(char *), true, set_, print_text, accepts_               \
	}
#define VALUE(c_type, name)                                                    \
	{                                                                      \
		sizeof(c_type), false, set_##name, print_##name, NULL          \
	}

const struct schema_type schema_region = TEXT(set_text, is_region);
const struct schema_type schema_url = TEXT(set_text, is_url);
const struct schema_type schema_topic = TEXT(set_text, is_topic);
const struct schema_type schema_path = TEXT(set_text, is_path);
const struct schema_type schema_socket = TEXT(set_text, is_socket);
const struct schema_type schema_group = TEXT(set_text, is_group);
const struct schema_type schema_users = TEXT(set_list, is_user_glob);
const struct schema_type schema_keys = TEXT(set_list, finding_key_id);
const struct schema_type schema_bool = VALUE(bool, bool);
const struct schema_type schema_number = VALUE(double, number);
const struct schema_type schema_count = VALUE(int64_t, count);
const struct schema_type schema_duration = VALUE(int64_t, duration);
const struct schema_type schema_choice = VALUE(int, choice);
