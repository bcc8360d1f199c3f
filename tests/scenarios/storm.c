/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Half an hour of everything at once: findings and their copies, services that
 * fail in every way by chance, a network and a disk that come and go, crashes.
 * When it is over and some hours have passed, every key is dead, security was
 * told so, and nothing is left anywhere. A run is repeated by its seed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core.h"
#include "fake/fake_loop.h"
#include "machine/engine.h"
#include "scenarios/cloud.h"
#include "store/store.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/doc.h"
#include "util/random.h"

#define SEEDS 25
#define KEYS  12

struct storm {
	struct world world;
	struct random random;
	size_t sent; /* messages */
	char seen[KEYS];
};

/* A number below `limit`. */
static unsigned
any(struct storm *storm, unsigned limit)
{
	return (unsigned)(random_next(&storm->random) % limit);
}

/* ---- what AWS is like ---- */

static void
prepare(struct storm *storm)
{
	struct buf state = BUF_INIT(1 << 16);

	buf_puts(&state,
	    "{\"queues\":[{\"name\":\"dead\"},{\"name\":\"keyguard\","
	    "\"maxReceiveCount\":100,"
	    "\"deadLetterQueue\":\"dead\"}],"
	    "\"users\":[");
	for (int i = 0; i < KEYS; i++)
		buf_printf(&state,
		    "%s{\"name\":\"user-%d\",\"keys\":[{\"id\":\"AKIA%016d\"}]"
		    "}",
		    i > 0 ? "," : "", i, i);
	buf_puts(&state, "]}");
	cloud_load(&storm->world, buf_text(&state));
	buf_done(&state);
}

static const char *const faults[] = {
	"\"do\":\"throttle\"",
	"\"do\":\"error\",\"status\":500,\"code\":\"InternalFailure\"",
	"\"do\":\"error\",\"code\":\"ExpiredToken\"",
	"\"do\":\"html\"",
	"\"do\":\"html\",\"status\":200",
	"\"do\":\"html\",\"status\":403",
	"\"do\":\"malformed\"",
	"\"do\":\"reset\"",
	"\"do\":\"close\",\"act\":true",
	"\"do\":\"close\",\"bodyBytes\":20",
	"\"do\":\"hang\"",
	"\"do\":\"hang\",\"act\":true",
	"\"do\":\"duplicate\"",
	"\"do\":\"wrong-md5\"",
	"\"do\":\"fail-entry\"",
	"\"do\":\"fail-entry\",\"entry\":0,\"senderFault\":true",
	"\"do\":\"revive\"",
	"\"do\":\"stale-receipt\"",
};
#define FAULTS (sizeof faults / sizeof faults[0])

/* Some faults, each at some calls. */
static void
change_faults(struct storm *storm)
{
	struct buf state = BUF_INIT(1 << 16);
	unsigned count = any(storm, 6);

	buf_puts(&state, "{\"faults\":[");
	for (unsigned i = 0; i < count; i++)
		buf_printf(&state, "%s{%s,\"chance\":0.%u}", i > 0 ? "," : "",
		    faults[any(storm, FAULTS)], 1 + any(storm, 9));
	buf_puts(&state, "]}");
	cloud_load(&storm->world, buf_text(&state));
	buf_done(&state);
}

/* Calm, but for what the faults do. */
static void
calm_down(struct storm *storm)
{
	world_set_network(&storm->world, NETWORK_UP);
	world_fill_disk(&storm->world, false);
}

static void
change_weather(struct storm *storm)
{
	calm_down(storm);
	switch (any(storm, 10)) {
	case 0:
		world_set_network(&storm->world, NETWORK_AWAY);
		break;
	case 1:
		world_set_network(&storm->world, NETWORK_RESETS);
		break;
	case 2:
		world_settle(&storm->world);
		world_fill_disk(&storm->world, true);
		break;
	case 3:
		world_restart(&storm->world);
		break;
	default:
		change_faults(storm);
	}
}

/* ---- what comes in ---- */

