/* SPDX-License-Identifier: Apache-2.0 */
/*
 * THE ROWS of the configuration.
 */
#include "daemon/schema.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/config.h"
#include "daemon/schema_type.h"
#include "util/buf.h"
#include "util/clock.h"
#include "workflow/response.h"

/* ---- the rows ---- */

#define AT(member) offsetof(struct config, member)
#define A_URL      "an https URL, or an http URL of this machine (loopback)"
#define A_PATH     "an absolute path"

#define ENDPOINT(key_, service)                                                \
	{                                                                      \
		.section = "aws", .key = key_, .type = &schema_url,            \
		.offset = AT(endpoint) + (service) * sizeof(char *),           \
		.otherwise = "", .accepts = A_URL                              \
	}

/* clang-format off */
const struct schema_row schema[] = {
	{ .section = "aws", .key = "region", .type = &schema_region,
	    .offset = AT(region), .otherwise = NULL,
	    .accepts = "a Region such as us-east-1" },
	{ .section = "aws", .key = "endpoint_url", .type = &schema_url,
	    .offset = AT(endpoint_url), .otherwise = "", .accepts = A_URL },
	ENDPOINT("endpoint_url_sqs", AWS_SQS),
	ENDPOINT("endpoint_url_iam", AWS_IAM),
	ENDPOINT("endpoint_url_cloudtrail", AWS_CLOUDTRAIL),
	ENDPOINT("endpoint_url_sns", AWS_SNS),
	ENDPOINT("endpoint_url_sts", AWS_STS),
	{ .section = "aws", .key = "ca_bundle", .type = &schema_path,
	    .offset = AT(ca_bundle), .otherwise = "", .reloads = true,
	    .accepts = "the absolute path of a PEM file" },
	{ .section = "queue", .key = "url", .type = &schema_url,
	    .offset = AT(queue_url), .otherwise = NULL,
	    .accepts = "the URL of an SQS queue" },
	{ .section = "notify", .key = "topic_arn", .type = &schema_topic,
	    .offset = AT(topic_arn), .otherwise = NULL,
	    .accepts = "the ARN of an SNS topic" },
	{ .section = "notify", .key = "details", .type = &schema_bool,
	    .offset = AT(details), .otherwise = "yes", .reloads = true,
	    .accepts = "yes or no" },
	{ .section = "notify", .key = "alarm_after", .type = &schema_duration,
	    .offset = AT(alarm_after_ms), .otherwise = "10min",
	    .min = SECONDS(1), .max = DAYS(7),
	    .accepts = "a time from 1s to 7d, such as 10min" },
	{ .section = "summary", .key = "max_events", .type = &schema_count,
	    .offset = AT(max_events), .otherwise = "50", .min = 1,
	    .max = 1000, .reloads = true,
	    .accepts = "a number of events from 1 to 1000" },
	{ .section = "summary", .key = "lookup_rate", .type = &schema_number,
	    .offset = AT(lookup_rate), .otherwise = "2", .min = 0.1,
	    .max = 100, .reloads = true,
	    .accepts = "calls per second, from 0.1 to 100" },
	{ .section = "summary", .key = "hours", .type = &schema_count,
	    .offset = AT(hours), .otherwise = "24", .min = 1, .max = 2160,
	    .reloads = true,
	    .accepts = "a number of hours from 1 to 2160" },
	{ .section = "response", .key = "action", .type = &schema_choice,
	    .offset = AT(action), .otherwise = "delete",
	    .choices = response_actions, .reloads = true,
	    .accepts = "delete or notify-only" },
	{ .section = "response", .key = "protected_users",
	    .type = &schema_users, .offset = AT(protected_users),
	    .otherwise = "", .reloads = true,
	    .accepts = "names of IAM users, or globs such as ci-*, with blanks "
		       "between them" },
	{ .section = "response", .key = "protected_keys",
	    .type = &schema_keys, .offset = AT(protected_keys),
	    .otherwise = "", .reloads = true,
	    .accepts = "access key ids with blanks between them" },
	{ .section = "response", .key = "max_per_window",
	    .type = &schema_count, .offset = AT(max_per_window),
	    .otherwise = "50", .min = 1, .max = 100000, .reloads = true,
	    .accepts = "a number of keys from 1 to 100000" },
	{ .section = "response", .key = "window", .type = &schema_duration,
	    .offset = AT(window_ms), .otherwise = "10min",
	    .min = SECONDS(1), .max = DAYS(7), .reloads = true,
	    .accepts = "a time from 1s to 7d, such as 10min" },
	{ .section = "response", .key = "hold_timeout",
	    .type = &schema_duration, .offset = AT(hold_timeout_ms),
	    .otherwise = "1h", .min = SECONDS(1), .max = DAYS(7),
	    .reloads = true,
	    .accepts = "a time from 1s to 7d, such as 1h" },
	{ .section = "limits", .key = "containing", .type = &schema_count,
	    .offset = AT(containing), .otherwise = "256", .min = 1,
	    .max = 100000, .reloads = true,
	    .accepts = "a number of executions from 1 to 100000" },
	{ .section = "store", .key = "path", .type = &schema_path,
	    .offset = AT(store_path),
	    .otherwise = "/var/lib/keyguardd/keyguardd.db",
	    .accepts = A_PATH },
	{ .section = "store", .key = "retention", .type = &schema_duration,
	    .offset = AT(retention_ms), .otherwise = "90d",
	    .min = HOURS(1), .max = DAYS(3650),
	    .accepts = "a time from 1h to 3650d, such as 90d" },
	{ .section = "store", .key = "max_executions", .type = &schema_count,
	    .offset = AT(max_executions), .otherwise = "100000", .min = 100,
	    .max = 100000000,
	    .accepts = "a number of executions from 100 to 100000000" },
	{ .section = "control", .key = "socket", .type = &schema_socket,
	    .offset = AT(socket),
	    .otherwise = "/run/keyguardd/control.sock",
	    .accepts = "an absolute path of less than 108 bytes" },
	{ .section = "control", .key = "group", .type = &schema_group,
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
	row->type->print(row, at(row, config), out);
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
