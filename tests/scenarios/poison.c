/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages that nobody sends on purpose. Each is tried on a daemon that goes
 * on: it leaves the queue, at most one key is deleted and one mail sent, the
 * truth; and nothing that may be about an exposed key goes unheard.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake/fake_loop.h"
#include "sandbox/model.h"
#include "scenarios/cloud.h"
#include "scenarios/mutate.h"
#include "unit/file.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/doc.h"
#include "workflow/finding.h"

#define ROOM ((size_t)1 << 20)

/* ---- one message ---- */

struct counts {
	int64_t dead, told, left;
};

static struct counts
count(const struct world *world)
{
	DOC_LATER struct json_object *counters = model_counters(
	    world->model, clock_wall_ms(loop_clock(world->loop)));

	return (struct counts){ doc_int(counters, "deletedKeys", 0),
		doc_int(counters, "published", 0),
		doc_int(counters, "messages", 0) };
}

/* What has come of a message by and by. */
static struct counts
come_of(struct world *world, const char *body, size_t len)
{
	struct counts before = count(world), after;

	cloud_send(world, body, len);
	fake_loop_pass(world->loop, SECONDS(2));
	after = count(world);
	return (struct counts){ after.dead - before.dead,
		after.told - before.told, after.left };
}

static bool
told_the_truth(const struct world *world, bool dead)
{
	DOC_LATER struct json_object *state = cloud_state(world);
	int64_t n = doc_int(state, "counters.published", 0);
	const char *subject =
	    doc_string(cloud_published(state, (size_t)n - 1), "subject");

	return (strstr(subject, "Error") == NULL) == dead;
}

/* What must be so of every message. */
static bool
check(struct world *world, const char *what, const char *body, size_t len,
    bool silence)
{
	struct counts come = come_of(world, body, len);

	if (come.left > 0)
		return world_fail(world, "%s: it is left in the queue", what);
	if (come.dead > 1 || come.told > 1)
		return world_fail(world, "%s: %d keys deleted, told %d times",
		    what, (int)come.dead, (int)come.told);
	if (come.told == 0 && (come.dead > 0 || !silence))
		return world_fail(world, "%s: nobody was told", what);
	if (come.told == 1 && !told_the_truth(world, come.dead > 0))
		return world_fail(world, "%s: told a lie", what);
	return true;
}

/* ---- each field in turn ---- */

/* What decides whether there is a key to delete; the rest is for people. */
static const char *const decisive[] = { "source", "account", "detail",
	"detail.eventArn", "detail.eventTypeCode", "detail.communicationId",
	"detail.affectedAccount", "detail.affectedEntities",
	"detail.affectedEntities[0]",
	"detail.affectedEntities[0].entityValue" };

static bool
decides(const char *path)
{
	for (size_t i = 0; i < sizeof decisive / sizeof decisive[0]; i++)
		if (strcmp(decisive[i], path) == 0)
			return true;
	return false;
}

/* An event's text about another key, one of bob's, and with another ARN. */
static struct json_object *
event_of(struct world *world, const char *text, const char *key)
{
	static unsigned number;
	FREE_LATER char *copy = xstrdup(text), *state = NULL, *arn = NULL;
	FREE_LATER char *id =
	    xasprintf("AKIA%0*u", (int)strlen(key) - 4, ++number);
	struct json_object *event, *detail;

	for (char *at; (at = strstr(copy, key)) != NULL;)
		memcpy(at, id, strlen(id));
	event = doc_parse(copy, strlen(copy), NULL);
	detail = doc_at(event, "detail");
	arn = xasprintf("%s%u", doc_string(detail, "eventArn"), number);
	doc_put_string(detail, "eventArn", arn);
	state = xasprintf("{\"users\":[{\"name\":\"bob\",\"keys\":"
			  "[{\"id\":\"%s\"}]}]}",
	    id);
	cloud_load(world, state);
	return event;
}

/* With another source or another code it is. */
static bool
is_another_event(const char *path, const char *value)
{
	return mutate_is_string(value) &&
	    (strcmp(path, "source") == 0 ||
		strcmp(path, "detail.eventTypeCode") == 0);
}

