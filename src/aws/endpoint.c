/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The partitions and the rules that make host names of them.
 */
#include "aws/endpoint.h"

#include <stdio.h>
#include <string.h>

#include "aws/service.h"
#include "loop/http.h"

/* Its Regions are "<prefix><word>-<digits>". */
struct partition {
	const char *prefix;
	const char *suffix;
	const char *iam_host; /* IAM is global: one host and one Region */
	const char *iam_region;
};

/* clang-format off */
static const struct partition partitions[] = {
	{ "cn-",      "amazonaws.com.cn",
	  "iam.cn-north-1.amazonaws.com.cn", "cn-north-1" },
	{ "us-gov-",  "amazonaws.com",
	  "iam.us-gov.amazonaws.com", "us-gov-west-1" },
	{ "eusc-de-", "amazonaws.eu",
	  "iam.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1" },
	{ "us-iso-",  "c2s.ic.gov",
	  "iam.us-iso-east-1.c2s.ic.gov", "us-iso-east-1" },
	{ "us-isob-", "sc2s.sgov.gov",
	  "iam.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1" },
	{ "eu-isoe-", "cloud.adc-e.uk",
	  "iam.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1" },
	{ "us-isof-", "csp.hci.ic.gov",
	  "iam.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1" },
	/* The commercial one takes what no other does. */
	{ "",         "amazonaws.com",
	  "iam.amazonaws.com", "us-east-1" },
};
/* clang-format on */

#define ALPHABET "abcdefghijklmnopqrstuvwxyz"
#define DIGITS   "0123456789"

/* Whether `text` is "<word>-<digits>", to the end. */
static bool
is_place(const char *text)
{
	size_t word = strspn(text, ALPHABET DIGITS "_");
	size_t digits = 0;

	if (word > 0 && text[word] == '-')
		digits = strspn(text + word + 1, DIGITS);
	return digits > 0 && text[word + 1 + digits] == '\0';
}

static const struct partition *
partition_of(const char *region)
{
	const struct partition *partition = partitions;

	while (*partition->prefix != '\0') {
		size_t len = strlen(partition->prefix);

		if (strncmp(region, partition->prefix, len) == 0 &&
		    is_place(region + len))
			break;
		partition++;
	}
	return partition;
}

bool
endpoint_check_region(const char *region, struct error *error)
{
	size_t len = strlen(region);
	const char *global = "-global";

	if (len == 0 || len >= ENDPOINT_REGION || *region == '-' ||
	    strspn(region, ALPHABET "ABCDEFGHIJKLMNOPQRSTUVWXYZ" DIGITS "-") !=
		len)
		return error_set(
		    error, "Config.Region", "\"%s\" is no Region", region);
	if (len > strlen(global) &&
	    strcmp(region + len - strlen(global), global) == 0)
		return error_set(error, "Config.Region",
		    "\"%s\" stands for a whole partition: name one Region of "
		    "it",
		    region);
	return true;
}

/* curl leaves the port out where it is the scheme's own, however given. */
static void
set_host(const struct http_url *url, struct endpoint *endpoint)
{
	bool brackets = strchr(url->host, ':') != NULL;
	size_t len = (size_t)snprintf(endpoint->host, sizeof endpoint->host,
	    brackets ? "[%s]" : "%s", url->host);

	if (!url->default_port)
		snprintf(endpoint->host + len, sizeof endpoint->host - len,
		    ":%d", url->port);
}

static bool
resolve_custom(
    const char *custom, struct endpoint *endpoint, struct error *error)
{
	struct http_url url;
	struct error reason;

	if (!http_url_parse(custom, &url, &reason))
		return error_set(error, "Config.Endpoint",
		    "\"%s\" is no endpoint: %s", custom, reason.cause);
	/* curl would send an international name in its ASCII form. */
	for (const char *c = url.host; *c != '\0'; c++)
		if (*c <= ' ' || *c > '~')
			return error_set(error, "Config.Endpoint",
			    "\"%s\": a host name outside ASCII", custom);
	set_host(&url, endpoint);
	snprintf(endpoint->path, sizeof endpoint->path, "%s", url.path);
	snprintf(endpoint->url, sizeof endpoint->url, "%s://%s%s", url.scheme,
	    endpoint->host, endpoint->path);
	return true;
}

