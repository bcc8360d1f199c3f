/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of a call: limiter, credentials, sign, send.
 */
#include "aws/call.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/client_state.h"
#include "aws/credentials.h"
#include "aws/failure.h"
#include "aws/failure_table.h"
#include "aws/limiter.h"
#include "aws/skew.h"
#include "loop/loop.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/log.h"

#define TIMEOUT_MS SECONDS(10)
#define MAX_ANSWER ((size_t)256 << 10)

struct aws_call {
	struct aws *aws;
	struct aws_call *next, **link; /* in aws->calls */
	struct call_operation operation;
	struct aws_options options;
	call_any *done;
	void *arg;

	struct error *refusal; /* why it shall fail without being sent */
	struct loop_defer begin;
	struct limiter_place place;
	struct credentials_wait wait;
	bool waits_for_credentials;
	struct http_request *sent;

	bool signed_anew; /* no third time */
	unsigned credentials_age;
};

/* Calls `left` or `waits`; the call may be gone afterwards. */
static void
tell(void (*what)(void *arg), void *arg)
{
	if (what != NULL)
		what(arg);
}

static void
call_free(struct aws_call *call)
{
	struct aws *aws = call->aws;

	*call->link = call->next;
	if (call->next != NULL)
		call->next->link = call->link;
	loop_defer_clear(&call->begin);
	if (call->waits_for_credentials)
		aws->provider->cancel(aws->provider->self, &call->wait);
	if (call->sent != NULL)
		http_cancel(call->sent);
	limiter_leave(aws->limiter, &call->place);
	free(call->operation.request.body);
	free(call->refusal);
	free(call);
}

static void
end_call(struct aws_call *call, const struct http_answer *answer,
    const struct error *error)
{
	call_finish *finish = call->operation.finish;
	struct call_end end = {
		.service = call->operation.request.service,
		.answer = answer,
		.error = error,
		.count = call->operation.count,
		.done = call->done,
		.arg = call->arg,
	};

	call_free(call);
	finish(&end);
}

static void
ask_credentials(struct aws_call *call)
{
	struct credentials_provider *provider = call->aws->provider;

	call->waits_for_credentials = true;
	provider->get(provider->self, &call->wait);
}

/* What was given out is no good. Only for the first of all the calls that were
 * signed with it, lest the others throw away what replaces it. */
static void
renew_credentials(struct aws_call *call)
{
	struct aws *aws = call->aws;

	if (call->credentials_age != aws->credentials_age)
		return;
	aws->credentials_age++;
	aws->provider->invalidate(aws->provider->self);
}

/* Whether it is our clock that is wrong; `dated` as below. */
static bool
clock_is_wrong(struct aws_call *call, bool dated)
{
	enum aws_service service = call->operation.request.service;
	int64_t skew_ms = call->aws->skew_ms[service];

	if (!dated || !skew_explains(skew_ms))
		return false;
	log_line(LEVEL_WARNING,
	    "our clock is %" PRId64 " s %s that of %s, by which is signed now",
	    (skew_ms > 0 ? skew_ms : -skew_ms) / SECONDS(1),
	    skew_ms > 0 ? "behind" : "ahead of", aws_service_name(service));
	return true;
}

/* Whether signing anew can help against a failure. `dated`: the answer told
 * how wrong our clock is. */
static bool
can_mend(struct aws_call *call, const struct error *failure, bool dated)
{
	enum aws_service service = call->operation.request.service;

	switch (failure_blame(service, failure)) {
	case BLAME_NOTHING:
		return false;
	case BLAME_CLOCK:
		return clock_is_wrong(call, dated);
	case BLAME_TOKEN:
		renew_credentials(call);
		return true;
	case BLAME_KEY:
		renew_credentials(call);
		return false;
	}
	return false;
}

static void
on_failure(struct aws_call *call, const struct http_answer *answer, bool dated)
{
	struct error failure;

	failure_parse(call->operation.request.service, answer, &failure);
	if (failure.class == CLASS_THROTTLED)
		limiter_throttled(call->aws->limiter, call->place.lane);
	if (!can_mend(call, &failure, dated) || call->signed_anew) {
		end_call(call, NULL, &failure);
		return;
	}
	call->signed_anew = true;
	ask_credentials(call);
	tell(call->options.waits, call->arg);
}

