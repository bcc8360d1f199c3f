/* SPDX-License-Identifier: Apache-2.0 */
/* A journal in memory that is durable when it is told so. */
#include "unit/fake_journal.h"

#include <assert.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/cleanup.h"

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* ---- copies ---- */

static void
keep_event(struct fake_event *kept, const struct event *event,
    const struct standing *standing)
{
	kept->event = *event;
	kept->event.state = xstrdup(event->state);
	kept->event.resource = xstrdup(event->resource);
	kept->event.data = xstrdup(event->data);
	kept->event.path = xstrdup(event->path);
	if (event->error != NULL)
		kept->error = *event->error;
	kept->standing = *standing;
	kept->standing.state = xstrdup(standing->state);
	kept->standing.outcome = xstrdup(standing->outcome);
	for (int tag = 0; tag < TAGS; tag++)
		kept->standing.tags[tag] = xstrdup(standing->tags[tag]);
}

static void
drop_event(struct fake_event *kept)
{
	free((void *)kept->event.state);
	free((void *)kept->event.resource);
	free((void *)kept->event.data);
	free((void *)kept->event.path);
	free((void *)kept->standing.state);
	free((void *)kept->standing.outcome);
	for (int tag = 0; tag < TAGS; tag++)
		free((void *)kept->standing.tags[tag]);
}

static void
cut(struct fake_history *history, size_t count)
{
	while (history->count > count)
		drop_event(&history->events[--history->count]);
}

struct fake_view
fake_view_new(const struct fake_history *history)
{
	size_t count = history->durable;
	struct fake_view view = {
		.events = xcalloc(count + 1, sizeof *view.events),
		.errors = xcalloc(count + 1, sizeof *view.errors),
		.count = count,
	};

	for (size_t i = 0; i < count; i++) {
		view.events[i] = history->events[i].event;
		view.errors[i] = history->events[i].error;
		if (view.events[i].error != NULL)
			view.events[i].error = &view.errors[i];
	}
	return view;
}

void
fake_view_done(struct fake_view *view)
{
	free(view->events);
	free(view->errors);
}

/* ---- what the engine asks ---- */

static struct fake_history *
history_of(struct fake_journal *fake, const char *name)
{
	struct fake_history *history = fake_find(fake, name);

	if (history != NULL)
		return history;
	history = xzalloc(sizeof *history);
	history->name = xstrdup(name);
	assert(tsearch(history, &fake->histories, by_name) != NULL);
	fake->order =
	    xreallocarray(fake->order, fake->count + 1, sizeof *fake->order);
	fake->order[fake->count++] = history;
	return history;
}

static void
queue(struct fake_journal *fake, struct fake_history *history)
{
	fake->queue =
	    xreallocarray(fake->queue, fake->queued + 1, sizeof *fake->queue);
	fake->queue[fake->queued++] = history;
}

static void
append(void *self, const char *name, const struct event *event,
    const struct standing *standing)
{
	struct fake_journal *fake = self;
	struct fake_history *history = history_of(fake, name);
	bool again = event->id == 1 && history->durable > 0;

	if (again)
		history->refused = true;
	if (again || !history->refused)
		queue(fake, history);
	if (history->refused)
		return;
	assert(event->id == (int64_t)history->count + 1);
	history->events = xreallocarray(
	    history->events, history->count + 1, sizeof *history->events);
	history->events[history->count] = (struct fake_event){ 0 };
	keep_event(&history->events[history->count++], event, standing);
	fake_assert_derived(history);
}

static void
load(void *self, const char *name)
{
	struct fake_journal *fake = self;

	fake->loads = xreallocarray(
	    fake->loads, fake->load_count + 1, sizeof *fake->loads);
	fake->loads[fake->load_count++] = xstrdup(name);
}

static void
recover(void *self)
{
	struct fake_journal *fake = self;

	fake->recover = true;
}

/* ---- what the test says ---- */

void
fake_journal_init(struct fake_journal *fake)
{
	*fake = (struct fake_journal){ .journal = { .self = fake,
					   .append = append,
					   .load = load,
					   .recover = recover } };
}

void
fake_journal_done(struct fake_journal *fake)
{
	fake_crash(fake);
	for (size_t i = 0; i < fake->count; i++) {
		struct fake_history *history = fake->order[i];

		tdelete(history, &fake->histories, by_name);
		cut(history, 0);
		free(history->events);
		free((void *)history->name);
		free(history);
	}
	free(fake->order);
	free(fake->queue);
	free(fake->loads);
}

