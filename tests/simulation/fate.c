/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small numbers: what is rare in a large world is common in a small one.
 */
#include "simulation/fate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "daemon/core.h"
#include "daemon/schema.h"
#include "scenarios/cloud.h"
#include "simulation/life.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/doc.h"
#include "util/error.h"

#define ROOT_KEY "AKIAROOTROOTROOTROOT"

/* ---- the configuration ---- */

static void
set(struct life *life, const char *section, const char *key, const char *value)
{
	if (!schema_set(schema_find(section, key), &life->world.config, value))
		abort();
}

static const char *
pick(struct life *life, const char *const *row, unsigned count)
{
	return row[life_any(life, count)];
}
#define PICK(life, ...)                                                        \
	pick(life, (const char *const[]){ __VA_ARGS__ },                       \
	    sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

/* What is protected: hardly anything, as a rule. */
static void
protect(struct life *life)
{
	set(life, "response", "protected_users",
	    life_chance(life, 70)
		? ""
		: PICK(life, "user-0", "user-1 nobody", "odd*", "USER-2"));
	set(life, "response", "protected_keys",
	    life_chance(life, 90) ? "" : fate_key(life));
}

/* What a reload takes over. */
static void
set_some(struct life *life)
{
	set(life, "response", "action",
	    life_chance(life, 90) ? "delete" : "notify-only");
	protect(life);
	set(life, "response", "max_per_window",
	    PICK(life, "1", "2", "4", "50", "50", "50"));
	set(life, "response", "window", PICK(life, "10s", "1min", "10min"));
	set(life, "response", "hold_timeout",
	    PICK(life, "20s", "3min", "15min", "1h"));
	set(life, "limits", "containing", PICK(life, "1", "3", "256", "256"));
	set(life, "summary", "max_events", PICK(life, "3", "50", "120"));
	set(life, "summary", "hours", PICK(life, "1", "24", "48"));
	set(life, "summary", "lookup_rate", PICK(life, "0.5", "2", "100"));
	set(life, "notify", "details", PICK(life, "yes", "yes", "no"));
}

static struct json_object *
words(const char *text)
{
	FREE_LATER char *copy = xstrdup(text);
	struct json_object *list = doc_array();
	char *rest = copy, *word;

	while ((word = strsep(&rest, " ")) != NULL)
		if (*word != '\0')
			doc_push(list, doc_new_string(word));
	return list;
}

static struct json_object *
describe(const struct config *config)
{
	struct json_object *doc = doc_object();

	doc_put_string(
	    doc, "action", config->action == 0 ? "delete" : "notify-only");
	doc_put(doc, "protected_users", words(config->protected_users));
	doc_put(doc, "protected_keys", words(config->protected_keys));
	doc_put_int(doc, "max_per_window", config->max_per_window);
	doc_put_int(doc, "window_ms", config->window_ms);
	doc_put_int(doc, "hold_timeout_ms", config->hold_timeout_ms);
	doc_put_int(doc, "containing", config->containing);
	doc_put_int(doc, "max_events", config->max_events);
	doc_put_int(doc, "hours", config->hours);
	doc_put_bool(doc, "details", config->details);
	doc_put_int(doc, "alarm_after_ms", config->alarm_after_ms);
	doc_put_int(doc, "retention_ms", config->retention_ms);
	return doc;
}

void
fate_reload(struct life *life)
{
	struct error error;

	set_some(life);
	life_record(life, "config", describe(&life->world.config));
	if (life->world.core != NULL && !core_reload(life->world.core, &error))
		world_fail(&life->world, "%s: %s", error.name, error.cause);
}

/* ---- whose keys there are ---- */

static void
add_user(struct life *life, struct json_object *users, const char *name)
{
	struct json_object *keys = doc_array();
	int count = json_object_object_length(users);

	for (unsigned i = 0; i <= life_any(life, 2); i++) {
		FREE_LATER char *key = xasprintf("AKIA%08dKEY%05u", count, i);

		doc_push(keys, doc_new_string(key));
	}
	doc_put(users, name, keys);
}

static struct json_object *
make_users(struct life *life)
{
	static const char *const odd[] = { "odd,name=of+a@user.-",
		"odd-with-more-than-thirty-five-characters-in-its-name",
		"odd \u00e4\u00f6\u00fc \u4e2d\u6587 <&\">" };
	struct json_object *users = doc_object();
	unsigned count = 1 + life_any(life, 6);

	for (unsigned i = 0; i < count; i++) {
		FREE_LATER char *name = xasprintf("user-%u", i);

		add_user(life, users, name);
	}
	if (life_chance(life, 40))
		add_user(life, users, odd[life_any(life, 3)]);
	return users;
}

static struct json_object *
keys_of(struct json_object *ids)
{
	struct json_object *keys = doc_array(), *key;

	for (size_t i = 0; i < doc_count(ids, ""); i++) {
		key = doc_object();
		doc_put_string(key, "id", doc_string(doc_element(ids, i), ""));
		doc_push(keys, key);
	}
	return keys;
}

/* What a user did lately. */
static void
add_events(struct life *life, struct json_object *events, const char *name)
{
	static const char *const did[] = { "GetObject", "PutRolePolicy",
		"RunInstances" };
	unsigned count = life_any(life, 5);

	for (unsigned i = 0; i < count; i++) {
		struct json_object *event = doc_object();

		doc_put_int(event, "ageSeconds", 60 + life_any(life, 7200));
		doc_put_string(event, "EventName", did[life_any(life, 3)]);
		doc_put_string(event, "Username", name);
		doc_push(events, event);
	}
}

static const char around[] =
    "{\"queues\":[{\"name\":\"dead\"},{\"name\":\"keyguard\","
    "\"visibilityTimeout\":%d,\"shuffle\":%s,"
    "\"maxReceiveCount\":1000,\"deadLetterQueue\":\"dead\"}],"
    "\"users\":[{\"kind\":\"root\",\"keys\":[{\"id\":\"" ROOT_KEY "\"}]}]}";

static void
make_aws(struct life *life, struct json_object *names)
{
	FREE_LATER char *text =
	    xasprintf(around, (int)LIFE_ONE_OF(life, 5, 30, 30, 120),
		life_chance(life, 50) ? "true" : "false");
	DOC_LATER struct json_object *state = doc_object();
	struct json_object *users = doc_array(), *events = doc_array(), *user;
	FREE_LATER char *more = NULL;

	json_object_object_foreach (names, name, ids) {
		user = doc_object();
		doc_put_string(user, "name", name);
		doc_put(user, "keys", keys_of(ids));
		doc_push(users, user);
		add_events(life, events, name);
	}
	doc_put(state, "users", users);
	doc_put(state, "events", events);
	more = doc_text(state);
	cloud_load(&life->world, text);
	cloud_load(&life->world, more);
}

const char *
fate_key(struct life *life)
{
	struct json_object *users = doc_at(life->trace, "users");
	unsigned which =
	    life_any(life, (unsigned)json_object_object_length(users));

	json_object_object_foreach (users, name, keys) {
		(void)name;
		if (which-- == 0)
			return doc_string(
			    doc_element(keys,
				life_any(life, (unsigned)doc_count(keys, ""))),
			    "");
	}
	abort();
}

void
fate_begin(struct life *life)
{
	struct json_object *users = make_users(life);

	doc_put_string(life->trace, "account", WORLD_ACCOUNT);
	doc_put_string(life->trace, "own_key", WORLD_OWN_KEY);
	doc_put_string(life->trace, "root_key", ROOT_KEY);
	doc_put(life->trace, "users", users);
	make_aws(life, users);
	set_some(life);
	set(life, "notify", "alarm_after", PICK(life, "1min", "10min"));
	set(life, "store", "retention", PICK(life, "90d", "90d", "1d"));
	doc_put(life->trace, "config", describe(&life->world.config));
}