static void
on_answer(
    void *arg, const struct http_answer *answer, const struct error *error)
{
	struct aws_call *call = arg;
	enum aws_service service = call->operation.request.service;
	bool dated;

	call->sent = NULL;
	if (answer == NULL) {
		end_call(call, NULL, error);
		return;
	}
	dated = skew_measure(answer, &call->aws->skew_ms[service]);
	if (dated)
		call->aws->last_skew_ms = call->aws->skew_ms[service];
	if (failure_status(answer->status))
		on_failure(call, answer, dated);
	else
		end_call(call, answer, NULL);
}

static bool
sign(struct aws_call *call, const struct credentials *credentials,
    struct endpoint *ret_endpoint, struct request_signed *ret_signed,
    struct error *error)
{
	struct aws *aws = call->aws;
	const struct request *request = &call->operation.request;
	const char *region =
	    request->region[0] != '\0' ? request->region : aws->region;
	int64_t wall_ms = clock_wall_ms(loop_clock(aws->loop)) +
	    aws->skew_ms[request->service];

	if (!endpoint_resolve(request->service, region,
		aws->endpoint[request->service], ret_endpoint, error) ||
	    !request_sign(
		request, ret_endpoint, credentials, wall_ms, ret_signed, error))
		return false;
	call->credentials_age = aws->credentials_age;
	snprintf(
	    aws->key_id, sizeof aws->key_id, "%s", credentials->access_key_id);
	return true;
}

static void
send_signed(
    struct aws_call *call, const char *url, const struct http_header *headers)
{
	const struct request *request = &call->operation.request;
	struct http_message message = {
		.method = "POST",
		.url = url,
		.headers = headers,
		.body = request->body,
		.body_len = strlen(request->body),
		.timeout_ms =
		    request->timeout_ms != 0 ? request->timeout_ms : TIMEOUT_MS,
		.max_answer =
		    request->max_answer != 0 ? request->max_answer : MAX_ANSWER,
	};

	call->sent = http_send(call->aws->http, &message, on_answer, call);
}

static void
on_credentials(
    void *arg, const struct credentials *credentials, const struct error *error)
{
	struct aws_call *call = arg;
	CLEANUP(request_signed_done) struct request_signed sent = { 0 };
	struct endpoint endpoint;
	struct error failure;

	call->waits_for_credentials = false;
	if (credentials == NULL) {
		end_call(call, NULL, error);
		return;
	}
	if (!sign(call, credentials, &endpoint, &sent, &failure)) {
		end_call(call, NULL, &failure);
		return;
	}
	send_signed(call, endpoint.url, sent.headers);
	tell(call->options.left, call->arg);
}

static void
on_granted(void *arg)
{
	ask_credentials(arg);
}

static void
begin(void *arg)
{
	struct aws_call *call = arg;

	if (call->refusal != NULL) {
		struct error refusal = *call->refusal;

		end_call(call, NULL, &refusal);
		return;
	}
	limiter_enter(call->aws->limiter, &call->place);
	tell(call->options.waits, call->arg);
}

static struct aws_call *
call_new(struct aws *aws, const struct call_operation *operation,
    call_any *done, void *arg)
{
	struct aws_call *call = xzalloc(sizeof *call);

	call->aws = aws;
	call->operation = *operation;
	call->options.rank = AWS_RANK_REST;
	call->done = done;
	call->arg = arg;
	call->wait.found = on_credentials;
	call->wait.arg = call;
	call->place.granted = on_granted;
	call->place.arg = call;
	call->place.lane = operation->request.long_poll
	    ? LANE_POLL
	    : operation->request.service;

	call->next = aws->calls;
	call->link = &aws->calls;
	if (call->next != NULL)
		call->next->link = &call->next;
	aws->calls = call;
	loop_defer_init(&call->begin, aws->loop, begin, call);
	loop_defer_set(&call->begin);
	return call;
}

struct aws_call *
call_refuse(struct aws *aws, const struct call_operation *operation,
    const struct error *error, call_any *done, void *arg)
{
	struct aws_call *call = call_new(aws, operation, done, arg);

	call->refusal = xzalloc(sizeof *call->refusal);
	*call->refusal = *error;
	return call;
}

struct aws_call *
call_start(struct aws *aws, const struct call_operation *operation,
    const struct aws_options *options, call_any *done, void *arg)
{
	struct error error;
	struct aws_call *call;

	if (operation->request.body == NULL) {
		error_set(&error, "Aws.RequestTooLarge", "more than %s takes",
		    aws_service_name(operation->request.service));
		return call_refuse(aws, operation, &error, done, arg);
	}
	call = call_new(aws, operation, done, arg);
	if (options != NULL)
		call->options = *options;
	call->place.rank = call->options.rank;
	return call;
}

void
aws_call_cancel(struct aws_call *call)
{
	if (call != NULL)
		call_free(call);
}