static void
commit_one(struct fake_journal *fake, struct fake_history *history)
{
	const struct journal_listener *to = &fake->listener;
	struct fake_event next;

	if (history->refused) {
		history->refused = false;
		to->on_exists(to->arg, history->name,
		    history->events[history->durable - 1].standing.status);
		return;
	}
	next = history->events[history->durable++];
	if (next.event.error != NULL)
		next.event.error = &next.error;
	to->on_durable(to->arg, history->name, &next.event, &next.standing);
}

void
fake_commit_some(struct fake_journal *fake, size_t count)
{
	struct fake_history **now = fake->queue;
	size_t queued = fake->queued;

	/* What the callbacks append waits for the next commit. */
	fake->queue = NULL;
	fake->queued = 0;
	for (size_t i = count; i < queued; i++)
		queue(fake, now[i]);
	for (size_t i = 0; i < count && i < queued; i++)
		commit_one(fake, now[i]);
	free(now);
}

void
fake_commit(struct fake_journal *fake)
{
	fake_commit_some(fake, fake->queued);
}

static void
answer_load(struct fake_journal *fake, const char *name)
{
	const struct journal_listener *to = &fake->listener;
	CLEANUP(fake_view_done)
	struct fake_view view = fake_view_new(history_of(fake, name));

	if (fake->trouble != NULL)
		to->on_loaded(to->arg, name, NULL, 0, fake->trouble);
	else
		to->on_loaded(to->arg, name, view.events, view.count, NULL);
}

static void
answer_one(struct fake_journal *fake, const struct fake_history *history)
{
	const struct journal_listener *to = &fake->listener;
	CLEANUP(fake_view_done) struct fake_view view = fake_view_new(history);
	struct standing standing;

	if (view.count == 0)
		return;
	standing = history->events[view.count - 1].standing;
	if (standing.status == STATUS_RUNNING)
		to->on_recovered(
		    to->arg, history->name, &standing, view.events, view.count);
}

static void
answer_recover(struct fake_journal *fake)
{
	const struct journal_listener *to = &fake->listener;
	size_t count = fake->count;

	for (size_t i = 0; i < count && fake->trouble == NULL; i++)
		answer_one(fake, fake->order[i]);
	to->on_recovered_all(to->arg, fake->trouble);
}

bool
fake_answer(struct fake_journal *fake)
{
	char **loads = fake->loads;
	size_t count = fake->load_count;
	bool asked = count > 0 || fake->recover;

	fake->loads = NULL;
	fake->load_count = 0;
	for (size_t i = 0; i < count; i++) {
		answer_load(fake, loads[i]);
		free(loads[i]);
	}
	free(loads);
	if (fake->recover) {
		fake->recover = false;
		answer_recover(fake);
	}
	return asked;
}

void
fake_hold(
    struct fake_journal *fake, const char *name, const struct error *error)
{
	struct fake_history *history = fake_find(fake, name);
	size_t kept = 0;

	for (size_t i = 0; i < fake->queued; i++)
		if (fake->queue[i] != history)
			fake->queue[kept++] = fake->queue[i];
	fake->queued = kept;
	cut(history, history->durable);
	fake->listener.on_held(fake->listener.arg, name, error);
}

void
fake_crash(struct fake_journal *fake)
{
	for (size_t i = 0; i < fake->count; i++) {
		cut(fake->order[i], fake->order[i]->durable);
		fake->order[i]->refused = false;
	}
	for (size_t i = 0; i < fake->load_count; i++)
		free(fake->loads[i]);
	fake->queued = 0;
	fake->load_count = 0;
	fake->recover = false;
}

void
fake_keep(struct fake_journal *fake, const char *name, size_t count)
{
	struct fake_history *history = fake_find(fake, name);

	cut(history, count);
	history->durable = count;
}

void
fake_swap(struct fake_journal *fake)
{
	struct fake_history *second = fake->order[1];

	fake->order[1] = fake->order[0];
	fake->order[0] = second;
}

struct fake_history *
fake_find(const struct fake_journal *fake, const char *name)
{
	struct fake_history **found = tfind(&name, &fake->histories, by_name);

	return found != NULL ? *found : NULL;
}

const struct fake_event *
fake_last(const struct fake_journal *fake, const char *name)
{
	const struct fake_history *history = fake_find(fake, name);

	return &history->events[history->count - 1];
}
