/* SPDX-License-Identifier: Apache-2.0 */
/* The sandbox's AWS, behind the twin of the wire. */
#include "scenarios/cloud.h"

#include <string.h>

#include "daemon/core.h"
#include "fake/fake_cloud.h"
#include "sandbox/model.h"
#include "store/store.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/doc.h"

static const char at_first[] =
    "{\"users\":[{\"name\":\"keyguard\",\"keys\":[{\"id\":\"" WORLD_OWN_KEY
    "\",\"secret\":\"je7MtGbClwBF/2Zp9Utk/h3yCo8nvb\"}]},"
    "{\"name\":\"alice\",\"keys\":[{\"id\":\"AKIAIOSFODNN7EXAMPLE\","
    "\"lastUsed\":{\"date\":\"2026-05-21T16:02:00Z\",\"service\":\"s3\","
    "\"region\":\"us-west-2\"}}]}],"
    "\"queues\":[{\"name\":\"keyguard\"}],"
    "\"topics\":[{\"arn\":\"arn:aws:sns:us-east-1:" WORLD_ACCOUNT
    ":SecurityNotificationTopic\"}]}";

static int64_t
now(const struct world *world)
{
	return clock_wall_ms(loop_clock(world->loop));
}

static void
load(struct world *world, const char *state)
{
	DOC_LATER struct json_object *doc = NULL;
	struct error error;

	doc = doc_parse(state, strlen(state), &error);
	if (doc == NULL || !model_load(world->model, doc, now(world), &error))
		world_fail(world, "%s", error.cause);
	fake_cloud_changed(world->cloud);
}

void
cloud_load(struct world *world, const char *state)
{
	if (world->model == NULL) {
		world->model = model_new(1);
		world->cloud = fake_cloud_new(world->loop, world->model);
		load(world, at_first);
	}
	if (state != NULL)
		load(world, state);
}

const char *
cloud_send(struct world *world, const char *body, size_t len)
{
	struct error error;
	const char *id =
	    model_send(world->model, "keyguard", body, len, now(world), &error);

	if (id == NULL)
		world_fail(world, "%s", error.cause);
	fake_cloud_changed(world->cloud);
	return id;
}

struct json_object *
cloud_state(const struct world *world)
{
	return model_dump(world->model, now(world));
}

struct json_object *
cloud_named(struct json_object *list, const char *name)
{
	struct json_object *element;

	for (size_t i = 0; (element = doc_element(list, i)) != NULL; i++) {
		const char *found = doc_string(element, "name");

		if (found == NULL)
			found = doc_string(element, "id");
		if (found != NULL && strcmp(found, name) == 0)
			return element;
	}
	return NULL;
}

struct json_object *
cloud_published(struct json_object *state, size_t n)
{
	struct json_object *topic = doc_element(doc_at(state, "topics"), 0);

	return doc_element(doc_at(topic, "published"), n);
}

/* ---- what must hold in the end ---- */

struct check {
	struct world *world;
	size_t executions, most_told;
};

/* Newest first. */
static void
on_listed(void *arg, const struct store_execution *rows, size_t count,
    const char *next, const struct error *error)
{
	const struct check *check = arg;

	(void)next;
	if (error != NULL || count != check->executions)
		world_fail(check->world, "%zu executions", count);
	for (size_t i = 0; i < count; i++)
		if (rows[i].standing.status != STATUS_SUCCEEDED ||
		    strcmp(rows[i].standing.outcome,
			i == 0 ? "contained" : "uncontained") != 0)
			world_fail(check->world, "%s: %s, %s", rows[i].name,
			    status_name(rows[i].standing.status),
			    rows[i].standing.outcome);
}

static void
check_times(const struct check *check, const char *what, size_t told)
{
	if (told < 1 || told > check->most_told)
		world_fail(
		    check->world, "security was told %zu times %s", told, what);
}

static void
check_told(const struct check *check, struct json_object *state)
{
	struct json_object *message;
	size_t deleted = 0, failed = 0;

	while ((message = cloud_published(state, deleted + failed)) != NULL) {
		const char *text = doc_string(message, "message");

		if (strstr(text, "An error occured when attempting") != NULL)
			failed++;
		else if (strstr(text, "for user alice on account") != NULL &&
		    strstr(text, "2026-05-21T16:02:00Z, service s3") != NULL)
			deleted++;
		else {
			world_fail(check->world, "told: %s", text);
			return;
		}
	}
	check_times(check, "that the key is dead", deleted);
	if (check->executions > 1)
		check_times(check, "that it is not", failed);
	else if (failed > 0)
		world_fail(check->world, "security heard of an error");
}

void
cloud_check_contained(struct world *world, size_t executions, size_t most_told)
{
	struct check check = { world, executions, most_told };
	const struct store_query query = { .limit = 10 };
	DOC_LATER struct json_object *state = cloud_state(world);
	struct json_object *queue =
	    cloud_named(doc_at(state, "queues"), "keyguard");

	if (doc_int(state, "counters.deletedKeys", 0) != 1)
		world_fail(world, "the key is alive");
	if (doc_count(queue, "messages") > 0)
		world_fail(world, "the queue is not empty");
	check_told(&check, state);
	store_list(core_store(world->core), &query, on_listed, &check);
	world_settle(world);
}

static void
on_trip_listed(void *arg, const struct store_execution *rows, size_t count,
    const char *next, const struct error *error)
{
	struct world *world = arg;
	size_t trips = 0;

	(void)next;
	for (size_t i = 0; i < count; i++) {
		bool trip = strstr(rows[i].name, "Response.TooMany") != NULL;

		trips += trip;
		if (rows[i].standing.status != STATUS_SUCCEEDED ||
		    strcmp(rows[i].standing.outcome,
			trip ? "uncontained" : "contained") != 0)
			world_fail(world, "%s: %s", rows[i].name,
			    status_name(rows[i].standing.status));
	}
	if (error != NULL || count != 3 || trips != 1)
		world_fail(world, "%zu executions, %zu of trips", count, trips);
}

void
cloud_check_trip(struct world *world, size_t most_told)
{
	const struct store_query query = { .limit = 10 };
	DOC_LATER struct json_object *state = cloud_state(world);
	struct json_object *queue =
	    cloud_named(doc_at(state, "queues"), "keyguard");
	struct json_object *message;
	size_t told = 0;

	for (size_t i = 0; (message = cloud_published(state, i)) != NULL; i++)
		told += strstr(doc_string(message, "subject"), "HELD") != NULL;
	if (doc_int(state, "counters.deletedKeys", 0) != 2)
		world_fail(world, "a key is alive");
	if (doc_count(queue, "messages") > 0)
		world_fail(world, "the queue is not empty");
	if (told < 1 || told > most_told)
		world_fail(world, "of the trip %zu times", told);
	store_list(core_store(world->core), &query, on_trip_listed, world);
	world_settle(world);
}
