/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Three queues and a heap; the host is asked anew whenever the answer to "when
 * next?" has changed.
 */
#include "machine/agenda.h"

#include "machine/engine.h"
#include "machine/inside.h"

#define AT_ONCE 0
#define NEVER   (-1)

void
agenda_init(struct agenda *agenda, const struct engine_host *host)
{
	*agenda = (struct agenda){
		.host = host,
		.held = true,
		.asked_ms = NEVER,
	};
	TAILQ_INIT(&agenda->ended);
	TAILQ_INIT(&agenda->urgent);
	TAILQ_INIT(&agenda->ready);
}

void
agenda_done(struct agenda *agenda)
{
	due_done(&agenda->due);
}

static int64_t
next_ms(const struct agenda *agenda)
{
	const struct execution *first = due_first(&agenda->due);
	bool starts =
	    !TAILQ_EMPTY(&agenda->urgent) || !TAILQ_EMPTY(&agenda->ready);

	if (!TAILQ_EMPTY(&agenda->ended) || (starts && !agenda->held))
		return AT_ONCE;
	return first != NULL ? first->due_ms : NEVER;
}

static void
ask(struct agenda *agenda)
{
	int64_t next = next_ms(agenda);

	if (agenda->busy || next == agenda->asked_ms)
		return;
	agenda->asked_ms = next;
	agenda->host->wake_at(agenda->host->self, next);
}

void
agenda_hold(struct agenda *agenda, bool held)
{
	agenda->held = held;
	ask(agenda);
}

static void
unqueue(struct execution *execution)
{
	if (execution->queue != NULL)
		TAILQ_REMOVE(execution->queue, execution, in_queue);
	execution->queue = NULL;
}

static void
queue(struct execution_queue *queue, struct execution *execution)
{
	if (execution->queue == queue)
		return;
	unqueue(execution);
	TAILQ_INSERT_TAIL(queue, execution, in_queue);
	execution->queue = queue;
	ask(&execution->engine->agenda);
}

void
agenda_ended(struct execution *execution)
{
	queue(&execution->engine->agenda.ended, execution);
}

void
agenda_ready(struct execution *execution)
{
	struct agenda *agenda = &execution->engine->agenda;
	bool urgent = execution_state(execution)->lane;

	queue(urgent ? &agenda->urgent : &agenda->ready, execution);
}

void
agenda_due(struct execution *execution, int64_t mono_ms)
{
	struct agenda *agenda = &execution->engine->agenda;

	due_set(&agenda->due, execution, mono_ms);
	ask(agenda);
}

void
agenda_undue(struct execution *execution)
{
	struct agenda *agenda = &execution->engine->agenda;

	due_clear(&agenda->due, execution);
	ask(agenda);
}

void
agenda_forget(struct execution *execution)
{
	unqueue(execution);
	agenda_undue(execution);
}

void
agenda_begin(struct agenda *agenda)
{
	agenda->busy = true;
}

void
agenda_end(struct agenda *agenda)
{
	agenda->busy = false;
	agenda->asked_ms = NEVER;
	ask(agenda);
}

static struct execution *
take(struct execution_queue *queue)
{
	struct execution *first = TAILQ_FIRST(queue);

	if (first != NULL)
		unqueue(first);
	return first;
}

struct execution *
agenda_next_ended(struct agenda *agenda)
{
	return take(&agenda->ended);
}

struct execution *
agenda_next_due(struct agenda *agenda, int64_t mono_ms)
{
	struct execution *first = due_first(&agenda->due);

	if (first == NULL || first->due_ms > mono_ms)
		return NULL;
	due_clear(&agenda->due, first);
	return first;
}

struct execution *
agenda_next_ready(struct agenda *agenda)
{
	struct execution *first;

	if (agenda->held)
		return NULL;
	first = take(&agenda->urgent);
	return first != NULL ? first : take(&agenda->ready);
}
