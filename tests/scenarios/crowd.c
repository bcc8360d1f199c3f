/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A thousand are due at the same moment, since the daemon was away when they
 * would have been: they are taken up a few at a time, and all come to their
 * end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core.h"
#include "fake/fake_loop.h"
#include "scenarios/cloud.h"
#include "store/store.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/clock.h"
#include "util/doc.h"
#include "workflow/exposed_key.h"

#define CROWD 1000
#define FEW   16

static const struct crowd_case {
	const char *name, *fault;
	enum status status;  /* of what is due */
	const char *outcome; /* likewise */
	int minutes;         /* after which all are */
	int state;           /* that they go on in, a few at a time */
	size_t told;         /* once for each, or for each and its retry */
} cases[] = {
	{ "a thousand could not be told",
	    "{\"service\":\"SNS\",\"do\":\"error\",\"status\":404,"
	    "\"code\":\"NotFound\"}",
	    STATUS_FAILED, "contained", 30, NOTIFY, CROWD },
	{ "a thousand could not be deleted",
	    "{\"service\":\"IAM\",\"do\":\"error\",\"status\":500,"
	    "\"code\":\"ServiceFailure\"}",
	    STATUS_SUCCEEDED, "uncontained", 4, DELETE_KEY, 2 * CROWD },
};

/* All are bob's. */
static void
add_keys(struct buf *out, const char *member)
{
	for (int i = 0; i < CROWD; i++)
		buf_printf(out, "%s{\"%s\":\"AKIAIOSFODNN7EXAM%03d\"}",
		    i == 0 ? "" : ",", member, i);
}

static void
begin(struct world *world, const char *fault)
{
	struct buf state = BUF_INIT(1 << 20), event = BUF_INIT(1 << 20);

	buf_puts(&state, "{\"users\":[{\"name\":\"bob\",\"keys\":[");
	add_keys(&state, "id");
	buf_printf(&state, "]}],\"faults\":[%s]}", fault);
	buf_puts(&event,
	    "{\"source\":\"aws.health\",\"detail\":{\"eventTypeCode\":"
	    "\"AWS_RISK_CREDENTIALS_EXPOSED\",\"affectedEntities\":[");
	add_keys(&event, "entityValue");
	buf_puts(&event, "]}}");
	world_init(world);
	world->config.max_per_window = 2 * CROWD;
	cloud_load(world, buf_text(&state));
	cloud_send(world, buf_text(&event), event.len);
	buf_done(&state);
	buf_done(&event);
}

/* ---- what the store has ---- */

struct counting {
	const struct crowd_case *it;
	size_t count;
};

static void
on_listed(void *arg, const struct store_execution *rows, size_t count,
    const char *next, const struct error *error)
{
	struct counting *counting = arg;

	(void)next, (void)error;
	for (size_t i = 0; i < count; i++)
		counting->count += rows[i].standing.due_wall_ms != 0 &&
		    strcmp(rows[i].standing.outcome, counting->it->outcome) ==
			0;
}

/* How many are due. */
static size_t
count_due(struct world *world, const struct crowd_case *it)
{
	struct counting counting = { .it = it };
	const struct store_query query = {
		.by_status = true, .status = it->status, .limit = CROWD
	};

	store_list(core_store(world->core), &query, on_listed, &counting);
	world_settle(world);
	return counting.count;
}

static size_t
count_told(const struct world *world)
{
	DOC_LATER struct json_object *state = cloud_state(world);
	struct json_object *topic = doc_element(doc_at(state, "topics"), 0);

	return doc_count(topic, "published");
}

static int64_t
count_dead(const struct world *world)
{
	DOC_LATER struct json_object *state = cloud_state(world);

	return doc_int(state, "counters.deletedKeys", 0);
}

/* ---- the story ---- */

/* Goes on for half an hour; the most executions that were in a state at once.
 */
static size_t
most_in(struct world *world, int state)
{
	const struct clock *clock = loop_clock(world->loop);
	int64_t end = clock_mono_ms(clock) + MINUTES(30);
	size_t most = 0;

	while (clock_mono_ms(clock) < end) {
		size_t count = engine_count_in(core_engine(world->core), state);

		if (count > most)
			most = count;
		fake_loop_step(world->loop);
	}
	return most;
}

static void
tell(struct world *world, const struct crowd_case *it)
{
	size_t most;

	world_create(world);
	fake_loop_pass(world->loop, MINUTES(it->minutes));
	if (count_due(world, it) != CROWD)
		world_fail(world, "only %zu are due", count_due(world, it));
	core_abandon(world->core);
	fake_loop_pass(world->loop, HOURS(2));
	cloud_load(world, "{\"faults\":[]}");
	world_create(world);
	most = most_in(world, it->state);
	if (most > FEW)
		world_fail(world, "%zu were taken up at once", most);
	if (count_due(world, it) != 0)
		world_fail(world, "%zu are still due", count_due(world, it));
	if (count_told(world) != it->told)
		world_fail(
		    world, "security was told %zu times", count_told(world));
	if (count_dead(world) != CROWD)
		world_fail(
		    world, "%lld keys are dead", (long long)count_dead(world));
}

int
main(void)
{
	size_t count = sizeof cases / sizeof cases[0];
	bool ok = true;

	if (getenv("KG_LOG") == NULL)
		world_keep_quiet();
	printf("1..%zu\n", count);
	for (size_t i = 0; i < count; i++) {
		struct world world;
		const char *problem = world.problem.cause;

		begin(&world, cases[i].fault);
		tell(&world, &cases[i]);
		if (world.problem.name[0] == '\0')
			printf("ok - %s\n", cases[i].name);
		else {
			printf("not ok - %s\n# %s\n", cases[i].name, problem);
			ok = false;
		}
		fflush(stdout);
		world_done(&world);
	}
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
