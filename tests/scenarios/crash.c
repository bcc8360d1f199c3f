/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The daemon dies after its n-th callback, for every n there is, starts anew
 * and goes on: each time the key is dead, security has been told the truth,
 * the queue is empty and there is one execution. AWS is the sandbox's, and
 * does not always answer.
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

/* What AWS does beside answering, once, and how often security may be told:
 * once for each answer that can get lost. */
static const struct fault_case {
	const char *name, *faults;
	size_t told;
} cases[] = {
	{ "AWS works", "", 2 },
	{ "IAM deletes and hangs up",
	    "{\"service\":\"IAM\",\"operation\":\"DeleteAccessKey\","
	    "\"do\":\"close\",\"act\":true,\"nth\":1}",
	    2 },
	{ "IAM fails and throttles",
	    "{\"service\":\"IAM\",\"do\":\"error\",\"status\":500,\"code\":"
	    "\"ServiceFailure\",\"nth\":1},"
	    "{\"service\":\"IAM\",\"operation\":\"DeleteAccessKey\",\"do\":"
	    "\"throttle\",\"nth\":1}",
	    2 },
	{ "CloudTrail throttles",
	    "{\"service\":\"CloudTrail\",\"do\":\"throttle\",\"nth\":1}", 2 },
	{ "SNS publishes and hangs up",
	    "{\"service\":\"SNS\",\"do\":\"reset\",\"act\":true,\"nth\":1}",
	    3 },
	{ "SQS does not delete",
	    "{\"service\":\"SQS\",\"operation\":\"DeleteMessageBatch\","
	    "\"do\":\"error\",\"status\":500,\"nth\":1}",
	    2 },
};

static void
begin(struct world *world, const char *faults)
{
	FREE_LATER char *event = file_read("scenarios/events/exposed.json");
	FREE_LATER char *state = xasprintf("{\"faults\":[%s]}", faults);

	world_init(world);
	cloud_load(world, state);
	cloud_send(world, event, strlen(event));
}

/* Runs so many callbacks of the first minute; false when it had fewer. */
static bool
run_callbacks(struct world *world, int count)
{
	const struct clock *clock = loop_clock(world->loop);
	int64_t start = clock_mono_ms(clock);

	while (count-- > 0) {
		fake_loop_step(world->loop);
		if (clock_mono_ms(clock) - start > MINUTES(1))
			return false;
	}
	return true;
}

/* Crashes after so many callbacks; false when that was past the end. */
static bool
crash_after(const struct fault_case *it, int count, struct error *ret_problem)
{
	struct world world;
	bool crashed;

	begin(&world, it->faults);
	world_create(&world);
	crashed = run_callbacks(&world, count);
	if (crashed)
		world_restart(&world);
	fake_loop_pass(world.loop, MINUTES(10));
	cloud_check_contained(&world, it->told);
	*ret_problem = world.problem;
	world_done(&world);
	return crashed;
}

/* For every number of callbacks there is. */
static bool
crash_everywhere(const struct fault_case *it)
{
	struct error problem = { 0 };
	int n = 0;

	while (crash_after(it, n, &problem) && problem.name[0] == '\0')
		n++;
	if (problem.name[0] == '\0') {
		printf("ok - %s: a crash after each of %d callbacks\n",
		    it->name, n);
		return true;
	}
	printf("not ok - %s: a crash after %d callbacks\n# %s\n", it->name, n,
	    problem.cause);
	return false;
}

int
main(void)
{
	size_t count = sizeof cases / sizeof cases[0];
	bool ok = true;

	world_keep_quiet();
	printf("1..%zu\n", count);
	for (size_t i = 0; i < count; i++) {
		ok &= crash_everywhere(&cases[i]);
		fflush(stdout);
	}
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
