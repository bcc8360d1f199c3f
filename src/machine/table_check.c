/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a state table is sound: once at start-up, so that nothing that reads
 * it has to doubt it. Ranges are those of Amazon States Language.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "machine/table.h"
#include "machine/task.h"
#include "util/alloc.h"
#include "util/cleanup.h"

#define NAME_MAX_LENGTH 80
#define SECONDS_MAX     99999998
#define DELAY_MAX       31622400

/* Refuses with "<state>: <why>". */
static bool __attribute__((format(printf, 3, 4)))
bad(struct error *error, const struct state *state, const char *format, ...)
{
	char why[256];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof why, format, args);
	va_end(args);
	return error_set(error, "Daemon.BadTable", "%s: %s", state->name, why);
}

static bool
in_range(int value, int least, int most)
{
	return value >= least && value <= most;
}

/* "$", or "$." and one plain name that any JSONPath can read. */
static bool
is_path(const char *path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-";

	if (path == NULL || path[0] != '$')
		return false;
	if (path[1] == '\0')
		return true;
	return path[1] == '.' && path[2] != '\0' &&
	    strchr("0123456789-", path[2]) == NULL &&
	    path[2 + strspn(path + 2, plain)] == '\0';
}

/* Names that begin with "States." or "Class." are reserved. */
static bool
is_name(const char *name)
{
	static const char *const reserved[] = { "States.ALL",
		"States.TaskFailed", "States.Timeout",
		"States.ResultPathMatchFailure", "Class.Throttled",
		"Class.Transient" };

	for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
		if (strcmp(name, reserved[i]) == 0)
			return true;
	return name[0] != '\0' && strncmp(name, "States.", 7) != 0 &&
	    strncmp(name, "Class.", 6) != 0;
}

static bool
check_names(const struct state *state, const char *const *names, bool last,
    struct error *error)
{
	for (int i = 0; i < TABLE_NAMES && names[i] != NULL; i++) {
		if (!is_name(names[i]))
			return bad(
			    error, state, "\"%s\" matches no error", names[i]);
		if (strcmp(names[i], "States.ALL") != 0)
			continue;
		if (i > 0 || names[1] != NULL)
			return bad(error, state, "States.ALL stands alone");
		if (!last)
			return bad(error, state, "States.ALL comes last");
	}
	return true;
}

/* What is out of ASL's range; NULL when nothing is. */
static const char *
out_of_range(const struct retrier *retrier)
{
	if (!in_range(retrier->interval_seconds, 0, SECONDS_MAX))
		return "IntervalSeconds is out of range";
	if (retrier->backoff_rate != 0 && !(retrier->backoff_rate >= 1.0))
		return "BackoffRate is under 1.0";
	if (!in_range(retrier->max_delay_seconds, 0, DELAY_MAX))
		return "MaxDelaySeconds is out of range";
	if (!in_range(retrier->max_attempts, 0, SECONDS_MAX))
		return "MaxAttempts is out of range";
	if (retrier->jitter != JITTER_NONE && retrier->jitter != JITTER_FULL)
		return "JitterStrategy is unknown";
	return NULL;
}

static bool
check_retrier(const struct state *state, const struct retrier *retrier,
    struct error *error)
{
	bool last = retrier[1].error_equals[0] == NULL;
	const char *why = out_of_range(retrier);

	if (why != NULL)
		return bad(error, state, "%s", why);
	return check_names(state, retrier->error_equals, last, error);
}

static bool
check_retry(const struct state *state, struct error *error)
{
	const struct retrier *retry = state->retry;

	for (int i = 0; retry != NULL && retry[i].error_equals[0] != NULL;
	     i++) {
		if (i == TABLE_RETRIERS)
			return bad(error, state, "more than %d retriers",
			    TABLE_RETRIERS);
		if (!check_retrier(state, &retry[i], error))
			return false;
	}
	return true;
}

static bool
check_catch(const struct machine *machine, const struct state *state,
    struct error *error)
{
	const struct catcher *catch = state->catch;

	for (int i = 0; catch != NULL && catch[i].error_equals[0] != NULL;
	     i++) {
		bool last = catch[i + 1].error_equals[0] == NULL;

		if (!check_names(state, catch[i].error_equals, last, error))
			return false;
		if (!in_range(catch[i].next, 0, machine->count - 1))
			return bad(error, state, "a catcher leads nowhere");
		if (!is_path(catch[i].result_path))
			return bad(error, state,
			    "a catcher's ResultPath is "
			    "not \"$\" or \"$.name\"");
		if (catch[i].again && machine->redrive.interval_seconds == 0)
			return bad(error, state,
			    "a catcher says again, but nothing is redriven");
	}
	return true;
}

