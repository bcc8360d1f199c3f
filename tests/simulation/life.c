/* SPDX-License-Identifier: Apache-2.0 */
/*
 * First a storm, in which things happen by chance; then calm, for as long as
 * anything is still to be done.
 */
#include "simulation/life.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "daemon/core.h"
#include "fake/fake_loop.h"
#include "scenarios/cloud.h"
#include "simulation/death.h"
#include "simulation/durable.h"
#include "simulation/fate.h"
#include "simulation/mail.h"
#include "simulation/weather.h"
#include "util/clock.h"
#include "util/doc.h"
#include "util/log.h"

#define OVER_MS HOURS(24) /* after the storm, at the latest */

/* ---- chance ---- */

unsigned
life_any(struct life *life, unsigned limit)
{
	return (unsigned)(random_next(&life->random) % limit);
}

bool
life_chance(struct life *life, unsigned percent)
{
	return life_any(life, 100) < percent;
}

int64_t
life_one_of(struct life *life, const int64_t *row, size_t count)
{
	return row[life_any(life, (unsigned)count)];
}

/* ---- the trace ---- */

static int64_t
mono(const struct life *life)
{
	return clock_mono_ms(loop_clock(life->world.loop));
}

/* The monotonic clock begins at the wall clock's time, and is never set. */
int64_t
life_now(const struct life *life)
{
	return mono(life);
}

struct json_object *
life_record(struct life *life, const char *what, struct json_object *value)
{
	struct json_object *record = doc_object();

	doc_put_int(record, "at", life_now(life));
	doc_put(record, what, value);
	doc_push(life->records, record);
	return value;
}

void
life_note(struct life *life, const char *what, const char *word)
{
	life_record(life, what, doc_new_string(word));
}

static void
on_line(void *self, enum log_level level, const char *text,
    const struct log_field *fields, size_t count)
{
	struct life *life = self;
	struct json_object *doc;

	(void)fields, (void)count;
	life->lines++;
	if (!life->logs)
		return;
	doc = doc_object();
	doc_put_int(doc, "level", level);
	doc_put_string(doc, "text", text);
	life_record(life, "log", doc);
}

/* ---- the storm ---- */

static void
inject(struct life *life)
{
	if (life->world.core != NULL)
		hand_inject(life);
}

static void
act(struct life *life)
{
	if (life->world.core != NULL)
		hand_act(life);
}

static void
resume(struct life *life)
{
	if (life->world.core != NULL)
		hand_resume(life);
}

static void
stop(struct life *life)
{
	if (life->world.core != NULL)
		death_stop(life);
}

static const struct happening {
	unsigned weight;
	void (*happen)(struct life *life);
} happenings[] = {
	{ 30, mail_send },
	{ 10, mail_again },
	{ 20, weather_faults },
	{ 5, weather_network },
	{ 8, weather_disk },
	{ 3, weather_credentials },
	{ 1, weather_clock },
	{ 2, weather_theft },
	{ 25, death_arm },
	{ 3, stop },
	{ 6, inject },
	{ 10, act },
	{ 4, resume },
	{ 4, fate_reload },
};
#define HAPPENINGS (sizeof happenings / sizeof happenings[0])

/* How often each of them happens in this life: some never do. */
struct odds {
	unsigned weights[HAPPENINGS], sum;
};

static struct odds
draw_odds(struct life *life)
{
	struct odds odds = { .sum = 0 };

	for (size_t i = 0; i < HAPPENINGS; i++) {
		unsigned times =
		    i == 0 ? 1 : (unsigned)LIFE_ONE_OF(life, 0, 0, 1, 1, 3);

		odds.weights[i] = happenings[i].weight * times;
		odds.sum += odds.weights[i];
	}
	return odds;
}

static void
happen(struct life *life, const struct odds *odds)
{
	unsigned ticket = life_any(life, odds->sum);
	size_t i = 0;

	while (ticket >= odds->weights[i])
		ticket -= odds->weights[i++];
	happenings[i].happen(life);
}

static void
pass(struct life *life, int64_t ms)
{
	int64_t until = mono(life) + ms;

	while (fake_loop_step_by(life->world.loop, until))
		death_step(life);
	death_step(life);
}

static void
storm(struct life *life)
{
	const struct odds odds = draw_odds(life);
	int64_t pause = LIFE_ONE_OF(
	    life, 50, 500, 2000, 2000, 10000, 10000, 60000, MINUTES(15));
	unsigned count = 4 + life_any(life, life_chance(life, 20) ? 60 : 16);

	weather_begin(life);
	if (life_chance(life, 60))
		weather_faults(life);
	mail_send(life);
	death_start(life);
	while (count-- > 0) {
		happen(life, &odds);
		pass(life,
		    (int64_t)(2 * random_unit(&life->random) * (double)pause));
	}
}

