/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An engine on a bench: a small table, a clock and a journal that the test
 * moves, and tasks that do what the test says.
 */
#ifndef KG_TESTS_UNIT_MACHINE_RIG_H
#define KG_TESTS_UNIT_MACHINE_RIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "machine/engine.h"
#include "machine/operate.h"
#include "machine/task.h"
#include "unit/fake_journal.h"
#include "util/buf.h"
#include "util/clock.h"
#include "util/random.h"

/* Retriers without jitter. Delete: in a lane, 15 s, held by Hold.On, retries
 * Class.Throttled after 1, 2, 4 s and States.Timeout after 2, 3 s, catches
 * Come.Back (`again`) and States.ALL for Notify. Lookup: 60 s, retries
 * "Try.Again" once after 5 s, catches "Give.Up" for Notify. Notify:
 * after_commit, 15 s, retries Class.Throttled once. Redriven after 5, 10, ...
 * 60 min. */
enum { DELETE, LOOKUP, NOTIFY, RIG_STATES };
extern const struct machine rig_machine;

struct rig;

/* One attempt of a task. `run` is dead once it is over. */
struct attempt {
	struct rig *rig;
	struct run *run;
	int state;
	bool over, cancelled;
	int submitted; /* how often it was told so */
};

struct rig {
	int64_t mono_ms, wall_ms;
	struct clock clock;
	struct random random;
	struct fake_journal journal;
	const struct machine *machine;
	struct engine_host host;
	int64_t wake_ms; /* as asked for; -1: never */
	int asked;       /* how often */
	struct engine *engine;
	struct engine_observer observer;
	struct buf heard; /* what the observer has heard, a line each */
	struct attempt **attempts;
	size_t attempt_count;
	/* Called when an attempt starts, and when its intent is durable; NULL:
	 * the test itself does what is to be done. */
	void (*script)(struct rig *rig, struct attempt *attempt);
	bool resumed;
	struct error resume_error;
};

/* A task that waits to be told how it ends: what struct task asks for. */
void *rig_task_start(void *context, struct run *run);
void rig_task_submitted(void *attempt);
void rig_task_cancel(void *attempt);

/* On the table above. */
void rig_init(struct rig *rig);
void rig_init_on(struct rig *rig, const struct machine *machine);
void rig_done(struct rig *rig);

/* Starts an execution with input {} in the lane "L". */
enum engine_admitted rig_start(struct rig *rig, const char *name);

/* The same with an input and a lane, which may be NULL. */
enum engine_admitted rig_start_with(
    struct rig *rig, const char *name, const char *input, const char *lane);

/* Redrives or stops one, as its history has it. */
bool rig_redrive(struct rig *rig, const char *name, struct error *error);
bool rig_stop(struct rig *rig, const char *name);

/* Wakes the engine if it wants that now. */
bool rig_wake(struct rig *rig);

/* Wakes, commits and answers until nothing is left to be done now. */
void rig_settle(struct rig *rig);

/* Lets time pass, settling at each time that the engine has asked for. */
void rig_pass(struct rig *rig, int64_t ms);

/* The attempt that began last. */
struct attempt *rig_attempt(const struct rig *rig);

/* End an attempt; `class` for the retriers. */
void rig_succeed(struct attempt *attempt, const char *result);
void rig_fail(
    struct attempt *attempt, const char *name, enum error_class class);

/* End the attempt that began last once all before it is done, and settle. */
void rig_fail_next(struct rig *rig, const char *name, enum error_class class);
void rig_succeed_next(struct rig *rig, const char *result);

/* The engine and all that is not durable are gone; a new one is made, but has
 * not been told to resume. */
void rig_crash(struct rig *rig);
void rig_resume(struct rig *rig);

/* Crashes, resumes, and settles. */
void rig_restart(struct rig *rig);

/* Asserts that the history of an execution is `story` (fake_story). */
void rig_assert_story(
    const struct rig *rig, const char *name, const char *story);

/* Asserts what the observer has heard since it was last asked. */
void rig_assert_heard(struct rig *rig, const char *lines);

#endif
