/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The AWS client: what every call shares. Endpoints, credentials, the caps on
 * calls in flight, the rates, the clock skew that was seen.
 */
#ifndef KG_AWS_CLIENT_H
#define KG_AWS_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/error.h"

struct aws;
struct aws_call; /* a call under way, of whichever operation */
struct credentials_provider;
struct http;
struct loop;

enum aws_service {
	AWS_SQS,
	AWS_IAM,
	AWS_CLOUDTRAIL,
	AWS_SNS,
	AWS_STS,
	AWS_SERVICES, /* how many there are */
};

/* Waiting calls of a service are served by rank. */
enum aws_rank {
	AWS_RANK_DELETE,
	AWS_RANK_LOOK_UP,
	AWS_RANK_REST,
};

struct aws_settings {
	const char *region;
	/* Custom endpoint URLs, already by precedence; NULL: AWS's own. */
	const char *endpoint[AWS_SERVICES];
	double lookup_rate; /* CloudTrail LookupEvents per second */
};

/*
 * What a caller wants of a call beside its operation's parameters. The call
 * waits for its place, its rate and credentials; `left` is called each time a
 * request of it goes out, `waits` (either may be NULL) when it has to
 * wait again. Both with the `arg` of the call's callback.
 */
struct aws_options {
	enum aws_rank rank;
	void (*left)(void *arg);
	void (*waits)(void *arg);
};

/* A client; refuses an unusable region or endpoint (`Config.*`). Borrows loop,
 * http and provider for its life; copies the settings. */
struct aws *aws_new(struct loop *loop, struct http *http,
    struct credentials_provider *provider, const struct aws_settings *settings,
    struct error *error);

/* Cancels all calls and frees. NULL is fine. */
void aws_free(struct aws *aws);

/* Ends a call without a callback. */
void aws_call_cancel(struct aws_call *call);

/* SIGHUP: a new rate for LookupEvents. */
void aws_set_lookup_rate(struct aws *aws, double per_second);

/* Whether `key_id` is the access key that this daemon last signed with. */
bool aws_own_key(const struct aws *aws, const char *key_id);

/* The time by AWS's clocks, in ms since the epoch: ours, put right by the last
 * answer that bore a date. */
int64_t aws_wall_ms(const struct aws *aws);

/* "SQS", "IAM", "CloudTrail", "SNS", "STS": the prefix of error names. */
const char *aws_service_name(enum aws_service service);

#endif
