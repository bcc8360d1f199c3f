/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine: runs executions of one machine. The story of one:
 *
 * A message has arrived, intake calls engine_start. The execution is recorded:
 * ExecutionStarted, and the first state's StateEntered and TaskScheduled go to
 * the journal. While that is being committed, engine_wake starts the task: it
 * looks up whose key it is. To delete cannot be undone, so first its intent is
 * recorded (TaskSubmitted); once durable, the call goes out. It is throttled:
 * TaskFailed. The table's first retrier matches, so the execution waits, and
 * when it is due the task starts anew, under the same intent (told to wait for
 * a human, it would be held until engine_release). The key is deleted: the
 * result is put into the execution's data, TaskSucceeded, StateExited, outcome
 * contained. The next state looks up what the key was used for, and fails for
 * good: its catcher puts the error where the summary belongs and leads on. The
 * last state tells the humans, but not before all that it tells of is durable:
 * it is notified. ExecutionSucceeded; once that is durable, too, the observers
 * hear of it, and intake acknowledges the message. Had nobody been told, it
 * would have ended FAILED and been kept, until engine_redrive (operate.h) sent
 * it back to its last state. Had the daemon died anywhere on the way,
 * engine_resume would have read the history and gone on from its last event.
 */
#ifndef KG_MACHINE_ENGINE_H
#define KG_MACHINE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "machine/history.h"
#include "machine/journal.h"
#include "machine/observer.h"
#include "machine/table.h"

struct clock;
struct engine;
struct random;

/* What the engine needs of the world. */
struct engine_host {
	const struct clock *clock;
	struct random *random;
	/* Asks for engine_wake at (or soon after) a monotonic time in ms, never
	 * within this call; a later request replaces an earlier one. A time in
	 * the past means: as soon as the caller has returned. -1: never. */
	void (*wake_at)(void *self, int64_t mono_ms);
	void *self;
};

enum engine_admitted {
	ENGINE_STARTED,
	ENGINE_ATTACHED, /* one of that name is running */
};

/* An engine for a checked table, which starts no task before it has resumed.
 * `context` is handed to every task. All but `host` is borrowed for the
 * engine's life. */
struct engine *engine_new(const struct machine *machine, void *context,
    const struct engine_host *host, const struct journal *journal);

/* Cancels what runs and frees; the store resumes it. NULL is fine. */
void engine_free(struct engine *engine);

/* What the store must be given as its listener. */
struct journal_listener engine_listener(struct engine *engine);

/* The time that wake_at asked for has come. */
void engine_wake(struct engine *engine);

/* An execution to be started; all is borrowed for the call. */
struct engine_order {
	const char *name;
	const char *input;      /* JSON text */
	const char *origin;     /* as in struct event */
	const char *tags[TAGS]; /* each may be NULL */
	int retries;            /* as in struct standing */
};

/* Starts an execution. Until what was unfinished is resumed, only under a name
 * that it cannot have. */
enum engine_admitted engine_start(
    struct engine *engine, const struct engine_order *order);

/* Asks the journal for what was unfinished; `done` is called when all runs
 * again (`error` NULL), or could not be read: ask again. */
void engine_resume(struct engine *engine,
    void (*done)(void *arg, const struct error *error), void *arg);

/* Whether an execution of that name is running: it has not ended, and the store
 * can keep it. */
bool engine_running(const struct engine *engine, const char *name);

/* How many are running; how many of them are in a state of the table, neither
 * held there nor in the lane of one that is; how many are held. */
size_t engine_count(const struct engine *engine);
size_t engine_count_in(const struct engine *engine, int state);
size_t engine_held(const struct engine *engine);

/* Starts no further task: the daemon drains. What runs may end. */
void engine_drain(struct engine *engine);

/* Whether no task runs and nothing is waiting to become durable. */
bool engine_quiet(const struct engine *engine);

#endif