/* One value at one place; false when there is no such place. */
static bool
try_at(struct world *world, const char *text, const char *key, size_t skip,
    const char *value)
{
	DOC_LATER struct json_object *event = event_of(world, text, key);
	FREE_LATER char *body = NULL, *what = NULL;
	int64_t dead = count(world).dead;
	char path[128];

	if (!mutate(event, skip, value, path))
		return false;
	body = doc_text(event);
	what = xasprintf("%s: %.40s", path, value != NULL ? value : "(none)");
	check(world, what, body, strlen(body),
	    !finding_suspected(body, strlen(body)) ||
		is_another_event(path, value));
	if (!decides(path) && count(world).dead == dead)
		world_fail(world, "%s: the key is alive", what);
	return true;
}

static bool
try_everywhere(struct world *world, const char *file, const char *key)
{
	FREE_LATER char *path = xasprintf("scenarios/events/%s", file);
	FREE_LATER char *text = file_read(path);
	size_t skip = 0;

	for (bool more = true; more; skip++)
		for (size_t i = 0; i < mutate_count; i++)
			more = try_at(world, text, key, skip, mutate_values[i]);
	return skip > 10;
}

static bool
fields_of_seed(struct world *world)
{
	return try_everywhere(world, "seed.json", "ACCESS_KEY_ID_HERE");
}

static bool
fields_of_today(struct world *world)
{
	return try_everywhere(world, "exposed.json", "AKIAIOSFODNN7EXAMPLE");
}

/* ---- whole bodies ---- */

#define EXPOSED                                                                \
	"\"source\":\"aws.health\",\"detail\":{\"eventTypeCode\":"             \
	"\"AWS_RISK_CREDENTIALS_EXPOSED\",\"affectedEntities\":"
#define ALICE      "[{\"entityValue\":\"AKIAIOSFODNN7EXAMPLE\"}]"
#define NOBODY     "[{\"entityValue\":\"AKIANOBODYS0KEY00000\"}]"
#define BODY(text) text, sizeof(text) - 1

static const struct body {
	const char *part;
	size_t len, times; /* of the part */
	int dead, told;
	const char *refused; /* "": it is not */
} bodies[] = {
	{ BODY("hello"), 1, 0, 0, "Finding.Malformed" },
	{ BODY("null"), 1, 0, 0, "Finding.Malformed" },
	{ BODY("[1]"), 1, 0, 0, "Finding.Malformed" },
	{ BODY("{}"), 1, 0, 0, "Finding.OtherEvent" },
	/* The same again is the same. */
	{ BODY("{AWS_RISK_IAM_QUARANTINE"), 1, 0, 1, "Finding.Malformed" },
	{ BODY("{AWS_RISK_IAM_QUARANTINE"), 1, 0, 0, "Finding.Malformed" },
	{ BODY("["), 100000, 0, 0, "Finding.TooDeep" },
	{ BODY("x"), 1 << 20, 0, 0, "Finding.Malformed" },
	{ BODY("\0"), 1 << 20, 0, 0, "Finding.Malformed" },
	{ BODY("{\"AWS_RISK_IAM_QUARANTINE\0\":1}"), 1, 0, 1,
	    "Finding.Malformed" },
	{ BODY("{" EXPOSED ALICE ",\"a\":\"\x1f\"}}"), 1, 0, 1,
	    "Finding.Malformed" },
	{ BODY("\xef\xbb\xbf{" EXPOSED ALICE "}}"), 1, 0, 1,
	    "Finding.Malformed" },
	/* Of members of one name the last counts. */
	{ BODY("{\"source\":\"x\"," EXPOSED NOBODY
	       ",\"affectedEntities\":" ALICE "}}"),
	    1, 1, 1, "" },
};

/* The body of a message; the caller frees it. */
static char *
spell(const struct body *body)
{
	struct buf out = BUF_INIT(ROOM);

	for (size_t i = 0; i < body->times; i++)
		buf_add(&out, body->part, body->len);
	return buf_take(&out);
}

