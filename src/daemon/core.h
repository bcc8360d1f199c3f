/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that stands between the clock and the wire: store, engine, workflow,
 * AWS client and intake, made from a configuration on a loop. The same in the
 * daemon and in a simulation; sockets, signals and systemd are bound outside.
 */
#ifndef KG_DAEMON_CORE_H
#define KG_DAEMON_CORE_H

#include <stdbool.h>

#include "util/error.h"

struct breaker;
struct census_asker;
struct config;
struct core;
struct engine;
struct json_object;
struct loop;
struct store;

struct core_events {
	/* Unfinished executions run again and the queue has answered, or ten
	 * seconds have passed without. */
	void (*on_ready)(void *arg);
	/* It makes no sense to go on: the queue is not there or not ours, and
	 * no execution is unfinished. */
	void (*on_hopeless)(void *arg, const struct error *error);
	/* Something that `status` tells has changed. */
	void (*on_change)(void *arg);
	void *arg;
};

/* Starts; borrows config, loop and the name of this host. NULL and an error
 * when the trust store or the endpoints can not be used. */
struct core *core_new(struct loop *loop, struct config *config,
    const char *host, const struct core_events *events, struct error *error);

/* SIGHUP: takes over what `config` now says; false when the trust store
 * could not be read (the old one stays). */
bool core_reload(struct core *core, struct error *error);

/* Receives and starts nothing more; what runs may end. */
void core_drain(struct core *core);

/* Whether nothing is under way that a restart would have to do again. */
bool core_quiet(const struct core *core);

/* Frees all but what the store still has to write; the loop must not run any
 * more. The store is closed, or abandoned as in a crash. */
void core_close(struct core *core);
void core_abandon(struct core *core);

/* For the control socket. */
struct engine *core_engine(struct core *core);
struct store *core_store(struct core *core);
struct breaker *core_breaker(struct core *core);

/* The two of control.h, struct control_host: `ask`, `status`. */
void core_ask(struct core *core, struct census_asker *asker);
struct json_object *core_status(struct core *core);

/* One line for systemd's STATUS=. The caller frees it. */
char *core_summary(struct core *core);

#endif
