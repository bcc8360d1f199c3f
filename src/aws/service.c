/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of the services.
 */
#include "aws/service.h"

#include <assert.h>

#define FORM "application/x-www-form-urlencoded; charset=utf-8"

/* clang-format off */
static const struct service services[AWS_SERVICES] = {
	[AWS_SQS] = {
		.name         = "SQS",
		.signing_name = "sqs",
		.content_type = "application/x-amz-json-1.0",
		.json         = true,
		.query_mode   = true,
	},
	[AWS_IAM] = {
		.name         = "IAM",
		.signing_name = "iam",
		.content_type = FORM,
	},
	[AWS_CLOUDTRAIL] = {
		.name         = "CloudTrail",
		.signing_name = "cloudtrail",
		.content_type = "application/x-amz-json-1.1",
		.json         = true,
	},
	[AWS_SNS] = {
		.name         = "SNS",
		.signing_name = "sns",
		.content_type = FORM,
	},
	[AWS_STS] = {
		.name         = "STS",
		.signing_name = "sts",
		.content_type = FORM,
	},
};
/* clang-format on */

const struct service *
service_of(enum aws_service service)
{
	assert(service < AWS_SERVICES);
	return &services[service];
}

const char *
aws_service_name(enum aws_service service)
{
	return service_of(service)->name;
}
