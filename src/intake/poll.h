/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Receives from the queue for ever: one long poll at a time, ten messages at
 * most. Waits while there is no room, while it is held, and after failures.
 */
#ifndef KG_INTAKE_POLL_H
#define KG_INTAKE_POLL_H

#include <stdbool.h>
#include <stdint.h>

#include "aws/sqs.h"
#include "loop/loop.h"
#include "util/backoff.h"
#include "util/error.h"

struct health;

struct poll_sink {
	/* Whether another batch may be received now. */
	bool (*room)(void *arg);
	/* Takes a message; whether it was not held already. */
	bool (*take)(void *arg, const struct sqs_message *message);
	void *arg;
};

struct poll {
	struct loop *loop;
	struct aws *aws;
	struct health *health;
	const char *queue_url;
	struct poll_sink sink;
	struct loop_timer pause;
	struct backoff backoff;
	struct aws_call *call;
	int singly;   /* so many messages are asked for one by one */
	bool held;    /* not for now */
	bool stopped; /* not any more; also before the start */
	int64_t asked_mono_ms;
	int64_t received, last_receive_wall_ms;
	struct error error; /* of the last poll; name "" when good */
};

/* Not yet polling. */
void poll_init(struct poll *poll, struct loop *loop, struct aws *aws,
    struct health *health, const char *queue_url, const struct poll_sink *sink);

/* Begins. */
void poll_start(struct poll *poll);

/* Asks again, if it may: call it whenever there may be room again. */
void poll_kick(struct poll *poll);

/* Asks now, whatever pause there was to be after failures. */
void poll_hurry(struct poll *poll);

/* Holds receiving, or lets it go on. What a cancelled call was about to bring
 * becomes visible by itself. */
void poll_hold(struct poll *poll, bool held);

/* Receives nothing more. */
void poll_stop(struct poll *poll);

void poll_done(struct poll *poll);

#endif
