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

#include "daemon/core.h"
#include "fake/fake_loop.h"
#include "scenarios/cloud.h"
#include "store/store.h"
#include "unit/file.h"
#include "util/alloc.h"
#include "util/clock.h"
#include "util/doc.h"
#include "util/log.h"

#define STATE                                                                  \
	"{\"queues\":[{\"name\":\"security\"}],"                               \
	"\"topics\":[{\"arn\":\"arn:aws:sns:us-east-1:" WORLD_ACCOUNT          \
	":SecurityNotificationTopic\",\"subscriptions\":"                      \
	"[{\"queue\":\"security\",\"raw\":true}]}],"                           \
	"\"faults\":["

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
	FREE_LATER char *state = xasprintf(STATE "%s]}", faults);

	world_init(world);
	cloud_load(world, state);
	cloud_send(world, event, strlen(event));
}

/* ---- what must hold in the end ---- */

static void
on_listed(void *arg, const struct store_execution *rows, size_t count,
    const char *next, const struct error *error)
{
	struct world *world = arg;

	(void)next;
	if (error != NULL || count != 1)
		world_fail(world, "%zu executions", count);
	else if (rows->standing.status != STATUS_SUCCEEDED ||
	    strcmp(rows->standing.outcome, "contained") != 0)
		world_fail(world, "%s: %s", rows->name,
		    status_name(rows->standing.status));
}

/* At least once, and only the truth. */
static void
check_told(struct world *world, struct json_object *queue, size_t most)
{
	size_t count = doc_count(queue, "messages");

	if (count < 1 || count > most)
		world_fail(world, "security was told %zu times", count);
	for (size_t i = 0; i < count; i++) {
		struct json_object *message =
		    doc_element(doc_at(queue, "messages"), i);
		FREE_LATER char *text = doc_text(message);

		if (strstr(text, "for user alice on account") == NULL ||
		    strstr(text, "2026-05-21T16:02:00Z, service s3") == NULL)
			world_fail(world, "security was told: %s", text);
	}
}

static void
check_end(struct world *world, size_t told)
{
	const struct store_query query = { .limit = 10 };
	DOC_LATER struct json_object *state = cloud_state(world);
	struct json_object *queues = doc_at(state, "queues");

	if (doc_int(state, "counters.deletedKeys", 0) != 1)
		world_fail(world, "the key is alive");
	if (doc_count(cloud_named(queues, "keyguard"), "messages") > 0)
		world_fail(world, "the queue is not empty");
	check_told(world, cloud_named(queues, "security"), told);
	store_list(core_store(world->core), &query, on_listed, world);
	world_settle(world);
}

/* ---- runs ---- */

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
	check_end(&world, it->told);
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

static void
keep_quiet(void *self, enum log_level level, const char *text,
    const struct log_field *fields, size_t count)
{
	(void)self, (void)level, (void)text, (void)fields, (void)count;
}

int
main(void)
{
	static const struct log_sink quiet = { NULL, keep_quiet };
	size_t count = sizeof cases / sizeof cases[0];
	bool ok = true;

	log_bind(&quiet);
	printf("1..%zu\n", count);
	for (size_t i = 0; i < count; i++) {
		ok &= crash_everywhere(&cases[i]);
		fflush(stdout);
	}
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