static bool
check_task(const struct state *state, struct error *error)
{
	const struct task *task = state->task;

	if (task == NULL)
		return bad(error, state, "it has no task");
	if (task->resource == NULL || task->asl_resource == NULL)
		return bad(error, state, "its task has no resource");
	if (task->start == NULL || task->cancel == NULL)
		return bad(error, state, "its task does not start or cancel");
	return true;
}

/* One error, by its own name. */
static bool
check_held(const struct state *state, struct error *error)
{
	const char *held = state->held;

	if (held == NULL)
		return true;
	if (held[0] == '\0' || strncmp(held, "States.", 7) == 0 ||
	    strncmp(held, "Class.", 6) == 0)
		return bad(error, state, "\"%s\" holds nothing", held);
	return true;
}

static bool
check_state(const struct machine *machine, const struct state *state,
    struct error *error)
{
	if (!in_range(state->timeout_seconds, 1, SECONDS_MAX))
		return bad(error, state, "TimeoutSeconds is out of range");
	if (!in_range(state->next, STATE_END, machine->count - 1))
		return bad(error, state, "it leads nowhere");
	if (!is_path(state->result_path))
		return bad(
		    error, state, "ResultPath is not \"$\" or \"$.name\"");
	return check_task(state, error) && check_held(state, error) &&
	    check_retry(state, error) && check_catch(machine, state, error);
}

/* Only pauses, which everybody can foretell. */
static bool
check_redrive(const struct machine *machine, struct error *error)
{
	const struct retrier *redrive = &machine->redrive;
	const char *why = out_of_range(redrive);

	if (why == NULL && redrive->error_equals[0] != NULL)
		why = "it is by no error";
	if (why == NULL && redrive->max_attempts != 0)
		why = "MaxAttempts is not given";
	if (why == NULL && redrive->jitter != JITTER_NONE)
		why = "JitterStrategy is not given";
	if (why != NULL)
		return error_set(error, "Daemon.BadTable", "redrive: %s", why);
	return true;
}

/* Alone, before anything else speaks of a state by its name. */
static bool
check_state_name(const struct machine *machine, int i, struct error *error)
{
	const char *name = machine->states[i].name;

	if (name == NULL || name[0] == '\0')
		return error_set(
		    error, "Daemon.BadTable", "state %d has no name", i);
	if (strlen(name) > NAME_MAX_LENGTH)
		return bad(error, &machine->states[i],
		    "its name has more than %d characters", NAME_MAX_LENGTH);
	for (int before = 0; before < i; before++)
		if (strcmp(machine->states[before].name, name) == 0)
			return bad(error, &machine->states[i],
			    "another state has that name");
	return true;
}

/* Marks all that can be reached from a state, itself included. */
static void
reach(const struct machine *machine, int from, bool *reached)
{
	const struct state *state = &machine->states[from];
	const struct catcher *catch = state->catch;

	if (reached[from])
		return;
	reached[from] = true;
	if (state->next != STATE_END)
		reach(machine, state->next, reached);
	for (; catch != NULL && catch->error_equals[0] != NULL; catch ++)
		reach(machine, catch->next, reached);
}

static bool
check_ways(const struct machine *machine, struct error *error)
{
	FREE_LATER bool *reached = xcalloc((size_t)machine->count, 1);
	bool ends = false;

	reach(machine, machine->start_at, reached);
	for (int i = 0; i < machine->count; i++) {
		if (!reached[i])
			return bad(
			    error, &machine->states[i], "nothing leads to it");
		ends = ends || machine->states[i].next == STATE_END;
	}
	if (!ends)
		return error_set(
		    error, "Daemon.BadTable", "no state ends the machine");
	return true;
}

bool
table_check(const struct machine *machine, struct error *error)
{
	if (machine->name == NULL || machine->name[0] == '\0')
		return error_set(
		    error, "Daemon.BadTable", "the machine has no name");
	if (machine->states == NULL || machine->count < 1)
		return error_set(error, "Daemon.BadTable", "%s has no states",
		    machine->name);
	if (!in_range(machine->start_at, 0, machine->count - 1))
		return error_set(error, "Daemon.BadTable", "%s starts nowhere",
		    machine->name);
	for (int i = 0; i < machine->count; i++)
		if (!check_state_name(machine, i, error))
			return false;
	for (int i = 0; i < machine->count; i++)
		if (!check_state(machine, &machine->states[i], error))
			return false;
	return check_redrive(machine, error) && check_ways(machine, error);
}
