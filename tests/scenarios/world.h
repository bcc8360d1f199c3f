/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The daemon of a scenario: its real core between twins of clock, wire and
 * disk thread. The queue and STS answer by themselves; every other call waits
 * for the scenario and has to be expected by it, unless AWS is the sandbox's
 * (cloud.h).
 */
#ifndef KG_TESTS_SCENARIOS_WORLD_H
#define KG_TESTS_SCENARIOS_WORLD_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/config.h"
#include "fake/fake_disk.h"
#include "fake/fake_http.h"
#include "machine/engine.h"
#include "scenarios/queue.h"
#include "util/buf.h"
#include "util/error.h"

#define WORLD_ACCOUNT "123456789012"
#define WORLD_OWN_KEY "AKIAI44QH8DHBEXAMPLE"

struct core;
struct fake_cloud;
struct json_object;
struct model;
struct store_execution;

enum network {
	NETWORK_UP,
	NETWORK_AWAY,   /* swallows what is sent */
	NETWORK_RESETS, /* refuses every connection, and breaks those it had */
};

struct world {
	struct loop *loop;
	struct config config;
	struct fake_disk *disk;
	enum disk_loss loss; /* of a crash; none: the process alone dies */
	struct fake_wire wire;
	struct json_object *sent; /* "IAM/DeleteAccessKey": how often */
	struct queue queue;
	enum network network;
	bool anonymous; /* STS does not answer */
	/* What else the daemon may do: hold what it cannot write, and give
	 * up, which is noted. */
	bool may_give_up, gave_up;
	/* These answer all calls; NULL: the scenario does. */
	struct model *model;
	struct fake_cloud *cloud;
	struct core *core;
	struct engine_observer observer;
	/* Executions by the order of their start. */
	char **names;
	size_t count;
	enum event_type awaited;      /* EVENT_TYPES: it has come */
	struct http_request *current; /* the call that was expected last */
	struct error problem;         /* the first, when it has a name */
	int line;                     /* of the step that failed */
};

/* What the store has of an execution. */
struct world_execution {
	bool known;
	enum status status;
	char outcome[32];   /* "" when there is none */
	struct buf history; /* a line for each event: type, state or error */
};

/* Made, and started after its configuration was changed; world_create leaves
 * the first callbacks to the caller. */
void world_init(struct world *world);
void world_done(struct world *world);
void world_create(struct world *world);
void world_start(struct world *world);

/* The network goes away or comes back; what is under way is lost. */
void world_set_network(struct world *world, enum network network);

/* Runs all that is due now; messages of the queue are delivered. */
void world_settle(struct world *world);

/* Nothing can be written, for want of room; or it can again. */
void world_fill_disk(struct world *world, bool full);

/* A crash and a new start: now, or just when the next event of a type has
 * become durable; then calls that left meanwhile need not be looked at. */
void world_restart(struct world *world);
void world_restart_after(struct world *world, enum event_type type);

/* Admits an event as the control socket would; false when it is refused. */
bool world_inject(struct world *world, const char *body, struct error *error);

/* Does to an execution, by its number, what the control socket would: "retry",
 * "redrive" or "stop". False, noted, when it is refused. */
bool world_act(struct world *world, const char *what, size_t number);

/* The same to one as it was read from the store; false and an error when it is
 * refused. */
bool world_do(struct world *world, const char *what,
    const struct store_execution *execution, const struct event *events,
    size_t count, struct error *error);

/* Reads an execution, by its number from 1; the caller frees its history. */
void world_show(
    struct world *world, size_t number, struct world_execution *ret_execution);

/* The error of the message that was refused last; "" for none. */
void world_refused(struct world *world, char *name, size_t room);

/* From now on nothing is logged. */
void world_keep_quiet(void);

/* Notes the first problem. Returns false. */
bool world_fail(struct world *world, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
