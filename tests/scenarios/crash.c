/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The daemon dies after its n-th callback, for every n there is, by itself or
 * with all or some of what was not synced, starts anew and goes on: each time
 * the key is dead, security has been told the truth,
 * the queue is empty and there is one execution, or one and its retry. AWS is
 * the sandbox's, and does not always answer. Or two keys come where one is
 * allowed: the second is held, which is told by one execution, and goes on by
 * itself.
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

/* What AWS does beside answering, for the first three minutes; how many
 * executions that makes; how often security may be told the same: once for each
 * answer that can get lost; and after how many minutes all is over. */
static const struct fault_case {
	const char *name, *faults;
	size_t executions, told;
	int minutes;
} cases[] = {
	{ "AWS works", "", 1, 2, 1 },
	{ "IAM deletes and hangs up",
	    "{\"service\":\"IAM\",\"operation\":\"DeleteAccessKey\","
	    "\"do\":\"close\",\"act\":true,\"nth\":1}",
	    1, 2, 1 },
	{ "IAM fails and throttles",
	    "{\"service\":\"IAM\",\"do\":\"error\",\"status\":500,\"code\":"
	    "\"ServiceFailure\",\"nth\":1},"
	    "{\"service\":\"IAM\",\"operation\":\"DeleteAccessKey\",\"do\":"
	    "\"throttle\",\"nth\":1}",
	    1, 2, 1 },
	{ "CloudTrail throttles",
	    "{\"service\":\"CloudTrail\",\"do\":\"throttle\",\"nth\":1}", 1, 2,
	    1 },
	{ "SNS publishes and hangs up",
	    "{\"service\":\"SNS\",\"do\":\"reset\",\"act\":true,\"nth\":1}", 1,
	    3, 1 },
	{ "SQS does not delete",
	    "{\"service\":\"SQS\",\"operation\":\"DeleteMessageBatch\","
	    "\"do\":\"error\",\"status\":500,\"nth\":1}",
	    1, 2, 1 },
	{ "SNS refuses, and it is redriven",
	    "{\"service\":\"SNS\",\"do\":\"error\",\"status\":404,\"code\":"
	    "\"NotFound\"}",
	    1, 2, 6 },
	{ "IAM fails for good, and it is retried",
	    "{\"service\":\"IAM\",\"do\":\"error\",\"status\":500,\"code\":"
	    "\"ServiceFailure\"}",
	    2, 2, 8 },
	{ "IAM deletes, its answers get lost, and it is retried",
	    "{\"service\":\"IAM\",\"operation\":\"DeleteAccessKey\",\"do\":"
	    "\"close\",\"act\":true},"
	    "{\"service\":\"IAM\",\"do\":\"error\",\"status\":500,\"code\":"
	    "\"ServiceFailure\",\"nth\":2,\"count\":1000}",
	    2, 2, 8 },
};

static const struct fault_case trip = { "the breaker trips", "", 3, 2, 1 };

static const char two_keys[] =
    "{\"users\":[{\"name\":\"bob\",\"keys\":["
    "{\"id\":\"AKIA111111111EXAMPLE\"},{\"id\":\"AKIA222222222EXAMPLE\"}]}]}";

static void
mend(void *arg)
{
	cloud_load(arg, "{\"faults\":[]}");
}

static void
begin(struct world *world, const struct fault_case *it)
{
	FREE_LATER char *event =
	    file_read(it == &trip ? "scenarios/events/two.json"
				  : "scenarios/events/exposed.json");
	FREE_LATER char *state = xasprintf("{\"faults\":[%s]}", it->faults);

	world_init(world);
	cloud_load(world, state);
	if (it == &trip) {
		world->config.max_per_window = 1;
		world->config.hold_timeout_ms = MINUTES(2);
		cloud_load(world, two_keys);
	}
	cloud_send(world, event, strlen(event));
}

/* Runs so many callbacks of these minutes; false when they had fewer. */
static bool
run_callbacks(struct world *world, int minutes, int count)
{
	const struct clock *clock = loop_clock(world->loop);
	int64_t start = clock_mono_ms(clock);

	while (count-- > 0) {
		fake_loop_step(world->loop);
		if (clock_mono_ms(clock) - start > MINUTES(minutes))
			return false;
	}
	return true;
}

/* Crashes after so many callbacks; false when that was past the end. */
static bool
crash_after(const struct fault_case *it, int count, struct error *ret_problem)
{
	struct world world;
	struct loop_timer mended;
	bool crashed;

	begin(&world, it);
	loop_timer_init(&mended, world.loop, mend, &world);
	loop_timer_set(&mended, MINUTES(3));
	world_create(&world);
	crashed = run_callbacks(&world, it->minutes, count);
	world.loss = (enum disk_loss)(count % 3);
	if (crashed)
		world_restart(&world);
	fake_loop_pass(world.loop, MINUTES(it->minutes + 9));
	if (it == &trip)
		cloud_check_trip(&world, it->told);
	else
		cloud_check_contained(&world, it->executions, it->told);
	*ret_problem = world.problem;
	loop_timer_done(&mended);
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
	printf("1..%zu\n", count + 1);
	for (size_t i = 0; i < count; i++) {
		ok &= crash_everywhere(&cases[i]);
		fflush(stdout);
	}
	ok &= crash_everywhere(&trip);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
