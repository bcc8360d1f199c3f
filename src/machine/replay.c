/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A history read event by event: a table says which types may follow which,
 * another what each of them does to where the execution stands.
 */
#include "machine/replay.h"

#include <string.h>

#define BIT(type) (1u << (type))
#define ENDS_OF_TASK                                                           \
	(BIT(EVENT_TASK_SUCCEEDED) | BIT(EVENT_TASK_FAILED) |                  \
	    BIT(EVENT_TASK_TIMED_OUT))

#define ABORTS BIT(EVENT_STATE_ABORTED)
#define FAILS  BIT(EVENT_EXECUTION_FAILED)

/* By type: those that may come next. A history that nobody could read (at the
 * time) has ended FAILED anywhere; what ends an execution for good is in no
 * unfinished one. */
static const unsigned followers[EVENT_TYPES] = {
	[EVENT_EXECUTION_STARTED] = BIT(EVENT_STATE_ENTERED) | FAILS,
	[EVENT_EXECUTION_FAILED] = BIT(EVENT_EXECUTION_REDRIVEN),
	[EVENT_EXECUTION_REDRIVEN] = BIT(EVENT_TASK_SCHEDULED) |
	    BIT(EVENT_STATE_ENTERED) | ABORTS | FAILS,
	[EVENT_STATE_ENTERED] = BIT(EVENT_TASK_SCHEDULED) | ABORTS | FAILS,
	[EVENT_TASK_SCHEDULED] = BIT(EVENT_TASK_STARTED) |
	    BIT(EVENT_TASK_SUBMITTED) | ENDS_OF_TASK | ABORTS | FAILS,
	[EVENT_TASK_STARTED] =
	    BIT(EVENT_TASK_SUBMITTED) | ENDS_OF_TASK | ABORTS | FAILS,
	[EVENT_TASK_SUBMITTED] = BIT(EVENT_TASK_STARTED) |
	    BIT(EVENT_TASK_SUBMITTED) | ENDS_OF_TASK | ABORTS | FAILS,
	[EVENT_TASK_SUCCEEDED] = BIT(EVENT_STATE_EXITED) | FAILS,
	[EVENT_TASK_FAILED] = BIT(EVENT_EXECUTION_REDRIVEN) |
	    BIT(EVENT_TASK_SCHEDULED) | BIT(EVENT_STATE_EXITED) | ABORTS |
	    FAILS,
	[EVENT_TASK_TIMED_OUT] = BIT(EVENT_TASK_SCHEDULED) |
	    BIT(EVENT_STATE_EXITED) | ABORTS | FAILS,
	[EVENT_STATE_EXITED] = BIT(EVENT_STATE_ENTERED) | FAILS,
	[EVENT_STATE_ABORTED] = FAILS,
};

/* What is read so far. */
struct reader {
	const struct machine *machine;
	const char *state; /* name; NULL between states */
	const char *place; /* the last state that was named */
	struct replay at;
};

/* The state it is in, or NULL if the table does not have it. */
static const struct state *
state_of(const struct reader *reader)
{
	int state = reader->at.state;

	return state < 0 ? NULL : &reader->machine->states[state];
}

static void
read_started(struct reader *reader, const struct event *event)
{
	reader->at.phase = PHASE_STARTED;
	reader->at.received_ms = event->wall_ms;
	reader->at.origin = event->resource;
	reader->at.input = event->data;
}

static void
read_entered(struct reader *reader, const struct event *event)
{
	struct replay *at = &reader->at;

	reader->state = event->state;
	at->phase = PHASE_ENTERED;
	at->state = table_find(reader->machine, event->state);
	at->entered_id = event->id;
	at->intent = NULL;
	at->scheduled = false;
	memset(at->fired, 0, sizeof at->fired);
}

static void
read_inside(struct reader *reader, const struct event *event)
{
	reader->at.phase = PHASE_INSIDE;
	reader->at.scheduled = true;
	if (event->type == EVENT_TASK_SUBMITTED)
		reader->at.intent = event->data;
}

static void
read_succeeded(struct reader *reader, const struct event *event)
{
	reader->at.phase = PHASE_SUCCEEDED;
	reader->at.result = event->data;
}

static void
read_failed(struct reader *reader, const struct event *event)
{
	struct replay *at = &reader->at;
	const struct state *state = state_of(reader);

	at->phase = PHASE_FAILED;
	at->error = event->error;
	at->retrier = -1;
	if (state != NULL && !table_holds(state, event->error) &&
	    strcmp(event->error->name, REPLAY_RESTARTED) != 0)
		at->retrier = table_fire(state, event->error, at->fired);
}

static void
read_aborted(struct reader *reader, const struct event *event)
{
	reader->at.phase = PHASE_ABORTED;
	reader->at.error = event->error;
}

/* To be redriven: its lane is not its own any more. */
static void
read_ended(struct reader *reader, const struct event *event)
{
	(void)event;
	reader->at.failures++;
	reader->at.scheduled = false;
}

