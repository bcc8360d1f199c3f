/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The intake on virtual time, between a queue, an engine and a store that the
 * test plays itself.
 */
#ifndef KG_TESTS_UNIT_INTAKE_WORLD_H
#define KG_TESTS_UNIT_INTAKE_WORLD_H

#include "aws/sqs.h"
#include "fake/fake_loop.h"
#include "intake/intake.h"
#include "machine/engine.h"
#include "store/store.h"
#include "util/health.h"

enum kind {
	NOTHING,
	RECEIVE,
	DELETE,
	EXTEND,
	DESCRIBE,
};

/* A call to the queue, open until it is answered or cancelled. */
struct aws_call {
	enum kind kind;
	int max; /* of RECEIVE */
	size_t count;
	char receipt[SQS_BATCH][32];
	int seconds;  /* of EXTEND; waited by RECEIVE */
	char url[64]; /* of DESCRIBE */
	sqs_received *received;
	sqs_batched *batched;
	sqs_described *described;
	void *arg;
	bool open;
};

struct world {
	struct loop *loop;
	struct intake *intake;
	struct health health;
	struct aws_call calls[512]; /* in the order they were made */
	size_t call_count;
	size_t containing;     /* what the engine says */
	const char *admits[4]; /* names that the next message starts */
	struct error refuses;  /* name "": nothing */
	char origin[64];       /* of the last message admitted */
	int admitted;
	char kept_error[64]; /* of the message being kept among the rejected */
	store_done *kept;
	void *kept_arg;
	struct engine_observer *observers[2];
	int described;
};

extern struct world world;
extern const struct error throttled, bad_handle;

/* An intake that polls a queue with a visibility timeout of 30 s. */
void world_setup(void);
void world_teardown(void);

/* The newest open call of a kind; NULL when there is none. */
struct aws_call *open_call(enum kind kind);

/* Answer the newest open poll: `pairs` is "id/receipt id/receipt ...", where
 * the receipt "broken" stands for a body of another MD5. */
void answer_receive(const char *pairs);
void fail_receive(const char *name);

/* Answers the newest open batch; entry `bad` (-1: none) with `error`. */
struct aws_call *answer_batch(
    enum kind kind, int bad, const struct error *error);

/* Fails the newest open batch as a whole. */
void fail_batch(enum kind kind, const struct error *error);

/* Answers the newest open question for attributes; `arn`: of the queue of dead
 * letters, or NULL. */
void answer_describe(int64_t depth, const char *arn);
void fail_describe(const char *name);

/* The engine tells of an event, an ended name, a name that is held. */
void tell_event(const char *name, enum event_type type, enum status status);
void tell_exists(const char *name);
void tell_held(const char *name);

#endif
