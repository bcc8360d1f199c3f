/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A journal in memory, for tests: what is appended becomes durable when the
 * test says so, and what is asked is answered when the test says so. A crash
 * drops what is not durable.
 */
#ifndef KG_TESTS_UNIT_FAKE_JOURNAL_H
#define KG_TESTS_UNIT_FAKE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "machine/journal.h"

struct fake_event {
	struct event event;
	struct standing standing;
	struct error error;
};

/* Events 0 to `durable` - 1 of `count` are durable. */
struct fake_history {
	const char *name;
	struct fake_event *events;
	size_t count, durable;
	bool refused; /* another of that name has begun: it is dropped */
};

struct fake_journal {
	struct journal journal;
	struct journal_listener listener;
	void *histories;             /* by name: tsearch(3) */
	struct fake_history **order; /* by age */
	size_t count;
	struct fake_history **queue; /* of each event not yet durable */
	size_t queued;
	char **loads; /* asked and not answered */
	size_t load_count;
	bool recover;                /* likewise */
	const struct error *trouble; /* what loads and recovery answer */
};

void fake_journal_init(struct fake_journal *fake);
void fake_journal_done(struct fake_journal *fake);

/* Makes durable what is queued now, or only the first `count` events. */
void fake_commit(struct fake_journal *fake);
void fake_commit_some(struct fake_journal *fake, size_t count);

/* Answers what has been asked; whether there was anything. */
bool fake_answer(struct fake_journal *fake);

/* Holds an execution: what is not durable of it is dropped. */
void fake_hold(
    struct fake_journal *fake, const char *name, const struct error *error);

/* Forgets all that is not durable, and all that was asked. */
void fake_crash(struct fake_journal *fake);

/* Cuts a history down to its first events, all durable. */
void fake_keep(struct fake_journal *fake, const char *name, size_t count);

/* Of two, the one that came second came first. */
void fake_swap(struct fake_journal *fake);

/* What has been appended of an execution; NULL when nothing has. */
struct fake_history *fake_find(
    const struct fake_journal *fake, const char *name);

/* The durable events of a history as the store would give them; they may grow
 * meanwhile. */
struct fake_view {
	struct event *events;
	struct error *errors;
	size_t count;
};
struct fake_view fake_view_new(const struct fake_history *history);
void fake_view_done(struct fake_view *view);

/* The last event, and its standing. */
const struct fake_event *fake_last(
    const struct fake_journal *fake, const char *name);

/* Asserts that the output of a state, if that was appended last, is what
 * history_output makes of the events before: so of every history that any test
 * makes the engine write. */
void fake_assert_derived(const struct fake_history *history);

/*
 * A history in short words, which the caller frees: "started >Delete scheduled
 * out intent ok <Delete SUCCEEDED", failed(IAM.Throttling), timeout.
 */
char *fake_story(const struct fake_journal *fake, const char *name);

#endif