static void
try_body(struct world *world, const struct body *body)
{
	FREE_LATER char *text = spell(body);
	FREE_LATER char *what = xasprintf("%.40s", body->part);
	struct counts before = count(world), after;
	char refused[64];

	check(world, what, text, body->len * body->times, body->told == 0);
	after = count(world);
	if (after.dead - before.dead != body->dead ||
	    after.told - before.told != body->told)
		world_fail(world, "%s: %d dead, %d told", what,
		    (int)(after.dead - before.dead),
		    (int)(after.told - before.told));
	world_refused(world, refused, sizeof refused);
	if (*body->refused != '\0' && strcmp(refused, body->refused) != 0)
		world_fail(world, "%s: refused by %s", what, refused);
}

static bool
try_bodies(struct world *world)
{
	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
		try_body(world, &bodies[i]);
	return true;
}

/* ---- 27,000 entities, as many as a message holds ---- */

#define CROWD 27000

/* {"name":"AKIA000000000000"},{...: the caller frees it. */
static char *
crowd(const char *name, const char *first, unsigned size)
{
	struct buf out = BUF_INIT(4 * ROOM);

	for (unsigned i = 0; i < size; i++)
		buf_printf(&out, "%s{\"%s\":\"%s%012u\"}", i > 0 ? "," : "",
		    name, first, i);
	return buf_take(&out);
}

/* In the end so many keys are dead, and so often was told. */
static bool
try_crowd(struct world *world, const char *first, int dead, int told)
{
	FREE_LATER char *list = crowd("entityValue", first, CROWD);
	FREE_LATER char *body = xasprintf("{" EXPOSED "[%s]}}", list);
	char refused[64];
	struct counts after;

	cloud_send(world, body, strlen(body));
	fake_loop_pass(world->loop, MINUTES(60));
	after = count(world);
	world_refused(world, refused, sizeof refused);
	if (after.dead == dead && after.told == told && after.left == 0 &&
	    strcmp(refused, "Finding.TooManyEntities") == 0)
		return true;
	return world_fail(world, "%d dead, %d told, %d left, refused by %s",
	    (int)after.dead, (int)after.told, (int)after.left, refused);
}

static bool
try_many_keys(struct world *world)
{
	FREE_LATER char *list = crowd("id", "AKIA", FINDING_ENTITIES);
	FREE_LATER char *state =
	    xasprintf("{\"users\":[{\"name\":\"bob\",\"keys\":[%s]}]}", list);

	cloud_load(world, state);
	return try_crowd(world, "AKIA", FINDING_ENTITIES, FINDING_ENTITIES + 1);
}

static bool
try_many_others(struct world *world)
{
	return try_crowd(world, "no: ", 0, 2);
}

static const struct test {
	const char *name;
	bool (*run)(struct world *world);
} tests[] = {
	{ "each field of the seed's event is each other type", fields_of_seed },
	{ "each field of an event of today is each other type",
	    fields_of_today },
	{ "bodies that are no event at all", try_bodies },
	{ "27,000 keys in one message", try_many_keys },
	{ "27,000 entities that are no keys", try_many_others },
};

static bool
run(const struct test *test)
{
	struct world world;
	bool ok;

	world_init(&world);
	world.config.max_per_window = 100000; /* the breaker is no part of it */
	cloud_load(&world, NULL);
	world_create(&world);
	ok = test->run(&world) && world.problem.name[0] == '\0';
	printf("%sok - %s\n", ok ? "" : "not ", test->name);
	if (!ok)
		printf("# %s\n", world.problem.cause);
	fflush(stdout);
	world_done(&world);
	return ok;
}

int
main(void)
{
	size_t count = sizeof tests / sizeof tests[0];
	bool ok = true;

	if (getenv("KG_LOG") == NULL)
		world_keep_quiet();
	printf("1..%zu\n", count);
	for (size_t i = 0; i < count; i++)
		ok &= run(&tests[i]);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
