/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A binary heap. Each execution knows its place in it (from 1; 0: not in), so
 * that it can be taken out from the middle.
 */
#include "machine/due.h"

#include <stdbool.h>
#include <stdlib.h>

#include "machine/execution.h"
#include "util/alloc.h"

void
due_done(struct due *due)
{
	free(due->heap);
	*due = (struct due){ 0 };
}

static struct execution *
at(const struct due *due, size_t place)
{
	return due->heap[place - 1];
}

static void
put(struct due *due, size_t place, struct execution *execution)
{
	due->heap[place - 1] = execution;
	execution->due_place = place;
}

static bool
earlier(const struct execution *a, const struct execution *b)
{
	return a->due_ms < b->due_ms;
}

/* Finds an execution its place, from a free one upwards. */
static void
rise(struct due *due, size_t place, struct execution *execution)
{
	while (place > 1 && earlier(execution, at(due, place / 2))) {
		put(due, place, at(due, place / 2));
		place /= 2;
	}
	put(due, place, execution);
}

/* As rise, downwards. */
static void
sink(struct due *due, size_t place, struct execution *execution)
{
	size_t child;

	while ((child = 2 * place) <= due->count) {
		if (child < due->count &&
		    earlier(at(due, child + 1), at(due, child)))
			child++;
		if (!earlier(at(due, child), execution))
			break;
		put(due, place, at(due, child));
		place = child;
	}
	put(due, place, execution);
}

void
due_set(struct due *due, struct execution *execution, int64_t mono_ms)
{
	due_clear(due, execution);
	if (due->count == due->room) {
		due->room = due->room > 0 ? 2 * due->room : 16;
		due->heap =
		    xreallocarray(due->heap, due->room, sizeof *due->heap);
	}
	execution->due_ms = mono_ms;
	rise(due, ++due->count, execution);
}

void
due_clear(struct due *due, struct execution *execution)
{
	size_t place = execution->due_place;
	struct execution *last;

	if (place == 0)
		return;
	execution->due_place = 0;
	last = at(due, due->count--);
	if (last == execution)
		return;
	if (place > 1 && earlier(last, at(due, place / 2)))
		rise(due, place, last);
	else
		sink(due, place, last);
}

struct execution *
due_first(const struct due *due)
{
	return due->count > 0 ? at(due, 1) : NULL;
}
