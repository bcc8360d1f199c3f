/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tells one service from another on the wire: its names and its
 * protocol (aws-protocols 1.6 and 3.1).
 */
#ifndef KG_AWS_SERVICE_H
#define KG_AWS_SERVICE_H

#include <stdbool.h>

#include "aws/client.h"

struct service {
	const char *name;         /* in the names of errors */
	const char *signing_name; /* in the scope and in the host */
	const char *content_type; /* of a request */
	bool json;                /* AWS JSON, else Query: forms and XML */
	bool query_mode; /* wants error codes in the old spelling as well */
};

/* The row of a service. */
const struct service *service_of(enum aws_service service);

#endif
