/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The control socket: a Varlink service of interface io.keyguard.Control on a
 * listening unix socket that somebody else has bound.
 */
#ifndef KG_CONTROL_CONTROL_H
#define KG_CONTROL_CONTROL_H

struct breaker;
struct census_asker;
struct control;
struct engine;
struct json_object;
struct loop;
struct machine;
struct store;

/* What the methods act on. All borrowed for the control's life. */
struct control_host {
	struct loop *loop;
	struct engine *engine;
	struct store *store;
	struct breaker *breaker;
	const struct machine *machine;
	/* Asks for what `status` would have to guess; intake/census.h has who
	 * is told when it is there. */
	void (*ask)(void *arg, struct census_asker *asker);
	/* The answer of `status` without what the store counts (executions,
	 * rejected): a new document, which the caller completes and frees. */
	struct json_object *(*status)(void *arg);
	void *arg;
};

/* Serves on `fd` (taken over). */
struct control *control_new(const struct control_host *host, int fd);

/* Closes all connections and frees. NULL is fine. */
void control_free(struct control *control);

#endif
