/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a request goes and for which Region it is signed: AWS's own hosts by
 * partition and Region, or a custom URL (aws-protocols 2). Pure.
 */
#ifndef KG_AWS_ENDPOINT_H
#define KG_AWS_ENDPOINT_H

#include <stdbool.h>

#include "aws/client.h"

#define ENDPOINT_REGION 64 /* a DNS label and a NUL */

struct endpoint {
	char url[1400];               /* for http_send */
	char host[272];               /* the Host header that curl will send */
	char path[1024];              /* as sent */
	char region[ENDPOINT_REGION]; /* to sign for */
};

/* Whether `region` can be put into a host name; `Config.Region` otherwise. */
bool endpoint_check_region(const char *region, struct error *error);

/*
 * The endpoint of a service in a Region; `custom` (NULL: AWS's own) keeps the
 * Region that is signed. False with `Config.Region` or `Config.Endpoint`.
 */
bool endpoint_resolve(enum aws_service service, const char *region,
    const char *custom, struct endpoint *ret_endpoint, struct error *error);

/* The Region in a queue's URL, in all forms that SQS has had; false when it
 * says none (a custom host). */
bool endpoint_queue_region(
    const char *queue_url, char ret_region[ENDPOINT_REGION]);

/* The Region in a topic's ARN; false when it is no ARN of a topic. */
bool endpoint_topic_region(
    const char *topic_arn, char ret_region[ENDPOINT_REGION]);

#endif