/* It goes on where it was: in a state, before all, or between two states. */
static void
read_redriven(struct reader *reader, const struct event *event)
{
	struct replay *at = &reader->at;

	(void)event;
	memset(at->fired, 0, sizeof at->fired);
	if (reader->state != NULL)
		at->phase = PHASE_ENTERED;
	else
		at->phase = at->entered_id == 0 ? PHASE_STARTED : PHASE_EXITED;
}

/* Where did it lead? By success to one state, by its last failure to that of a
 * catcher; if the table has lost that, nobody knows. */
static void
read_exited(struct reader *reader, const struct event *event)
{
	struct replay *at = &reader->at;
	const struct state *state = state_of(reader);
	bool failed = at->phase == PHASE_FAILED;
	int catcher = -1;

	if (state != NULL && failed)
		catcher = table_catcher(state, at->error);
	if (catcher >= 0) {
		at->next = state->catch[catcher].next;
		at->again = at->again || state->catch[catcher].again;
	} else if (state != NULL && !failed) {
		at->next = state->next;
	} else {
		at->state = -1;
	}
	at->phase = PHASE_EXITED;
	at->input = event->data;
	reader->state = NULL;
}

/* By type: how it is read, what it is about, and what must come with it. */
static const struct reading {
	void (*read)(struct reader *reader, const struct event *event);
	bool execution; /* not about a state of it */
	bool data, error;
} readings[EVENT_TYPES] = {
	[EVENT_EXECUTION_STARTED] = { .read = read_started,
	    .execution = true,
	    .data = true },
	[EVENT_EXECUTION_FAILED] = { .read = read_ended,
	    .execution = true,
	    .error = true },
	[EVENT_EXECUTION_REDRIVEN] = { .read = read_redriven,
	    .execution = true },
	[EVENT_STATE_ENTERED] = { .read = read_entered },
	[EVENT_TASK_SCHEDULED] = { .read = read_inside },
	[EVENT_TASK_STARTED] = { .read = read_inside },
	[EVENT_TASK_SUBMITTED] = { .read = read_inside, .data = true },
	[EVENT_TASK_SUCCEEDED] = { .read = read_succeeded, .data = true },
	[EVENT_TASK_FAILED] = { .read = read_failed, .error = true },
	[EVENT_TASK_TIMED_OUT] = { .read = read_failed, .error = true },
	[EVENT_STATE_EXITED] = { .read = read_exited, .data = true },
	[EVENT_STATE_ABORTED] = { .read = read_aborted, .error = true },
};

/* Within a visit all events name its state, and none is outside of one but
 * those of the execution, which have none. */
static bool
names_its_state(const struct reader *reader, const struct event *event)
{
	if (readings[event->type].execution)
		return event->state == NULL;
	if (event->state == NULL)
		return false;
	if (event->type == EVENT_STATE_ENTERED)
		return reader->state == NULL;
	return reader->state != NULL &&
	    strcmp(reader->state, event->state) == 0;
}

static bool
is_complete(const struct event *event)
{
	const struct reading *reading = &readings[event->type];

	return (!reading->data || event->data != NULL) &&
	    (!reading->error || event->error != NULL);
}

/* Whether an event may stand here. */
static bool
check(const struct reader *reader, unsigned expected, int64_t id,
    const struct event *event, struct error *error)
{
	const char *type = event_type_name(event->type);

	if (event->id != id)
		return error_set(error, "Daemon.BadHistory",
		    "event %lld where %lld belongs", (long long)event->id,
		    (long long)id);
	if ((expected & BIT(event->type)) == 0)
		return error_set(error, "Daemon.BadHistory",
		    "event %lld (%s) is out of place", (long long)id, type);
	if (!names_its_state(reader, event) || !is_complete(event))
		return error_set(error, "Daemon.BadHistory",
		    "event %lld (%s) is not complete", (long long)id, type);
	return true;
}

bool
replay_read(const struct machine *machine, const struct event *events,
    size_t count, struct replay *ret_replay, struct error *error)
{
	struct reader reader = { .machine = machine,
		.at = { .state = -1, .next = STATE_END, .retrier = -1 } };
	unsigned expected = BIT(EVENT_EXECUTION_STARTED);

	if (count == 0)
		return error_set(error, "Daemon.BadHistory", "no events");
	for (size_t i = 0; i < count; i++) {
		if (!check(
			&reader, expected, (int64_t)i + 1, &events[i], error))
			return false;
		readings[events[i].type].read(&reader, &events[i]);
		expected = followers[events[i].type];
		if (events[i].state != NULL)
			reader.place = events[i].state;
	}
	if (events[count - 1].type == EVENT_EXECUTION_FAILED)
		return error_set(error, "Daemon.BadHistory", "it has ended");
	if (reader.at.phase != PHASE_STARTED && reader.at.state < 0)
		return error_set(error, "Daemon.UnknownState",
		    "the table no longer leads on from %s", reader.place);
	*ret_replay = reader.at;
	return true;
}
