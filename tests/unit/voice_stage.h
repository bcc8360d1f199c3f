/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A voice on virtual time, between a topic and a store that the test plays.
 * Its alarm comes after ten minutes.
 */
#ifndef KG_TESTS_UNIT_VOICE_STAGE_H
#define KG_TESTS_UNIT_VOICE_STAGE_H

#include <stdbool.h>

#include "util/health.h"

struct loop;
struct voice;

struct stage {
	struct loop *loop;
	struct health health;
	struct voice *voice;

	bool open;     /* a Publish is under way */
	int calls;     /* how many there were */
	char *message; /* the last: subject, empty line, body */
	char *dedup;

	char *note; /* as the store has it; NULL: none */
	int notes;  /* how often it was written */

	int loads, changes, ends; /* callbacks */
};

extern struct stage stage;

/* A daemon of which nothing is known yet; it has read that there is no note. */
void stage_setup(void);
void stage_teardown(void);

/* It ends and starts anew; it reads the note; both. */
void stage_start(void);
void stage_read(void);
void stage_restart(void);

/* Something breaks: by this error, or the queue; all is seen to work. */
void stage_break(
    enum health_reason reason, const char *name, const char *cause);
void stage_lose_queue(void);
void stage_work(void);

/* Answers the Publish that is under way. */
void stage_accept(void);
void stage_refuse(const char *name);

/* It is this file of tests/messages. */
void stage_expect(const char *name);

/* How many lines of the log have this. */
int stage_logged(const char *text);

/* The store cannot read the note. */
void stage_load_fails(void);

/* voice_last_words, which count in `ends`. */
void stage_last_words(void);

#endif