/* ---- the calm ---- */

/* Whether nothing in the store is to go on: if it was so, or was not, and
 * nothing has been written since, it still is. */
static bool
at_rest(struct life *life)
{
	uint64_t writes = fake_disk_count(life->world.disk, DISK_WRITE);

	if (life->writes != writes) {
		life->writes = writes;
		life->at_rest = durable_over(
		    life->world.disk, life->world.config.store_path);
	}
	return life->at_rest;
}

/* Whether the queue is empty, the store at rest, and the daemon content. */
static bool
over(struct life *life)
{
	struct core *core = life->world.core;
	DOC_LATER struct json_object *state = NULL, *status = NULL;

	if (engine_count(core_engine(core)) > 0 || !core_quiet(core) ||
	    !at_rest(life))
		return false;
	status = core_status(core);
	if (strcmp(doc_string(status, "state"), "running") != 0)
		return false;
	state = cloud_state(&life->world);
	return doc_count(cloud_named(doc_at(state, "queues"), "keyguard"),
		   "messages") == 0;
}

static void
calm(struct life *life)
{
	int64_t until = mono(life) + OVER_MS;

	weather_calm(life);
	death_undo(life);
	life->calm = true;
	doc_put_int(life->trace, "calm", life_now(life));
	do {
		while (!over(life) && mono(life) < until)
			pass(life, SECONDS(5));
		pass(life, SECONDS(30)); /* one more poll */
	} while (!over(life) && mono(life) < until);
}

/* ---- how it ends ---- */

static struct json_object *
ids_of(struct json_object *queue)
{
	struct json_object *ids = doc_array();
	struct json_object *messages = doc_at(queue, "messages"), *message;

	for (size_t i = 0; (message = doc_element(messages, i)) != NULL; i++)
		doc_push(ids, doc_new_string(doc_string(message, "messageId")));
	return ids;
}

static struct json_object *
keys_of(struct json_object *users)
{
	struct json_object *keys = doc_object(), *list, *key;

	for (size_t i = 0; i < doc_count(users, ""); i++) {
		list = doc_at(doc_element(users, i), "keys");
		for (size_t j = 0; (key = doc_element(list, j)) != NULL; j++)
			doc_put_string(keys, doc_string(key, "id"),
			    doc_string(key, "status"));
	}
	return keys;
}

/* But for what differs from run to run. */
static struct json_object *
status_of(struct life *life)
{
	struct json_object *status = core_status(life->world.core);

	json_object_object_del(status, "pid");
	json_object_object_del(status, "store");
	return status;
}

static void
put_end(struct life *life)
{
	DOC_LATER struct json_object *state = cloud_state(&life->world);
	struct json_object *queues = doc_at(state, "queues");
	struct json_object *topic = doc_element(doc_at(state, "topics"), 0);
	struct json_object *end = doc_object();

	doc_put(end, "queue", ids_of(cloud_named(queues, "keyguard")));
	doc_put(end, "dead", ids_of(cloud_named(queues, "dead")));
	doc_put(end, "published", json_object_get(doc_at(topic, "published")));
	doc_put(end, "keys", keys_of(doc_at(state, "users")));
	doc_put(end, "status", status_of(life));
	doc_put_int(end, "log_lines", life->lines);
	doc_put(end, "executions",
	    durable_histories(life->world.disk, life->world.config.store_path));
	doc_put(life->trace, "end", end);
}

static void
begin(struct life *life)
{
	const struct log_sink sink = { life, on_line };

	log_bind(&sink);
	life->random = random_seeded(life->seed);
	life->trace = doc_object();
	life->records = doc_array();
	life->bodies = doc_array();
	life->standings = doc_object();
	TAILQ_INIT(&life->errands);
	world_init(&life->world);
	fake_disk_free(life->world.disk);
	life->world.disk = fake_disk_new(life->seed);
	fake_loop_seed(life->world.loop, life->seed);
	life->world.may_give_up = true;
	calls_begin(life);
	doc_put_int(life->trace, "seed", (int64_t)life->seed);
	doc_put_int(life->trace, "started", life_now(life));
	fate_begin(life);
	doc_put(life->trace, "records", life->records);
}

static void
end(struct life *life)
{
	doc_put_int(life->trace, "ended", life_now(life));
	put_end(life);
	if (life->world.problem.name[0] != '\0')
		doc_put_string(
		    life->trace, "problem", life->world.problem.cause);
	hand_forget(life);
	world_done(&life->world);
	calls_end(life);
	doc_free(life->bodies);
	doc_free(life->standings);
	log_bind(NULL);
}

struct json_object *
life_live(uint64_t seed, bool logs)
{
	struct life life = { .seed = seed, .logs = logs };

	begin(&life);
	storm(&life);
	calm(&life);
	end(&life);
	return life.trace;
}
