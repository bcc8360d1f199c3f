/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is so (`alarm.raised`) and what security knows (`told`) are two things;
 * where they differ, a message is on its way. An alarm is remembered until its
 * end was told.
 */
#include "daemon/voice.h"

#include <json-c/json.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "aws/sns.h"
#include "daemon/alarm.h"
#include "store/store.h"
#include "util/alloc.h"
#include "util/backoff.h"
#include "util/clock.h"
#include "util/doc.h"
#include "util/log.h"
#include "util/stamp.h"

#define NOTE          "voice"
#define LAST_WORDS_MS SECONDS(10)
#define LOOK_MS       SECONDS(10) /* what an earlier life left may be over */

struct voice {
	struct aws *aws;
	struct store *store;
	struct voice_settings settings;
	struct alarm alarm;

	char *why; /* of an alarm whose end was not told; NULL: there is none */
	int64_t since_wall_ms, until_wall_ms; /* its times; 0: it is not over */
	bool told;     /* security: of the alarm itself */
	bool alarming; /* what `call` tells: the alarm, or its end */
	struct aws_call *call;
	struct loop_timer again;
	struct backoff backoff;
	struct error failure; /* of the last call; no name: none */

	char *noted;   /* what the store has; NULL: nothing */
	bool recalled; /* that is known */
	struct store_read *reading;
	void (*loaded)(void *arg, const struct error *error);
	void *loaded_arg;

	struct loop_timer patience; /* with the last words */
	void (*said)(void *arg);
	void *said_arg;
};

static void
replace(char **member, const char *text)
{
	free(*member);
	*member = xstrdup(text);
}

/* ---- what the next life has to know ---- */

/* NULL: nothing. The caller frees it. */
static char *
note_of(const struct voice *voice)
{
	DOC_LATER struct json_object *doc = doc_object();

	if (voice->why != NULL) {
		doc_put_time(doc, "Since", voice->since_wall_ms);
		doc_put_time(doc, "Until", voice->until_wall_ms);
		doc_put_string(doc, "Why", voice->why);
		doc_put_bool(doc, "Told", voice->told);
	} else if (voice->alarm.state == ALARM_ILL)
		doc_put_time(doc, "Since", voice->alarm.since_wall_ms);
	else
		return NULL;
	return doc_text(doc);
}

static bool
same(const char *one, const char *other)
{
	if (one == NULL || other == NULL)
		return one == other;
	return strcmp(one, other) == 0;
}

/* What an earlier life left is not written over before it is known. */
static void
note(struct voice *voice)
{
	FREE_LATER char *text = note_of(voice);

	if (!voice->recalled || same(text, voice->noted))
		return;
	store_note(voice->store, NOTE, text, NULL, NULL);
	free(voice->noted);
	voice->noted = STEAL(text);
}

/* What security does not know yet is not told before it was seen whether it is
 * still so. */
static void
recall(struct voice *voice, const char *text)
{
	DOC_LATER struct json_object *doc = doc_parse(text, strlen(text), NULL);
	const char *why = doc_string(doc, "Why");
	int64_t since_wall_ms = doc_time(doc, "Since");

	if (voice->told || since_wall_ms == 0)
		return;
	replace(&voice->noted, text);
	if (why != NULL) {
		replace(&voice->why, why);
		voice->since_wall_ms = since_wall_ms;
		if (!voice->alarm.raised)
			voice->until_wall_ms = doc_time(doc, "Until");
		voice->told = doc_bool(doc, "Told", false);
		loop_timer_set(&voice->again, LOOK_MS);
	}
	if (voice->until_wall_ms == 0)
		alarm_recall(&voice->alarm, since_wall_ms, why != NULL);
}

static void
on_notes(void *arg, const struct store_noted *rows, size_t count,
    const struct error *error)
{
	struct voice *voice = arg;

	voice->reading = NULL;
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].key, NOTE) == 0)
			recall(voice, rows[i].text);
	voice->recalled = error == NULL;
	if (voice->alarm.state != ALARM_UNSEEN || voice->alarm.raised)
		note(voice); /* what has been seen meanwhile */
	voice->loaded(voice->loaded_arg, error);
}

void
voice_load(struct voice *voice,
    void (*done)(void *arg, const struct error *error), void *arg)
{
	voice->loaded = done;
	voice->loaded_arg = arg;
	voice->reading = store_notes(voice->store, on_notes, voice);
}

/* ---- what there is to tell ---- */

static void
follow(struct voice *voice)
{
	const struct alarm *alarm = &voice->alarm;

	if (alarm->raised)
		voice->until_wall_ms = 0;
	else if (voice->why != NULL && voice->until_wall_ms == 0)
		voice->until_wall_ms = alarm->until_wall_ms;
	if (alarm->raised && voice->why == NULL) {
		voice->why = voice_text_why(alarm->health);
		voice->since_wall_ms = alarm->since_wall_ms;
	}
}

/* ---- telling security ---- */

static void on_published(void *arg, const char *message_id,
    const char *request_id, const struct error *error);