/* Of few events, so that many are copies; each about up to three keys. */
static void
send_event(struct storm *storm)
{
	static const char *const codes[] = { "AWS_RISK_CREDENTIALS_EXPOSED",
		"AWS_RISK_IAM_QUARANTINE" };
	struct buf body = BUF_INIT(1 << 16);
	unsigned count = 1 + any(storm, 3);

	buf_printf(&body,
	    "{\"source\":\"aws.health\",\"account\":\"" WORLD_ACCOUNT "\","
	    "\"detail\":{\"eventTypeCode\":\"%s\",\"eventArn\":\"arn:%u\","
	    "\"affectedEntities\":[",
	    codes[any(storm, 2)], any(storm, 2));
	for (unsigned i = 0; i < count; i++) {
		unsigned key = any(storm, KEYS);

		storm->seen[key] = true;
		buf_printf(&body, "%s{\"entityValue\":\"AKIA%016u\"}",
		    i > 0 ? "," : "", key);
	}
	buf_puts(&body, "]}}");
	cloud_send(&storm->world, buf_text(&body), body.len);
	storm->sent++;
	buf_done(&body);
}

/* ---- what must hold in the end ---- */

static void
on_listed(void *arg, const struct store_execution *rows, size_t count,
    const char *next, const struct error *error)
{
	struct world *world = arg;

	(void)next;
	if (error != NULL || count == 0)
		world_fail(world, "%zu executions", count);
	for (size_t i = 0; i < count; i++)
		if (rows[i].standing.status != STATUS_SUCCEEDED)
			world_fail(world, "%s: %s", rows[i].name,
			    status_name(rows[i].standing.status));
}

/* Whether security was told that it is dead. */
static bool
told_of(struct json_object *state, const char *key)
{
	FREE_LATER char *text =
	    xasprintf("the IAM access key %s for user", key);
	struct json_object *message;

	for (size_t i = 0; (message = cloud_published(state, i)) != NULL; i++)
		if (strstr(doc_string(message, "message"), text) != NULL)
			return true;
	return false;
}

static void
check_key(struct world *world, struct json_object *state, int number)
{
	FREE_LATER char *user = xasprintf("user-%d", number);
	FREE_LATER char *key = xasprintf("AKIA%016d", number);
	struct json_object *owner = cloud_named(doc_at(state, "users"), user);
	struct json_object *found = cloud_named(doc_at(owner, "keys"), key);

	if (strcmp(doc_string(found, "status"), "Deleted") != 0)
		world_fail(world, "%s is alive", key);
	else if (!told_of(state, key))
		world_fail(world, "nobody was told of %s", key);
}

static void
check_end(struct storm *storm)
{
	struct world *world = &storm->world;
	const struct store_query query = { .limit = 1000 };
	DOC_LATER struct json_object *state = cloud_state(world);
	DOC_LATER struct json_object *status = core_status(world->core);

	for (int i = 0; i < KEYS; i++)
		if (storm->seen[i])
			check_key(world, state, i);
	if (doc_int(state, "counters.messages", 0) > 0)
		world_fail(world, "messages are left");
	if (engine_count(core_engine(world->core)) > 0)
		world_fail(world, "executions are left running");
	if (strcmp(doc_string(status, "state"), "running") != 0)
		world_fail(world, "it is %s", doc_string(status, "state"));
	store_list(core_store(world->core), &query, on_listed, world);
	world_settle(world);
}

/* ---- runs ---- */

static bool
weather_out(unsigned long seed)
{
	struct storm storm = { .random = random_seeded(seed) };
	struct world *world = &storm.world;
	bool ok;

	world_init(world);
	fake_loop_seed(world->loop, seed);
	prepare(&storm);
	if (seed % 2 == 0)
		world->config.max_per_window = 4; /* holds some for an hour */
	world_create(world);
	for (int minute = 0; minute < 30; minute++) {
		change_weather(&storm);
		for (unsigned n = any(&storm, 3); n > 0; n--)
			send_event(&storm);
		fake_loop_pass(world->loop, 1 + any(&storm, MINUTES(2)));
	}
	calm_down(&storm);
	cloud_load(world, "{\"faults\":[]}");
	fake_loop_pass(world->loop, MINUTES(8 * 60));
	check_end(&storm);
	ok = world->problem.name[0] == '\0';
	printf("%sok - seed %lu: %zu messages, %zu executions\n",
	    ok ? "" : "not ", seed, storm.sent, world->count);
	if (!ok)
		printf("# %s\n", world->problem.cause);
	fflush(stdout);
	world_done(world);
	return ok;
}

int
main(int argc, char **argv)
{
	bool ok = true;

	if (getenv("KG_LOG") == NULL)
		world_keep_quiet();
	if (argc > 1) {
		printf("1..1\n");
		ok = weather_out(strtoul(argv[1], NULL, 10));
		return ok ? EXIT_SUCCESS : EXIT_FAILURE;
	}
	printf("1..%d\n", SEEDS);
	for (unsigned long seed = 1; seed <= SEEDS; seed++)
		ok &= weather_out(seed);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
