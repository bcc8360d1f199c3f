/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever goes wrong twice at any call, or at every call, the key dies,
 * security is told the truth, the queue is emptied, and the history has the
 * right name for it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake/fake_loop.h"
#include "scenarios/cloud.h"
#include "unit/file.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/clock.h"

static const struct operation {
	const char *service, *name;
} operations[] = {
	{ "SQS", "GetQueueAttributes" },
	{ "SQS", "ReceiveMessage" },
	{ "STS", "GetCallerIdentity" },
	{ "IAM", "GetAccessKeyLastUsed" },
	{ "IAM", "DeleteAccessKey" },
	{ "CloudTrail", "LookupEvents" },
	{ "SNS", "Publish" },
	{ "SQS", "DeleteMessageBatch" },
};
#define OPERATIONS (sizeof operations / sizeof operations[0])

static const struct weather {
	const char *name;  /* of the case */
	const char *fault; /* what is done in place of an answer */
	const char *error; /* as IAM has it, or without a service */
	bool acted;        /* security may hear of it repeatedly */
} weathers[] = {
	{ "throttled", "\"do\":\"throttle\"", ".Throttl", false },
	{ "an internal failure",
	    "\"do\":\"error\",\"status\":500,\"code\":\"InternalFailure\"",
	    ".InternalFailure", false },
	{ "a proxy's 502", "\"do\":\"html\"", "Http.Status502", false },
	{ "a proxy's 503", "\"do\":\"html\",\"status\":503", "Http.Status503",
	    false },
	{ "a proxy's 429", "\"do\":\"html\",\"status\":429", "Http.Status429",
	    false },
	{ "a proxy's 200", "\"do\":\"html\",\"status\":200",
	    "Aws.MalformedAnswer", false },
	{ "a 200 without a body",
	    "\"do\":\"html\",\"status\":200,\"body\":\"\"",
	    "Aws.MalformedAnswer", false },
	{ "a 200 of something else",
	    "\"do\":\"html\",\"status\":200,\"body\":\"{\\\"a\\\":[1]}\"",
	    "Aws.MalformedAnswer", false },
	{ "an answer cut and spoilt", "\"do\":\"malformed\"",
	    "Aws.MalformedAnswer", true },
	{ "a connection closed", "\"do\":\"close\"", "Http.Reset", false },
	{ "a connection reset", "\"do\":\"reset\"", "Http.Reset", false },
	{ "a connection closed within the answer",
	    "\"do\":\"close\",\"bodyBytes\":7", "Http.Reset", true },
	{ "a connection closed when it is done",
	    "\"do\":\"close\",\"act\":true", "Http.Reset", true },
	{ "silence", "\"do\":\"hang\"", "Http.Timeout", false },
	{ "silence when it is done", "\"do\":\"hang\",\"act\":true",
	    "Http.Timeout", true },
	{ "a token expired", "\"do\":\"error\",\"code\":\"ExpiredToken\"",
	    ".ExpiredToken", false },
	{ "a key that AWS has not heard of yet",
	    "\"do\":\"error\",\"code\":\"InvalidClientTokenId\"", "Client",
	    false },
};

/* The rules that strike the first two calls of each of so many operations. */
static char *
rules(
    const struct weather *weather, const struct operation *first, size_t count)
{
	struct buf out = BUF_INIT(1 << 16);

	for (size_t i = 0; i < count; i++)
		buf_printf(&out, "%s{%s,\"operation\":\"%s\",\"count\":2}",
		    i > 0 ? "," : "", weather->fault, first[i].name);
	return buf_take(&out);
}

/* Whether it stands in the execution's history. */
static bool
recorded(struct world *world, const char *error)
{
	struct world_execution execution;
	bool found;

	world_show(world, 1, &execution);
	found = strstr(buf_text(&execution.history), error) != NULL;
	buf_done(&execution.history);
	return found;
}

/* Runs it with faults at so many operations. */
static bool
brave(const struct weather *weather, const struct operation *first,
    size_t count, struct error *ret_problem)
{
	FREE_LATER char *event = file_read("scenarios/events/exposed.json");
	FREE_LATER char *faults = rules(weather, first, count);
	FREE_LATER char *state = xasprintf("{\"faults\":[%s]}", faults);
	bool of_tasks = strcmp(first->service, "SQS") != 0 &&
	    strcmp(first->service, "STS") != 0;
	struct world world;

	world_init(&world);
	cloud_load(&world, state);
	cloud_send(&world, event, strlen(event));
	world_create(&world);
	fake_loop_pass(world.loop, MINUTES(15));
	cloud_check_contained(&world, 1, weather->acted ? 3 : 1);
	if (of_tasks && !recorded(&world, weather->error))
		world_fail(&world, "no attempt failed by %s", weather->error);
	*ret_problem = world.problem;
	world_done(&world);
	return ret_problem->name[0] == '\0';
}

/* At each operation, and at all of them. */
static bool
brave_everywhere(const struct weather *weather)
{
	const char *where = "every call";
	struct error problem;
	bool ok = brave(weather, operations, OPERATIONS, &problem);

	for (size_t i = 0; ok && i < OPERATIONS; i++) {
		where = operations[i].name;
		ok = brave(weather, &operations[i], 1, &problem);
	}
	printf("%sok - %s\n", ok ? "" : "not ", weather->name);
	if (!ok)
		printf("# at %s: %s\n", where, problem.cause);
	fflush(stdout);
	return ok;
}

int
main(void)
{
	size_t count = sizeof weathers / sizeof weathers[0];
	bool ok = true;

	if (getenv("KG_LOG") == NULL)
		world_keep_quiet();
	printf("1..%zu\n", count);
	for (size_t i = 0; i < count; i++)
		ok &= brave_everywhere(&weathers[i]);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
