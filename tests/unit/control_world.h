/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The control socket on a real loop and a real socket, with engine, store and
 * admission faked at link time: a test says what the client sends and what the
 * store answers, and reads what the client gets. Every answer is held against
 * the interface's definition.
 */
#ifndef KG_TESTS_UNIT_CONTROL_WORLD_H
#define KG_TESTS_UNIT_CONTROL_WORLD_H

#include <stdbool.h>
#include <stddef.h>

#include "machine/engine.h"
#include "store/backup.h"
#include "store/store.h"
#include "workflow/admission.h"

struct breaker_waiter;
struct json_object;

#define WORLD_CLIENTS 260

/* What the code under test did, and what it will be told. */
struct world {
	struct loop *loop;
	struct control *control;
	int clients[WORLD_CLIENTS];
	/* The read that was asked last, until it is answered or cancelled. */
	union {
		store_listed *list;
		store_shown *show;
		store_rejected_listed *rejected;
		store_counted *count;
		store_done *reject;
	} done;
	void *arg;
	bool reading;
	int reads, cancelled;     /* how many there were */
	struct store_query query; /* with strings of its own */
	char outcome[32], after[32];
	char asked[256]; /* the name that was asked to be shown, or the key */
	int64_t before;
	/* The engine's observers. */
	struct engine_observer *observers;
	/* What admission was given, and what it shall make of it. */
	char body[256], origin[256];
	const char *const *names;
	bool refuse;
	char kept[256]; /* the body that was given to store_reject */
	/* What was done, "redrive NAME by WHOM; stop ...", and how it was. */
	char deeds[1024];
	bool runs;           /* the engine has it */
	bool ending;         /* and nothing but its end is to be recorded */
	store_done *settled; /* waits until that is durable */
	void *settled_arg;
	struct error not_acted; /* why redrive, retry fail; "": they do not */
	int64_t held;           /* deletions, -1: none */
	struct breaker_waiter *waiter; /* for a resume to become durable */
	bool starting;                 /* nobody knows what is held yet */
	/* The copy of the store, if one is being made. */
	bool copying;
	struct store_backup_events backup;
	int pieces;   /* how many were asked for */
	int statuses; /* how often the host was asked */
	int warnings; /* lines of the log that warn */
	/* The last line that names who did it: of which execution, by whom. */
	char audited[512];
	char *by; /* of world_by */
};

extern struct world world;
extern const struct machine world_machine;

/* Around each test. */
void world_setup(void);
void world_teardown(void);

/* How we are named when we ask for a deed, such as "inject"; until the next. */
const char *world_by(const char *deed);

/* Connects client number `i`; done for client 0 by the setup. */
void world_connect(int i);
void world_disconnect(int i);

/* Sends bytes of client `i` as they are. */
void world_send(int i, const void *bytes, size_t len);

/* Client 0 calls a method of io.keyguard.Control: "List", "{}", and what else
 * the message shall have: ",\"more\":true" or "". */
void world_call(const char *method, const char *parameters, const char *more);

/* Runs the loop until client `i` got a whole message, and returns it as long
 * as the next is not asked for; NULL if it was disconnected. */
struct json_object *world_hear(int i);

/* world_hear of client 0: what it got are parameters of a reply to `method`, or
 * an error by the name given. Returned as text. */
const char *world_reply(const char *method, bool continues);
const char *world_error(const char *name);

/* Runs the loop until nothing more happens at once. */
void world_settle(void);

/* The host has asked its queues. */
void world_told(void);

/* The engine tells its observers. */
void world_event(const char *name, const struct event *event,
    const struct standing *standing);
void world_exists(const char *name, enum status status);
void world_held(const char *name, const struct error *error);

#endif
