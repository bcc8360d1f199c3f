/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Nothing of what waits is kept here: the store is asked for the first one, and
 * again when that is through. One that cannot be taken up just now stays first;
 * a few behind it are looked at all the same, then all wait a while.
 */
#include "workflow/due_line.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "machine/engine.h"
#include "store/store.h"
#include "util/alloc.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/log.h"
#include "workflow/retry.h"

#define FEW 16

static int64_t
wall_ms(const struct due_line *line)
{
	return clock_wall_ms(loop_clock(line->host->loop));
}

static void
say(const struct due_line *line, enum log_level level, const char *what,
    const struct error *error)
{
	log_with(level, LOG_FIELDS({ "KEYGUARD_EXECUTION", line->name }),
	    "%s: %s: %s: %s", line->name, what, error->name, error->cause);
}

/* ---- when to look ---- */

/* After so long, or sooner if that is planned. */
static void
wake_in(struct due_line *line, int64_t ms)
{
	int64_t at = clock_mono_ms(loop_clock(line->host->loop)) + ms;

	if (loop_timer_pending(&line->timer) && line->wake_mono_ms <= at)
		return;
	line->wake_mono_ms = at;
	loop_timer_set(&line->timer, ms);
}

static void
pause(struct due_line *line)
{
	line->skip = 0;
	wake_in(
	    line, backoff_next(&line->backoff, loop_random(line->host->loop)));
}

static void on_due(void *arg, const struct store_execution *rows, size_t count,
    const struct error *error);

static void
look(void *arg)
{
	struct due_line *line = arg;

	if (line->stopped)
		return;
	assert(line->read == NULL && line->name == NULL);
	loop_timer_clear(&line->timer);
	line->full = false;
	line->read = store_due(line->host->store, line->kind->status,
	    line->skip + 1, on_due, line);
}

/* ---- the end with one: the next ---- */

static void
forget(struct due_line *line)
{
	free(STEAL(line->name));
	free(STEAL(line->awaited));
}

static void
go_on(struct due_line *line)
{
	forget(line);
	look(line);
}

static void
taken_up(struct due_line *line)
{
	backoff_reset(&line->backoff);
	go_on(line);
}

static void
put_off(struct due_line *line)
{
	if (++line->skip < FEW) {
		go_on(line);
	} else {
		forget(line);
		pause(line);
	}
}

static void
on_settled(void *arg, const struct error *error)
{
	struct due_line *line = arg;

	if (error == NULL) {
		taken_up(line);
	} else {
		say(line, LEVEL_WARNING, "stays due", error);
		put_off(line);
	}
}

static void
settle(struct due_line *line)
{
	store_settle(line->host->store, line->name, on_settled, line);
}

/* ---- one is due ---- */

/* Whether its row has gone on for long enough, which is told. */
static bool
over(const struct due_line *line, const struct due_past *past)
{
	int64_t retention_ms = line->host->retention_ms;
	int64_t first_ms = retry_first_ms(past->of, past->events, past->count);

	if (retention_ms == 0 || wall_ms(line) - first_ms <= retention_ms)
		return false;
	log_with(LEVEL_ERROR,
	    LOG_FIELDS({ "MESSAGE_ID", line->kind->message_id },
		{ "KEYGUARD_EXECUTION", line->name }),
	    "%s: %s", line->name, line->kind->over);
	return true;
}

static void
take_up(struct due_line *line, const struct due_past *past)
{
	struct error error;

	if (over(line, past)) {
		settle(line);
	} else if (!line->kind->take(
		       line->host, past, &line->awaited, &error)) {
		say(line, LEVEL_ERROR, "can not go on by itself", &error);
		settle(line);
	} else if (line->awaited == NULL) {
		settle(line);
	}
}

/* Somebody else may have taken it up since it was listed. */
static void
on_shown(void *arg, const struct store_execution *execution,
    const struct event *events, size_t count, const struct error *error)
{
	struct due_line *line = arg;
	const struct due_past past = { execution, events, count };

	line->read = NULL;
	if (error != NULL) {
		say(line, LEVEL_WARNING, "is due, but put off", error);
		put_off(line);
	} else if (engine_running(line->host->engine, line->name)) {
		put_off(line);
	} else if (execution == NULL ||
	    execution->standing.status != line->kind->status ||
	    execution->standing.due_wall_ms == 0) {
		go_on(line);
	} else {
		take_up(line, &past);
	}
}

static bool
has_room(const struct due_line *line)
{
	return engine_count_in(line->host->engine, line->kind->state) < FEW;
}

static void
begin(struct due_line *line, const char *name)
{
	line->full = !has_room(line);
	if (line->full)
		return;
	line->name = xstrdup(name);
	line->read = store_show(line->host->store, name, on_shown, line);
}

static void
on_due(void *arg, const struct store_execution *rows, size_t count,
    const struct error *error)
{
	struct due_line *line = arg;
	const struct store_execution *row =
	    count > line->skip ? &rows[line->skip] : NULL;
	int64_t in_ms =
	    row == NULL ? 0 : row->standing.due_wall_ms - wall_ms(line);

	line->read = NULL;
	if (row != NULL && in_ms <= 0) {
		begin(line, row->name);
		return;
	}
	if (row != NULL)
		wake_in(line, in_ms);
	if (error != NULL || line->skip > 0)
		pause(line);
}

/* ---- what the engine tells ---- */

static bool
awaits(const struct due_line *line, const char *name)
{
	return line->awaited != NULL && strcmp(line->awaited, name) == 0;
}

/* Of its events the first one counts. */
static void
started(struct due_line *line)
{
	free(STEAL(line->awaited));
	if (line->kind->settles)
		settle(line);
	else
		taken_up(line);
}

void
due_line_event(
    struct due_line *line, const char *name, const struct standing *standing)
{
	bool idle = line->read == NULL && line->name == NULL && !line->full;

	if (awaits(line, name))
		started(line);
	else if (line->full && has_room(line))
		look(line);
	else if (idle && standing->status == line->kind->status &&
	    standing->due_wall_ms != 0)
		wake_in(line, standing->due_wall_ms - wall_ms(line));
}

/* A retry of before a restart, ended since: the old one was not settled. */
void
due_line_exists(struct due_line *line, const char *name)
{
	if (awaits(line, name))
		started(line);
}

void
due_line_held(struct due_line *line, const char *name)
{
	if (awaits(line, name))
		put_off(line);
}

/* ---- the whole ---- */

void
due_line_init(struct due_line *line, const struct due_host *host,
    const struct due_kind *kind)
{
	*line = (struct due_line){
		.host = host,
		.kind = kind,
		.backoff = { .base_ms = SECONDS(1), .cap_ms = MINUTES(10) },
	};
	loop_timer_init(&line->timer, host->loop, look, line);
}

void
due_line_begin(struct due_line *line)
{
	look(line);
}

void
due_line_stop(struct due_line *line)
{
	line->stopped = true;
	if (line->read != NULL)
		store_read_cancel(STEAL(line->read));
	loop_timer_clear(&line->timer);
}

void
due_line_done(struct due_line *line)
{
	due_line_stop(line);
	forget(line);
	loop_timer_done(&line->timer);
}
