/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the three tasks share: the services they call, the settings they obey
 * and who the daemon is. It is the `context` that the engine hands to a task.
 */
#ifndef KG_WORKFLOW_WORKFLOW_H
#define KG_WORKFLOW_WORKFLOW_H

#include <stdbool.h>

#include "workflow/response.h"

struct aws;
struct breaker;
struct loop;
struct store;

/* Of the configuration; all but the topic may change by SIGHUP. */
struct workflow_settings {
	const char *topic_arn;
	bool details;   /* [notify] details */
	int max_events; /* [summary] max_events */
	int hours;      /* [summary] hours */
	struct response response;
};

struct workflow {
	struct loop *loop;
	struct aws *aws;
	struct store *store;
	struct breaker *breaker;
	struct workflow_settings settings; /* strings borrowed of the config */
	/* Who we are, by STS; "" while not known. */
	char account[32];
	char arn[2100];
};

#endif
