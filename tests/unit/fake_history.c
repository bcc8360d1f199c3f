/* SPDX-License-Identifier: Apache-2.0 */
/* What a history in the fake journal says, and whether it can be derived. */
#include <assert.h>
#include <string.h>

#include "unit/fake_journal.h"
#include "util/buf.h"
#include "util/cleanup.h"

/* ---- outputs ---- */

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

/* ---- the history in short words ---- */

static const char *const words[EVENT_TYPES] = {
	[EVENT_EXECUTION_STARTED] = "started",
	[EVENT_EXECUTION_SUCCEEDED] = "SUCCEEDED",
	[EVENT_EXECUTION_FAILED] = "FAILED",
	[EVENT_EXECUTION_ABORTED] = "ABORTED",
	[EVENT_EXECUTION_REDRIVEN] = "redriven",
	[EVENT_STATE_ENTERED] = ">",
	[EVENT_STATE_EXITED] = "<",
	[EVENT_TASK_SCHEDULED] = "scheduled",
	[EVENT_TASK_STARTED] = "out",
	[EVENT_TASK_SUBMITTED] = "intent",
	[EVENT_TASK_SUCCEEDED] = "ok",
	[EVENT_TASK_FAILED] = "failed",
	[EVENT_TASK_TIMED_OUT] = "timeout",
	[EVENT_STATE_ABORTED] = "aborted",
};

char *
fake_story(const struct fake_journal *fake, const char *name)
{
	const struct fake_history *history = fake_find(fake, name);
	struct buf out = BUF_INIT((size_t)1 << 20);

	for (size_t i = 0; i < history->count; i++) {
		const struct fake_event *kept = &history->events[i];
		enum event_type type = kept->event.type;

		buf_printf(&out, "%s%s", i > 0 ? " " : "", words[type]);
		if (type == EVENT_STATE_ENTERED || type == EVENT_STATE_EXITED)
			buf_puts(&out, kept->event.state);
		else if (kept->event.error != NULL &&
		    type != EVENT_TASK_TIMED_OUT)
			buf_printf(&out, "(%s)", kept->error.name);
	}
	return buf_take(&out);
}
