/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The voice's neighbours, played: their functions are defined here, in place of
 * the real ones.
 */
#include "unit/voice_stage.h"

#include <stdlib.h>
#include <string.h>

#include "aws/sns.h"
#include "daemon/voice.h"
#include "loop/loop.h"
#include "store/store.h"
#include "unit/file.h"
#include "unit/unit.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/log.h"

#define TOPIC "arn:aws:sns:us-east-1:123456789012:T"

struct stage stage;

static struct buf lines = BUF_INIT(1 << 16);
static sns_published *published;
static store_notes_listed *listed;
static void *published_arg, *listed_arg;

/* ---- the topic ---- */

struct aws_call *
sns_publish(struct aws *aws, const char *topic_arn, const char *subject,
    const char *message, const char *dedup, const struct aws_options *options,
    sns_published *done, void *arg)
{
	(void)aws, (void)options;
	ck_assert(!stage.open);
	ck_assert_str_eq(topic_arn, TOPIC);
	free(stage.message);
	free(stage.dedup);
	stage.message = xasprintf("%s\n\n%s", subject, message);
	stage.dedup = xstrdup(dedup);
	stage.open = true;
	stage.calls++;
	published = done;
	published_arg = arg;
	return (struct aws_call *)&stage;
}

void
aws_call_cancel(struct aws_call *call)
{
	ck_assert_ptr_eq(call, &stage);
	stage.open = false;
}

void
stage_accept(void)
{
	ck_assert(stage.open);
	stage.open = false;
	published(published_arg, "m-1", "r-1", NULL);
}

void
stage_refuse(const char *name)
{
	struct error error;

	ck_assert(stage.open);
	stage.open = false;
	error_set(&error, name, "no");
	published(published_arg, NULL, NULL, &error);
}

void
stage_expect(const char *name)
{
	FREE_LATER char *path = xasprintf("messages/%s.txt", name);
	FREE_LATER char *golden = file_read(path);

	ck_assert(stage.open);
	ck_assert_str_eq(stage.message, golden);
}

/* ---- the store ---- */

void
store_note(struct store *store, const char *key, const char *text,
    store_done *done, void *arg)
{
	(void)store, (void)done, (void)arg;
	ck_assert_str_eq(key, "voice");
	free(stage.note);
	stage.note = xstrdup(text);
	stage.notes++;
}

struct store_read *
store_notes(struct store *store, store_notes_listed *done, void *arg)
{
	(void)store;
	listed = done;
	listed_arg = arg;
	return (struct store_read *)&stage;
}

void
store_read_cancel(struct store_read *read)
{
	ck_assert_ptr_eq(read, &stage);
}

static void
on_loaded(void *arg, const struct error *error)
{
	(void)arg;
	stage.loads += error == NULL;
}

void
stage_read(void)
{
	const struct store_noted rows[] = {
		{ "breaker/123456789012", "{}" },
		{ "voice", stage.note },
	};

	voice_load(stage.voice, on_loaded, NULL);
	listed(listed_arg, rows, stage.note == NULL ? 1 : 2, NULL);
}

void
stage_load_fails(void)
{
	struct error error;

	error_set(&error, "Store.Io", "no");
	voice_load(stage.voice, on_loaded, NULL);
	listed(listed_arg, NULL, 0, &error);
}

/* ---- the daemon ---- */

static void
record(void *self, enum log_level level, const char *text,
    const struct log_field *fields, size_t count)
{
	(void)self, (void)fields, (void)count;
	buf_printf(&lines, "%d|%s\n", level, text);
}

int
stage_logged(const char *text)
{
	int found = 0;

	for (const char *at = buf_text(&lines); (at = strstr(at, text)) != NULL;
	     at++)
		found++;
	return found;
}

static void
on_health(void *arg)
{
	(void)arg;
	voice_hear(stage.voice);
}

static void
on_change(void *arg)
{
	(void)arg;
	stage.changes++;
}

static void
on_end(void *arg)
{
	(void)arg;
	stage.ends++;
}

static void
begin(void)
{
	const struct voice_settings settings = {
		.self = { "vault-1.example.com",
		    "https://sqs.us-east-1.amazonaws.com/1/keyguard",
		    "/var/lib/keyguardd/keyguardd.db" },
		.topic_arn = TOPIC,
		.alarm_after_ms = MINUTES(10),
		.on_change = on_change,
	};

	stage.health = (struct health){ .on_change = on_health };
	stage.voice =
	    voice_new(stage.loop, NULL, NULL, &stage.health, &settings);
}

static void
end(void)
{
	voice_free(stage.voice);
	ck_assert(!stage.open);
}

void
stage_start(void)
{
	end();
	begin();
}

void
stage_restart(void)
{
	stage_start();
	stage_read();
}

void
stage_break(enum health_reason reason, const char *name, const char *cause)
{
	struct error error;

	error_set(&error, name, "%s", cause);
	health_set(&stage.health, reason, &error);
}

void
stage_lose_queue(void)
{
	stage_break(HEALTH_QUEUE, "SQS.QueueDoesNotExist",
	    "The specified queue does not exist.");
}

void
stage_work(void)
{
	health_clear(&stage.health, HEALTH_CREDENTIALS);
	health_clear(&stage.health, HEALTH_QUEUE);
	health_clear(&stage.health, HEALTH_STORE);
}

void
stage_last_words(void)
{
	voice_last_words(stage.voice, on_end, NULL);
}

void
stage_setup(void)
{
	static const struct log_sink sink = { NULL, record };

	log_bind(&sink);
	stage = (struct stage){ .loop = loop_new() };
	begin();
	stage_read();
}

void
stage_teardown(void)
{
	end();
	loop_free(stage.loop);
	free(stage.message);
	free(stage.dedup);
	free(stage.note);
	buf_done(&lines);
	log_bind(NULL);
}
