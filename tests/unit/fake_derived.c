/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Of every history that any test makes the engine write: what a state puts out
 * can be had again from what stands before, byte for byte. Stores rely on it.
 */
#include <assert.h>
#include <string.h>

#include "unit/fake_journal.h"
#include "util/cleanup.h"

/* The input of the state in which the last event was written. */
static const char *
input_of(const struct fake_history *history)
{
	size_t i = history->count - 1;

	while (i > 0 && history->events[--i].event.type != EVENT_STATE_EXITED)
		;
	return history->events[i].event.data;
}

void
fake_assert_derived(const struct fake_history *history)
{
	const struct fake_event *last = &history->events[history->count - 1];
	struct event end;
	FREE_LATER char *output = NULL;

	if (last->event.type != EVENT_STATE_EXITED)
		return;
	assert(last->event.path != NULL);
	end = last[-1].event;
	if (end.error != NULL)
		end.error = &last[-1].error;
	output =
	    history_output(input_of(history), &end, last->event.path, NULL);
	assert(output != NULL && strcmp(output, last->event.data) == 0);
}
