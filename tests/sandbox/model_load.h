/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the readers of a JSON document of state share: a misspelt member is an
 * error, or a test would pass for want of the thing it tests.
 */
#ifndef KG_TESTS_SANDBOX_MODEL_LOAD_H
#define KG_TESTS_SANDBOX_MODEL_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "sandbox/model_state.h"
#include "util/error.h"

/* Whether each member of an object is one of `names`, a list ended by NULL;
 * else an error `Sandbox.BadDocument` that tells `what` it is in. */
bool load_members(struct json_object *object, const char *what,
    const char *const *names, struct error *error);

/* A copy of the string member; NULL when absent. */
char *load_string(struct json_object *object, const char *name);

/* Replaces a string that the caller owns, if the member is there. */
void load_replace(struct json_object *object, const char *name, char **text);

/* A time: RFC 3339 text, seconds since the epoch, or `otherwise`. */
int64_t load_time(
    struct json_object *object, const char *name, int64_t otherwise);

/* Calls `one` for each element of an array member, until one fails. */
bool load_each(struct model *model, struct json_object *document,
    const char *name, int64_t now_ms,
    bool (*one)(struct model *model, struct json_object *element,
	int64_t now_ms, struct error *error),
    struct error *error);

/* Elements of "users", "queues", "topics" and "events". */
bool load_user(struct model *model, struct json_object *user, int64_t now_ms,
    struct error *error);
bool load_queue(struct model *model, struct json_object *queue, int64_t now_ms,
    struct error *error);
bool load_topic(struct model *model, struct json_object *topic, int64_t now_ms,
    struct error *error);
bool load_event(struct model *model, struct json_object *event, int64_t now_ms,
    struct error *error);

/* Their counterparts: new arrays. */
struct json_object *dump_users(const struct model *model);
struct json_object *dump_queues(const struct model *model, int64_t now_ms);
struct json_object *dump_topics(const struct model *model);
struct json_object *dump_events(const struct model *model);

/* Free what belongs to each service. */
void users_free(struct model *model);
void queues_free(struct model *model);
void topics_free(struct model *model);
void events_free(struct model *model);

#endif
