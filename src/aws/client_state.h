/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is behind a client, for client and call alone.
 */
#ifndef KG_AWS_CLIENT_STATE_H
#define KG_AWS_CLIENT_STATE_H

#include <stdint.h>

#include "aws/client.h"

struct limiter;

struct aws {
	struct loop *loop;
	struct http *http;
	struct credentials_provider *provider;
	struct limiter *limiter;
	struct aws_call *calls;

	char *region;
	char *endpoint[AWS_SERVICES];

	int64_t
	    skew_ms[AWS_SERVICES]; /* what their clocks are ahead of ours, */
	int64_t last_skew_ms;      /* and the one that was seen last */
	char key_id[129];          /* last signed with; "": none yet */
	/* How often credentials were thrown away: calls that were signed
	 * before do not throw away the next ones as well. */
	unsigned credentials_age;
};

#endif
