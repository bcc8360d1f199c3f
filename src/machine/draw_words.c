/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of the drawings.
 */
#include "machine/draw_words.h"

#include "machine/task.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/cleanup.h"

#define SENTENCE_MAX 4096

char *
draw_words_task(const struct state *state)
{
	return xasprintf("%s, within %d s%s%s", state->task->resource,
	    state->timeout_seconds,
	    state->lane ? ", one of a lane at a time" : "",
	    state->after_commit ? ", once all before it is durable" : "");
}

char *
draw_words_held(const struct state *state)
{
	if (state->held == NULL)
		return NULL;
	return xasprintf("held by %s until it is released", state->held);
}

static void
add_names(struct buf *out, const char *const *names)
{
	for (int i = 0; i < TABLE_NAMES && names[i] != NULL; i++)
		buf_printf(out, "%s%s", i > 0 ? ", " : "", names[i]);
}

/* What is not given is what ASL has for it. */
char *
draw_words_retrier(const struct retrier *retrier)
{
	struct buf out = BUF_INIT(SENTENCE_MAX);
	double rate = retrier->backoff_rate;
	int interval = retrier->interval_seconds;

	buf_puts(&out, "retry ");
	add_names(&out, retrier->error_equals);
	buf_printf(&out, " %d %s: %d s, x%g", retrier->max_attempts,
	    retrier->max_attempts == 1 ? "time" : "times",
	    interval > 0 ? interval : 1, rate > 0 ? rate : 2.0);
	if (retrier->max_delay_seconds > 0)
		buf_printf(&out, ", up to %d s", retrier->max_delay_seconds);
	if (retrier->jitter == JITTER_FULL)
		buf_puts(&out, ", full jitter");
	return buf_take(&out);
}

static char *
outcome_in(const char *what, const char *path, const char *outcome)
{
	return xasprintf("%s in %s%s%s", what, path,
	    outcome != NULL ? ", " : "", outcome != NULL ? outcome : "");
}

char *
draw_words_catcher(const struct catcher *catcher)
{
	struct buf out = BUF_INIT(SENTENCE_MAX);
	FREE_LATER char *rest =
	    outcome_in("error", catcher->result_path, catcher->outcome);

	buf_puts(&out, "catch ");
	add_names(&out, catcher->error_equals);
	buf_printf(&out, ": %s%s", rest, catcher->again ? ", again" : "");
	return buf_take(&out);
}

char *
draw_words_success(const struct state *state)
{
	return outcome_in("result", state->result_path, state->outcome);
}

/* "45 s", "5 min", "1 h" */
static char *
duration(int seconds)
{
	if (seconds % 3600 == 0)
		return xasprintf("%d h", seconds / 3600);
	if (seconds % 60 == 0)
		return xasprintf("%d min", seconds / 60);
	return xasprintf("%d s", seconds);
}

char *
draw_words_redrive(const struct machine *machine)
{
	const struct retrier *redrive = &machine->redrive;
	double rate = redrive->backoff_rate;
	FREE_LATER char *first = duration(redrive->interval_seconds);
	FREE_LATER char *most = duration(redrive->max_delay_seconds);

	if (redrive->interval_seconds == 0)
		return NULL;
	return xasprintf(
	    "what failed is redriven, what says again is retried: after %s, "
	    "x%g%s%s",
	    first, rate > 0 ? rate : 2.0,
	    redrive->max_delay_seconds > 0 ? ", up to " : "",
	    redrive->max_delay_seconds > 0 ? most : "");
}
