/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parser, line by line. A line that begins with white space continues the
 * value above it, or, when that is empty, is a property within it, of which we
 * know none.
 */
#include "aws/cred_profile.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "util/buf.h"
#include "util/cleanup.h"

/* clang-format off */
static const struct {
	const char *name;
	size_t offset;
} properties[] = {
	{ "aws_access_key_id", offsetof(struct cred_profile, keys.id) },
	{ "aws_secret_access_key", offsetof(struct cred_profile, keys.key) },
	{ "aws_session_token", offsetof(struct cred_profile, keys.token) },
	{ "role_arn", offsetof(struct cred_profile, role) },
	{ "credential_process", offsetof(struct cred_profile, process) },
};
/* clang-format on */

struct text {
	const char *at;
	size_t len;
};

struct parser {
	const char *profile_name;
	struct cred_profile *profile;
	bool in_section;      /* of whatever name */
	bool in_profile;      /* of the one that we want */
	bool in_property;     /* a line may continue it */
	struct secret *value; /* where its value goes; NULL: nowhere */
};

void
cred_profile_done(struct cred_profile *profile)
{
	cred_keys_done(&profile->keys);
	secret_done(&profile->role);
	secret_done(&profile->process);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool
is_comment(char c)
{
	return c == '#' || c == ';';
}

static struct text
trim(struct text text)
{
	while (text.len > 0 && is_blank(text.at[0])) {
		text.at++;
		text.len--;
	}
	while (text.len > 0 && is_blank(text.at[text.len - 1]))
		text.len--;
	return text;
}

/* Cuts a comment off that has white space before it. */
static struct text
cut_comment(struct text text)
{
	for (size_t i = 1; i < text.len; i++)
		if (is_comment(text.at[i]) && is_blank(text.at[i - 1]))
			text.len = i;
	return text;
}

static bool
equals(struct text text, const char *name)
{
	return text.len == strlen(name) &&
	    strncasecmp(text.at, name, text.len) == 0;
}

static const char *
parse_section(struct parser *parser, struct text line)
{
	const char *end = memchr(line.at, ']', line.len);
	struct text name, rest;

	if (end == NULL)
		return "a section without its ]";
	name = trim((struct text){ line.at + 1, (size_t)(end - line.at - 1) });
	rest = trim(
	    (struct text){ end + 1, line.len - (size_t)(end + 1 - line.at) });
	if (rest.len > 0 && !is_comment(rest.at[0]))
		return "text behind a section";
	parser->in_section = true;
	parser->in_property = false;
	/* Names are told apart by case; properties are not. */
	parser->in_profile = name.len == strlen(parser->profile_name) &&
	    memcmp(name.at, parser->profile_name, name.len) == 0;
	parser->profile->found |= parser->in_profile;
	return NULL;
}

/* Where the value of a property goes; NULL when we do not know it. */
static struct secret *
find_property(struct parser *parser, struct text name)
{
	if (!parser->in_profile)
		return NULL;
	for (size_t i = 0; i < sizeof properties / sizeof *properties; i++)
		if (equals(name, properties[i].name))
			return (struct secret *)((char *)parser->profile +
			    properties[i].offset);
	return NULL;
}

static const char *
parse_property(struct parser *parser, struct text line)
{
	const char *equal = memchr(line.at, '=', line.len);
	struct text name, value;

	if (!parser->in_section)
		return "text before any section";
	if (equal == NULL)
		return "a line without =";
	name = trim((struct text){ line.at, (size_t)(equal - line.at) });
	if (name.len == 0)
		return "a property without a name";
	value.at = equal + 1;
	value.len = line.len - (size_t)(equal + 1 - line.at);
	value = trim(cut_comment(value));
	parser->in_property = true;
	parser->value = find_property(parser, name);
	if (parser->value != NULL)
		secret_set(parser->value, value.at, value.len);
	return NULL;
}

static const char *
parse_continuation(struct parser *parser, struct text line)
{
	CLEANUP(buf_wipe) struct buf longer = { 0 };

	if (!parser->in_property)
		return "an indented line that continues nothing";
	if (parser->value == NULL || parser->value->len == 0)
		return NULL;
	longer.max = parser->value->len + 1 + line.len;
	buf_reserve(&longer, longer.max);
	buf_add(&longer, parser->value->bytes, parser->value->len);
	buf_puts(&longer, "\n");
	buf_add(&longer, line.at, line.len);
	secret_set(parser->value, longer.data, longer.len);
	return NULL;
}

static const char *
parse_line(struct parser *parser, struct text line)
{
	struct text trimmed = trim(line);

	if (trimmed.len == 0)
		return NULL;
	if (is_blank(line.at[0]))
		return parse_continuation(parser, trimmed);
	if (is_comment(line.at[0]))
		return NULL;
	if (line.at[0] == '[')
		return parse_section(parser, trimmed);
	return parse_property(parser, trimmed);
}

const char *
cred_profile_parse(const char *text, size_t len, const char *name,
    struct cred_profile *ret_profile, unsigned *ret_line)
{
	struct parser parser = { .profile_name = name, .profile = ret_profile };
	const char *wrong = NULL;

	*ret_line = 0;
	while (wrong == NULL && len > 0) {
		const char *end = memchr(text, '\n', len);
		size_t line = end != NULL ? (size_t)(end - text) : len;

		++*ret_line;
		wrong = parse_line(&parser, (struct text){ text, line });
		line += end != NULL;
		text += line;
		len -= line;
	}
	return wrong;
}