static void
publish(struct voice *voice, bool alarming)
{
	static const struct aws_options options = { .rank = AWS_RANK_REST };
	const struct voice_settings *settings = &voice->settings;
	const struct alarm *alarm = &voice->alarm;
	CLEANUP(message_done) struct message message;
	FREE_LATER char *dedup = NULL;

	if (alarming)
		voice_text_alarm(&settings->self, alarm->health,
		    alarm->since_wall_ms, &message);
	else
		voice_text_over(&settings->self, voice->since_wall_ms,
		    voice->until_wall_ms, voice->told ? NULL : voice->why,
		    &message);
	dedup = xasprintf("keyguard-%s-%lld", alarming ? "alarm" : "over",
	    (long long)alarm->since_wall_ms);
	voice->alarming = alarming;
	voice->call =
	    sns_publish(voice->aws, settings->topic_arn, message.subject,
		message.body, dedup, &options, on_published, voice);
}

static void
say(void *arg)
{
	struct voice *voice = arg;
	bool raised = voice->alarm.raised;
	bool well = voice->alarm.state == ALARM_WELL;

	if (voice->call != NULL || loop_timer_pending(&voice->again))
		return;
	if (raised && !voice->told && !well)
		publish(voice, true);
	else if (!raised && voice->why != NULL && well)
		publish(voice, false);
}

static void
succeed(struct voice *voice, const char *message_id)
{
	log_line(
	    LEVEL_INFO, "security was told of it by message %s", message_id);
	backoff_reset(&voice->backoff);
	voice->failure.name[0] = '\0';
	voice->told = voice->alarming;
	if (!voice->told) {
		free(voice->why);
		voice->why = NULL;
		follow(voice); /* there may be another */
	}
	note(voice);
	say(voice);
}

/* What keeps failing in the same way is logged once. */
static void
fail(struct voice *voice, const struct error *error)
{
	struct loop_timer *again = &voice->again;

	if (strcmp(voice->failure.name, error->name) != 0)
		log_with(LEVEL_WARNING,
		    LOG_FIELDS({ "KEYGUARD_ERROR", error->name }),
		    "security could not be told of it yet: %s: %s", error->name,
		    error->cause);
	voice->failure = *error;
	loop_timer_set(
	    again, backoff_next(&voice->backoff, loop_random(again->loop)));
}

static void
on_published(void *arg, const char *message_id, const char *request_id,
    const struct error *error)
{
	struct voice *voice = arg;

	(void)request_id;
	voice->call = NULL;
	if (error != NULL)
		fail(voice, error);
	else
		succeed(voice, message_id);
	if (loop_timer_pending(&voice->patience))
		loop_timer_set(&voice->patience, 0);
}

/* ---- the alarm ---- */

static void
on_alarm(void *arg)
{
	struct voice *voice = arg;

	follow(voice);
	note(voice);
	say(voice);
	voice->settings.on_change(voice->settings.arg);
}

void
voice_hear(struct voice *voice)
{
	alarm_hear(&voice->alarm);
}

void
voice_hurry(struct voice *voice)
{
	loop_timer_clear(&voice->again);
	say(voice);
}

int64_t
voice_alarm_since(const struct voice *voice)
{
	bool alarming = voice->alarm.raised && voice->alarm.state != ALARM_WELL;

	return alarming ? voice->alarm.since_wall_ms : 0;
}

char *
voice_line(const struct voice *voice)
{
	char since[STAMP_RFC3339];

	if (voice_alarm_since(voice) == 0)
		return NULL;
	stamp_rfc3339(voice_alarm_since(voice), since);
	return xasprintf("alarm: has not been able to work since %s", since);
}

/* ---- the last words ---- */

static void
on_patience(void *arg)
{
	struct voice *voice = arg;

	voice->said(voice->said_arg);
}

void
voice_last_words(struct voice *voice, void (*done)(void *arg), void *arg)
{
	voice->said = done;
	voice->said_arg = arg;
	alarm_hurry(&voice->alarm);
	voice_hurry(voice);
	loop_timer_set(
	    &voice->patience, voice->call != NULL ? LAST_WORDS_MS : 0);
}

/* ---- making ---- */

struct voice *
voice_new(struct loop *loop, struct aws *aws, struct store *store,
    const struct health *health, const struct voice_settings *settings)
{
	struct voice *voice = xzalloc(sizeof *voice);

	voice->aws = aws;
	voice->store = store;
	voice->settings = *settings;
	voice->backoff =
	    (struct backoff){ .base_ms = SECONDS(2), .cap_ms = MINUTES(1) };
	loop_timer_init(&voice->again, loop, say, voice);
	loop_timer_init(&voice->patience, loop, on_patience, voice);
	alarm_init(&voice->alarm, loop, health, settings->alarm_after_ms,
	    on_alarm, voice);
	return voice;
}

void
voice_free(struct voice *voice)
{
	if (voice == NULL)
		return;
	if (voice->reading != NULL)
		store_read_cancel(voice->reading);
	if (voice->call != NULL)
		aws_call_cancel(voice->call);
	alarm_done(&voice->alarm);
	loop_timer_done(&voice->again);
	loop_timer_done(&voice->patience);
	free(voice->noted);
	free(voice->why);
	free(voice);
}
