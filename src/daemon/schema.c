/* SPDX-License-Identifier: Apache-2.0 */
/*
 * THE ROWS of the configuration, and the types of their values.
 */
#include "daemon/schema.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "daemon/config.h"
#include "loop/http.h"
#include "util/alloc.h"
#include "util/buf.h"

/* How a kind of value is read, printed and compared. */
struct schema_type {
	size_t size;
	bool text; /* an owned string */
	bool (*set)(
	    const struct schema_row *row, void *value, const char *text);
	void (*print)(const void *value, struct buf *out);
	bool (*accepts)(const char *text); /* of texts; "" always is */
};

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
print_text(const void *value, struct buf *out)
{
	char *const *string = value;

	buf_puts(out, *string);
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
print_bool(const void *value, struct buf *out)
{
	buf_puts(out, *(const bool *)value ? "yes" : "no");
}

static bool
parse_number(const struct schema_row *row, const char *text, double *ret)
{
	char *end;

	errno = 0;
	*ret = strtod(text, &end);
	return errno == 0 && end != text && *end == '\0' &&
	    text[strspn(text, "0123456789.")] == '\0' && *ret >= row->min &&
	    *ret <= row->max;
}

static bool
set_number(const struct schema_row *row, void *value, const char *text)
{
	double number;

	if (!parse_number(row, text, &number))
		return false;
	*(double *)value = number;
	return true;
}

static void
print_number(const void *value, struct buf *out)
{
	buf_printf(out, "%g", *(const double *)value);
}

static bool
set_count(const struct schema_row *row, void *value, const char *text)
{
	double number;

	if (!parse_number(row, text, &number) || number != floor(number))
		return false;
	*(int64_t *)value = (int64_t)number;
	return true;
}

static void
print_count(const void *value, struct buf *out)
{
	buf_printf(out, "%lld", (long long)*(const int64_t *)value);
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

#define TEXT(accepts_)                                                         \
	{                                                                      \
		sizeof(char *), true, set_text, print_text, accepts_           \
	}

static const struct schema_type region = TEXT(is_region);
static const struct schema_type url = TEXT(is_url);
static const struct schema_type topic = TEXT(is_topic);
static const struct schema_type path = TEXT(is_path);
static const struct schema_type socket_path = TEXT(is_socket);
static const struct schema_type group = TEXT(is_group);
static const struct schema_type boolean = { sizeof(bool), false, set_bool,
	print_bool, NULL };
static const struct schema_type number = { sizeof(double), false, set_number,
	print_number, NULL };
static const struct schema_type count = { sizeof(int64_t), false, set_count,
	print_count, NULL };

/* ---- the rows ---- */

#define AT(member) offsetof(struct config, member)
#define A_URL      "an https URL, or an http URL of this machine (loopback)"
#define A_PATH     "an absolute path"

#define ENDPOINT(key_, service)                                                \
	{                                                                      \
		.section = "aws", .key = key_, .type = &url,                   \
		.offset = AT(endpoint) + (service) * sizeof(char *),           \
		.otherwise = "", .accepts = A_URL                              \
	}

/* clang-format off */
const struct schema_row schema[] = {
	{ .section = "aws", .key = "region", .type = &region,
	    .offset = AT(region), .otherwise = NULL,
	    .accepts = "a Region such as us-east-1" },
	{ .section = "aws", .key = "endpoint_url", .type = &url,
	    .offset = AT(endpoint_url), .otherwise = "", .accepts = A_URL },
	ENDPOINT("endpoint_url_sqs", AWS_SQS),
	ENDPOINT("endpoint_url_iam", AWS_IAM),
	ENDPOINT("endpoint_url_cloudtrail", AWS_CLOUDTRAIL),
	ENDPOINT("endpoint_url_sns", AWS_SNS),
	ENDPOINT("endpoint_url_sts", AWS_STS),
	{ .section = "aws", .key = "ca_bundle", .type = &path,
	    .offset = AT(ca_bundle), .otherwise = "", .reloads = true,
	    .accepts = "the absolute path of a PEM file" },
	{ .section = "queue", .key = "url", .type = &url,
	    .offset = AT(queue_url), .otherwise = NULL,
	    .accepts = "the URL of an SQS queue" },
	{ .section = "notify", .key = "topic_arn", .type = &topic,
	    .offset = AT(topic_arn), .otherwise = NULL,
	    .accepts = "the ARN of an SNS topic" },
	{ .section = "notify", .key = "details", .type = &boolean,
	    .offset = AT(details), .otherwise = "yes", .reloads = true,
	    .accepts = "yes or no" },
	{ .section = "summary", .key = "max_events", .type = &count,
	    .offset = AT(max_events), .otherwise = "50", .min = 1,
	    .max = 1000, .reloads = true,
	    .accepts = "a number of events from 1 to 1000" },
	{ .section = "summary", .key = "lookup_rate", .type = &number,
	    .offset = AT(lookup_rate), .otherwise = "2", .min = 0.1,
	    .max = 100, .reloads = true,
	    .accepts = "calls per second, from 0.1 to 100" },
	{ .section = "summary", .key = "hours", .type = &count,
	    .offset = AT(hours), .otherwise = "24", .min = 1, .max = 2160,
	    .reloads = true,
	    .accepts = "a number of hours from 1 to 2160" },
	{ .section = "limits", .key = "containing", .type = &count,
	    .offset = AT(containing), .otherwise = "256", .min = 1,
	    .max = 100000, .reloads = true,
	    .accepts = "a number of executions from 1 to 100000" },
	{ .section = "store", .key = "path", .type = &path,
	    .offset = AT(store_path),
	    .otherwise = "/var/lib/keyguardd/keyguardd.db",
	    .accepts = A_PATH },
	{ .section = "control", .key = "socket", .type = &socket_path,
	    .offset = AT(socket),
	    .otherwise = "/run/keyguardd/control.sock",
	    .accepts = "an absolute path of less than 108 bytes" },
	{ .section = "control", .key = "group", .type = &group,
	    .offset = AT(group), .otherwise = "keyguard",
	    .accepts = "the name of a group" },
	{ 0 },
};
/* clang-format on */

static void *
at(const struct schema_row *row, const struct config *config)
{
	return (char *)(uintptr_t)config + row->offset;
}

const struct schema_row *
schema_find(const char *section, const char *key)
{
	for (const struct schema_row *row = schema; row->section; row++)
		if (strcmp(row->section, section) == 0 &&
		    strcmp(row->key, key) == 0)
			return row;
	return NULL;
}

bool
schema_has(const char *section)
{
	for (const struct schema_row *row = schema; row->section; row++)
		if (strcmp(row->section, section) == 0)
			return true;
	return false;
}

void
schema_known(const char *section, struct buf *out)
{
	const char *last = NULL;
	size_t before = out->len;

	for (const struct schema_row *row = schema; row->section; row++)
		if (strcmp(row->section, section) == 0)
			buf_printf(out, "%s%s", out->len > before ? ", " : "",
			    row->key);
	if (out->len > before)
		return;
	for (const struct schema_row *row = schema; row->section; row++) {
		if (last == NULL || strcmp(last, row->section) != 0)
			buf_printf(out, "%s[%s]", last != NULL ? ", " : "",
			    row->section);
		last = row->section;
	}
}

bool
schema_set(
    const struct schema_row *row, struct config *config, const char *text)
{
	return row->type->set(row, at(row, config), text);
}

bool
schema_empty(const struct schema_row *row, const struct config *config)
{
	return row->type->text && **(char **)at(row, config) == '\0';
}

void
schema_print(
    const struct schema_row *row, const struct config *config, struct buf *out)
{
	row->type->print(at(row, config), out);
}

bool
schema_same(const struct schema_row *row, const struct config *one,
    const struct config *other)
{
	if (row->type->text)
		return strcmp(*(char **)at(row, one),
			   *(char **)at(row, other)) == 0;
	return memcmp(at(row, one), at(row, other), row->type->size) == 0;
}

void
schema_swap(
    const struct schema_row *row, struct config *one, struct config *other)
{
	char kept[sizeof(double)];

	memcpy(kept, at(row, one), row->type->size);
	memcpy(at(row, one), at(row, other), row->type->size);
	memcpy(at(row, other), kept, row->type->size);
}

void
schema_free(const struct schema_row *row, struct config *config)
{
	char **string = at(row, config);

	if (!row->type->text)
		return;
	free(*string);
	*string = NULL;
}
