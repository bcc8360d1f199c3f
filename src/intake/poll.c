/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The long poll.
 */
#include "intake/poll.h"

#include <string.h>

#include "util/clock.h"
#include "util/health.h"
#include "util/log.h"

/* The longest that SQS offers. After a failure none, to see at once whether it
 * works again. */
#define WAIT_SECONDS 20

/* An answer that comes at once and brings nothing new is not the long poll it
 * should be: some emulators, some proxies, a queue that does not hide what it
 * has given out. Never more than one of them a second. */
#define NOTHING_NEW_MS SECONDS(1)

/*
 * The longest pauses after failures. What passes by itself, such as a network
 * that swallows all, is over within one poll: the pause, and the 5 s that a
 * connection may take; a queue that fails is hardly asked more often than an
 * empty one. A refusal lasts until somebody mends it.
 */
#define PASSING_PAUSE_MS SECONDS(15)
#define REFUSED_PAUSE_MS MINUTES(1)

static void poll_again(void *arg);

static int64_t
mono(const struct poll *poll)
{
	return clock_mono_ms(loop_clock(poll->loop));
}

/* Whether an error is about who we are, not about the queue. */
static bool
about_credentials(const struct error *error)
{
	static const char *const names[] = {
		"Aws.NoCredentials",
		"SQS.UnrecognizedClientException",
		"SQS.InvalidClientTokenId",
		"SQS.ExpiredTokenException",
		"SQS.ExpiredToken",
		"SQS.InvalidSignatureException",
		"SQS.SignatureDoesNotMatch",
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(error->name, names[i]) == 0)
			return true;
	return false;
}

static void
failed(struct poll *poll, const struct error *error)
{
	bool credentials = about_credentials(error);

	poll->error = *error;
	health_set(poll->health,
	    credentials ? HEALTH_CREDENTIALS : HEALTH_QUEUE, error);
	health_drop(
	    poll->health, credentials ? HEALTH_QUEUE : HEALTH_CREDENTIALS);
	poll->backoff.cap_ms =
	    error->class == CLASS_NONE ? REFUSED_PAUSE_MS : PASSING_PAUSE_MS;
	loop_timer_set(&poll->pause,
	    backoff_next(&poll->backoff, loop_random(poll->loop)));
}

static void
worked(struct poll *poll)
{
	poll->error.name[0] = '\0';
	health_clear(poll->health, HEALTH_CREDENTIALS);
	health_clear(poll->health, HEALTH_QUEUE);
	backoff_reset(&poll->backoff);
	poll->last_receive_wall_ms = clock_wall_ms(loop_clock(poll->loop));
}

/*
 * Ten messages that are too large together, or one that makes their answer
 * unreadable, must not block the queue for ever: the next come one by one.
 * They are invisible for now: empty answers come before them.
 */
static void
received_nothing(struct poll *poll, const struct error *error)
{
	bool too_large = strcmp(error->name, "Http.AnswerTooLarge") == 0;
	bool one_by_one = poll->singly > 0;

	if (too_large || strcmp(error->name, "Aws.MalformedAnswer") == 0)
		poll->singly = SQS_BATCH;
	if (too_large && !one_by_one)
		poll_kick(poll);
	else
		failed(poll, error);
}

/* Whether it is new. */
static bool
take(const struct poll *poll, const struct sqs_message *message)
{
	if (message->body_intact)
		return poll->sink.take(poll->sink.arg, message);
	log_with(LEVEL_WARNING, LOG_FIELDS({ "SQS_MESSAGE_ID", message->id }),
	    "message %s: its body does not have the MD5 that the queue says; "
	    "left for redelivery",
	    message->id);
	return false;
}

static void
on_received(void *arg, const struct sqs_message *messages, size_t count,
    const struct error *error)
{
	struct poll *poll = arg;
	bool news = false;

	poll->call = NULL;
	if (error != NULL) {
		received_nothing(poll, error);
		return;
	}
	worked(poll);
	if (poll->singly > 0 && count > 0)
		poll->singly--;
	poll->received += (int64_t)count;
	for (size_t i = 0; i < count; i++)
		news |= take(poll, &messages[i]);
	if (!news && mono(poll) - poll->asked_mono_ms < NOTHING_NEW_MS)
		loop_timer_set(&poll->pause, NOTHING_NEW_MS);
	else
		poll_kick(poll);
}

/* Whether the queue was not seen to work, or not lately. */
static bool
unsure(const struct poll *poll)
{
	return poll->error.name[0] != '\0' ||
	    !poll->health->reason[HEALTH_QUEUE].known;
}

/* Then it is asked for one message even if there is no room: otherwise nobody
 * would see that it works. */
void
poll_kick(struct poll *poll)
{
	static const struct aws_options options = { .rank = AWS_RANK_REST };
	bool room = poll->sink.room(poll->sink.arg);

	if (poll->stopped || poll->held || poll->call != NULL ||
	    loop_timer_pending(&poll->pause) || (!room && !unsure(poll)))
		return;
	poll->asked_mono_ms = mono(poll);
	poll->call = sqs_receive(poll->aws, poll->queue_url,
	    !room || poll->singly > 0 ? 1 : SQS_BATCH,
	    poll->error.name[0] != '\0' ? 0 : WAIT_SECONDS, &options,
	    on_received, poll);
}

static void
poll_again(void *arg)
{
	poll_kick(arg);
}

void
poll_init(struct poll *poll, struct loop *loop, struct aws *aws,
    struct health *health, const char *queue_url, const struct poll_sink *sink)
{
	*poll = (struct poll){
		.loop = loop,
		.aws = aws,
		.health = health,
		.queue_url = queue_url,
		.sink = *sink,
		.backoff = { .base_ms = SECONDS(1) },
		.stopped = true,
	};
	loop_timer_init(&poll->pause, loop, poll_again, poll);
}

void
poll_start(struct poll *poll)
{
	poll->stopped = false;
	poll_kick(poll);
}

static void
interrupt(struct poll *poll)
{
	if (poll->call != NULL)
		aws_call_cancel(poll->call);
	poll->call = NULL;
}

void
poll_hold(struct poll *poll, bool held)
{
	poll->held = held;
	if (held)
		interrupt(poll);
	else
		poll_kick(poll);
}

void
poll_hurry(struct poll *poll)
{
	backoff_reset(&poll->backoff);
	loop_timer_clear(&poll->pause);
	poll_kick(poll);
}

void
poll_stop(struct poll *poll)
{
	poll->stopped = true;
	interrupt(poll);
	loop_timer_clear(&poll->pause);
}

void
poll_done(struct poll *poll)
{
	poll_stop(poll);
	loop_timer_done(&poll->pause);
}
