/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of the core share: the core itself, who we are, and the
 * totals that the status tells. Private to core*.c.
 */
#ifndef KG_DAEMON_CORE_PRIVATE_H
#define KG_DAEMON_CORE_PRIVATE_H

#include "aws/credentials.h"
#include "daemon/core.h"
#include "daemon/rounds.h"
#include "loop/loop.h"
#include "machine/engine.h"
#include "store/store.h"
#include "util/backoff.h"
#include "util/health.h"
#include "workflow/workflow.h"

struct aws_call;
struct breaker;
struct voice;

/* Who we are, asked of STS until it is known. */
struct identity {
	struct aws_call *call;
	struct loop_timer timer;
	struct backoff backoff;
	struct credentials_wait wait;
	bool waiting;
	char source[64]; /* of the credentials; "" while there are none */
	int64_t expires_wall_ms;
};

struct core {
	struct loop *loop;
	struct config *config;
	struct core_events events;
	int64_t start_wall_ms;
	struct health health;

	struct http *http;
	struct credentials_provider *credentials;
	struct aws *aws;
	struct store *store;
	struct breaker *breaker;
	struct workflow workflow;
	struct engine *engine;
	struct engine_observer observer;
	struct redriver *redriver;
	struct intake *intake;
	struct rounds rounds;
	struct voice *voice;
	struct identity identity;

	struct loop_timer engine_timer; /* the engine's one request */
	struct loop_timer ready_timer;  /* READY without the queue's answer */
	struct loop_timer resume_timer; /* after a failed resume */
	struct loop_timer read_timer;   /* after a failed read */
	struct error hopeless;          /* why it gives up */
	struct error unwritten, unread; /* the store; no name: all is well */
	bool ready;
	bool draining;

	struct store_read *counting;
	bool miscounted; /* something changed while the store counted */
	bool counted;    /* the store has, once */
	struct store_totals totals; /* as durable */
	bool told; /* since the last one FAILED, a message has gone out */
};

/* core_identity.c */
void core_identity_init(struct core *core);
void core_identity_ask(struct core *core); /* anew, if it is under way */
void core_identity_done(struct core *core);

/* core_start.c: what was unfinished goes on, once the store is open. */
void core_start_init(struct core *core);
void core_resume(struct core *core);
void core_start_done(struct core *core);

/* core_store.c: the store, and what it tells. */
void core_store_init(struct core *core);
void core_store_open(struct core *core);
void core_store_done(struct core *core);

/* core_news.c: for the journal, how executions end, and that one is deleted of
 * which nobody was told. */
void core_news(const char *name, const struct event *event,
    const struct standing *standing);
void core_news_expired(const char *name);

/* core_status.c: the totals, asked of the store whenever they change. */
void core_totals_load(struct core *core);
void core_totals_follow(struct core *core, const struct event *event,
    const struct standing *standing);
void core_totals_done(struct core *core);

#endif