static void
resolve_own(enum aws_service service, const char *region,
    const struct partition *partition, struct endpoint *endpoint)
{
	if (service == AWS_IAM)
		snprintf(endpoint->host, sizeof endpoint->host, "%s",
		    partition->iam_host);
	else
		snprintf(endpoint->host, sizeof endpoint->host, "%s.%s.%s",
		    service_of(service)->signing_name, region,
		    partition->suffix);
	strcpy(endpoint->path, "/");
	snprintf(
	    endpoint->url, sizeof endpoint->url, "https://%s/", endpoint->host);
}

bool
endpoint_resolve(enum aws_service service, const char *region,
    const char *custom, struct endpoint *ret_endpoint, struct error *error)
{
	const struct partition *partition = partition_of(region);

	if (!endpoint_check_region(region, error))
		return false;
	snprintf(ret_endpoint->region, sizeof ret_endpoint->region, "%s",
	    service == AWS_IAM ? partition->iam_region : region);
	if (custom != NULL)
		return resolve_custom(custom, ret_endpoint, error);
	resolve_own(service, region, partition, ret_endpoint);
	return true;
}

struct label {
	const char *text;
	size_t len;
};

static bool
is_label(struct label label, const char *text)
{
	return label.len == strlen(text) &&
	    memcmp(label.text, text, label.len) == 0;
}

/* Takes a label as a Region if it reads like one: "us-east-1", or with one
 * more word, "us-gov-west-1". */
static bool
take_region(struct label label, char ret_region[ENDPOINT_REGION])
{
	char region[ENDPOINT_REGION];
	const char *rest, *dash;

	if (label.len >= sizeof region)
		return false;
	snprintf(region, sizeof region, "%.*s", (int)label.len, label.text);
	rest = region + strspn(region, ALPHABET);
	if (rest == region || *rest++ != '-')
		return false;
	dash = strchr(rest, '-');
	if (!is_place(rest) && !(dash != NULL && is_place(dash + 1)))
		return false;
	strcpy(ret_region, region);
	return true;
}

bool
endpoint_queue_region(const char *queue_url, char ret_region[ENDPOINT_REGION])
{
	const char *scheme = strstr(queue_url, "://");
	struct label before = { "", 0 };
	struct label label = { scheme != NULL ? scheme + 3 : queue_url, 0 };

	/* "sqs.<Region>." today, "<Region>.queue." or "queue." long ago. */
	for (;;) {
		label.len = strcspn(label.text, "./:");
		if ((is_label(before, "sqs") || is_label(before, "sqs-fips")) &&
		    take_region(label, ret_region))
			return true;
		if (is_label(label, "queue") && before.len == 0)
			before = (struct label){ "us-east-1", 9 };
		if (is_label(label, "queue") && take_region(before, ret_region))
			return true;
		if (label.text[label.len] != '.')
			return false;
		before = label;
		label.text += label.len + 1;
	}
}

bool
endpoint_topic_region(const char *topic_arn, char ret_region[ENDPOINT_REGION])
{
	char region[ENDPOINT_REGION];
	int name = 0;

	/* arn:aws:sns:us-east-1:123456789012:name */
	if (sscanf(topic_arn, "arn:%*15[^:]:sns:%63[^:]:%*15[^:]:%n", region,
		&name) != 1 ||
	    name == 0 || topic_arn[name] == '\0' ||
	    !endpoint_check_region(region, NULL))
		return false;
	strcpy(ret_region, region);
	return true;
}
